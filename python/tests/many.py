"""Files of four makers and damaged ones, and what one process makes of them."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import ROOT, told

import cyclerprep
from cyclerprep import _cluster

COLUMNS = ["source", "part", "status", "error", "Time [s]", "Voltage [V]", "Step count", "Timestamp from cycler"]


def many(folder: Path, copies: int = 2, damaged: int = 3) -> Path:
    """A folder of files."""
    found = [
        path
        for maker, pattern in (("neware", "*.csv"), ("maccor", "*.034"), ("arbin", "*.res"), ("biologic", "*.mpr"))
        for path in sorted((ROOT / "fixtures" / maker).glob(pattern))
    ]
    for copy in range(copies):
        (folder / str(copy)).mkdir(parents=True)
        for path in found:
            shutil.copy(path, folder / str(copy) / path.name)
    for number in range(damaged):
        (folder / f"damaged{number}.mpr").write_bytes(b"BIO-LOGIC MODULAR FILE\x1a" + bytes(600))
    return folder


def serial(folder: Path) -> list[dict[str, Any]]:
    """The rows, one file after the other."""
    table = pa.concat_tables([_cluster.rows(path, COLUMNS) for path in _cluster.files(folder)])
    return ordered(table)


def ordered(table: pa.Table) -> list[dict[str, Any]]:
    """Rows by file, test and time: engines keep no order between files."""
    rows = table.select(COLUMNS).to_pylist()
    return sorted(rows, key=lambda row: (row["source"], row["part"] or "", row["Time [s]"] or 0.0, str(row)))


def _parents() -> dict[int, int]:
    """Each process of this machine with the one that started it."""
    made = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            made[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return made


def descendants(word: str) -> list[int]:
    """Processes that this one started, and those that they started, with this word in their command."""
    parents, own = _parents(), os.getpid()

    def is_own(pid: int) -> bool:
        while pid > 1 and pid != own:
            pid = parents.get(pid, 0)
        return pid == own

    found = []
    for pid in sorted(parents):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if word in command and pid != own and is_own(pid):
            found.append(pid)
    return found


@contextmanager
def one_killed(word: str, after: float = 0.0) -> Iterator[list[int]]:
    """Kills the first process of this word while the body runs; the list holds it then."""
    killed: list[int] = []
    over = threading.Event()

    def look() -> None:
        over.wait(after)
        while not over.is_set() and not killed:
            for pid in descendants(word)[:1]:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.01)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def bundles_are_those_of_the_command(convert: Callable[..., list[dict[str, Any]]], place: Path) -> None:
    """Twice: what is there is skipped; options and places that cannot be are refused."""
    folder, out, alone = many(place / "in", copies=1), place / "out", place / "alone"
    for again in (False, True):
        expected = told(cyclerprep.convert(folder, alone, progress=False).files, alone)
        assert told(convert(folder, str(out)), out) == expected
        assert {status for _, status, _ in expected} >= {"skipped" if again else "prepared", "unreadable"}
    assert sorted(path.relative_to(out) for path in out.rglob("*.json")) == sorted(
        path.relative_to(alone) for path in alone.rglob("*.json") if path.name != "index.json"
    )
    with pytest.raises(ValueError, match="expected one of auto"):
        convert(folder, str(out), capacity="none")
    with pytest.raises(ValueError, match="an output folder other than the input folder"):
        convert(folder, str(folder))
