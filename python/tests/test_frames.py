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


def every_kind() -> Any:
    """A frame of every type that passes: with nulls, with zones, finer than the schema's times."""
    polars = needed("polars")
    day = datetime.date(2024, 3, 1)
    clock = datetime.datetime(2024, 3, 1, 8, 0, 0, 250)
    return polars.DataFrame(
        {
            **ROWS,
            "day": [day, None, day],
            "us": [clock, clock, None],
            "utc": polars.Series([clock, None, clock]).dt.replace_time_zone("UTC"),
            "zone": polars.Series([clock, None, clock]).dt.replace_time_zone("Europe/Berlin"),
            "ms": polars.Series([clock] * 3).dt.cast_time_unit("ms"),
            "span": [datetime.timedelta(seconds=5), None, datetime.timedelta(microseconds=1)],
            "clock": [datetime.time(8, 30, 0, 7), None, datetime.time(0, 0)],
            "fine": polars.Series([1, None, 86_399_999_999_999]).cast(polars.Time),
            "u8": polars.Series([1, None, 3], dtype=polars.UInt8),
            "f32": polars.Series([1, 2, 3], dtype=polars.Float32),
            "ok": [True, None, False],
            "word": ["a", "b", None],
            "bytes": [b"a", b"\xff\x00", None],
        }
    )


@pytest.mark.parametrize("has_pyarrow", [True, False])
def test_what_the_package_gives_to_pandas_it_takes_again(monkeypatch: pytest.MonkeyPatch, has_pyarrow: bool) -> None:
    pandas = needed("pandas")
    if not has_pyarrow:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
    given = every_kind()
    table = Frame(given).to_pandas()
    assert str(table["zone"].dtype).endswith("Europe/Berlin]") and str(table["ok"].dtype) == "boolean"
    # Berlin is an hour ahead of UTC in March.
    assert table["zone"][0].isoformat() == "2024-03-01T08:00:00.000250+01:00"
    assert table["utc"][0] == pandas.Timestamp("2024-03-01 08:00:00.000250", tz="UTC") and table["utc"].isna()[1]
    assert table["span"][2] == pandas.Timedelta("1us") and table["clock"][0] == datetime.time(8, 30, 0, 7)
    assert str(table["fine"].dtype) == "timedelta64[ns]" and table["fine"][0] == pandas.Timedelta(1, "ns")
    assert table["bytes"].tolist() == [b"a", b"\xff\x00", None]
    again = Frame(table)
    for name in given.columns:
        expected, found = Frame(given).to_list(name), again.to_list(name)
        if name == "day":
            # Pandas counts seconds: 86400 a day.
            expected = [value and value * 86400 for value in expected]
        if name == "clock":
            # Times of day are microseconds in Python, nanoseconds in polars.
            expected = [None if value is None else value // 1000 for value in expected]
        assert [None if v != v else v for v in found] == expected, name
    same = again.to_pandas()
    pandas.testing.assert_frame_equal(same, table)
    assert transform.set_power(table)["Power [W]"].tolist()[:2] == POWER[:2]


def test_numpy_gets_times_and_bytes() -> None:
    numpy = needed("numpy")
    frame = Frame(every_kind())
    assert frame.to_numpy("bytes").tolist() == [b"a", b"\xff\x00", None] == frame.to_list("bytes")
    assert frame.to_numpy("us")[0] == numpy.datetime64("2024-03-01T08:00:00.000250")
    assert numpy.isnat(frame.to_numpy("us")).tolist() == [False, False, True]
    assert frame.to_numpy("day")[2] == numpy.datetime64("2024-03-01") and numpy.isnat(frame.to_numpy("day")[1])
    assert frame.to_numpy("span")[0] == numpy.timedelta64(5, "s") and numpy.isnat(frame.to_numpy("span")[1])
    assert frame.to_numpy("clock")[0] == numpy.timedelta64(8 * 3600 + 30 * 60, "s") + numpy.timedelta64(7, "us")


def test_pandas_columns_of_arrow() -> None:
    pandas, pyarrow = needed("pandas"), needed("pyarrow")
    table = every_kind().to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)
    result = transform.set_power(table)
    power = result.pop("Power [W]")
    assert power.tolist()[:2] == POWER[:2] and isinstance(power.dtype, pandas.ArrowDtype)
    for name in table.columns:
        assert result[name].tolist() == table[name].tolist(), name
        # Text and bytes are large ones; that is the only change.
        assert str(result[name].dtype).removeprefix("large_") == str(table[name].dtype).removeprefix("large_"), name
    mixed = pandas.DataFrame({"a": pandas.array([1, None], dtype="int8[pyarrow]"), 7: [1.5, 2.5]}, index=[4, 5])
    frame = Frame(mixed)
    assert frame.columns == ["a", "7"] and frame.to_list("a") == [1, None] and frame.to_list("7") == [1.5, 2.5]


