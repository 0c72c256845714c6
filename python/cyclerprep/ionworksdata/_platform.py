"""A measurement in the platform, read through the platform's own client."""

from __future__ import annotations

from numbers import Real
from typing import Any

import polars as pl

_WITHOUT = (
    "from_db reads through the platform's own client: `pip install ionworks-api`, or hand a client in (client=…). Without it, "
    "`prep fetch MEASUREMENT_ID -o OUT` (the program, not the one of this package) writes a folder for DataLoader.from_local"
)


def _default() -> Any:
    try:
        from ionworks import Ionworks
    except ImportError as error:
        raise ImportError(_WITHOUT) from error
    return Ionworks()


def _checked(time_range: dict[str, float] | None) -> dict[str, float]:
    found = {name: value for name, value in (time_range or {}).items() if value is not None}
    for name, value in found.items():
        if name not in ("start", "end"):
            raise ValueError(f"time_range has start and end, got {name!r}")
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ValueError(f"time_range.{name} must be a number of seconds, got {value!r}")
    if "start" in found and "end" in found and found["start"] > found["end"]:
        raise ValueError(f"time_range starts at {found['start']:g} s and ends at {found['end']:g} s")
    return found


class Stored:
    """Which measurement, and which part of it."""

    def __init__(
        self,
        measurement_id: str,
        options: dict[str, Any],
        use_cache: bool,
        client: Any,
        time_range: dict[str, float] | None,
    ) -> None:
        self.measurement_id, self.options, self.use_cache = measurement_id, options, use_cache
        self.time_range = _checked(time_range)
        self._client = _default() if client is None else client

    def time_series(self) -> Any:
        return self._client.cell_measurement.time_series(self.measurement_id, use_cache=self.use_cache)

    def steps(self) -> Any:
        return self._client.cell_measurement.steps(self.measurement_id, use_cache=self.use_cache)

    def _bounds(self) -> tuple[float, float]:
        return self.time_range.get("start", float("-inf")), self.time_range.get("end", float("inf"))

    def rows_within(self, rows: pl.DataFrame) -> tuple[int, int]:
        """The first row whose time is within, and the one behind the last."""
        if not self.time_range:
            return 0, rows.height
        first, last = self._bounds()
        within = rows["Time [s]"].is_between(first, last).arg_true()
        return (int(within[0]), int(within[-1]) + 1) if len(within) else (0, 0)

    def steps_within(self, steps: pl.DataFrame | None) -> pl.DataFrame | None:
        """The steps that have a part within; their indices stay those of the whole test."""
        if steps is None or not self.time_range or not {"Start time [s]", "End time [s]"} <= set(steps.columns):
            return steps
        first, last = self._bounds()
        return steps.filter((pl.col("End time [s]") >= first) & (pl.col("Start time [s]") <= last))

    def config(self) -> dict[str, Any]:
        made: dict[str, Any] = {"data": f"db:{self.measurement_id}"}
        if self.time_range:
            made["time_range"] = dict(self.time_range)
        if self.options:
            made["options"] = dict(self.options)
        return made
