"""Ray: the rows are those of the serial run, also when a worker dies, and a file that fails is a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import engine
from many import COLUMNS, many, ordered, serial

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


def test_bundles(session: Any, tmp_path: Path) -> None:
    told = own.convert(many(tmp_path / "in", copies=1), str(tmp_path / "out"))
    assert {record["status"] for record in told} == {"prepared", "unreadable"}
    for record in told:
        assert record["output"] is None or (Path(record["output"]) / "report.json").is_file()
