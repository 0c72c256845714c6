"""Many files at once."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import needed

import cyclerprep


def test_files_become_bundles(fixtures: Path, tmp_path: Path) -> None:
    inputs = [fixtures / "neware/flat.csv", fixtures / "bad/unknown_unit.csv"]
    events: list[dict[str, Any]] = []
    run = cyclerprep.convert(inputs, tmp_path, progress=events.append)  # type: ignore[arg-type]
    assert [file["status"] for file in run] == ["prepared", "unreadable"] and len(run) == 2
    assert (run.summary["prepared"], run.summary["unreadable"], run.summary["rows"]) == (1, 1, 112)
    assert (tmp_path / "flat.csv/time_series.parquet").is_file() and (tmp_path / "index.json").is_file()
    assert not run.ok and [file["source"] for file in run.failed()] == ["fixtures/bad/unknown_unit.csv"]
    with pytest.raises(
        cyclerprep.CyclerprepError, match="1 of 2 failed; fixtures/bad/unknown_unit.csv: expected a unit"
    ) as e:
        run.raise_if_failed()
    assert (e.value.kind, e.value.file) == ("unknown_unit", "fixtures/bad/unknown_unit.csv")
    assert e.value.message.startswith("expected a unit") and e.value.place == {"line": {"line": 1, "field": 4}}
    kinds = [event["event"] for event in events]
    assert kinds[0] == "found" and kinds.count("started") == kinds.count("done") == 2
    assert "1 prepared" in repr(run)


def test_a_single_file_and_options(fixtures: Path, tmp_path: Path) -> None:
    run = cyclerprep.convert(str(fixtures / "neware/flat.csv"), tmp_path, plot=True, bdf=True, jobs=1, strict=True)
    assert run.ok and run.raise_if_failed() is run
    assert (tmp_path / "flat.csv/overview.svg").is_file() and (tmp_path / "flat.csv/flat.csv.bdf.parquet").is_file()
    again = cyclerprep.convert([fixtures / "neware/flat.csv"], tmp_path, plot="svg", bdf=True, strict=True)
    assert again.files[0]["status"] == "skipped"
    alone = tmp_path / "rows.parquet"
    assert cyclerprep.convert(fixtures / "neware/flat.csv", alone).ok and alone.is_file()


def test_what_is_invalid_fails_again_when_it_is_skipped(fixtures: Path, tmp_path: Path) -> None:
    # docs/validator.md: a strict check; src/batch/record.rs uses the same file.
    path = fixtures / "maccor/key_value_comma.081.txt"
    for status in ("invalid", "skipped"):
        run = cyclerprep.convert(path, tmp_path, strict=True, progress=False)
        assert [file["status"] for file in run] == [status] and not run.ok and run.failed() == run.files
        with pytest.raises(
            cyclerprep.MeasurementValidationError, match="1 of 1 failed; .*081.txt: not valid: "
        ) as caught:
            run.raise_if_failed()
        found = [issue["code"] for issue in run.files[0]["issues"] if issue["severity"] == "error"]
        assert found and [issue.code for issue in caught.value.errors] == found


@pytest.mark.parametrize(("given", "code"), [("README", 2), (".", 0)])
def test_what_no_reader_knows_fails_where_it_is_named(tmp_path: Path, given: str, code: int) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/README").write_text("of the lab")
    path = tmp_path / "in" / given
    run = cyclerprep.convert(path, tmp_path / "out", progress=False)
    command = [sys.executable, "-m", "cyclerprep", "convert", "-q", str(path), "-o", str(tmp_path / "out")]
    assert subprocess.run(command, check=False).returncode == code
    assert [file["status"] for file in run] == ["unknown"] and run.ok == (code == 0)
    if code:
        with pytest.raises(cyclerprep.CyclerprepError, match="1 of 1 failed; .*README: ") as caught:
            run.raise_if_failed()
        assert caught.value.kind == "unknown_format"


def test_what_cannot_be_written_is_an_oserror(fixtures: Path, tmp_path: Path) -> None:
    (tmp_path / "flat.csv").write_text("mine")
    run = cyclerprep.convert(fixtures / "neware/flat.csv", tmp_path, progress=False)
    with pytest.raises(OSError, match="it was left alone"):
        run.raise_if_failed()


def test_patterns_and_numbers_of_numpy(fixtures: Path, tmp_path: Path) -> None:
    numpy = needed("numpy")
    pattern = str(fixtures / "neware/fl?t.cs*")
    run = cyclerprep.convert([pattern], tmp_path, jobs=numpy.int64(1), keep_invalid=numpy.bool_(True), progress=False)
    assert [file["source"] for file in run] == ["fixtures/neware/flat.csv"]
    assert run.files[0]["status"] == "prepared" and (tmp_path / "flat.csv/report.json").is_file()
    with pytest.raises(ValueError, match="it matches no file"):
        cyclerprep.convert(str(fixtures / "*.none"), tmp_path, progress=False)
    cell = cyclerprep.read(fixtures / "neware/flat.csv", rated_capacity=numpy.float32(1.5), strict=numpy.bool_(False))
    assert cell.report["rows_kept"] == 112


def test_pieces_of_a_test_are_one_measurement(fixtures: Path, tmp_path: Path) -> None:
    pieces = [fixtures / "pieces/split_2.csv", fixtures / "pieces/split_1.csv"]
    run = cyclerprep.convert(pieces, tmp_path, join=True, progress=False)
    assert [file["status"] for file in run] == ["side_file", "prepared"] and run.ok
    assert run.summary["rows"] == 112 and not (tmp_path / "split_2.csv").exists()


def test_a_callback_ends_the_run(fixtures: Path, tmp_path: Path) -> None:
    def enough(event: dict[str, Any]) -> bool:
        return event["event"] != "done"

    run = cyclerprep.convert(fixtures / "maccor", tmp_path / "a", progress=enough, jobs=1)
    assert run.summary["left"] > 0 and not run.ok

    def fails(event: dict[str, Any]) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        cyclerprep.convert(fixtures / "maccor", tmp_path / "b", progress=fails, jobs=1)
    assert not list((tmp_path / "b").rglob("*.partial"))


def test_a_bar_where_tqdm_is_there(fixtures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed("tqdm")
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    cyclerprep.convert(fixtures / "neware/flat.csv", tmp_path, progress=True)
    assert "100%" in stderr.getvalue()


def test_a_wrong_option_ends_before_anything_is_written(fixtures: Path, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="did you mean 'keep_invalid'"):
        cyclerprep.convert(fixtures / "neware", tmp_path / "out", keep_invald=True)  # type: ignore[call-arg]
    assert not (tmp_path / "out").exists()
