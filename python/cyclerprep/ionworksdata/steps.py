"""The steps of a time series, with the reference's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from .. import summary
from ._frames import polars, silently
from .settings import get_settings

if TYPE_CHECKING:
    import pandas

    AnyFrame = pl.DataFrame | pandas.DataFrame

#: The columns that every table of steps has, in the reference's order.
_ALWAYS = [
    "Start index", "End index", "Start time [s]", "End time [s]", "Start voltage [V]", "End voltage [V]",
    "Discharge capacity [A.h]", "Charge capacity [A.h]", "Discharge energy [W.h]", "Charge energy [W.h]",
    *(f"{what} {of}" for of in ("voltage [V]", "current [A]", "power [W]", "frequency [Hz]", "temperature [degC]")
      for what in ("Min", "Max", "Std", "Mean")),
    "Step count", "Step from cycler", "Cycle count", "Cycle from cycler", "Duration [s]", "Step type",
    "Cycle charge capacity [A.h]", "Cycle discharge capacity [A.h]", "Cycle charge energy [W.h]",
    "Cycle discharge energy [W.h]",
]  # fmt: skip
_INDICES = ("Start index", "End index", "Step count", "Step from cycler", "Cycle count", "Cycle from cycler")


def _capacity(cell_spec: Any) -> float | None:
    ratings = cell_spec.get("ratings") if isinstance(cell_spec, dict) else getattr(cell_spec, "ratings", None)
    capacity = ratings.get("capacity") if isinstance(ratings, dict) else getattr(ratings, "capacity", None)
    value: Any = capacity.get("value") if isinstance(capacity, dict) else getattr(capacity, "value", capacity)
    return None if value is None else float(value)


def in_order(steps: pl.DataFrame) -> pl.DataFrame:
    """A table of steps in the reference's columns and types."""
    # The reference has these where the file has them.
    steps = steps.drop(
        [c for c in ("Mean temperature [degC]", "Frame") if c in steps.columns and steps[c].is_null().all()]
    )
    for what in ("Min", "Max", "Std", "Mean"):
        if f"{what} frequency [Hz]" not in steps.columns:
            steps = steps.with_columns(pl.lit(0.0).alias(f"{what} frequency [Hz]"))
    first = [name for name in _ALWAYS if name in steps.columns]
    rest = [name for name in steps.columns if name not in first]
    whole = [pl.col(name).cast(pl.Int64) for name in _INDICES if name in steps.columns]
    return steps.select([*first, *rest]).with_columns(whole)


def summarize(data: AnyFrame, *, cell_spec: Any = None) -> pl.DataFrame:
    """One row for each run of ``Step count``."""
    frame = polars(data)
    if "Cycle count" not in frame.columns:
        from .transform import set_cycle_count

        frame = set_cycle_count(frame)
    return in_order(silently(summary.steps, frame, rated_capacity=_capacity(cell_spec)))


def identify(time_series: AnyFrame, *, cell_spec: Any = None) -> list[dict[str, Any]]:
    """The same as dicts, without what is known of whole cycles only."""
    table = summarize(time_series, cell_spec=cell_spec)
    return table.drop([name for name in table.columns if name.startswith("Cycle ") and "[" in name]).to_dicts()


def annotate(time_series: AnyFrame, steps: AnyFrame, column_names: list[str]) -> pl.DataFrame:
    """Columns of the steps on each of their rows."""
    rows, table = polars(time_series), polars(steps)
    starts = table.select(["Start index", "End index", *column_names]).with_row_index("__step")
    index = rows.select(pl.int_range(pl.len()).alias("__row")).join_asof(
        starts.with_columns(pl.col("Start index").cast(pl.Int64)).sort("Start index"),
        left_on="__row",
        right_on="Start index",
        strategy="backward",
    )
    inside = pl.col("__row") <= pl.col("End index")
    found = index.select([pl.when(inside).then(pl.col(name)).alias(name) for name in column_names])
    return rows.with_columns(found.get_columns())


def infer_type(
    step: dict[str, Any],
    current_std_tol: float | None = None,
    voltage_std_tol: float | None = None,
    power_std_tol: float | None = None,
    rest_tol: float | None = None,
    eis_tol: float | None = None,
) -> str:
    """The type of a step by its numbers."""
    known = get_settings()

    def tolerance(given: float | None, name: str) -> float:
        return float(getattr(known, name) if given is None else given)

    def number(name: str, default: float = float("inf")) -> float:
        value = step.get(name)
        return default if value is None else float(value)

    if number("Mean frequency [Hz]", 0.0) > tolerance(eis_tol, "eis_tol"):
        return "EIS"
    mean = number("Mean current [A]", 0.0)
    largest = max(abs(number("Min current [A]", mean)), abs(number("Max current [A]", mean)))
    if largest < tolerance(rest_tol, "rest_tol"):
        return "Rest"
    way = "discharge" if mean > 0 else "charge"
    for what, name, limit in (
        ("current", "Std current [A]", tolerance(current_std_tol, "current_std_tol")),
        ("voltage", "Std voltage [V]", tolerance(voltage_std_tol, "voltage_std_tol")),
        ("power", "Std power [W]", tolerance(power_std_tol, "power_std_tol")),
    ):
        if number(name) < limit:
            return f"Constant {what} {way}"
    return way.capitalize()


def _sums(steps: Any, what: str, unit: str) -> pl.DataFrame:
    table = polars(steps)
    sums = [
        pl.col(f"{way.capitalize()} {what} {unit}").sum().over("Cycle count").alias(f"Cycle {way} {what} {unit}")
        for way in ("charge", "discharge")
        if f"{way.capitalize()} {what} {unit}" in table.columns
    ]
    return table.with_columns(sums)


def set_cycle_capacity(steps: pl.DataFrame | dict[str, Any]) -> pl.DataFrame:
    """The capacity of each step's cycle."""
    return _sums(steps, "capacity", "[A.h]")


def set_cycle_energy(steps: pl.DataFrame | dict[str, Any]) -> pl.DataFrame:
    """The energy of each step's cycle."""
    return _sums(steps, "energy", "[W.h]")
