"""Tables of other programs: csv and Parquet whose headers say what they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Words of headers, folded as `_folded` does it.
_WORDS = {
    **dict.fromkeys(["voltage", "potential", "ewe", "ecell", "v"], "Voltage [V]"),
    **dict.fromkeys(["current", "i"], "Current [A]"),
    **dict.fromkeys(["time", "testtime", "t"], "Time [s]"),
    **dict.fromkeys(["temperature", "temp"], "Temperature [degC]"),
}
#: What a value in a unit is multiplied with, and what is added then.
_UNITS = {
    "Voltage [V]": {"V": (1.0, 0.0), "mV": (1e-3, 0.0)},
    "Current [A]": {"A": (1.0, 0.0), "mA": (1e-3, 0.0)},
    "Time [s]": {"s": (1.0, 0.0), "min": (60.0, 0.0), "h": (3600.0, 0.0)},
    "Temperature [degC]": {
        **dict.fromkeys(["degC", "C", "\u00b0C", "\u2103"], (1.0, 0.0)),
        "K": (1.0, -273.15),
    },
}
#: A word, then its unit: ``Voltage [mV]``, ``Voltage(mV)``, ``Ewe/mV``, ``voltage_mV``, ``Ewe_V_vs_Li``.
_HEADER = re.compile(r"^(.+?)\s*(?:\(([^()]*)\)|\[([^\[\]]*)\]|/([^/]+)|_{1,2}([A-Za-z]+)(?:_vs_\w+)?)$")
#: What an open-circuit curve runs over.
_AXES = ("Capacity [A.h]", "Stoichiometry", "SOC")


def _folded(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^h_", "", word.strip().lower()))


def _meaning(header: str) -> tuple[str, tuple[float, float]] | None:
    found = _HEADER.match(header.strip())
    if found is None:
        return None
    column = _WORDS.get(_folded(found[1]))
    unit = next(group for group in found.groups()[1:] if group is not None).strip()
    scale = _UNITS[column].get(unit) if column else None
    return (column, scale) if column and scale else None


def is_parquet(path: str | Path) -> bool:
    """Whether a file begins as Parquet does."""
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def as_written(path: Path, mappings: Mapping[str, str], encoding: str | None = None) -> pl.DataFrame:
    """The table with the names of `mappings`, whose values stay as they are."""
    frame = pl.read_parquet(path) if is_parquet(path) else pl.read_csv(path, encoding=encoding or "utf8")
    return frame.rename({old: new for old, new in mappings.items() if old in frame.columns})


def recognized(frame: pl.DataFrame) -> pl.DataFrame:
    """The schema's names and units for headers that say what they hold; the first one of a quantity counts."""
    made, taken = [], set(frame.columns)
    for header in frame.columns:
        meaning = _meaning(header)
        if meaning is None or meaning[0] in taken or not frame.schema[header].is_numeric():
            continue
        column, (factor, offset) = meaning
        taken.add(column)
        value = pl.col(header).cast(pl.Float64)
        value = value if factor == 1.0 else value * factor
        made.append((header, (value if offset == 0.0 else value + offset).alias(column)))
    return frame.with_columns([value for _, value in made]).drop([header for header, _ in made])


def time_series(frame: pl.DataFrame) -> pl.DataFrame:
    """The same where it holds what a time series needs."""
    for column, units in _UNITS.items():
        if column not in frame.columns and column != "Temperature [degC]":
            quantity = column.split(" ")[0]
            raise ValueError(
                f"Could not find a {quantity} column: expected {column!r} or a header such as '{quantity} ({list(units)[1]})', "
                f"found {frame.columns}. extra_column_mappings={{HEADER: {column!r}}} names one"
            )
    return frame


def curve(frame: pl.DataFrame, extra: list[str]) -> pl.DataFrame:
    """An open-circuit curve: one step of one cycle."""
    there = f"Available columns: {frame.columns}"
    if "Voltage [V]" not in frame.columns:
        raise ValueError(
            f"an open-circuit curve needs the column 'Voltage [V]'; extra_column_mappings names it. {there}"
        )
    axes = [name for name in _AXES if name in frame.columns]
    if not axes:
        raise ValueError(
            f"an open-circuit curve needs one of the columns {', '.join(_AXES)}; extra_column_mappings names it. {there}"
        )
    zero = [pl.lit(0, pl.Int64).alias(name) for name in ("Step count", "Cycle count")]
    more = [name for name in dict.fromkeys([*axes, *extra]) if name in frame.columns and name != "Voltage [V]"]
    return frame.select(["Voltage [V]", *zero, *more])
