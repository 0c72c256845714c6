"""A prepared measurement."""

from __future__ import annotations

from functools import cached_property

from . import _native
from ._errors import MeasurementValidationError, warn
from ._frames import Frame, _needed, finish_at_exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any, Literal

    from matplotlib.figure import Figure

    from ._codes import IssueCode, NoteCode


class _Fact:
    """What stands in a report, by its names."""

    __slots__ = ("code", "message", "_fields")

    code: str
    message: str
    _fields: dict[str, Any]

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields
        self.code = fields["code"]
        self.message = fields["message"]

    def to_dict(self) -> dict[str, Any]:
        """As it stands in ``report.json``."""
        return dict(self._fields)

    def explain(self) -> str:
        """What the code means and what to do."""
        return _native.explain(self.code)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._fields == getattr(other, "_fields", None)

    def __hash__(self) -> int:
        return hash((self.code, self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self._fields,))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code}: {self.message}>"


class Note(_Fact):
    """What was decided, dropped, converted or repaired on the way."""

    __slots__ = ()

    @property
    def count(self) -> int | None:
        """How many rows, cells or columns it is about."""
        count: int | None = self._fields.get("count")
        return count

    @property
    def place(self) -> dict[str, Any] | str | None:
        """Where it is first."""
        place: dict[str, Any] | str | None = self._fields.get("place")
        return place

    @property
    def examples(self) -> list[str]:
        """What was found there."""
        return list(self._fields.get("examples") or ())


class Issue(_Fact):
    """A finding of the validator."""

    __slots__ = ()

    @property
    def severity(self) -> Literal["error", "warning"]:
        """Whether it makes the measurement invalid."""
        severity: Literal["error", "warning"] = self._fields["severity"]
        return severity

    @property
    def payload(self) -> dict[str, Any]:
        """The numbers."""
        return dict(self._fields.get("payload") or {})

    @property
    def allowed(self) -> bool:
        """Whether the caller passed it with ``allow``."""
        return bool(self._fields.get("allowed"))


class Picture(str):
    """A drawing as svg; a notebook shows it."""

    def _repr_svg_(self) -> str:
        return str(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self)


def raise_invalid(issues: list[Issue], file: str | None) -> None:
    """Raises when one of them makes the measurement invalid."""
    errors = [issue for issue in issues if issue.severity == "error" and not issue.allowed]
    if errors:
        lines = "".join(f"\n  {issue.code}: {issue.message}" for issue in errors)
        text = f"the measurement is not valid: {len(errors)} finding(s){lines}"
        raise MeasurementValidationError(text, errors, file=file)


