"""Tables go to others and come from others."""

from __future__ import annotations

import datetime
import pickle
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import needed

import cyclerprep
from cyclerprep import Frame, transform

#: A charge of one row and a discharge of two: V × I is by hand.
ROWS = {"Time [s]": [0.0, 1.0, 2.0], "Current [A]": [-1.0, 2.0, 2.0], "Voltage [V]": [3.5, 3.0, None]}
POWER = [-3.5, 6.0, None]


def address(frame: Frame, column: str) -> int:
    return frame._frame.numpy(column)[1].__array_interface__["data"][0]  # type: ignore[no-any-return]


def series_address(series: Any) -> int:
    """Where the numbers of a polars series lie."""
    return series.to_numpy(allow_copy=False).__array_interface__["data"][0]  # type: ignore[no-any-return]


def test_to_polars_without_a_copy(fixtures: Path) -> None:
    needed("polars")
    frame = cyclerprep.read(fixtures / "neware/flat.csv").time_series
    table = frame.to_polars()
    assert table.columns == frame.columns
    for name in ("Time [s]", "Current [A]", "Step count"):
        assert series_address(table[name]) == address(frame, name), name


def test_to_pyarrow_without_a_copy(fixtures: Path) -> None:
    needed("pyarrow")
    frame = cyclerprep.read(fixtures / "neware/flat.csv").time_series
    table = frame.to_arrow()
    for name in ("Time [s]", "Current [A]", "Step count"):
        assert table[name].chunk(0).buffers()[1].address == address(frame, name), name


def test_to_numpy_without_a_copy(fixtures: Path) -> None:
    numpy = needed("numpy")
    frame = cyclerprep.read(fixtures / "neware/flat.csv").time_series
    array = frame.to_numpy("Voltage [V]")
    assert array.__array_interface__["data"][0] == address(frame, "Voltage [V]") and not array.flags.writeable
    del frame
    assert numpy.isfinite(array).all(), "the memory lives as long as the array"


def test_from_others_without_a_copy() -> None:
    polars = needed("polars")
    table = polars.DataFrame({"Time [s]": [0.0, 1.0, 2.0]})
    assert address(Frame(table), "Time [s]") == series_address(table["Time [s]"])
    pyarrow = needed("pyarrow")
    arrow = pyarrow.table({"Time [s]": [0.0, 1.0, 2.0]})
    assert address(Frame(arrow), "Time [s]") == arrow["Time [s]"].chunk(0).buffers()[1].address


def test_the_package_alone_gives_values() -> None:
    frame = Frame({**ROWS, "Step count": [0, 1, None], "Mode from cycler": ["C", None, "D"], "ok": [True, False, True]})
    assert frame.dtypes == {
        "Time [s]": "f64",
        "Current [A]": "f64",
        "Voltage [V]": "f64",
        "Step count": "i64",
        "Mode from cycler": "str",
        "ok": "bool",
    }
    assert frame.to_list("Voltage [V]") == [3.5, 3.0, None] and frame.to_list("Step count") == [0, 1, None]
    assert frame.to_list("Mode from cycler") == ["C", None, "D"] and frame.to_list("ok") == [True, False, True]
    assert frame.select(["Time [s]"]).columns == ["Time [s]"] and len(frame.head(2)) == 2
    assert pickle.loads(pickle.dumps(frame)) == frame
    with pytest.raises(cyclerprep.CyclerprepError, match="nothing"):
        frame.select(["nothing"])
    with pytest.raises(ValueError, match="lists of one length"):
        Frame({"a": [1], "b": [1, 2]})
    with pytest.raises(TypeError, match="expected a table"):
        Frame(3)  # type: ignore[arg-type]


def polars_frame() -> Any:
    return needed("polars").DataFrame(ROWS)


def pandas_frame() -> Any:
    pandas = needed("pandas")
    return pandas.DataFrame(ROWS, index=[7, 8, 9])


def arrow_table() -> Any:
    return needed("pyarrow").table(ROWS)


@pytest.mark.parametrize("make", [polars_frame, pandas_frame, arrow_table, lambda: Frame(ROWS), lambda: ROWS])
def test_a_result_is_of_the_callers_own_kind(make: Any) -> None:
    given = make()
    result = transform.set_power(given)
    assert type(result) is (Frame if given is ROWS else type(given))
    assert Frame(result).columns == [*ROWS, "Power [W]"]
    power = Frame(result).to_list("Power [W]")
    assert [None if value is None or value != value else value for value in power] == POWER
    if hasattr(given, "index"):
        assert list(result.index) == [7, 8, 9]


