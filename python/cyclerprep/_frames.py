"""Tables: what the library gives, and frames of others in their own kind."""

from __future__ import annotations

from . import _native
from ._native import Frame as NativeFrame

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Protocol, TypeVar

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
        module = _needed("pandas")
        made: pandas.DataFrame = module.DataFrame({name: _series(self._frame, name, module) for name in self.columns})
        for name, dtype in self.dtypes.items():
            if '"UTC"' in dtype:
                made[name] = made[name].dt.tz_localize("UTC")
        return made

    def to_numpy(self, column: str) -> numpy.ndarray[Any, Any]:
        """The numbers of a column; it is a view where no row is null, else nulls are NaN."""
        np = _needed("numpy")
        kind, values, null, unit = self._frame.numpy(column)
        if kind in ("truth", "text"):
            listed: numpy.ndarray[Any, Any] = np.array(values, dtype=object)
            return listed
        array: numpy.ndarray[Any, Any] = np.asarray(values)
        if unit is not None:
            array = array.view(f"datetime64[{unit}]") if unit != "D" else array.astype("datetime64[D]")
        if null is not None:
            array = array.copy() if unit is not None or array.dtype.kind == "f" else array.astype("float64")
            array[np.frombuffer(null, dtype=bool)] = np.datetime64("NaT", unit) if unit is not None else np.nan
        return array

    def to_list(self, column: str) -> list[Any]:
        """The values of a column, ``None`` where it is null. Times are counts of their unit."""
        kind, values, null, _ = self._frame.numpy(column)
        if kind in ("truth", "text"):
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
        text = f"this needs {package}, which is not installed: pip install {package} (or pip install 'cyclerprep[{package}]')"
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


def _series(frame: NativeFrame, name: str, pandas: Any) -> Any:
    numpy = _needed("numpy")
    kind, values, null, unit = frame.numpy(name)
    if kind == "text":
        return pandas.Series(values, dtype=object)
    if kind == "truth":
        return pandas.Series(values, dtype="boolean" if None in values else bool)
    array = numpy.asarray(values)
    mask = None if null is None else numpy.frombuffer(null, dtype=bool)
    if unit is not None:
        array = (
            array.astype(f"datetime64[{'s' if unit == 'D' else unit}]")
            if unit != "D"
            else array.astype("datetime64[D]").astype("datetime64[s]")
        )
        if mask is not None:
            array[mask] = numpy.datetime64("NaT", "s" if unit == "D" else unit)
        return pandas.Series(array)
    if mask is None:
        return pandas.Series(array.copy())
    if array.dtype.kind == "f":
        array = array.copy()
        array[mask] = numpy.nan
        return pandas.Series(array)
    return pandas.Series(pandas.arrays.IntegerArray(array.copy(), mask.copy()))


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
        return _of_pandas(data)
    if package == "pyarrow":
        pyarrow = _needed("pyarrow")
        if isinstance(data, pyarrow.RecordBatch):
            return NativeFrame.of(data), lambda frame: pyarrow.table(frame).combine_chunks().to_batches()[0]
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


def _of_columns(columns: Mapping[str, Sequence[Any]]) -> NativeFrame:
    """A frame of lists."""
    from array import array

    rows = {len(values) for values in columns.values()}
    if len(rows) > 1:
        raise ValueError(f"expected lists of one length, found {sorted(rows)}")
    parts: list[tuple[str, str, Any, bytes | None, str | None]] = []
    for name, listed in columns.items():
        values = listed.tolist() if hasattr(listed, "tolist") else list(listed)
        known = [value for value in values if value is not None]
        null = None if len(known) == len(values) else bytes(value is None for value in values)
        if known and all(isinstance(value, str) for value in known):
            parts.append((name, "text", values, None, None))
        elif known and all(isinstance(value, bool) for value in known):
            parts.append((name, "b1", bytes(bool(value) for value in values), null, None))
        elif known and all(isinstance(value, int) for value in known):
            parts.append((name, "i8", array("q", (value or 0 for value in values)).tobytes(), null, None))
        else:
            floats = array("d", (0.0 if value is None else value for value in values))
            parts.append((name, "f8", floats.tobytes(), null, None))
    return NativeFrame.from_parts(rows.pop() if rows else 0, parts)


def _of_pandas(data: Any) -> tuple[NativeFrame, Callable[[NativeFrame], Any]]:
    """A pandas frame, without pyarrow. The index stays where the rows stay."""
    pandas, numpy = _needed("pandas"), _needed("numpy")
    if not isinstance(data, pandas.DataFrame):
        raise TypeError(f"expected a pandas.DataFrame, found {type(data).__name__}")
    parts: list[tuple[str, str, Any, bytes | None, str | None]] = []
    for position, label in enumerate(data.columns):
        name, series = str(label), data.iloc[:, position]
        kind = getattr(series.dtype, "kind", "O")
        is_plain = isinstance(series.dtype, numpy.dtype)
        missing = series.isna().to_numpy(dtype=bool)
        null = missing.tobytes() if missing.any() else None
        if kind == "f" and is_plain:
            # NaN stays what it is in a column that has no other null.
            wide = series.to_numpy() if series.dtype.itemsize in (4, 8) else series.to_numpy("float64")
            parts.append((name, f"f{wide.dtype.itemsize}", wide.tobytes(), null, None))
        elif kind in "iub" and (is_plain or hasattr(series.array, "_mask")):
            plain = series.to_numpy() if is_plain else series.fillna(0).to_numpy(series.dtype.numpy_dtype)
            parts.append((name, f"{kind}{plain.dtype.itemsize}", plain.tobytes(), null, None))
        elif kind == "f":
            parts.append((name, "f8", series.to_numpy("float64", na_value=0.0).tobytes(), null, None))
        elif kind == "M" and is_plain:
            unit = numpy.datetime_data(series.dtype)[0]
            parts.append((name, "i8", series.to_numpy().view("int64").tobytes(), null, unit))
        else:
            values = [None if gone else value for value, gone in zip(series.tolist(), missing)]
            if not all(value is None or isinstance(value, str) for value in values):
                found = next(
                    type(value).__name__ for value in values if value is not None and not isinstance(value, str)
                )
                raise TypeError(f"expected numbers, text, truth values or times in column {name!r}, found {found}")
            parts.append((name, "text", values, None, None))

    def back(frame: NativeFrame) -> Any:
        made = Frame(frame).to_pandas()
        if len(made) == len(data):
            made.index = data.index
        return made

    return NativeFrame.from_parts(len(data), parts), back
