"""Options: keyword arguments with the names of the command line, checked and suggested when wrong."""

from __future__ import annotations

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any, Literal, TypedDict, Union

    Path = Union[str, "os.PathLike[str]"]

    class ReadingOptions(TypedDict, total=False):
        """How a file is read."""

        reader: str | None
        timezone: str | None
        measured_rows_only: bool
        wall_clock: bool
        map: Mapping[str, str] | None
        unit: Mapping[str, str] | None
        constant: Mapping[str, float] | None
        time_offset_fix: float | None
        capacity: Literal["auto", "reported", "integrated"]
        step_identity: Literal["full", "step-column"]
        short_steps: Literal["keep", "join"]
        required_columns_only: bool
        encoding: str | None
        sheet: str | None
        cycle_mode: Literal["btsda", "stored", "charge-first", "discharge-first", "auto"] | None
        current_range: Mapping[int, float] | None
        with_fra: Path | Sequence[Path] | None
        allow: str | Sequence[str] | None
        limits: Literal["none"] | None

    class CheckOptions(TypedDict, total=False):
        """What is checked."""

        strict: bool
        skip: str | Sequence[str] | None
        rated_capacity: float | None
        voltage_window: tuple[float, float] | None
        data_type: Literal["ocp", "eis"] | None
        start_time: str | datetime | None
        end_time: str | datetime | None
        inline: bool

    class ReadOptions(ReadingOptions, CheckOptions, total=False):
        """How a file is read and what is checked."""

        steps: Path | None

    class ConvertOptions(ReadOptions, total=False):
        """How files are read, what is checked, what is written."""

        force: bool
        keep: bool
        keep_invalid: bool
        join: bool
        plot: bool | Literal["svg", "png"]
        pages: bool
        bdf: bool
        timings: bool
        jobs: int | None


#: What only a terminal needs, or what has a place of its own in Python.
_LEFT_OUT = frozenset(("output", "json", "json_lines", "quiet", "verbose", "no_progress", "config", "help", "version"))

_table: dict[str, dict[str, Any]] = {}


def table() -> dict[str, dict[str, Any]]:
    """Every option by its name in Python."""
    if not _table:
        for option in _native.options():
            name = option["name"].replace("-", "_")
            if name not in _LEFT_OUT:
                # `jobs` stands with what is told to people.
                group = "Bundles" if option["group"] in (None, "Output") else option["group"]
                _table[name] = {**option, "group": group}
    return _table


def names(groups: Sequence[str]) -> list[str]:
    """The names of these groups: `Reading`, `Validation`, `Bundles`."""
    return [name for name, option in table().items() if option["group"] in groups]


def _text(value: object) -> str:
    value = _plain(value)
    if isinstance(value, bool):
        raise TypeError(f"expected a value, found {value}")
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "__fspath__"):
        return str(value.__fspath__())
    if hasattr(value, "value"):
        return str(value.value)
    if hasattr(value, "__index__"):
        return str(int(value))
    return repr(float(value)) if hasattr(value, "__float__") and not isinstance(value, str) else str(value)


def _plain(value: Any) -> Any:
    """A number or truth value of numpy as one of Python."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def _values(name: str, value: object) -> list[str]:
    if isinstance(value, dict) or hasattr(value, "items"):
        return [f"{key}={_text(item)}" for key, item in value.items()]
    if isinstance(value, (list, tuple, set, frozenset)):
        pairs = [f"{item[0]}={_text(item[1])}" if isinstance(item, tuple) else _text(item) for item in value]
        return [",".join(_text(item) for item in value)] if name == "voltage_window" else pairs
    return [_text(value)]


def arguments(function: str, groups: Sequence[str], given: Mapping[str, Any]) -> list[str]:
    """The arguments of the command line for these keyword arguments."""
    known, args = names(groups), []
    for name, value in given.items():
        if name not in known:
            raise TypeError(_unknown(function, name, known))
        value = _plain(value)
        if value is None or value is False:
            continue
        flag, option = "--" + name.replace("_", "-"), table()[name]
        if value is True:
            if option["takes_value"]:
                raise TypeError(f"{function}() expected a value for {name!r}, found True")
            args.append(flag)
        elif not option["takes_value"] and not option["values"]:
            raise TypeError(f"{function}() expected True or False for {name!r}, found {value!r}")
        else:
            args.extend(f"{flag}={text}" for text in _values(name, value))
    return args


def _unknown(function: str, name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower().replace("-", "_"), known, 1, 0.6)
    text = f"{function}() got an unexpected keyword argument {name!r}"
    return f"{text}; did you mean {near[0]!r}?" if near else f"{text}; it takes {', '.join(sorted(known))}"
