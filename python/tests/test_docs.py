"""What the pages show is so."""

from __future__ import annotations

import doctest
import re
import runpy
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, needed

import cyclerprep


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder with the fixtures, in which examples may write."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures", target_is_directory=True)
    (tmp_path / "README").write_text("of the lab")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        yield
    shutil.rmtree(tmp_path / "out", ignore_errors=True)


@pytest.mark.parametrize("page", ["docs/python.md", "README.md"])
def test_examples_of_pages(copy: None, page: str) -> None:
    needed("polars")
    needed("pandas")
    text = (ROOT / page).read_text(encoding="utf-8")
    assert ">>> " in text
    # A line of dashes or a fence ends what an example prints.
    example = doctest.DocTestParser().get_doctest(re.sub(r"^```.*$", "", text, flags=re.M), {}, page, page, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    told: list[str] = []
    runner.run(example, out=told.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(told)


def test_examples_of_the_package(fixtures: Path) -> None:
    assert doctest.testmod(cyclerprep).failed == 0


def test_the_notebook(copy: None) -> None:
    needed("polars")
    runpy.run_path(str(ROOT / "examples/notebook.py"))


def test_the_programs_of_the_readme(copy: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs without prompts, on what their run wrote: files of one maker, one that fails, and what is no test."""
    needed("pandas")
    needed("pyarrow")
    needed("matplotlib").use("Agg")
    cyclerprep.convert(["fixtures/neware", "fixtures/bad/unknown_unit.csv", "README"], "out", progress=False)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    programs = [program for program in re.findall(r"^```python\n(.*?)^```", text, re.S | re.M) if ">>>" not in program]
    assert programs
    for program in programs:
        exec(program, {})
    told = capsys.readouterr().out
    assert "unknown_unit.csv" in told and "flat.csv" not in told and "README" not in told


def test_every_name_stands_on_the_page() -> None:
    page = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    fence = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
    shown = [text for language, text in fence.findall(page) if language == "python"]
    shown += re.findall(r"`([^`]+)`", fence.sub("", page))
    words = set(re.findall(r"\w+", " ".join(shown)))
    for name in cyclerprep.__all__:
        assert name in words, name
