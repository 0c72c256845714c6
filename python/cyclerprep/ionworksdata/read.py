"""Cycler files to frames, with the reference's names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from .. import inspect, validate
from .. import read as read_file
from .. import schema as columns
from .._errors import CyclerprepError
from .._native import Frame as NativeFrame
from ..transform import standard
from ._frames import silently
from ._tables import as_written, curve, is_parquet, recognized
from ._tables import time_series as rows_over_time
from .steps import _capacity, in_order, summarize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

#: The reference's readers: the maker that they are for, or none for tables with the schema's columns.
_READERS: dict[str, str | None] = {
    "arbin": "Arbin",
    "arbin eis": "Arbin",
    "arbin res": "Arbin",
    "bdf": "Battery Data Format",
    "biologic": "BioLogic",
    "biologic csv": "BioLogic",
    "biologic mpt": "BioLogic",
    "csv": None,
    "maccor": "Maccor",
    "neware": "Neware",
    "parquet": None,
}
_OTHERS = ("basytec", "digatron", "gamry", "novonix", "repower")

#: Options that mean the same under another name.
_OPTIONS = {
    "timezone": "timezone",
    "time_offset_fix": "time_offset_fix",
    "encoding": "encoding",
    "file_encoding": "encoding",
    "sheet": "sheet",
}

#: What the reference's tables hold, in the order of its documentation.
_COLUMNS = [
    "Time [s]",
    "Current [A]",
    "Voltage [V]",
    "Temperature [degC]",
    "Step from cycler",
    "Cycle from cycler",
    "Frequency [Hz]",
    "Z_Re [Ohm]",
    "Z_Im [Ohm]",
    "Z_Mod [Ohm]",
    "Z_Phase [deg]",
    "DC resistance [Ohm]",
    "Frame",
    "Step count",
    "Cycle count",
    "Discharge capacity [A.h]",
    "Charge capacity [A.h]",
    "Discharge energy [W.h]",
    "Charge energy [W.h]",
    "Power [W]",
]
#: What one maker's tables hold besides.
_MORE = {"Maccor": ["Mode from cycler", "End status from cycler"]}
#: What a reader alone gives, before anything is computed.
_RAW = _COLUMNS[:13]


def _checked(reader: str | None) -> str | None:
    if reader is None:
        return None
    name = reader.lower()
    if name in _OTHERS:
        raise NotImplementedError(
            f"there is no reader for {reader} here: cyclerprep reads Maccor, BioLogic, Arbin, Neware"
        )
    if name not in _READERS:
        raise ValueError(f"Unsupported reader type: {reader}. Supported reader types: {sorted(_READERS)}")
    return name


#: Those that a table can follow: it has no zone to be told and no sheets.
_OF_TABLES = ("time_offset_fix", "encoding", "file_encoding")

#: Options of the reference with the value that asks for nothing else than what happens here.
_AS_IT_IS = {"include_eis": True, "sheets": None, "skip_capacity_columns": False}


def _own_options(options: Mapping[str, Any], known: Iterable[str], what: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in options.items():
        # No table of the reference depends on `cell_metadata`; the two others are followed elsewhere.
        if name in ("cell_metadata", "validate", "validate_strict"):
            continue
        if name in known:
            # The reference's own default, below 0, repairs nothing.
            if name != "time_offset_fix" or value >= 0:
                made[_OPTIONS[name]] = value
        elif name == "skip_capacity_columns" and value:
            made["capacity"] = "integrated"
        elif name not in _AS_IT_IS:
            there = ", ".join(sorted([*known, *_AS_IT_IS, "cell_metadata", "validate", "validate_strict"]))
            raise ValueError(f"Option {name!r} not recognized: no reader of {what} here knows it; there are {there}")
        elif value != _AS_IT_IS[name]:
            raise NotImplementedError(f"{name} can only be {_AS_IT_IS[name]} here, found {value!r}")
    return made


@dataclass
class _Told:
    """What a file or a table says."""

    frame: pl.DataFrame
    facts: dict[str, Any]
    #: Which columns are shown.
    names: list[str]
    #: Its steps are counted when they are asked for.
    summarize: Callable[[], pl.DataFrame]

    def shown(
        self, names: list[str], mappings: Mapping[str, str] | None, constants: Mapping[str, float] | None
    ) -> pl.DataFrame:
        extra = [*(mappings or {}).values(), *(constants or {})]
        return self.frame.select([name for name in dict.fromkeys([*names, *extra]) if name in self.frame.columns])


def _named(filename: str | Path, reader: str | None) -> str | None:
    """The reader of a file that is there; a Parquet file needs no name."""
    name = _checked(reader)
    if not Path(filename).exists():
        raise FileNotFoundError(2, "No such file or directory", str(filename))
    return "parquet" if name is None and is_parquet(filename) else name


def _told(
    filename: str | Path,
    reader: str | None,
    mappings: Mapping[str, str] | None = None,
    constants: Mapping[str, float] | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    cell_spec: Any = None,
    data_type: str | None = None,
    checks: bool = False,
) -> _Told:
    """A file or a table; with `checks` it is validated unless ``options["validate"]`` is false."""
    name, options = _named(filename, reader), options or {}
    checks = checks and bool(options.get("validate", True))
    # Rows over time are what there is without a word.
    data_type = None if data_type == "time_series" else data_type
    checked: dict[str, Any] = {"strict": bool(options.get("validate_strict")), "data_type": data_type} if checks else {}
    if name is not None and _READERS[name] is None:
        own = _own_options(options, _OF_TABLES, "tables")
        return _of_table(Path(filename), name, mappings or {}, constants or {}, own, cell_spec, checked)
    own = _own_options(options, _OPTIONS, "files")
    if name == "bdf":
        # Its labels go without units in files of any name.
        own["reader"] = "bdf_parquet" if is_parquet(filename) else "bdf_text"
    rated = _capacity(cell_spec)
    try:
        cell = read_file(filename, map=mappings, constant=constants, rated_capacity=rated, **own, **checked)
    except CyclerprepError as error:
        if error.kind in ("unknown_format", "not_a_time_series") and reader is None:
            text = f"Could not automatically detect reader type for file: {filename}. Please specify the reader type explicitly."
            raise ValueError(text) from error
        raise
    maker = cell.report["detected"]["maker"]
    if name is not None and _READERS[name] != maker:
        raise ValueError(f"expected a file of {_READERS[name]}, found {cell.report['detected']['format']}: {filename}")
    if checks:
        cell.raise_if_invalid()
    names = [*_COLUMNS, *_MORE.get(maker, [])]
    return _Told(cell.time_series.to_polars(), cell.metadata, names, lambda: in_order(cell.steps.to_polars()))


def _of_table(
    path: Path,
    name: str,
    mappings: Mapping[str, str],
    constants: Mapping[str, float],
    options: dict[str, Any],
    cell_spec: Any,
    checked: dict[str, Any],
) -> _Told:
    """A table with columns of its own names or the schema's, through the standard transforms."""
    encoding = options.pop("encoding", None)
    frame = recognized(as_written(path, mappings, encoding))
    if not {"Time [s]", "Voltage [V]", "Current [A]"} <= set(frame.columns):
        # Headers that the reference does not know may say what they hold all the same.
        frame = _by_usual_names(path, mappings, encoding, frame)
    frame = rows_over_time(frame)
    frame = silently(standard, frame, **options)
    frame = frame.with_columns([pl.lit(value).alias(column) for column, value in constants.items()])
    told = _Told(frame, {"test_setup": {"cycler": name}}, _COLUMNS, cache(lambda: summarize(frame, cell_spec=cell_spec)))
    if checked:
        validate(frame, steps=told.summarize(), rated_capacity=_capacity(cell_spec), **checked).raise_if_invalid()
    return told


