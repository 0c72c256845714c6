"""Frames of pandas, with pyarrow and without."""

from __future__ import annotations

from . import _frames
from ._frames import LISTED, Frame, _needed, listed, timed
from ._native import Frame as NativeFrame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import pandas


def given(frame: NativeFrame) -> pandas.DataFrame:
    """A frame of the library as one of pandas."""
    module = _needed("pandas")
    made: pandas.DataFrame = module.DataFrame({name: _series(frame, name, module) for name in frame.columns})
    return made


def _series(frame: NativeFrame, name: str, pandas: Any) -> Any:
    numpy = _needed("numpy")
    kind, values, null, unit, zone = frame.numpy(name)
    if kind in LISTED:
        is_truth = kind == "truth"
        return pandas.Series(values, dtype=("boolean" if None in values else bool) if is_truth else object)
    array = numpy.asarray(values)
    mask = None if null is None else numpy.frombuffer(null, dtype=bool)
    if unit is not None:
        array = timed(array, kind, unit)
        # Pandas counts no days.
        array = array.astype("datetime64[s]") if unit == "D" else array.copy()
        if mask is not None:
            array[mask] = "NaT"
        if kind == "clock":
            return _clock(array, unit, pandas)
        series = pandas.Series(array)
        return series if zone is None else series.dt.tz_localize("UTC").dt.tz_convert(zone)
    if mask is None:
        return pandas.Series(array.copy())
    if array.dtype.kind == "f":
        array = array.copy()
        array[mask] = numpy.nan
        return pandas.Series(array)
    return pandas.Series(pandas.arrays.IntegerArray(array.copy(), mask.copy()))


def _clock(spans: Any, unit: str, pandas: Any) -> Any:
    """Times of day, for which pandas has no type but Python has; those that are finer than a microsecond stay durations."""
    from datetime import datetime

    if unit == "ns":
        counts = spans.view("int64")
        # NaT is the smallest number, which is no whole count either.
        if (counts[spans == spans] % 1000).any():
            return pandas.Series(spans)
    start = datetime.min
    listed = spans.astype("timedelta64[us]").tolist()
    return pandas.Series([None if span is None else (start + span).time() for span in listed], dtype=object)


def taken(data: Any) -> tuple[NativeFrame, Callable[[NativeFrame], Any]]:
    """A pandas frame inside, and the way back. The index stays where the rows stay."""
    pandas = _needed("pandas")
    if not isinstance(data, pandas.DataFrame):
        raise TypeError(f"expected a pandas.DataFrame, found {type(data).__name__}")
    names = [str(label) for label in data.columns]
    arrow_dtype = getattr(pandas, "ArrowDtype", ())
    is_arrow = [bool(arrow_dtype) and isinstance(dtype, arrow_dtype) for dtype in data.dtypes]

    def back(frame: NativeFrame) -> Any:
        if is_arrow and all(is_arrow):
            made = _needed("pyarrow").table(frame).to_pandas(types_mapper=pandas.ArrowDtype)
        else:
            made = given(frame)
        if len(made) == len(data):
            made.index = data.index
        return made

    plain = [at for at, arrow in enumerate(is_arrow) if not arrow]
    frame = NativeFrame.from_parts(len(data), [_part(names[at], data.iloc[:, at]) for at in plain])
    if any(is_arrow):
        # Their memory is Arrow's already, so these packages are there.
        pyarrow = _needed("pyarrow")
        rest = pyarrow.table(frame)
        columns = [
            pyarrow.chunked_array(pyarrow.array(data.iloc[:, at])) if arrow else rest.column(plain.index(at))
            for at, arrow in enumerate(is_arrow)
        ]
        frame = NativeFrame.of(pyarrow.table(columns, names=names))
    return frame, back


def _part(name: str, series: Any) -> _frames.Part:
    numpy = _needed("numpy")
    dtype = series.dtype
    kind = getattr(dtype, "kind", "O")
    is_plain = isinstance(dtype, numpy.dtype)
    if kind == "f" and is_plain:
        # NaN stays what it is in a column that has no other null.
        wide = series.to_numpy() if dtype.itemsize in (4, 8) else series.to_numpy("float64")
        return name, f"f{wide.dtype.itemsize}", wide.tobytes(), None, None
    missing = series.isna().to_numpy(dtype=bool)
    null = missing.tobytes() if missing.any() else None
    if kind in "iub" and (is_plain or hasattr(dtype, "numpy_dtype")):
        plain = series.to_numpy() if is_plain else series.to_numpy(dtype.numpy_dtype, na_value=False)
        return name, f"{kind}{plain.dtype.itemsize}", plain.tobytes(), null, None
    if kind == "f":
        return name, "f8", series.to_numpy("float64", na_value=0.0).tobytes(), null, None
    if kind in "mM" and is_plain:
        unit = numpy.datetime_data(dtype)[0]
        word = f"timestamp:{unit}:" if kind == "M" else f"duration:{unit}"
        return name, "i8", series.to_numpy().view("int64").tobytes(), null, word
    if kind == "M" and hasattr(dtype, "tz"):
        instants = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        word = f"timestamp:{numpy.datetime_data(instants.dtype)[0]}:{_zone(dtype.tz)}"
        return name, "i8", instants.view("int64").tobytes(), null, word
    return listed(name, [None if gone else value for value, gone in zip(series.tolist(), missing)])


def _zone(zone: Any) -> str:
    """The zone as Arrow names it; one that has no name is UTC, which changes no instant."""
    for name in ("key", "zone"):
        if isinstance(getattr(zone, name, None), str):
            return str(getattr(zone, name))
    offset = zone.utcoffset(None)
    if not offset or offset.seconds % 60:
        return "UTC"
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