def test_lazy_frames_batches_and_readers() -> None:
    polars, pyarrow = needed("polars"), needed("pyarrow")
    lazy = transform.set_power(polars.LazyFrame(ROWS))
    assert isinstance(lazy, polars.LazyFrame) and lazy.collect()["Power [W]"].to_list() == POWER
    batch = pyarrow.record_batch(ROWS)
    assert isinstance(transform.set_power(batch), pyarrow.RecordBatch)
    reader = pyarrow.RecordBatchReader.from_batches(batch.schema, [batch, batch])
    assert len(Frame(reader)) == 6, "batches are joined"


def test_types_that_the_library_does_not_know_pass_through() -> None:
    polars = needed("polars")
    day = datetime.date(2024, 3, 1)
    clock = datetime.datetime(2024, 3, 1, 8, 0, 0, 250)
    table = polars.DataFrame(
        {
            **ROWS,
            "day": [day, None, day],
            "us": [clock, clock, None],
            "zone": polars.Series([clock] * 3).dt.replace_time_zone("Europe/Berlin"),
            "ms": polars.Series([clock] * 3).dt.cast_time_unit("ms"),
            "span": [datetime.timedelta(seconds=5)] * 3,
            "clock": [datetime.time(8, 30)] * 3,
            "u8": polars.Series([1, 2, 3], dtype=polars.UInt8),
            "f32": polars.Series([1, 2, 3], dtype=polars.Float32),
            "word": ["a", "b", None],
            "bytes": [b"a", b"b", None],
            "none": [None, None, None],
        }
    )
    result = transform.set_power(table)
    again = result.drop("Power [W]").with_columns(polars.col("none").cast(polars.Null))
    assert again.equals(table) and again.dtypes == table.dtypes
    kept = pickle.loads(pickle.dumps(Frame(table)))
    assert kept.to_polars().with_columns(polars.col("none").cast(polars.Null)).equals(table)
    categories = table.with_columns(polars.col("word").cast(polars.Categorical))
    assert transform.set_power(categories)["word"].to_list() == ["a", "b", None]


@pytest.mark.parametrize("value", [Decimal("1.5"), [1.0, 2.0], {"a": 1}])
def test_types_that_nobody_can_compute_with_are_refused_by_name(value: Any) -> None:
    polars = needed("polars")
    with pytest.raises(cyclerprep.CyclerprepError, match="odd") as caught:
        Frame(polars.DataFrame({"Time [s]": [0.0], "odd": [value]}))
    assert caught.value.kind == "frame" and "drop it" in str(caught.value)


def test_pandas_columns_of_every_kind() -> None:
    pandas = needed("pandas")
    table = pandas.DataFrame(
        {
            "real": [1.5, None, 2.5],
            "whole": [1, 2, 3],
            "gaps": pandas.array([1, None, 3], dtype="Int64"),
            "ok": [True, False, True],
            "word": ["a", None, "c"],
            "kind": pandas.Categorical(["x", "y", "x"]),
            "clock": pandas.to_datetime(["2024-03-01 08:00:00.25", None, "2024-03-02 00:00:00.50"]),
            "small": pandas.Series([1, 2, 3], dtype="int16"),
        }
    )
    frame = Frame(table)
    assert frame.to_list("gaps") == [1, None, 3] and frame.to_list("word") == ["a", None, "c"]
    again = frame.to_pandas()
    assert again["real"].isna().tolist() == [False, True, False]
    assert str(again["gaps"].dtype) == "Int64" and again["gaps"].tolist()[0] == 1
    assert again["clock"].equals(table["clock"]) and again["kind"].tolist() == ["x", "y", "x"]
    assert again["small"].dtype == "int16" and again["ok"].tolist() == [True, False, True]
    again.loc[0, "real"] = 9.0
    assert frame.to_list("real")[0] == 1.5, "a frame of pandas is its own"
    with pytest.raises(TypeError, match="column 'odd'"):
        Frame(pandas.DataFrame({"odd": [object()]}))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ModuleNotFoundError, match="pip install polars"):
        Frame(ROWS).to_polars()


def test_memory_does_not_grow(fixtures: Path) -> None:
    """A thousand reads keep no more than the first few."""
    resident = Path("/proc/self/statm")
    if not resident.exists():
        pytest.skip("NOT TESTED: memory is read from /proc")

    def pages() -> int:
        return int(resident.read_text().split()[1])

    path = fixtures / "neware/flat.csv"
    for _ in range(200):
        cyclerprep.read(path).time_series.to_list("Time [s]")
    before = pages()
    for _ in range(1000):
        cyclerprep.read(path).time_series.to_list("Time [s]")
    grown = (pages() - before) * 4096
    assert grown < 20e6, f"{grown / 1e6:.0f} MB more after a thousand reads"
