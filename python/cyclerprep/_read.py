"""One file: what it is, and the way to its measurements."""

from __future__ import annotations

from . import _native, _options
from ._errors import must_be_seen, warn
from ._measurement import Measurement
from ._paths import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import IO, Any, Literal, Union

    from typing_extensions import Unpack

    from ._options import ReadingOptions, ReadOptions

    #: A path, the bytes of a file, or an open file.
    Readable = Union[str, os.PathLike[str], bytes, bytearray, memoryview, IO[bytes]]


def given(source: Readable, name: str | None) -> tuple[str, bytes | None]:
    """A path and nothing, or a name and bytes."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return name or "upload", bytes(source)
    if hasattr(source, "read"):
        content = source.read()
        if not isinstance(content, bytes):
            raise TypeError("expected a file that was opened for bytes, found text: open it with mode 'rb'")
        own = getattr(source, "name", None)
        return name or (own if isinstance(own, str) else "upload"), content
    path = local(source) if isinstance(source, str) else source.__fspath__()
    if not isinstance(path, str):
        raise TypeError(f"expected a path, bytes or an open file, found {type(source).__name__}")
    if name is not None:
        raise TypeError("expected `name` with bytes or an open file only; a path has its own")
    return path, None


def _all(
    function: str,
    source: Readable,
    name: str | None,
    columns: str,
    options: Any,
    every: bool,
) -> list[Measurement]:
    if columns not in ("all", "schema"):
        raise ValueError(f"expected one of all, schema for columns, found {columns!r}")
    args = _options.arguments(function, ("Reading", "Validation"), options)
    path, content = given(source, name)
    found = _native.read(path, content, args, every)
    for prepared in found:
        warn([note for note in prepared.told() if must_be_seen(*note)], path)
    return [Measurement(prepared, "schema" if columns == "schema" else "all") for prepared in found]


def read(
    source: Readable,
    *,
    name: str | None = None,
    columns: Literal["all", "schema"] = "all",
    **options: Unpack[ReadOptions],
) -> Measurement:
    """Reads the one test of a cycler file.

    ``source`` is a path, the bytes of a file, or a file that is open for bytes; ``name`` tells the name of bytes, whose
    extension helps to tell formats apart. ``columns="schema"`` gives every file the same columns. Options are those of
    ``prep convert`` with underscores: ``timezone="Europe/Berlin"``, ``strict=True``, ``map={"U/V": "Voltage [V]"}``.

    Raises :class:`CyclerprepError`, also for a file that holds several tests (see :func:`read_all`). What the validator finds
    is in ``issues``. Notes that people must see are also :class:`CyclerprepWarning`.
    """
    return _all("read", source, name, columns, options, False)[0]


def read_all(
    source: Readable,
    *,
    name: str | None = None,
    columns: Literal["all", "schema"] = "all",
    **options: Unpack[ReadOptions],
) -> list[Measurement]:
    """Reads every test of a file, mostly one; see :func:`read`."""
    return _all("read_all", source, name, columns, options, True)


def inspect(
    source: Readable, *, name: str | None = None, anonymous: bool = False, **options: Unpack[ReadingOptions]
) -> dict[str, Any]:
    """Says what a file is and what its columns become, without preparing it.

    ``anonymous=True`` gives the file's shape without names, values, dates and comments, to send to the maintainers.
    """
    args = _options.arguments("inspect", ("Reading",), options)
    path, content = given(source, name)
    if anonymous and content is not None:
        raise TypeError("expected a path with anonymous=True, found bytes")
    found: dict[str, Any] = _native.inspect(path, content, args, anonymous)
    return found
