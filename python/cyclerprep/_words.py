"""What there is: formats, codes, columns, options."""

from __future__ import annotations

from . import _native, _options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def formats() -> list[dict[str, Any]]:
    """Which formats are read: id, name, maker, extensions, software."""
    return _native.formats()


def explain(code: str | None = None) -> str:
    """What a code of a finding, a note or an error means, and what to do; without a code the list of all."""
    return _native.explain(None if code is None else str(code))


def schema() -> list[dict[str, Any]]:
    """The columns of the schema in their order: name, dtype, required, doc."""
    return _native.columns()


def options() -> dict[str, dict[str, Any]]:
    """Every option by its name: its group (``Reading`` and ``Validation`` for ``read``, all for ``convert``), the words that it
    takes, what it is for."""
    return {
        name: {"group": option["group"], "values": option["values"], "help": option["help"]}
        for name, option in _options.table().items()
    }
