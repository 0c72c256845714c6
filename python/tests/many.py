"""Files of four makers and damaged ones, and what one process makes of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
from conftest import ROOT

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