def test_pandas_columns_of_objects_and_odd_zones() -> None:
    pandas = needed("pandas")
    zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
    stamps = pandas.Series(pandas.to_datetime(["2024-03-01 08:00", None])).dt.tz_localize(zone)
    table = pandas.DataFrame({"at": stamps, "day": [datetime.date(1970, 1, 3), None], "n": [None, 2]}, dtype=object)
    table["at"] = stamps
    table["whole"] = pandas.Series([3, None], dtype=object)
    table["ok"] = pandas.array([True, None], dtype="boolean")
    frame = Frame(table)
    assert frame.to_list("day") == [2, None] and frame.to_list("whole") == [3, None] and frame.to_list("n") == [None, 2]
    assert frame.to_list("ok") == [True, None]
    # 08:00 at -03:30 is 11:30 in UTC.
    again = frame.to_pandas()["at"]
    assert again[0] == pandas.Timestamp("2024-03-01 11:30", tz="UTC") and again[0].utcoffset() == zone.utcoffset(None)
    with pytest.raises(TypeError, match="column 'odd', found date, datetime"):
        Frame({"odd": [datetime.date(2024, 3, 1), datetime.datetime(2024, 3, 1)]})
    with pytest.raises(TypeError, match="column 'odd', found Period"):
        Frame(pandas.DataFrame({"odd": pandas.period_range("2024", periods=2, freq="D")}))


def test_the_schema_changes_the_form_of_a_column_and_nothing_else() -> None:
    clock = datetime.datetime(2024, 3, 1, 8, 0, 0, 250_000)
    utc = clock.replace(tzinfo=datetime.timezone.utc)
    # 2024-03-01 is day 19783 since 1970: 365 × 54 + 13 leap days + 31 + 29.
    seconds = 19783 * 86400 + 8 * 3600
    frame = Frame(
        {
            "Time [s]": [0, 1, None],
            "Step count": [0.0, 1.0, float("nan")],
            "Timestamp from cycler": [clock, None, clock],
            "Timestamp": [utc, None, utc],
            "Frame": [None, None, None],
        }
    ).in_schema()
    assert frame.columns == [column["name"] for column in cyclerprep.schema()]
    assert (frame.dtypes["Time [s]"], frame.to_list("Time [s]")) == ("f64", [0.0, 1.0, None])
    assert (frame.dtypes["Step count"], frame.to_list("Step count")) == ("i64", [0, 1, None])
    assert frame.to_list("Timestamp from cycler")[0] == seconds * 1000 + 250
    assert frame.to_list("Timestamp") == [seconds * 10**6 + 250_000, None, seconds * 10**6 + 250_000]
    assert "UTC" in frame.dtypes["Timestamp"] and frame.to_list("Frame") == [None] * 3
    assert frame.in_schema() == frame


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("Step count", [0.0, 1.5], 'expected whole numbers in "Step count", found 1.5 in row 1'),
        ("Step count", [0.0, 1e300], "found 1.0*e300 in row 1"),
        ("Voltage [V]", ["3.5", "n/a"], 'expected numbers in "Voltage .V.", found "n/a" in row 1'),
        ("Voltage [V]", [datetime.timedelta(1)], "expected numbers in .*, found Duration"),
        ("Timestamp from cycler", [datetime.datetime(2024, 3, 1, 8, 0, 0, 1)], "times of whole ms in .* in row 0"),
        (
            "Timestamp from cycler",
            [datetime.datetime(2024, 3, 1, tzinfo=datetime.timezone.utc)],
            "found times with a zone",
        ),
        ("Timestamp", [datetime.datetime(2024, 3, 1)], "found times without a zone; say in which zone"),
        ("Timestamp", [1.5], "expected times with a zone in .*, found f64"),
    ],
)
def test_what_has_no_form_in_the_schema_is_refused(column: str, values: list[Any], told: str) -> None:
    with pytest.raises(cyclerprep.CyclerprepError, match=told) as caught:
        Frame({column: values}).in_schema()
    assert caught.value.kind == "frame" and caught.value.place == {"column": column}


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


def test_a_batch_without_rows_comes_back_as_one() -> None:
    pa = needed("pyarrow")
    names = ["Time [s]", "Voltage [V]", "Current [A]"]
    empty = pa.RecordBatch.from_pydict({name: pa.array([], pa.float64()) for name in names})
    made = transform.set_power(empty)
    assert isinstance(made, pa.RecordBatch) and made.num_rows == 0 and made.schema.names == [*names, "Power [W]"]
