"""Prepared data, as the reference's loaders hold it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ._frames import polars

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PYBAMM = "it builds objects of PyBaMM, which is not part of cyclerprep"
_CURVES = "the transforms of open-circuit curves are not part of cyclerprep"
#: What the reference's loaders have and these have not, with the reason.
_MISSING = {
    **dict.fromkeys(["experiment_cycle_counts", "experiment_step_sources"], _PYBAMM),
    **dict.fromkeys(["calculate_dQdU_cutoff", "calculate_dUdQ_cutoff", "remove_duplicate_ocp"], _CURVES),
    **dict.fromkeys(["remove_ocp_extremes", "sort_capacity_and_ocp", "transform_rest_to_ocp"], _CURVES),
    **dict.fromkeys(["filter_data", "interpolate_data"], "polars filters and interpolates the frame of `data`"),
    **dict.fromkeys(["from_processed_data", "set_processed_internal_state"], "it serves the loader from the platform"),
}


class DataLoader:
    """A time series and its steps."""

    def __init__(self, time_series: Any, steps: Any = None, **kwargs: Any) -> None:
        options = {**kwargs.pop("options", {}), **kwargs} if isinstance(kwargs.get("options"), dict) else dict(kwargs)
        first, last = options.pop("first_step", None), options.pop("last_step", None)
        column = options.pop("capacity_column", None)
        if options:
            raise NotImplementedError(f"DataLoader knows no option {', '.join(map(repr, sorted(options)))} here")
        self._options = {key: value for key, value in (("first_step", first), ("last_step", last)) if value is not None}
        self._time_series, self._steps = polars(time_series), None if steps is None else polars(steps)
        if column is not None:
            self._time_series = self._time_series.with_columns(pl.col(column).alias("Capacity [A.h]"))
        self._data, self._shown = self._time_series, self._steps
        self._rows = (0, self._time_series.height)
        if self._steps is not None and self._options:
            self._narrow(self._index(first, 0), self._index(last, self._steps.height - 1))

    def _index(self, step: Any, default: int) -> int:
        if step is None:
            return default
        if hasattr(step, "__index__"):
            return int(step)
        raise NotImplementedError("a step is named by its index here")

    def _narrow(self, first: int, last: int) -> None:
        assert self._steps is not None
        steps = self._steps[first : last + 1]
        first_row = int(self._steps["Start index"][0])
        start, end = int(steps["Start index"][0]) - first_row, int(steps["End index"][-1]) - first_row
        self._data, self._rows = self._time_series[start : end + 1], (start, end + 1)
        # Their indices stay those of the whole test, as the reference keeps them.
        self._shown = steps

    @property
    def data(self) -> pl.DataFrame:
        """The rows."""
        return self._data

    @property
    def steps(self) -> pl.DataFrame | None:
        """The steps, if they are known."""
        return self._shown

    @property
    def start_idx(self) -> int:
        """The first row of these in the whole test."""
        return self._rows[0]

    @property
    def end_idx(self) -> int:
        """The row behind the last of these in the whole test."""
        return self._rows[1]

    def __getitem__(self, columns: Any) -> Any:
        """A column of the rows; of a list of names a frame."""
        if isinstance(columns, str) and columns not in self._data.columns:
            raise pl.exceptions.ColumnNotFoundError(f'"{columns}" not found')
        return self._data[columns]

    def __getattr__(self, name: str) -> Any:
        if name in _MISSING:
            raise NotImplementedError(f"{type(self).__name__} has no {name} here: {_MISSING[name]}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def initial_voltage(self) -> float:
        """The voltage of the first row."""
        return float(self._data["Voltage [V]"][0])

    @classmethod
    def from_local(
        cls, data_path: str | Path, options: dict[str, Any] | None = None, use_polars: bool = True
    ) -> DataLoader:
        """The tables of a folder, such as a bundle."""
        tables: dict[str, pl.DataFrame] = {}
        for name in ("time_series", "steps"):
            for path in (Path(data_path) / f"{name}.parquet", Path(data_path) / f"{name}.csv"):
                if name not in tables and path.is_file():
                    tables[name] = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
        if "time_series" not in tables:
            raise ValueError(f"Folder must contain time_series.parquet or time_series.csv. Path: {data_path}")
        return cls(tables["time_series"], tables.get("steps"), **(options or {}))

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> DataLoader:
        """Not covered yet."""
        raise NotImplementedError("from_db needs the platform, which cyclerprep does not talk to from Python yet")

    def copy(self) -> DataLoader:
        """The same again."""
        made = type(self)(self._time_series, self._steps, **self._options)
        made._rows = self._rows
        return made

    def slice_to_steps(self, first_step_idx: int, last_step_idx: int) -> DataLoader:
        """The rows of these steps, both included."""
        if self._shown is None:
            raise ValueError("slice_to_steps needs the steps")
        made = type(self)(self._data, self._shown)
        made._narrow(first_step_idx, last_step_idx)
        part = type(self)(made._data, made._shown)
        part._rows = (self._rows[0] + made._rows[0], self._rows[0] + made._rows[1])
        return part

    def to_local(self) -> DataLoader:
        """Itself: everything is here already."""
        return self

    def to_config(self, filter_data: bool = True) -> dict[str, Any]:
        """A dict of lists that makes the same again."""
        rows, steps = (self._data, self._shown) if filter_data else (self._time_series, self._steps)
        data = {"time_series": rows.to_dict(as_series=False)}
        if steps is not None:
            data["steps"] = steps.to_dict(as_series=False)
        made: dict[str, Any] = {"data": data}
        if self._options and not filter_data:
            made["options"] = dict(self._options)
        return made

    def plot_data(self, show: bool = False) -> tuple[Figure, Any]:
        """Voltage, current and, where there is one, temperature over time: (figure, axes)."""
        import matplotlib.pyplot as plt

        names = [n for n in ("Voltage [V]", "Current [A]", "Temperature [degC]") if n in self._data.columns]
        figure, axes = plt.subplots(len(names), 1, sharex=True)
        for axis, name in zip(axes, names):
            axis.plot(self._data["Time [s]"], self._data[name])
            axis.set_ylabel(name)
        axes[-1].set_xlabel("Time [s]")
        if show:
            plt.show()
        return figure, axes

    def generate_experiment(self, *args: Any, **kwargs: Any) -> Any:
        """Not covered."""
        raise NotImplementedError(f"generate_experiment is not here: {_PYBAMM}")

    def generate_interpolant(self, *args: Any, **kwargs: Any) -> Any:
        """Not covered."""
        raise NotImplementedError(f"generate_interpolant is not here: {_PYBAMM}")


class OCPDataLoader(DataLoader):
    """An open-circuit curve."""

    def __init__(self, data: Any, steps: Any = None, **kwargs: Any) -> None:
        super().__init__(data, steps, **kwargs)
