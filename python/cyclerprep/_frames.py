"""Tables: what the library gives, and frames of others in their own kind."""

from __future__ import annotations

from . import _native
from ._native import Frame as NativeFrame

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Protocol, TypeAlias, TypeVar

    import numpy
    import pandas
    import polars
    import pyarrow

    class ArrowStream(Protocol):
        """Anything that speaks the Arrow stream protocol: polars, pyarrow, pandas, duckdb and others."""

        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

    F = TypeVar("F")


class Frame:
    """A table in the library's own memory, which others take without a copy.

    ``to_polars()``, ``to_pandas()`` and ``to_arrow()`` need those packages; anything that speaks the Arrow stream protocol
    takes it as it is: ``polars.DataFrame(frame)``, ``pyarrow.table(frame)``, ``duckdb.sql("select * from frame")``.
    """

    __slots__ = ("_frame",)

    def __init__(self, data: ArrowStream | Mapping[str, Sequence[Any]]) -> None:
        self._frame: NativeFrame = data if isinstance(data, NativeFrame) else taken(data)[0]

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._frame.columns

    @property
    def dtypes(self) -> dict[str, str]:
        """What each column is stored as."""
        return self._frame.dtypes

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._frame.height, self._frame.width

    @property
    def height(self) -> int:
        """Rows."""
        return self._frame.height

    def __len__(self) -> int:
        return self._frame.height

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Frame):
            return NotImplemented
        same = self.columns == other.columns and self.dtypes == other.dtypes and len(self) == len(other)
        return same and all(_same(self.to_list(name), other.to_list(name)) for name in self.columns)

    __hash__ = None  # type: ignore[assignment]

    def select(self, columns: Sequence[str]) -> Frame:
        """These columns in this order."""
        return Frame(self._frame.select(list(columns)))

    def head(self, rows: int = 5) -> Frame:
        """The first rows."""
        return Frame(self._frame.slice(0, rows))

    def in_schema(self) -> Frame:
        """Every column of the schema in its order, null where there is none; other columns are left out."""
        return Frame(self._frame.in_schema())

    def to_polars(self) -> polars.DataFrame:
        """As a polars frame, without a copy."""
        made: polars.DataFrame = _needed("polars").DataFrame(self._frame.views())
        return made

    def to_arrow(self) -> pyarrow.Table:
        """As a pyarrow table, without a copy of its numbers; text are large strings."""
        table: pyarrow.Table = _needed("pyarrow").table(self._frame)
        return table

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas frame. Whole numbers with nulls are ``Int64``, times ``datetime64``; pyarrow is not needed."""
        from . import _pandas

        return _pandas.given(self._frame)

    def to_numpy(self, column: str) -> numpy.ndarray[Any, Any]:
        """The numbers of a column; it is a view where no row is null, else nulls are NaN. Times are ``datetime64``, durations and
        times of day ``timedelta64``, text and truth values objects."""
        np = _needed("numpy")
        kind, values, null, unit, _ = self._frame.numpy(column)
        if kind in LISTED:
            listed: numpy.ndarray[Any, Any] = np.array(values, dtype=object)
            return listed
        array: numpy.ndarray[Any, Any] = np.asarray(values)
        if unit is not None:
            array = timed(array, kind, unit)
        if null is not None:
            array = array.copy() if array.dtype.kind in "fmM" else array.astype("float64")
            array[np.frombuffer(null, dtype=bool)] = "NaT" if unit is not None else np.nan
        return array

    def to_list(self, column: str) -> list[Any]:
        """The values of a column, ``None`` where it is null. Times are counts of their unit."""
        kind, values, null, _, _ = self._frame.numpy(column)
        if kind in LISTED:
            return list(values)
        listed = _listed(values)
        return listed if null is None else [None if is_null else v for v, is_null in zip(listed, null)]

    def write_parquet(self, path: str | os.PathLike[str]) -> None:
        """Writes a Parquet file, whole or not at all."""
        finish_at_exit()
        self._frame.write_parquet(path)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._frame.__arrow_c_schema__()

    def __reduce__(self) -> tuple[Any, ...]:
        return (Frame, (self._frame,))

    def __repr__(self) -> str:
        names = self.columns
        shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        return f"<Frame {self.height} rows × {len(names)} columns: {shown}>"

    def _repr_html_(self) -> str:
        from html import escape

        head, names = self.head(), self.columns
        columns = [head.to_list(name) for name in names]

        def cell(value: object) -> str:
            return "" if value is None else f"{value:.6g}" if isinstance(value, float) else escape(str(value))

        top = "".join(f"<th>{escape(name)}</th>" for name in names)
        rows = "".join(
            "<tr>" + "".join(f"<td>{cell(column[row])}</td>" for column in columns) + "</tr>"
            for row in range(len(head))
        )
        said = f"{self.height} rows × {len(names)} columns"
        return f"<div><table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table><p>{said}</p></div>"


def _same(left: list[Any], right: list[Any]) -> bool:
    return all(a == b or (a != a and b != b) for a, b in zip(left, right))


def unpickled(parquet: bytes, kept: list[tuple[str, str]]) -> NativeFrame:
    """A native frame of a pickle."""
    return NativeFrame.load(parquet).with_kept(kept)


def _needed(package: str) -> Any:
    from importlib import import_module

    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        extra = {"numpy": "plot", "matplotlib": "plot"}.get(package, package)
        text = f"this needs {package}, which is not installed: pip install {package} (or pip install 'cyclerprep[{extra}]')"
        raise ModuleNotFoundError(text, name=package) from None


#: How the standard library reads each kind of number.
_LETTERS = {
    "<f8": "d", "<f4": "f", "<i8": "q", "<i4": "i", "<i2": "h", "|i1": "b", "<u8": "Q", "<u4": "I", "<u2": "H", "|u1": "B",
}  # fmt: skip


def _listed(buffer: Any) -> list[Any]:
    """Numbers without numpy: the interface says where they lie."""
    import ctypes

    facts = buffer.__array_interface__
    (rows,), (address, _) = facts["shape"], facts["data"]
    if rows == 0:
        return []
    width = int(facts["typestr"][2:])
    memory = ctypes.string_at(address, rows * width)
    return memoryview(memory).cast(_LETTERS[facts["typestr"]]).tolist()  # type: ignore[call-overload, no-any-return]


#: What the extension gives as a list.
LISTED = ("truth", "text", "bytes")


def timed(array: Any, kind: str, unit: str) -> Any:
    """Counts of a unit as times or durations of numpy."""
    if unit == "D":
        return array.astype("datetime64[D]")
    return array.view(f"{'datetime64' if kind == 'time' else 'timedelta64'}[{unit}]")


def finish_at_exit() -> None:
    """What is being written when Python ends becomes whole first, or is removed."""
    global _finishes
    if not _finishes:
        import atexit

        atexit.register(_native.finish, 30.0)
        _finishes = True


_finishes = False


def _package(data: object) -> str:
    """The package that a frame belongs to."""
    return type(data).__module__.partition(".")[0]


def taken(data: object) -> tuple[NativeFrame, Callable[[NativeFrame], Any]]:
    """The frame inside, and a function that gives a result back in the caller's own kind."""
    if isinstance(data, NativeFrame):
        return data, lambda frame: frame
    if isinstance(data, Frame):
        return data._frame, Frame
    package = _package(data)
    if package == "polars":
        polars = _needed("polars")
        if isinstance(data, polars.LazyFrame):
            return NativeFrame.of(data.collect()), lambda frame: polars.DataFrame(frame.views()).lazy()
        if isinstance(data, polars.DataFrame):
            return NativeFrame.of(data), lambda frame: polars.DataFrame(frame.views())
    if package == "pandas":
        from . import _pandas

        return _pandas.taken(data)
    if package == "pyarrow":
        pyarrow = _needed("pyarrow")
        if isinstance(data, pyarrow.RecordBatch):
            return NativeFrame.of(data), _one_batch
        if hasattr(data, "__arrow_c_stream__"):
            return NativeFrame.of(data), pyarrow.table
    if hasattr(data, "__arrow_c_stream__"):
        return NativeFrame.of(data), Frame
    if hasattr(data, "items"):
        return _of_columns({str(name): values for name, values in data.items()}), Frame
    raise TypeError(
        f"expected a table (polars, pandas, pyarrow, anything with __arrow_c_stream__, or a dict of lists), found "
        f"{type(data).__name__}"
    )


