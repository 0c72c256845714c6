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


def test_every_option_and_name_stands_on_the_page() -> None:
    page = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    for name in ("read", "read_all", "convert", "validate", "inspect", "explain", "options", "transform", "summary"):
        assert name in page
