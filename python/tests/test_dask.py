"""Dask: the rows are those of the serial run, also when a worker dies, and a file that fails is a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import engine
from many import COLUMNS, many, ordered, serial

own = engine("dask")


@pytest.fixture(scope="module")
def client() -> Any:
    from dask.distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        yield client


def rows(folder: Path) -> list[dict[str, Any]]:
    import pyarrow as pa

    frame = own.read(folder, columns=COLUMNS, pack_bytes=1 << 16)
    assert frame.npartitions > 4
    return ordered(pa.Table.from_pandas(frame.compute(), preserve_index=False))


def test_rows(client: Any, tmp_path: Path) -> None:
    expected = serial(many(tmp_path))
    assert rows(tmp_path) == expected
    assert sum(row["status"] == "unreadable" for row in expected) == 3


def test_a_worker_dies(client: Any, tmp_path: Path) -> None:
    import os
    import signal
    import threading

    expected = serial(many(tmp_path))
    (first, *_) = client.run(os.getpid).values()
    threading.Timer(0.2, os.kill, (first, signal.SIGKILL)).start()
    assert rows(tmp_path) == expected


def test_bundles(client: Any, tmp_path: Path) -> None:
    told = own.convert(many(tmp_path / "in", copies=1), str(tmp_path / "out"))
    assert {record["status"] for record in told} == {"prepared", "unreadable"}
    for record in told:
        assert record["output"] is None or (Path(record["output"]) / "report.json").is_file()
