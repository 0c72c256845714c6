"""What the engines share, without one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import needed, told

import cyclerprep


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


def inputs(fixtures: Path, folder: Path) -> Path:
    """A test alone, one of two channels, one that cannot be read, and what no reader knows, in folders."""
    for name in ("neware/flat.csv", "odd/two_channels.xlsx", "bad/unknown_unit.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(fixtures / name, folder / name)
    (folder / "README").write_text("of the lab")
    (folder / "odd/README").write_text("of the lab")
    return folder


def run(paths: Any, out: Path | str, **options: Any) -> list[dict[str, Any]]:
    """What an engine does, one task after the other."""
    from cyclerprep import _cluster

    args = _cluster.checked("convert", _cluster.CONVERT, options)
    records = [_cluster.convert_one(place, str(out), args) for place in _cluster.places(paths, str(out))]
    return [record for of_one in records for record in of_one]


def test_bundles_are_those_of_the_command(fixtures: Path, tmp_path: Path) -> None:
    needed("pyarrow")
    folder = inputs(fixtures, tmp_path / "in")
    for options in ({}, {}, {"strict": True, "skip": "time_gaps"}, {"keep": True}, {"force": True}):
        alone = cyclerprep.convert(folder, tmp_path / "command", progress=False, **options).files  # type: ignore[arg-type]
        assert told(run(folder, tmp_path / "tasks", **options), tmp_path / "tasks") == told(alone, tmp_path / "command")
    names = {path.relative_to(tmp_path / "tasks").as_posix() for path in (tmp_path / "tasks").rglob("report.json")}
    # docs/cli.md: a bundle has its source's path below the folder; parts have folders of their own below.
    two = ("odd/two_channels.xlsx/Channel_1-017/report.json", "odd/two_channels.xlsx/Channel_1-018/report.json")
    assert names == {"neware/flat.csv/report.json", *two}


def test_nothing_of_others_is_written_over(fixtures: Path, tmp_path: Path) -> None:
    needed("pyarrow")
    from cyclerprep import _cluster

    folder = inputs(fixtures, tmp_path / "in")
    raw = (folder / "neware/flat.csv").read_bytes()
    with pytest.raises(ValueError, match="an output folder other than the input folder"):
        run(folder, folder)
    source = str(folder / "neware/flat.csv")
    (record,) = _cluster.convert_one((source, "neware/flat.csv", False), str(folder), [])
    assert record["status"] == "unreadable" and "found a file" in record["error"]["message"]
    (tmp_path / "out/flat.csv").mkdir(parents=True)
    (tmp_path / "out/flat.csv/thesis.docx").write_text("mine")
    (record,) = run(source, tmp_path / "out")
    assert record["status"] == "unreadable" and "no bundle; it was left alone" in record["error"]["message"]
    for outside in ("../x", "/x", "a/../../x"):
        (record,) = _cluster.convert_one((source, outside, True), str(tmp_path / "out"), [])
        assert record["status"] == "unreadable" and "below the output folder" in record["error"]["message"]
    (tmp_path / "file").write_text("in the way")
    (record,) = run(source, tmp_path / "file")
    assert record["status"] == "unreadable" and record["error"]["kind"] == "io"
    assert (folder / "neware/flat.csv").read_bytes() == raw
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "in", "out"]
    assert [path.name for path in (tmp_path / "out/flat.csv").iterdir()] == ["thesis.docx"]


def test_addresses_of_this_machine(fixtures: Path, tmp_path: Path) -> None:
    needed("pyarrow")
    shutil.copy(fixtures / "neware/flat.csv", tmp_path / "a b.csv")
    address = (tmp_path / "a b.csv").as_uri()
    assert "%20" in address
    (record,) = run(address, (tmp_path / "out").as_uri())
    assert record["output"] == str(tmp_path / "out" / "a b.csv") and Path(record["output"], "report.json").is_file()
    for name in (address, f"file://{tmp_path}/a b.csv", f"file:{tmp_path}/a b.csv"):
        assert len(cyclerprep.read(name)) == 112
    assert cyclerprep.convert(address, (tmp_path / "out").as_uri(), progress=False).files[0]["status"] == "skipped"


def test_options_are_looked_at_before_the_first_file() -> None:
    needed("pyarrow")
    from cyclerprep import _cluster

    with pytest.raises(TypeError, match="did you mean 'keep_invalid'"):
        _cluster.checked("convert", _cluster.CONVERT, {"keep_invald": True})
    with pytest.raises(ValueError, match="expected one of auto"):
        _cluster.checked("read", ("Reading", "Validation"), {"capacity": "none"})
    with pytest.raises(ValueError, match="'force' cannot be used with 'keep'"):
        _cluster.checked("convert", _cluster.CONVERT, {"force": True, "keep": True})
    with pytest.raises(ValueError, match="a task has one file"):
        _cluster.checked("convert", _cluster.CONVERT, {"join": True})
    with pytest.raises(ValueError, match="expected the name of a strict check"):
        _cluster.checked("convert", _cluster.CONVERT, {"strict": True, "skip": "time_gap"})


@pytest.fixture
def store() -> Iterator[Any]:
    """A file system that is no folder of this machine."""
    needed("pyarrow")
    fsspec = needed("fsspec")
    fs = fsspec.filesystem("memory")
    yield fs
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]


BUNDLE = ["cycles.parquet", "measurement.json", "report.json", "steps.parquet", "time_series.parquet"]


def test_another_file_system(fixtures: Path, store: Any) -> None:
    from cyclerprep import _cluster

    store.pipe_file("/store/a/flat.csv", (fixtures / "neware/flat.csv").read_bytes())
    store.pipe_file("/store/b/broken.csv", b"nothing")
    store.pipe_file("/store/b/.hidden.csv", b"nothing")
    paths = _cluster.files("memory://store")
    assert paths == ["memory:///store/a/flat.csv", "memory:///store/b/broken.csv"]
    assert all(_cluster.is_remote(path) for path in paths)
    assert [_cluster.rows(path).num_rows for path in paths] == [112, 1]
    assert _cluster.files("memory://store/*/fl*") == paths[:1]
    assert _cluster.files(["memory://store", "memory://store/a/flat.csv"]) == paths, "each once"
    with pytest.raises(ValueError, match="it matches no file"):
        _cluster.files("memory://store/*.none")
    gone = _cluster.rows("memory://store/gone.csv")
    assert gone["status"].to_pylist() == ["unreadable"] and gone["error"][0].as_py().startswith("io: cannot read")
    expected = [
        ("memory:///store/a/flat.csv", "prepared", "a/flat.csv"),
        ("memory:///store/b/broken.csv", "unknown", None),
    ]
    assert told(run("memory://store", "memory://bundles"), "memory://bundles") == expected
    assert [path.rpartition("/")[2] for path in sorted(store.find("/bundles/a/flat.csv"))] == BUNDLE
    # Below the input: what is there is no input, and is fresh.
    for status in ("prepared", "skipped"):
        records = told(run("memory://store", "memory://store/out"), "memory://store/out")
        assert [(record[0][16:], record[1]) for record in records] == [
            ("a/flat.csv", status),
            ("b/broken.csv", "unknown"),
        ]
    with pytest.raises(ValueError, match="an output folder other than the input folder"):
        run("memory://store", "memory://store")
    store.pipe_file("/other/flat.csv", (fixtures / "neware/flat.csv").read_bytes())
    store.pipe_file("/other/broken.csv", b"nothing")
    both = ["memory://other/broken.csv", "memory://store/b/broken.csv"]
    assert [path for path, _, _ in _cluster.places(both, "memory://new")] == [p.replace("//", "///", 1) for p in both]
    for twice in ("memory://other/flat.csv", str(fixtures / "neware/flat.csv")):
        with pytest.raises(ValueError, match="expected inputs with different outputs"):
            _cluster.places([twice, "memory://store/a/flat.csv"], "memory://new")


def test_bundles_of_another_file_system_follow_their_sources(fixtures: Path, tmp_path: Path, store: Any) -> None:
    from cyclerprep import _cluster

    folder = inputs(fixtures, tmp_path / "in")
    for options in ({}, {}, {"strict": True, "skip": "time_gaps"}, {"keep": True}, {"force": True}):
        expected = told(run(folder, tmp_path / "out", **options), tmp_path / "out")
        assert told(run(folder, "memory://out", **options), "memory://out") == expected, options
    here = sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*") if path.is_file()
    )
    assert sorted(path[5:] for path in store.find("/out")) == here
    for name in here:
        if name.endswith(".parquet"):
            assert store.cat_file(f"/out/{name}") == (tmp_path / "out" / name).read_bytes()
    # Two channels that become one test: the bundles of the parts go.
    shutil.copy(fixtures / "neware/flat.csv", folder / "odd/two_channels.xlsx")
    (record,) = run(folder / "odd/two_channels.xlsx", "memory://out/odd")
    assert (record["status"], record["output"]) == ("updated", "memory://out/odd/two_channels.xlsx")
    assert [path.rpartition("/")[2] for path in sorted(store.find("/out/odd"))] == BUNDLE
    # Half a bundle of a run that was stopped is written again; a folder of others is not.
    source = folder / "neware/flat.csv"
    store.rm_file("/out/neware/flat.csv/report.json")
    (record,) = run(source, "memory://out/neware")
    assert record["status"] == "unreadable" and "memory://out/neware/flat.csv" in record["error"]["message"]
    store.pipe_file(f"/out/neware/flat.csv/{_cluster._MARK}", b"")
    assert [record["status"] for record in run(source, "memory://out/neware")] == ["prepared"]
    assert [path.rpartition("/")[2] for path in sorted(store.find("/out/neware/flat.csv"))] == BUNDLE
    store.pipe_file("/mine/flat.csv", b"an object of this name")
    (record,) = run(source, "memory://mine")
    assert record["status"] == "unreadable" and store.cat_file("/mine/flat.csv") == b"an object of this name"


def test_a_store_that_fails_is_told_of_its_file(fixtures: Path, store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any, **__: Any) -> None:
        raise RuntimeError("quota exceeded")

    monkeypatch.setattr(type(store), "put_file", refuses)
    (record,) = run(fixtures / "neware/flat.csv", "memory://out")
    assert record["status"] == "unreadable" and "quota exceeded" in record["error"]["message"]
    assert not store.exists("/out/flat.csv/report.json")
    monkeypatch.undo()
    assert [record["status"] for record in run(fixtures / "neware/flat.csv", "memory://out")] == ["prepared"]
