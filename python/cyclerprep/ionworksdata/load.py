"""Prepared data, as the reference's loaders hold it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ._frames import polars
from ._platform import Stored

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
    **dict.fromkeys(["from_processed_data", "set_processed_internal_state"], "it serves the pipelines of the platform"),
}
#: What a loader of a measurement in the platform reads when it is first asked for.
_ROWS, _STEPS = ("_data", "_rows", "_time_series"), ("_steps", "_shown")


def _checked(options: dict[str, Any]) -> None:
    unknown = sorted(set(options) - {"capacity_column", "first_step", "last_step"})
    if unknown:
        raise NotImplementedError(f"DataLoader knows no option {', '.join(map(repr, unknown))} here")


class DataLoader:
    """A time series and its steps."""

    #: The measurement in the platform that it stands for, until `to_local`.
    _stored: Stored | None = None
    #: Whether a range of time may have cut its first and its last step.
    _is_cut = False

    def __init__(self, time_series: Any, steps: Any = None, **kwargs: Any) -> None:
        options = {**kwargs.pop("options", {}), **kwargs} if isinstance(kwargs.get("options"), dict) else dict(kwargs)
        _checked(options)
        first, last, column = (options.get(name) for name in ("first_step", "last_step", "capacity_column"))
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
        if self._stored is not None and name in _STEPS:
            self._steps = polars(self._stored.steps())
            first, last = (self._options.get(key) for key in ("first_step", "last_step"))
            end = self._index(last, self._steps.height - 1) + 1
            self._shown = self._stored.steps_within(self._steps[self._index(first, 0) : end])
            return self.__dict__[name]
        if self._stored is not None and name in _ROWS:
            # Steps first, as the reference does: where they are missing nothing large is read.
            steps, options = self._steps, self._stored.options
            type(self).__init__(self, self._stored.time_series(), steps, **options)
            first_row, behind = self._stored.rows_within(self._data)
            self._data, self._shown = self._data[first_row:behind], self._stored.steps_within(self._shown)
            self._rows = (self._rows[0] + first_row, self._rows[0] + behind)
            return self.__dict__[name]
        if name in _MISSING:
            raise NotImplementedError(f"{type(self).__name__} has no {name} here: {_MISSING[name]}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def initial_voltage(self) -> float:
        """The voltage of the first row."""
        if self._stored is not None and "_data" not in self.__dict__ and not self._stored.time_range:
            # The steps have it, and are small.
            if self._shown is not None and "Start voltage [V]" in self._shown.columns:
                return float(self._shown["Start voltage [V]"][0])
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
    def from_db(
        cls,
        measurement_id: str,
        options: dict[str, Any] | None = None,
        use_cache: bool = True,
        client: Any = None,
        time_range: dict[str, float] | None = None,
    ) -> DataLoader:
        """A measurement in the platform, through its own client (``ionworks-api``): ``client``, or one that the environment
        describes. Steps and rows are read when they are first asked for."""
        options = dict(options or {})
        _checked(options)
        made = cls.__new__(cls)
        made._stored = Stored(measurement_id, options, use_cache, client, time_range)
        made._is_cut = bool(time_range)
        made._options = {key: options[key] for key in ("first_step", "last_step") if options.get(key) is not None}
        return made

    def copy(self) -> DataLoader:
        """The same again."""
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made

    def slice_to_steps(self, first_step_idx: int, last_step_idx: int) -> DataLoader:
        """The rows of these steps, both included."""
        if self._shown is None:
            raise ValueError("slice_to_steps needs the steps")
        if self._is_cut:
            raise NotImplementedError("a time_range is not cut further here: name first_step and last_step in from_db")
        made = type(self)(self._data, self._shown)
        made._narrow(first_step_idx, last_step_idx)
        part = type(self)(made._data, made._shown)
        part._rows = (self._rows[0] + made._rows[0], self._rows[0] + made._rows[1])
        return part

    def to_local(self) -> DataLoader:
        """Itself, with everything here: what lies in the platform is read now."""
        if self._stored is not None:
            _ = self._data
            self._stored = None
        return self

    def to_config(self, filter_data: bool = True) -> dict[str, Any]:
        """A dict of lists that makes the same again; of a measurement in the platform, its name there."""
        if self._stored is not None:
            return self._stored.config()
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
