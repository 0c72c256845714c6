"""Many files at once."""

from __future__ import annotations

import io
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
    ):
        run.raise_if_failed()
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
