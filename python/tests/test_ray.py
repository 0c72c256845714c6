"""Ray: the rows are those of the serial run, also when a worker dies, and a file that fails is a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import engine
from many import COLUMNS, bundles_are_those_of_the_command, many, one_killed, ordered, serial

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
    bundles_are_those_of_the_command(own.convert, tmp_path)