def _by_usual_names(path: Path, mappings: Mapping[str, str], encoding: str | None, frame: pl.DataFrame) -> pl.DataFrame:
    """The table as the library's own readers see it, or `frame` where they see no test."""
    try:
        cell = read_file(path, map=dict(mappings) or None, encoding=encoding)
    except CyclerprepError:
        return frame
    return cell.time_series.to_polars()


def _save(save_dir: str | Path | None, **tables: pl.DataFrame) -> None:
    if save_dir is not None:
        Path(save_dir).mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            NativeFrame.of(table).write_parquet(Path(save_dir) / f"{name}.parquet")


def time_series(
    filename: str | Path,
    reader: str | None = None,
    extra_column_mappings: dict[str, str] | None = None,
    extra_constant_columns: dict[str, float] | None = None,
    options: dict[str, str] | None = None,
    save_dir: str | Path | None = None,
) -> pl.DataFrame:
    """The rows of a cycler file in standard columns."""
    told = _told(filename, reader, extra_column_mappings, extra_constant_columns, options)
    frame = told.shown(told.names, extra_column_mappings, extra_constant_columns)
    _save(save_dir, time_series=frame)
    return frame


def time_series_and_steps(
    filename: str | Path,
    reader: str | None = None,
    extra_column_mappings: dict[str, str] | None = None,
    extra_constant_columns: dict[str, float] | None = None,
    options: dict[str, Any] | None = None,
    save_dir: str | Path | None = None,
    *,
    cell_spec: Any = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows and the steps, validated unless ``options["validate"]`` is false."""
    given = (filename, reader, extra_column_mappings, extra_constant_columns, options)
    told = _told(*given, cell_spec=cell_spec, checks=True)
    frame, steps = told.shown(told.names, extra_column_mappings, extra_constant_columns), told.summarize()
    _save(save_dir, time_series=frame, steps=steps)
    return frame, steps


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text.replace("Z", "+00:00"))


def start_time(
    filename: str | Path,
    reader: str | None = None,
    extra_column_mappings: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
) -> Any:
    """When the test began, with its zone; ``None`` where the file does not say."""
    return _time(_told(filename, reader, extra_column_mappings, None, options).facts.get("start_time"))


def metadata(filename: str | Path, reader: str | None = None, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the header says, grouped as the platform's API has it."""
    facts = _told(filename, reader, None, None, options).facts
    made: dict[str, Any] = {}
    if facts.get("start_time"):
        made["start_time"] = _time(facts["start_time"])
    made.update({name: dict(facts[name]) for name in ("protocol", "test_setup") if facts.get(name)})
    return made


def measurement_details(
    filename: str | Path,
    measurement: dict[str, Any],
    reader: str | None = None,
    extra_column_mappings: dict[str, str] | None = None,
    extra_constant_columns: dict[str, float] | None = None,
    options: dict[str, Any] | None = None,
    keep_only_required_columns: bool = True,
    data_type: str | None = None,
) -> dict[str, Any]:
    """What an upload takes: ``time_series``, ``steps``, ``measurement``, which is filled in place."""
    name = _named(filename, reader)
    if data_type == "ocp" and name is not None and _READERS[name] is None:
        own = _own_options(options or {}, _OF_TABLES, "tables")
        frame = recognized(as_written(Path(filename), extra_column_mappings or {}, own.get("encoding")))
        constants = [pl.lit(value).alias(column) for column, value in (extra_constant_columns or {}).items()]
        extra = [*(extra_column_mappings or {}).values(), *(extra_constant_columns or {})]
        measurement["data_type"] = "ocp"
        return {"measurement": measurement, "time_series": curve(frame.with_columns(constants), extra)}
    given = (filename, reader, extra_column_mappings, extra_constant_columns, options)
    told = _told(*given, data_type=data_type, checks=True)
    facts, names = told.facts, _COLUMNS
    if keep_only_required_columns:
        required = [column["name"] for column in columns() if column["required"]]
        names = [name for name in dict.fromkeys([*_COLUMNS, *required]) if name in required]
    frame = told.shown(names, extra_column_mappings, extra_constant_columns)
    cycler = str(facts.get("test_setup", {}).get("cycler", "")).lower()
    if cycler:
        measurement.setdefault("cycler", cycler)
    if facts.get("start_time"):
        at = _time(facts["start_time"])
        measurement.setdefault("start_time", at.isoformat() if at else facts["start_time"])
    for group in ("protocol", "test_setup"):
        if facts.get(group):
            measurement[group] = {**facts[group], **measurement.get(group, {})}
    if cycler and "test_setup" in measurement:
        measurement["test_setup"]["cycler"] = cycler
    return {"time_series": frame, "steps": told.summarize(), "measurement": measurement}


def detect_reader(filename: str | Path) -> str:
    """The name of the reader for a file."""
    if not Path(filename).exists():
        raise FileNotFoundError(2, "No such file or directory", str(filename))
    if is_parquet(filename):
        return "parquet"
    try:
        found = inspect(filename)
    except CyclerprepError as error:
        text = f"Could not automatically detect reader type for file: {filename}. Please specify the reader type explicitly."
        raise ValueError(text) from error
    name = str(found["maker"]).lower()
    # Tables of no cycler have the reference's names.
    name = {"battery data format": "bdf", "generic": "csv"}.get(name, name)
    if name == "biologic" and str(filename).lower().endswith(".mpt"):
        return "biologic mpt"
    return name


class BaseReader:
    """A reader of one kind of file."""

    #: Its name.
    name = ""

    def run(
        self,
        filename: str | Path,
        extra_column_mappings: dict[str, str] | None = None,
        options: dict[str, str] | None = None,
    ) -> pl.DataFrame:
        """The cycler's columns."""
        told = _told(filename, self.name, extra_column_mappings, None, options)
        names = [name for name in told.names if name in _RAW or name not in _COLUMNS]
        return told.shown(names, extra_column_mappings, None)

    def read_start_time(
        self,
        filename: str | Path,
        extra_column_mappings: dict[str, str] | None = None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """When the test began."""
        return start_time(filename, self.name, extra_column_mappings, options)

    def read_metadata(self, filename: str | Path, options: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the header says."""
        return metadata(filename, self.name, options)

    @staticmethod
    def get_reader_types() -> dict[str, type[BaseReader]]:
        """All readers by their names."""
        return {kind.name: kind for kind in BaseReader.__subclasses__()}

    @staticmethod
    def get_reader_object(name: str) -> BaseReader:
        """The reader of a name."""
        _checked(name)
        return BaseReader.get_reader_types()[name.lower()]()


class Arbin(BaseReader):
    """Files of Arbin cyclers."""

    name = "arbin"


class ArbinEIS(BaseReader):
    """Impedance files of Arbin cyclers."""

    name = "arbin eis"


class ArbinRes(BaseReader):
    """Databases of Arbin cyclers."""

    name = "arbin res"


class BDF(BaseReader):
    """Files in the Battery Data Format."""

    name = "bdf"


class Biologic(BaseReader):
    """Files of BioLogic instruments."""

    name = "biologic"


class BiologicCSV(BaseReader):
    """Exports of BioLogic instruments."""

    name = "biologic csv"


class BiologicMPT(BaseReader):
    """Text files of EC-Lab."""

    name = "biologic mpt"


class CSV(BaseReader):
    """A csv with the schema's columns, or mapped ones."""

    name = "csv"


class Maccor(BaseReader):
    """Files of Maccor cyclers."""

    name = "maccor"


class Neware(BaseReader):
    """Files of Neware cyclers."""

    name = "neware"


class Parquet(BaseReader):
    """A Parquet file with the schema's columns, or mapped ones."""

    name = "parquet"


def arbin(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The cycler's columns of an Arbin file."""
    return Arbin().run(filename, extra_column_mappings, options)


def arbin_eis(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The cycler's columns of an Arbin impedance file."""
    return ArbinEIS().run(filename, extra_column_mappings, options)


def arbin_res(filename: str | Path, options: dict[str, str] | None = None) -> pl.DataFrame:
    """The cycler's columns of an Arbin database."""
    return ArbinRes().run(filename, None, options)


def bdf(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The columns of a file in the Battery Data Format."""
    return BDF().run(filename, extra_column_mappings, options)


def biologic(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The columns of a BioLogic file."""
    return Biologic().run(filename, extra_column_mappings, options)


def biologic_csv(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The columns of a BioLogic csv."""
    return BiologicCSV().run(filename, extra_column_mappings, options)


def biologic_mpt(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The columns of a BioLogic text file."""
    return BiologicMPT().run(filename, extra_column_mappings, options)


def csv(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The columns of a csv."""
    return CSV().run(filename, extra_column_mappings, options)


def maccor(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The cycler's columns of a Maccor file."""
    return Maccor().run(filename, extra_column_mappings, options)


def neware(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The cycler's columns of a Neware file."""
    return Neware().run(filename, extra_column_mappings, options)


def parquet(filename: str | Path, extra_column_mappings: dict[str, str] | None = None, options: dict[str, str] | None = None) -> pl.DataFrame:  # fmt: skip
    """The columns of a Parquet file."""
    return Parquet().run(filename, extra_column_mappings, options)


def __getattr__(name: str) -> Any:
    if name.lower() in _OTHERS:
        raise NotImplementedError(
            f"there is no reader for {name} here: cyclerprep reads Maccor, BioLogic, Arbin, Neware"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
