"""Transforms of frames, with the reference's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from .. import transform as own
from ._frames import polars, silently
from .settings import get_settings

if TYPE_CHECKING:
    import numpy
    import pandas

    AnyFrame = pl.DataFrame | pandas.DataFrame

_PAIR = ("Discharge capacity [A.h]", "Charge capacity [A.h]")


def _no_options(name: str, options: dict[str, Any] | None, known: tuple[str, ...] = ()) -> dict[str, Any]:
    unknown = sorted(set(options or ()) - set(known))
    if unknown:
        raise NotImplementedError(f"{name} knows no option {', '.join(map(repr, unknown))} here")
    return dict(options or {})


def clear_time_domain_columns_on_eis_rows(data: pl.DataFrame) -> pl.DataFrame:
    """Impedance rows have no capacity, energy and power."""
    return silently(own.blank_untimed_impedance_rows, data)  # type: ignore[no-any-return]


def convert_current_density_to_total_current(data: pl.DataFrame, metadata: dict[str, Any]) -> pl.DataFrame:
    """`Current [A]` of `Current [mA.cm-2]`; other columns stay as they are."""
    total = pl.col("Current [mA.cm-2]") * metadata["Electrode area [cm2]"] / 1000
    return data.with_columns(total.alias("Current [A]")).drop("Current [mA.cm-2]")


def convert_total_current_to_current_density(data: pl.DataFrame, metadata: dict[str, Any]) -> pl.DataFrame:
    """`Current [mA.cm-2]` of `Current [A]`; other columns stay as they are."""
    density = pl.col("Current [A]") / metadata["Electrode area [cm2]"] * 1000
    return data.with_columns(density.alias("Current [mA.cm-2]")).drop("Current [A]")


def derive_impedance_components(data: pl.DataFrame) -> pl.DataFrame:
    """Modulus and phase, real and imaginary part."""
    return silently(own.derive_impedance_components, data)  # type: ignore[no-any-return]


def fix_swapped_charge_discharge_columns(data: pl.DataFrame, tolerance: float = 0.1) -> pl.DataFrame:
    """Exchanges charge and discharge columns where only so they agree with the current."""
    if tolerance != 0.1:
        raise NotImplementedError("fix_swapped_charge_discharge_columns has a tolerance of 0.1 here")
    return silently(own.fix_swapped_charge_discharge_columns, data)  # type: ignore[no-any-return]


def _changes(data: pl.DataFrame, column: str) -> pl.Series:
    if column not in data.columns:
        raise pl.exceptions.ColumnNotFoundError(f'"{column}" not found')
    changed = (data[column] != data[column].shift(1)).fill_null(False)
    steps: pl.Series = changed.cast(pl.Int64).cum_sum()
    return steps


def get_cumulative_step_number(data: AnyFrame, options: dict[str, Any] | None = None) -> pl.Series:
    """A number that grows with each step."""
    told = _no_options(
        "get_cumulative_step_number",
        options,
        ("method", "current units", "zero current tol", "step column", "group EIS steps"),
    )
    frame, method = polars(data), told.get("method", "status")
    if method == "status":
        return _changes(frame, "Status").alias("Step count")
    if method == "step column":
        return _changes(frame, told.get("step column", "Step number")).alias("Step count")
    if method != "current sign":
        raise ValueError(f"expected status, current sign or step column for method, found {method!r}")
    name = "Current [mA.cm-2]" if told.get("current units") == "density" else "Current [A]"
    tolerance = told.get("zero current tol", get_settings().zero_current_percent_tol)
    share = frame[name] / (frame[name].abs().max() or 1.0)
    sign = (share > tolerance).cast(pl.Int64) - (share < -tolerance).cast(pl.Int64)
    return _changes(pl.DataFrame({"sign": sign}), "sign").alias("Step count")


def set_cumulative_step_number(data: pl.DataFrame, **kwargs: Any) -> pl.DataFrame:
    """`Step number` by :func:`get_cumulative_step_number`."""
    return data.with_columns(get_cumulative_step_number(data, **kwargs).alias("Step number"))


def get_cumulative_cycle_number(data: pl.DataFrame, options: dict[str, Any] | None = None) -> pl.Series:
    """A number that grows with each cycle."""
    told = _no_options("get_cumulative_cycle_number", options, ("method", "cycle column"))
    if told.get("method", "cycle column") != "cycle column":
        raise ValueError(f"expected cycle column for method, found {told['method']!r}")
    return _changes(data, told.get("cycle column", "Cycle number")).alias("Cycle count")


def set_cumulative_cycle_number(data: pl.DataFrame, **kwargs: Any) -> pl.DataFrame:
    """`Cycle number` by :func:`get_cumulative_cycle_number`."""
    return data.with_columns(get_cumulative_cycle_number(data, **kwargs).alias("Cycle number"))


def get_cumulative_net_capacity(data: pl.DataFrame, options: dict[str, Any] | None = None) -> numpy.ndarray[Any, Any]:
    """Discharge minus charge since the first row."""
    _no_options("get_cumulative_net_capacity", options)
    data = data if set(_PAIR) <= set(data.columns) else set_capacity(data)
    grown = [pl.col(name).diff().fill_null(0.0).clip(lower_bound=0.0).cum_sum() for name in _PAIR]
    return data.select((grown[0] - grown[1]).alias("net"))["net"].to_numpy()


def offset_duplicate_times(data: pl.DataFrame, offset: float = 1e-06) -> pl.DataFrame:
    """Rows that share an instant are set apart."""
    if offset != 1e-06:
        raise NotImplementedError("offset_duplicate_times sets rows apart by 1e-06 s here")
    return silently(own.offset_duplicate_times, data)  # type: ignore[no-any-return]


def remove_outliers(
    data: pl.DataFrame, column: str, z_threshold: float = 3, data_range: slice | None = None
) -> pl.DataFrame:
    """Drops rows whose value is farther from the mean than ``z_threshold`` standard deviations."""
    part = data[column] if data_range is None else data[column][data_range]
    mean, deviation = part.mean(), part.std(ddof=0)
    rows = pl.int_range(pl.len())
    inside = pl.lit(True) if data_range is None else rows.is_in(list(range(*data_range.indices(data.height))))
    far = ((pl.col(column) - mean) / deviation).abs() >= z_threshold
    return data.filter(~(inside & far)) if deviation else data


def reset_time(data: pl.DataFrame) -> pl.DataFrame:
    """Time starts at 0."""
    return data.with_columns(pl.col("Time [s]") - pl.col("Time [s]").first())


def resign_power_from_current(data: pl.DataFrame) -> pl.DataFrame:
    """The power has the sign of the current."""
    return silently(own.resign_power_from_current, data)  # type: ignore[no-any-return]


def set_capacity(data: pl.DataFrame, options: dict[str, Any] | None = None) -> pl.DataFrame:
    """Charge and discharge capacity, which restart at each step; a single counter is dropped."""
    _no_options("set_capacity", options)
    made: pl.DataFrame = silently(own.set_capacity, data)
    return made.drop("Capacity [A.h]", strict=False)


def set_energy(data: pl.DataFrame, options: dict[str, Any] | None = None) -> pl.DataFrame:
    """Charge and discharge energy, which restart at each step; a single counter is dropped."""
    _no_options("set_energy", options)
    made: pl.DataFrame = silently(own.set_energy, data)
    return made.drop("Energy [W.h]", strict=False)


def set_net_capacity(data: pl.DataFrame, options: dict[str, Any] | None = None) -> pl.DataFrame:
    """`Capacity [A.h]`, discharge minus charge."""
    _no_options("set_net_capacity", options)
    data = data if set(_PAIR) <= set(data.columns) else set_capacity(data)
    return data.with_columns((pl.col(_PAIR[0]) - pl.col(_PAIR[1])).alias("Capacity [A.h]"))


def set_nominal_soc(
    data: pl.DataFrame, cell_metadata: dict[str, Any], options: dict[str, Any] | None = None
) -> pl.DataFrame:
    """`Nominal SOC`: 1 where the test has the cell fullest."""
    _no_options("set_nominal_soc", options)
    if "Nominal cell capacity [A.h]" not in cell_metadata:
        raise NotImplementedError("set_nominal_soc needs 'Nominal cell capacity [A.h]' here")
    net = pl.Series("net", get_cumulative_net_capacity(data))
    soc = 1.0 - (net - net.min()) / float(cell_metadata["Nominal cell capacity [A.h]"])
    return data.with_columns(soc.alias("Nominal SOC"))


def set_positive_current_for_discharge(data: pl.DataFrame, options: dict[str, Any] | None = None) -> pl.DataFrame:
    """Positive current discharges."""
    _no_options("set_positive_current_for_discharge", options)
    return silently(own.set_positive_current_for_discharge, data)  # type: ignore[no-any-return]


def set_power(data: pl.DataFrame) -> pl.DataFrame:
    """Power is voltage times current."""
    return silently(own.set_power, data)  # type: ignore[no-any-return]


def set_step_count(data: AnyFrame, options: dict[str, Any] | None = None) -> pl.DataFrame:
    """`Step count`: +1 at each change of the cycler's step."""
    told = _no_options("set_step_count", options, ("method", "step column"))
    frame = polars(data)
    return frame.with_columns(_changes(frame, told.get("step column", "Step from cycler")).alias("Step count"))


def set_cycle_count(data: pl.DataFrame) -> pl.DataFrame:
    """`Cycle count`: +1 at each change of the cycler's cycle, 0 where it counts none."""
    if "Cycle from cycler" not in data.columns:
        return data.with_columns(pl.lit(0, pl.Int64).alias("Cycle count"))
    return data.with_columns(_changes(data, "Cycle from cycler").alias("Cycle count"))
