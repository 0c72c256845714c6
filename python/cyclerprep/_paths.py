"""Paths as they are given: of this machine, as `file://` addresses of it, or of another file system."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any


def is_remote(path: str) -> bool:
    """Whether a path is one of a file system of fsspec."""
    return "://" in path and not path.startswith("file://")


def local(path: str | os.PathLike[str]) -> str | os.PathLike[str]:
    """A path of this machine; `file:///data/a%20b.034` and `file:/data/a b.034` are such, too."""
    if not isinstance(path, str) or not path.startswith("file:/"):
        return path
    import os
    from urllib.request import url2pathname

    bare = path.removeprefix("file:")
    bare = bare[2:] if bare.startswith("//") else bare
    bare = bare.removeprefix("localhost")
    # Some write addresses as they are, without signs for what has a meaning in them.
    return bare if os.path.exists(bare) else url2pathname(bare)


def listed(paths: Any) -> list[str | os.PathLike[str]]:
    """One path or many."""
    one = isinstance(paths, str) or hasattr(paths, "__fspath__")
    return [local(path) for path in ([paths] if one else paths)]
