"""Transforms, each usable alone: a frame in, a frame of the same kind out.

A frame is anything that speaks the Arrow stream protocol (polars, pyarrow, pandas, duckdb), a pandas frame without pyarrow, a
dict of lists, or what this package gives; the result is polars for polars, pandas for pandas, pyarrow for pyarrow, and a
:class:`cyclerprep.Frame` for the rest. None changes a column that its text does not name. What one decides or drops is a
:class:`cyclerprep.CyclerprepWarning` with the code of the note.
"""

from __future__ import annotations

from . import _native
from ._errors import warn
from ._frames import taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal, TypeVar

    F = TypeVar("F")

__all__ = [
    "blank_untimed_impedance_rows",
    "convert_current_density_to_total_current",
    "convert_total_current_to_current_density",
    "cumulative_net_capacity",
    "derive_impedance_components",
    "fix_swapped_charge_discharge_columns",
    "join_short_steps",
    "keep_required_columns",
    "offset_duplicate_times",
    "remove_outliers",
    "repair_time",
    "reset_time",
    "resign_power_from_current",
    "set_capacity",
    "set_cycle_count",
    "set_energy",
    "set_net_capacity",
    "set_nominal_soc",
    "set_positive_current_for_discharge",
    "set_power",
    "set_step_count",
    "standard",
]


def _run(name: str, frame: F, **options: Any) -> F:
    inside, back = taken(frame)
    changed, notes = _native.transform(name, inside, options)
    warn([(note["code"], note["message"]) for note in notes], None)
    made: F = back(changed)
    return made


def blank_untimed_impedance_rows(frame: F) -> F:
    """Impedance rows without a time have no capacity, energy and power."""
    return _run("blank_untimed_impedance_rows", frame)


def convert_current_density_to_total_current(frame: F, area: float) -> F:
    """`Current [A]` of `Current [mA.cm-2]` and the other areal columns; ``area`` in cm²."""
    return _run("convert_current_density_to_total_current", frame, area=area)


def convert_total_current_to_current_density(frame: F, area: float) -> F:
    """`Current [mA.cm-2]` of `Current [A]` and the other total columns; ``area`` in cm²."""
    return _run("convert_total_current_to_current_density", frame, area=area)


def cumulative_net_capacity(frame: F) -> F:
    """`Net capacity [A.h]` that carries on where a counter restarts."""
    return _run("cumulative_net_capacity", frame)


def derive_impedance_components(frame: F) -> F:
    """Real and imaginary part of modulus and phase, and the other way round, where one pair is missing."""
    return _run("derive_impedance_components", frame)


def fix_swapped_charge_discharge_columns(frame: F) -> F:
    """Exchanges charge and discharge columns of capacity and energy where only so they agree with the current."""
    return _run("fix_swapped_charge_discharge_columns", frame)


def join_short_steps(frame: F) -> F:
    """Steps of one row join the step beside them."""
    return _run("join_short_steps", frame)


def keep_required_columns(frame: F, *, extra: Sequence[str] = ()) -> F:
    """Keeps the schema's required columns and ``extra``."""
    return _run("keep_required_columns", frame, extra=list(extra))


def offset_duplicate_times(frame: F) -> F:
    """Rows that share an instant are set apart by microseconds."""
    return _run("offset_duplicate_times", frame)


def remove_outliers(frame: F, *, column: str = "Voltage [V]") -> F:
    """Drops rows whose value leaves the rest of their step."""
    return _run("remove_outliers", frame, column=column)


def repair_time(frame: F, *, step_identity: Literal["full", "step-column"] = "full", also: Sequence[str] = ()) -> F:
    """What a file itself explains of a time that falls is set right: another unit, restarts at steps, single rows."""
    return _run("repair_time", frame, step_identity=step_identity, also=list(also))


def reset_time(frame: F, *, time_offset_fix: float | None = None) -> F:
    """`Time [s]` starts at 0. Backward steps are an error, or become ``time_offset_fix`` seconds."""
    return _run("reset_time", frame, time_offset_fix=time_offset_fix)


def resign_power_from_current(frame: F) -> F:
    """`Power [W]` gets the sign of voltage times current."""
    return _run("resign_power_from_current", frame)


def set_capacity(
    frame: F,
    *,
    capacity: Literal["auto", "reported", "integrated"] = "auto",
    current_is_mean: bool = False,
) -> F:
    """`Charge capacity [A.h]` and `Discharge capacity [A.h]`, which restart at each step, from a counter or the current."""
    return _run("set_capacity", frame, capacity=capacity, current_is_mean=current_is_mean)


def set_cycle_count(frame: F) -> F:
    """`Cycle count` from the cycler's own cycle number."""
    return _run("set_cycle_count", frame)


def set_energy(
    frame: F,
    *,
    capacity: Literal["auto", "reported", "integrated"] = "auto",
    current_is_mean: bool = False,
) -> F:
    """`Charge energy [W.h]` and `Discharge energy [W.h]`, which restart at each step, from a counter or the power."""
    return _run("set_energy", frame, capacity=capacity, current_is_mean=current_is_mean)


def set_net_capacity(frame: F) -> F:
    """`Net capacity [A.h]`, discharge minus charge."""
    return _run("set_net_capacity", frame)


def set_nominal_soc(frame: F, rated_capacity: float) -> F:
    """`SOC` from the charge that flowed and ``rated_capacity`` in A.h."""
    return _run("set_nominal_soc", frame, rated_capacity=rated_capacity)


def set_positive_current_for_discharge(
    frame: F,
    *,
    mode_column: str | None = None,
    may_be_magnitude: bool = True,
    is_signed_by_instrument: bool = False,
) -> F:
    """`Current [A]` is positive on discharge: by the cycler's mode labels, else by what the voltage answers."""
    return _run(
        "set_positive_current_for_discharge",
        frame,
        mode_column=mode_column,
        may_be_magnitude=may_be_magnitude,
        is_signed_by_instrument=is_signed_by_instrument,
    )


def set_power(frame: F) -> F:
    """`Power [W]` is voltage times current."""
    return _run("set_power", frame)


def set_step_count(frame: F, *, step_identity: Literal["full", "step-column"] = "full", also: Sequence[str] = ()) -> F:
    """`Step count`: +1 at each new step of the test, by the cycler's own numbers or, without them, by the sign of the current."""
    return _run("set_step_count", frame, step_identity=step_identity, also=list(also))


def standard(
    frame: F,
    *,
    capacity: Literal["auto", "reported", "integrated"] = "auto",
    current_is_mean: bool = False,
    step_identity: Literal["full", "step-column"] = "full",
    also: Sequence[str] = (),
    short_steps: Literal["keep", "join"] = "keep",
    time_offset_fix: float | None = None,
    sign: bool = True,
    mode_column: str | None = None,
    may_be_magnitude: bool = True,
    is_signed_by_instrument: bool = False,
) -> F:
    """All transforms in the order in which ``read`` runs them: for rows of your own, in the schema's columns.

    ``sign=False`` leaves the current's sign alone.
    """
    return _run(
        "standard",
        frame,
        capacity=capacity,
        current_is_mean=current_is_mean,
        step_identity=step_identity,
        also=list(also),
        short_steps=short_steps,
        time_offset_fix=time_offset_fix,
        sign=sign,
        mode_column=mode_column,
        may_be_magnitude=may_be_magnitude,
        is_signed_by_instrument=is_signed_by_instrument,
    )