#: A column in parts: its name, the kind of its values, the values, which rows are null, the word of their type.
Part: TypeAlias = "tuple[str, str, Any, bytes | None, str | None]"


def _one_batch(frame: NativeFrame) -> Any:
    pyarrow = _needed("pyarrow")
    table = pyarrow.table(frame).combine_chunks()
    # A table without rows has no batch.
    return (table.to_batches() or [pyarrow.RecordBatch.from_pylist([], schema=table.schema)])[0]


def _of_columns(columns: Mapping[str, Sequence[Any]]) -> NativeFrame:
    """A frame of lists."""
    rows = {len(values) for values in columns.values()}
    if len(rows) > 1:
        raise ValueError(f"expected lists of one length, found {sorted(rows)}")
    parts = [
        listed(name, values.tolist() if hasattr(values, "tolist") else list(values)) for name, values in columns.items()
    ]
    return NativeFrame.from_parts(rows.pop() if rows else 0, parts)


def listed(name: str, values: list[Any]) -> Part:
    """A column of Python's own values, ``None`` where there is none."""
    from array import array
    from datetime import date, datetime, time, timedelta

    known = [value for value in values if value is not None]
    null = None if len(known) == len(values) else bytes(value is None for value in values)

    def only(*kinds: type) -> bool:
        return bool(known) and all(isinstance(value, kinds) for value in known)

    def counts(word: str, count: Callable[[Any], int]) -> Part:
        whole = array("q", (0 if value is None else count(value) for value in values))
        return name, "i8", whole.tobytes(), null, word

    micro = timedelta(microseconds=1)
    if only(str):
        return name, "text", values, None, None
    if only(bytes, bytearray):
        return name, "bytes", [None if value is None else bytes(value) for value in values], None, None
    if only(bool):
        return name, "b1", bytes(bool(value) for value in values), null, None
    if known and all(hasattr(value, "__index__") for value in known):
        return name, "i8", array("q", (value or 0 for value in values)).tobytes(), null, None
    if only(timedelta):
        return counts("duration:us", lambda value: int(value // micro))
    if only(time) and not any(value.tzinfo for value in known):
        start = datetime.combine(date.min, time())
        return counts("time64:us", lambda value: int((datetime.combine(date.min, value) - start) // micro))
    if only(datetime):
        zones = {value.tzinfo is not None for value in known}
        if len(zones) == 1:
            from datetime import timezone

            is_aware = zones.pop()
            epoch = datetime(1970, 1, 1, tzinfo=timezone.utc if is_aware else None)
            word = "timestamp:us:UTC" if is_aware else "timestamp:us:"
            return counts(word, lambda value: int((value - epoch) // micro))
    elif only(date) and not any(isinstance(value, datetime) for value in known):
        days = array("i", (0 if value is None else value.toordinal() - 719163 for value in values))
        return name, "i4", days.tobytes(), null, "date32"
    if all(hasattr(value, "__float__") for value in known):
        floats = array("d", (0.0 if value is None else float(value) for value in values))
        return name, "f8", floats.tobytes(), null, None
    found = ", ".join(sorted({type(value).__name__ for value in known}))
    raise TypeError(f"expected numbers, text, truth values or times in column {name!r}, found {found}")