class Measurement:
    """A test as it was prepared: three tables, facts, and a report of everything that was decided and found."""

    def __init__(self, prepared: _native.Prepared, columns: Literal["all", "schema"] = "all") -> None:
        self._prepared = prepared
        self._columns: Literal["all", "schema"] = columns

    @cached_property
    def time_series(self) -> Frame:
        """The rows, in the schema's columns."""
        frame = Frame(self._prepared.time_series())
        return frame.in_schema() if self._columns == "schema" else frame

    @cached_property
    def steps(self) -> Frame:
        """One row a step."""
        return Frame(self._prepared.steps())

    @cached_property
    def cycles(self) -> Frame:
        """One row a cycle."""
        return Frame(self._prepared.cycles())

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """The facts that the platform takes, as in ``measurement.json``."""
        return self._prepared.metadata()

    @cached_property
    def report(self) -> dict[str, Any]:
        """Everything that was decided and found, as in ``report.json``."""
        return self._prepared.report()

    @cached_property
    def notes(self) -> list[Note]:
        """Every decision, in order."""
        return [Note(fields) for fields in self.report["notes"]]

    @cached_property
    def issues(self) -> list[Issue]:
        """The validator's findings."""
        return [Issue(fields) for fields in self.report["issues"]]

    @property
    def name(self) -> str:
        """What it is called: the file's name without its extension."""
        name: str = self.metadata["name"]
        return name

    @property
    def part(self) -> str | None:
        """Name of the test in a file that holds several."""
        part: str | None = self.report.get("part")
        return part

    @property
    def is_valid(self) -> bool:
        """Whether the validator found nothing that makes it invalid."""
        return self._prepared.is_valid()

    def raise_if_invalid(self) -> Measurement:
        """Raises :class:`MeasurementValidationError` with all errors when there is any; gives itself back otherwise."""
        if not self.is_valid:
            raise_invalid(self.issues, self.report["source"]["name"])
        return self

    def has_code(self, code: IssueCode | NoteCode | str) -> bool:
        """Whether a finding or a note has this code."""
        return any(fact.code == str(code) for fact in (*self.issues, *self.notes))

    def write_bundle(
        self, folder: str | os.PathLike[str], *, plot: bool | Literal["svg", "png"] = False, bdf: bool = False
    ) -> None:
        """Writes the bundle, ``time_series.parquet`` and the rest. The folder appears whole or not at all."""
        finish_at_exit()
        picture = "svg" if plot is True else plot or None
        notes = self._prepared.write_bundle(folder, picture, bdf)
        warn([(note["code"], note["message"]) for note in notes], self.report["source"]["name"])

    def to_ionworks(self, *, required_columns_only: bool = True) -> dict[str, Any]:
        """What ``ionworks-api`` takes: ``client.cell_measurement.create(cell_instance_id, cell.to_ionworks())``.

        A dict of ``measurement``, ``time_series`` and ``steps``; tables are polars where it is installed, else pandas.
        """
        from importlib.util import find_spec

        facts = {name: fact for name, fact in self.metadata.items() if name != "measurement_type" and fact}
        if self.report["data_type"] != "time_series":
            facts["data_type"] = self.report["data_type"]
        rows, has_polars = self.time_series, find_spec("polars") is not None
        if required_columns_only:
            required = [column["name"] for column in _native.columns() if column["required"]]
            rows = rows.select([name for name in rows.columns if name in required])
        tables = {"time_series": rows, "steps": self.steps}
        made = {name: table.to_polars() if has_polars else table.to_pandas() for name, table in tables.items()}
        return {"measurement": facts, **made}

    def plot(self) -> Picture:
        """The overview picture. A notebook shows it; ``.save("cell.svg")`` writes it."""
        return Picture(self._prepared.picture("svg").decode())

    def png(self) -> bytes:
        """The overview picture in pixels, as the bytes of a file."""
        return self._prepared.picture("png")

    def figure(self, columns: tuple[str, ...] = ("Voltage [V]", "Current [A]", "Temperature [degC]")) -> Figure:
        """A matplotlib figure of columns over time (``pip install 'cyclerprep[plot]'``)."""
        _needed("matplotlib")
        from matplotlib.figure import Figure

        shown = [name for name in columns if name in self.time_series.columns]
        figure = Figure(figsize=(10, 2.5 * max(len(shown), 1)), layout="constrained")
        axes = figure.subplots(max(len(shown), 1), 1, sharex=True, squeeze=False)[:, 0]
        hours = self.time_series.to_numpy("Time [s]") / 3600
        for axis, name in zip(axes, shown):
            axis.plot(hours, self.time_series.to_numpy(name), linewidth=0.8)
            axis.set_ylabel(name)
        axes[-1].set_xlabel("Time [h]")
        axes[0].set_title(self.report["source"]["name"])
        return figure

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.time_series.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self.time_series.__arrow_c_schema__()

    def __len__(self) -> int:
        return len(self.time_series)

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> tuple[Any, ...]:
        return (Measurement, (self._prepared, self._columns))

    def _title(self) -> str:
        name = self.report["source"]["name"].replace("\\", "/").rpartition("/")[2]
        return f"{name} [{self.part}]" if self.part else name

    def __repr__(self) -> str:
        report = self.report
        valid = "valid" if self.is_valid else f"not valid ({', '.join(sorted({i.code for i in self._errors()}))})"
        counts = f"{report['rows_kept']} rows, {report['steps']} steps, {report['cycles']} cycles"
        return f"<Measurement {self._title()}: {report['detected']['format']}, {counts}, {valid}>"

    def _errors(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity == "error" and not issue.allowed]

    def _repr_html_(self) -> str:
        from html import escape

        report, setup = self.report, self.metadata.get("test_setup", {})
        facts = {
            "format": report["detected"]["format"],
            "rows, steps, cycles": f"{report['rows_kept']}, {report['steps']}, {report['cycles']}",
            "start": self.metadata.get("start_time"),
            "procedure": self.metadata.get("protocol", {}).get("name"),
            "channel": setup.get("channel_number"),
            "columns": ", ".join(self.time_series.columns),
            "valid": "yes" if self.is_valid else "no",
        }
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th><td style='text-align:left'>{escape(str(value))}</td></tr>"
            for name, value in facts.items()
            if value
        )
        told: list[_Fact] = [*self.issues, *self.notes]
        items = "".join(f"<li><code>{escape(fact.code)}</code> {escape(fact.message)}</li>" for fact in told)
        notes = f"<details><summary>{len(told)} findings and notes</summary><ul>{items}</ul></details>" if told else ""
        picture = self.plot()
        svg = picture[picture.find("<svg") :] if "<svg" in picture else ""
        return f"<div><h4>{escape(self._title())}</h4>{svg}<table>{rows}</table>{notes}</div>"
