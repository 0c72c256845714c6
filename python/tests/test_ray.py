"""Ray: the rows are those of the serial run, also when a worker dies, and a file that fails is a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import engine, told
from many import COLUMNS, many, one_killed, ordered, serial

import cyclerprep

own = engine("ray")


@pytest.fixture(scope="module")
def session() -> Any:
    import ray

    yield ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    ray.shutdown()


def rows(folder: Path) -> list[dict[str, Any]]:
    import pyarrow as pa
    import ray

    data = own.read(folder, columns=COLUMNS, pack_bytes=1 << 16)
    return ordered(pa.concat_tables(ray.get(data.to_arrow_refs())))


def test_rows(session: Any, tmp_path: Path) -> None:
    expected = serial(many(tmp_path))
    assert rows(tmp_path) == expected
    assert sum(row["status"] == "unreadable" for row in expected) == 3


def test_a_worker_dies(session: Any, tmp_path: Path) -> None:
    expected = serial(many(tmp_path, copies=4))
    # A worker's command is the task that it is at.
    with one_killed("ray::Map") as killed:
        found = rows(tmp_path)
    assert killed, "nothing was at work"
    assert found == expected


def test_bundles(session: Any, tmp_path: Path) -> None:
    folder, out, alone = many(tmp_path / "in", copies=1), tmp_path / "out", tmp_path / "alone"
    for again in (False, True):
        expected = told(cyclerprep.convert(folder, alone, progress=False).files, alone)
        assert told(own.convert(folder, str(out)), out) == expected
        assert {status for _, status, _ in expected} >= {"skipped" if again else "prepared", "unreadable"}
    assert sorted(path.relative_to(out) for path in out.rglob("*.json")) == sorted(
        path.relative_to(alone) for path in alone.rglob("*.json") if path.name != "index.json"
    )
    with pytest.raises(ValueError, match="expected one of auto"):
        own.convert(folder, str(out), capacity="none")
    with pytest.raises(ValueError, match="an output folder other than the input folder"):
        own.convert(folder, str(folder))
