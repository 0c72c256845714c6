"""Exceptions and warnings."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ._codes import IssueCode
    from ._measurement import Issue


class CyclerprepError(Exception):
    """A file that cannot be read, a frame that cannot be used, or options that make no sense.

    ``kind`` is a stable word (``cyclerprep.explain(error.kind)`` tells more), ``message`` says what was expected and what was
    found, ``file`` and ``place`` say where, ``help`` what to do.
    """

    kind: str
    message: str
    file: str | None
    place: dict[str, Any] | str | None
    format: str | None
    help: str

    def __init__(
        self,
        text: str,
        *,
        kind: str = "internal",
        message: str | None = None,
        file: str | None = None,
        place: dict[str, Any] | str | None = None,
        format: str | None = None,
        help: str = "",
        errno: int | None = None,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.message = text if message is None else message
        self.file = file
        self.place = place
        self.format = format
        self.help = help
        self._errno = errno
        self._tell_os()

    def _tell_os(self) -> None:
        """What an :class:`OSError` holds."""

    def __str__(self) -> str:
        text = str(self.args[0]) if self.args else ""
        return f"{text}\n{self.help}" if self.help else text

    def __reduce__(self) -> tuple[Any, ...]:
        facts = {
            "kind": self.kind,
            "message": self.message,
            "file": self.file,
            "place": self.place,
            "format": self.format,
            "help": self.help,
            "errno": self._errno,
        }
        return (_again, (type(self), str(self.args[0]) if self.args else "", facts))


class CyclerprepOSError(CyclerprepError, OSError):
    """The operating system could not read or write."""

    def _tell_os(self) -> None:
        self.errno, self.strerror, self.filename = self._errno, self.message, self.file


class CyclerprepFileNotFoundError(CyclerprepOSError, FileNotFoundError):
    """There is no such file."""


class CyclerprepPermissionError(CyclerprepOSError, PermissionError):
    """It may not be read or written."""


class CyclerprepOptionsError(CyclerprepError, ValueError):
    """Options that contradict each other or name something unknown."""


class MeasurementValidationError(CyclerprepError, ValueError):
    """A measurement that is not accepted: ``errors`` holds what was found."""

    errors: list[Issue]

    def __init__(self, text: str, errors: Sequence[Issue] = (), **facts: Any) -> None:
        super().__init__(text, **{"kind": "invalid", **facts})
        self.errors = list(errors)

    def has_code(self, code: IssueCode | str) -> bool:
        """Whether one of them has this code."""
        return any(issue.code == str(code) for issue in self.errors)

    def __reduce__(self) -> tuple[Any, ...]:
        return (MeasurementValidationError, (str(self.args[0]), self.errors))


class CyclerprepWarning(UserWarning):
    """A note that people must see; ``code`` says which, ``file`` of what. The text begins with the code, so that

        warnings.filterwarnings("ignore", message="capacity_integrated", category=cyclerprep.CyclerprepWarning)

    leaves one out.
    """

    code: str
    message: str
    file: str | None

    def __init__(self, code: str, message: str = "", file: str | None = None) -> None:
        super().__init__(code, message, file)
        self.code = code
        self.message = message
        self.file = file

    def __str__(self) -> str:
        of = f" ({self.file})" if self.file else ""
        return f"{self.code}: {self.message}{of}"


def _again(kind: type[CyclerprepError], text: str, facts: dict[str, Any]) -> CyclerprepError:
    return kind(text, **facts)


def in_python(text: str) -> str:
    """Advice in words of the command line, in those of Python."""
    if "--" not in text and "`prep" not in text:
        return text
    import re

    def option(match: re.Match[str]) -> str:
        name, value = match[1].replace("-", "_"), (match[2] or match[3] or "").strip()
        if not value:
            return f"`{name}`"
        if name in ("map", "constant", "unit") and "=" in value:
            first, _, second = value.partition("=")
            return f'`{name}={{"{first}": "{second}"}}`'
        shown = value if value.isupper() else f'"{value}"'
        return f"`{name}={shown}`"

    text = re.sub(r"`--([a-z][a-z-]*)(?:[ =](?:'([^'`]*)'|([^`]*)))?`", option, text)
    return re.sub(r"(?<![\w`-])--([a-z][a-z-]*)", lambda match: match[1].replace("-", "_"), text)


def make(
    facts: tuple[str, str, str, str | None, str | None],
    place: dict[str, Any] | str | None,
    help: str,
    errno: int | None,
) -> CyclerprepError:
    """The exception for an error of the library."""
    kind, text, message, file, format = facts
    made: type[CyclerprepError] = CyclerprepError
    if kind == "io":
        made = CyclerprepOSError
        if errno == 2:
            made = CyclerprepFileNotFoundError
        elif errno in (1, 13):
            made = CyclerprepPermissionError
    elif kind == "options":
        made, help = CyclerprepOptionsError, "cyclerprep.options() lists the options."
    return made(
        in_python(text),
        kind=kind,
        message=in_python(message),
        file=file,
        place=place,
        format=format,
        help=in_python(help),
        errno=errno,
    )


#: Notes that people must see: what they have is not, or not all, of what the file says.
SEEN = frozenset(
    (
        "capacity_integrated",
        "damaged_file",
        "implausible_values",
        "partial_file",
        "sign_changed",
        "sign_check_failed",
        "unit_doubt",
        "unverified_layout",
    )
)


def must_be_seen(code: str, message: str) -> bool:
    """Whether a note becomes a warning. That a sign is the one of the format or of the labels is no surprise; that the voltage
    had to tell it is."""
    return code in SEEN and (code != "sign_changed" or "voltage" in message)


def warn(told: list[tuple[str, str]], file: str | None) -> None:
    """Tells notes as warnings, of the line outside of this package that called."""
    if not told:
        return
    import os
    import sys
    import warnings

    own, level, frame = os.path.dirname(__file__) + os.sep, 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(own):
        frame, level = frame.f_back, level + 1
    for code, message in told:
        warnings.warn(CyclerprepWarning(code, in_python(message), file), stacklevel=level)
