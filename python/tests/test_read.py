"""Files to measurements."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from conftest import needed

import cyclerprep


def test_a_file_is_a_measurement(fixtures: Path) -> None:
    cell = cyclerprep.read(fixtures / "neware/flat.csv")
    # README.md, src/lib.rs: 112 rows, 10 steps.
    assert (len(cell.time_series), len(cell.steps)) == (112, 10)
    assert cell.is_valid and cell.raise_if_invalid() is cell and not cell.issues
    assert cell.metadata["name"] == cell.name == "flat"
    assert cell.report["detected"]["reader"] == "neware_csv"
    assert cell.time_series.to_list("Time [s]")[0] == 0.0
    assert [note.code for note in cell.notes] == [note["code"] for note in cell.report["notes"]]


def test_path_bytes_and_file_give_the_same(fixtures: Path) -> None:
    path = fixtures / "maccor/flat_line.034"
    content = path.read_bytes()
    by_path = cyclerprep.read(str(path))
    for source in (content, bytearray(content), memoryview(content), io.BytesIO(content)):
        again = cyclerprep.read(source, name="flat_line.034")
        assert again.time_series == by_path.time_series and again.steps == by_path.steps
    with open(path, "rb") as file:
        assert cyclerprep.read(file).time_series == by_path.time_series
    with open(fixtures / "neware/flat.csv") as text, pytest.raises(TypeError, match="mode 'rb'"):
        cyclerprep.read(text)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a path has its own"):
        cyclerprep.read(path, name="x")


def test_a_file_with_several_tests(fixtures: Path) -> None:
    book = fixtures / "odd/two_channels.xlsx"
    assert [cell.part for cell in cyclerprep.read_all(book)] == ["Channel_1-017", "Channel_1-018"]
    with pytest.raises(cyclerprep.CyclerprepError, match="read_all|prepare_all"):
        cyclerprep.read(book)


def test_frames_are_those_of_the_bundle(fixtures: Path, tmp_path: Path) -> None:
    polars = needed("polars")
    testing = needed("polars.testing")
    path = fixtures / "neware/flat.csv"
    command = [sys.executable, "-m", "cyclerprep", "convert", str(path), "-o", str(tmp_path), "-q"]
    assert subprocess.run(command, check=False).returncode == 0
    cell, bundle = cyclerprep.read(path), tmp_path / "flat.csv"
    for name in ("time_series", "steps", "cycles"):
        # A bundle's steps and cycles say of which measurement they are.
        stored = polars.read_parquet(bundle / f"{name}.parquet").drop("source", "part", "name", strict=False)
        testing.assert_frame_equal(getattr(cell, name).to_polars(), stored)
    assert json.loads((bundle / "measurement.json").read_text()) == cell.metadata
    written = json.loads((bundle / "report.json").read_text())
    for name in ("detected", "rows_read", "rows_kept", "steps", "cycles", "overview", "notes", "issues"):
        assert written[name] == cell.report[name], name


def test_a_bundle_from_python_is_a_bundle(fixtures: Path, tmp_path: Path) -> None:
    cell = cyclerprep.read(fixtures / "neware/flat.csv")
    cell.write_bundle(tmp_path / "flat.csv", plot=True, bdf=True)
    names = sorted(path.name for path in (tmp_path / "flat.csv").iterdir())
    assert names == [
        "cycles.parquet",
        "flat.csv.bdf.parquet",
        "measurement.json",
        "overview.svg",
        "report.json",
        "steps.parquet",
        "time_series.parquet",
    ]


def test_the_same_columns_for_every_file(fixtures: Path) -> None:
    names = [column["name"] for column in cyclerprep.schema()]
    dtypes = set()
    for path in ("neware/flat.csv", "maccor/flat_line.034"):
        cell = cyclerprep.read(fixtures / path, columns="schema")
        assert cell.time_series.columns == names
        dtypes.add(tuple(cell.time_series.dtypes.values()))
    assert len(dtypes) == 1
    with pytest.raises(ValueError, match="expected one of all, schema"):
        cyclerprep.read(fixtures / "neware/flat.csv", columns="some")  # type: ignore[arg-type]


def test_options_do_what_they_do_on_the_command_line(fixtures: Path) -> None:
    path = fixtures / "neware/flat.csv"
    cell = cyclerprep.read(path, timezone="Europe/Berlin", constant={"Cell mass [g]": 2.5}, required_columns_only=True)
    assert cell.metadata["start_time"] == "2024-03-01T08:00:00+01:00"
    assert set(cell.time_series.to_list("Cell mass [g]")) == {2.5}
    short = cyclerprep.read(path, strict=True, skip=["time_gaps"], voltage_window=(2.5, 4.2), rated_capacity=1)
    assert len(short.time_series) == 112
    assert cyclerprep.read(path, reader=None, strict=False, allow=[]).time_series == cyclerprep.read(path).time_series


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"time_zone": "UTC"}, TypeError, "did you mean 'timezone'"),
        ({"plot": True}, TypeError, "unexpected keyword argument 'plot'"),
        ({"timezone": True}, TypeError, "expected a value for 'timezone'"),
        ({"strict": "yes"}, TypeError, "expected True or False for 'strict'"),
        (
            {"capacity": "guessed"},
            ValueError,
            'expected one of auto, reported, integrated for capacity, found "guessed"',
        ),
        ({"timezone": "Mars/Olympus"}, cyclerprep.CyclerprepError, "Mars/Olympus"),
        ({"strict": True, "skip": "time_gap"}, ValueError, "expected the name of a strict check"),
    ],
)
def test_wrong_options_say_what_is_right(fixtures: Path, options: dict, error: type, told: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(error) as caught:
        cyclerprep.read(fixtures / "neware/flat.csv", **options)
    assert told in str(caught.value)
    assert "--" not in str(caught.value)


def test_errors_say_kind_file_place_and_what_to_do(fixtures: Path) -> None:
    with pytest.raises(cyclerprep.CyclerprepError) as caught:
        cyclerprep.read(fixtures / "bad/unknown_unit.csv")
    error = caught.value
    assert (error.kind, error.file, error.format) == ("unknown_unit", "fixtures/bad/unknown_unit.csv", "Arbin csv")
    assert error.place["line"]["line"] == 1  # type: ignore[index]
    assert 'unit={"HEADER": "UNIT"}' in error.help and error.help in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.kind, again.place) == (type(error), str(error), error.kind, error.place)


def test_what_the_system_refuses_is_an_oserror(fixtures: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        cyclerprep.read(fixtures / "nothing.csv")
    assert isinstance(caught.value, cyclerprep.CyclerprepError) and caught.value.errno == 2
    assert caught.value.filename == "fixtures/nothing.csv"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(OSError, match="found a folder"):
        cyclerprep.read(fixtures)


def test_notes_that_people_must_see_are_warnings(fixtures: Path) -> None:
    whole = (fixtures / "maccor/flat_line.034").read_bytes()
    cut = whole[: len(whole) * 2 // 3]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cell = cyclerprep.read(cut, name="cut.034")
    told = [w.message for w in caught if isinstance(w.message, cyclerprep.CyclerprepWarning)]
    assert (
        [w.code for w in told] == [note.code for note in cell.notes if note.code == "partial_file"] == ["partial_file"]
    )
    assert caught[0].filename == __file__, "the warning is of the line that called"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="partial_file", category=cyclerprep.CyclerprepWarning)
        cyclerprep.read(cut, name="cut.034")


def test_an_invalid_measurement_raises_when_asked(fixtures: Path) -> None:
    frame = {"Time [s]": [5.0, 6.0], "Step count": [0, 3]}
    found = cyclerprep.validate(frame)
    # docs/validator.md: time starts at 0, steps follow each other.
    assert [issue.code for issue in found.errors] == ["time_does_not_start_at_zero", "step_count_non_sequential"]
    with pytest.raises(cyclerprep.MeasurementValidationError) as caught:
        found.raise_if_invalid()
    assert caught.value.has_code(cyclerprep.IssueCode.TIME_DOES_NOT_START_AT_ZERO)
    assert not caught.value.has_code("time_not_monotonic")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.errors == caught.value.errors and again.errors[0].payload["observed"] == 5.0


def test_pickles(fixtures: Path) -> None:
    cell = cyclerprep.read(fixtures / "neware/flat.csv")
    again = pickle.loads(pickle.dumps(cell))
    assert again.time_series == cell.time_series and again.steps == cell.steps and again.cycles == cell.cycles
    assert (again.report, again.metadata, again.is_valid) == (cell.report, cell.metadata, True)
    assert again.plot() == cell.plot()
    assert pickle.loads(pickle.dumps(cell.notes)) == cell.notes


def test_what_the_platform_takes(fixtures: Path) -> None:
    needed("polars")
    detail = cyclerprep.read(fixtures / "neware/flat.csv").to_ionworks()
    assert sorted(detail) == ["measurement", "steps", "time_series"]
    assert detail["measurement"]["name"] == "flat" and detail["measurement"]["test_setup"]["cycler"] == "Neware"
    assert "data_type" not in detail["measurement"], "a cycling test needs no hint"
    assert detail["time_series"].height == 112 and "Record from cycler" not in detail["time_series"].columns
    assert detail["steps"].height == 10


def test_what_notebooks_show(fixtures: Path) -> None:
    cell = cyclerprep.read(fixtures / "neware/flat.csv")
    assert repr(cell).startswith("<Measurement flat.csv: Neware csv, 112 rows, 10 steps, ")
    html = cell._repr_html_()
    assert "<svg" in html and "112, 10, 2" in html and "<h4>flat.csv</h4>" in html
    assert cell.notes and all(f"<code>{note.code}</code>" in html for note in cell.notes)
    assert cell.plot()._repr_svg_().rstrip().endswith("</svg>") and cell.png().startswith(b"\x89PNG")
    table = cell.time_series._repr_html_()
    assert "112 rows" in table and "<th>Voltage [V]</th>" in table
    assert "112 rows × " in repr(cell.time_series)


def test_a_figure(fixtures: Path) -> None:
    needed("matplotlib")
    figure = cyclerprep.read(fixtures / "neware/flat.csv").figure(("Voltage [V]", "Current [A]", "No such"))
    assert [axis.get_ylabel() for axis in figure.axes] == ["Voltage [V]", "Current [A]"]


def test_inspection(fixtures: Path) -> None:
    path = fixtures / "neware/flat.csv"
    found = cyclerprep.inspect(path)
    assert (found["reader"], found["tests"][0]["rows"]) == ("neware_csv", 112)
    assert cyclerprep.inspect(path.read_bytes(), name="flat.csv")["tests"] == found["tests"]
    shape = cyclerprep.inspect(path, anonymous=True)
    # 3.18856 V is in the file, and 08:00:00 its first stamp.
    assert "3.18856" not in json.dumps(shape) and "2024-03-01" not in json.dumps(shape) and shape
    with pytest.raises(TypeError, match="unexpected keyword argument 'strict'"):
        cyclerprep.inspect(path, strict=True)  # type: ignore[call-arg]
