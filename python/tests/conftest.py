"""What the tests share: the repository's fixtures, and packages that may be absent, which is said loudly."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Where every package must be there, as in `.ci/run`.
ALL = os.environ.get("CYCLERPREP_ALL_PACKAGES") == "1"


def needed(package: str) -> Any:
    """The package, or a skipped test; where all must be there its absence is a failure."""
    if ALL:
        return importlib.import_module(package)
    return pytest.importorskip(package, reason=f"NOT TESTED: {package} is not installed")


def engine(name: str) -> Any:
    """An engine has a step of its own, which installs it (`.ci/cluster`)."""
    if os.environ.get("CYCLERPREP_ENGINE") == name:
        return importlib.import_module(f"cyclerprep.{name}")
    pytest.skip(f"NOT TESTED: run `.ci/cluster {name}`", allow_module_level=True)


@pytest.fixture
def fixtures(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of fixtures; paths are relative to the repository."""
    monkeypatch.chdir(ROOT)
    return Path("fixtures")


def told(records: list[dict[str, Any]], out: Path | str) -> list[tuple[str, str, str | None]]:
    """Source, status, and place of each bundle below the output folder."""
    cut = len(str(out)) + 1
    return sorted((r["source"], r["status"], r["output"] and r["output"].replace("\\", "/")[cut:]) for r in records)
