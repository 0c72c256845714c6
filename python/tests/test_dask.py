"""Dask: the rows are those of the serial run, also when a worker dies, and a file that fails is a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import engine
from many import COLUMNS, bundles_are_those_of_the_command, many, ordered, serial

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

    expected = serial(many(tmp_path, copies=4))
    (first, *_) = client.run(os.getpid).values()
    killer = threading.Timer(0.2, os.kill, (first, signal.SIGKILL))
    killer.start()
    found = rows(tmp_path)
    assert killer.finished.is_set(), "all was done before"
    assert found == expected


def test_bundles(client: Any, tmp_path: Path) -> None:
    bundles_are_those_of_the_command(own.convert, tmp_path)
