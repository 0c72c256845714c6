"""What the engines share, without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import needed


def test_rows_have_one_schema(fixtures: Path) -> None:
    needed("pyarrow")
    from cyclerprep import _cluster

    good = _cluster.rows(str(fixtures / "neware/flat.csv"))
    bad = _cluster.rows(str(fixtures / "bad/unknown_unit.csv"))
    assert good.schema == bad.schema == _cluster.schema() and (good.num_rows, bad.num_rows) == (112, 1)
    assert bad["status"].to_pylist() == ["unreadable"] and bad["error"][0].as_py().startswith("unknown_unit: expected")
    assert good["notes"][0].as_py() and good["notes"][1].as_py() is None
    assert _cluster.rows(str(fixtures / "neware/flat.csv"), ["Voltage [V]"]).column_names == ["Voltage [V]"]
    with pytest.raises(ValueError, match="'Volts'"):
        _cluster.schema(["Volts"])
    with pytest.raises(ValueError, match="expected one of auto"):
        _cluster.rows(str(fixtures / "neware/flat.csv"), capacity="none")


def test_small_files_share_a_task(tmp_path: Path) -> None:
    needed("pyarrow")
    from cyclerprep import _cluster

    for name in "abc":
        (tmp_path / name).write_bytes(bytes(10))
    paths = _cluster.files(tmp_path)
    assert [len(pack) for pack in _cluster.packs(paths, 20)] == [2, 1]
    assert _cluster.files(str(tmp_path / "[ab]")) == paths[:2]
    assert _cluster.named(paths) == [(path, path[-1]) for path in paths]
    assert _cluster.named(["/x/a/1", "/x/b/1"]) == [("/x/a/1", "a/1"), ("/x/b/1", "b/1")]


def test_another_file_system(fixtures: Path) -> None:
    needed("pyarrow")
    fsspec = pytest.importorskip("fsspec", reason="NOT TESTED: fsspec is not installed")
    from cyclerprep import _cluster

    fs = fsspec.filesystem("memory")
    fs.pipe_file("/store/a/flat.csv", (fixtures / "neware/flat.csv").read_bytes())
    fs.pipe_file("/store/b/broken.csv", b"nothing")
    paths = _cluster.files("memory://store")
    assert len(paths) == 2 and all(_cluster.is_remote(path) for path in paths)
    assert [_cluster.rows(path).num_rows for path in paths] == [112, 1]
    for path, name in _cluster.named(paths):
        _cluster.convert_one(path, "memory://bundles", name)
    written = sorted(path.rpartition("/")[2] for path in fs.find("/bundles"))
    assert written == ["cycles.parquet", "measurement.json", "report.json", "steps.parquet", "time_series.parquet"]
    assert fs.exists("/bundles/a/flat.csv/report.json")
