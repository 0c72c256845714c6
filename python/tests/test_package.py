"""The package as it is installed: names, stubs, codes, and what it costs to load it."""

from __future__ import annotations

import importlib.resources
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_origin

import pytest
from conftest import ROOT

import cyclerprep
from cyclerprep import _native, _options


def test_every_public_name_is_there_and_has_a_text() -> None:
    for name in cyclerprep.__all__:
        value = getattr(cyclerprep, name)
        assert name == "__version__" or value.__doc__, name
    assert set(cyclerprep.__all__) <= set(dir(cyclerprep))
    with pytest.raises(AttributeError, match="nonsense"):
        cyclerprep.nonsense  # noqa: B018


def test_codes_are_those_of_the_library() -> None:
    codes = _native.codes()
    assert [str(code) for code in cyclerprep.IssueCode] == codes["issues"]
    assert [str(code) for code in cyclerprep.NoteCode] == codes["notes"]
    assert cyclerprep.NoteCode.PARTIAL_FILE == "partial_file"
    assert "What to do" in cyclerprep.IssueCode.CURRENT_SIGN_REVERSED.explain()
    from cyclerprep._errors import SEEN, must_be_seen

    assert set(codes["notes"]) >= SEEN
    assert not must_be_seen("sign_changed", "in files of Voltlab positive current charges: negated")
    assert must_be_seen("sign_changed", "the voltage says so: negated")


def stub_options() -> dict[str, tuple[str, str]]:
    """Name, group and type of each option as type checkers see them."""
    text = inspect.getsource(_options)
    classes = {
        "ReadingOptions": "Reading",
        "CheckOptions": "Validation",
        "ReadOptions": "Validation",
        "ConvertOptions": "Bundles",
    }
    found = {}
    for name, group in classes.items():
        body = re.search(rf"class {name}\([^)]*\):\n(.*?)(?=\n    class |\n\n\n|\n#:)", text, re.S)
        assert body, name
        for option, kind in re.findall(r"^        (\w+): (.+)$", body[1], re.M):
            found[option] = (group, kind)
    return found


def test_options_are_those_of_the_command_line() -> None:
    stubs = stub_options()
    table = _options.table()
    assert set(stubs) == set(table), set(stubs) ^ set(table)
    for name, (group, kind) in stubs.items():
        assert table[name]["group"] == group, name
        words = re.findall(r'"([^"]+)"', "".join(re.findall(r"Literal\[([^\]]*)\]", kind)))
        if table[name]["values"]:
            assert words == table[name]["values"], name
        elif not table[name]["takes_value"]:
            assert kind == "bool", name


def test_columns_are_those_of_the_page() -> None:
    page = (ROOT / "docs/schema.md").read_text(encoding="utf-8")
    for column in cyclerprep.schema():
        assert f"| `{column['name']}` |" in page
    assert {row["id"] for row in cyclerprep.formats()} >= {"neware_csv"}
    assert "partial_file" in cyclerprep.explain() and cyclerprep.explain("partial_file").startswith("## `partial_file`")
    with pytest.raises(cyclerprep.CyclerprepError, match="expected (the|a) code"):
        cyclerprep.explain("nonsense")
    assert cyclerprep.options()["capacity"]["values"] == ["auto", "reported", "integrated"]


def test_the_extension_has_what_its_stub_says() -> None:
    text = (Path(inspect.getfile(cyclerprep)).parent / "_native.pyi").read_text()
    functions = set(re.findall(r"^def (\w+)", text, re.M))
    classes = set(re.findall(r"^class (\w+)", text, re.M))
    public = {name for name in dir(_native) if not name.startswith("_")}
    assert public == functions | classes
    for name in classes:
        body = re.search(rf"^class {name}:\n((?:    .*\n)+)", text, re.M)
        assert body
        methods = set(re.findall(r"def (\w+)", body[1]))
        real = {method for method in vars(getattr(_native, name)) if not method.startswith("__") or method in methods}
        assert methods == real, name


def test_types_are_published() -> None:
    assert importlib.resources.files("cyclerprep").joinpath("py.typed").is_file()
    assert get_origin(list[int]) is list and get_args(list[int]) == (int,)


def test_it_loads_quickly_and_nothing_beside_it() -> None:
    code = (
        "import sys, time; before = set(sys.modules); start = time.perf_counter(); import cyclerprep; "
        "print(time.perf_counter() - start, *sorted(set(sys.modules) - before))"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    seconds = min(float(run.stdout.split()[0]) for run in runs)
    modules = runs[0].stdout.split()[1:]
    assert seconds < 0.060, f"{seconds * 1000:.0f} ms; the promise is 30 on a quiet machine"
    assert set(modules) <= {"cyclerprep", "cyclerprep._native", "__future__", "_cython_3_0_11"}, modules
