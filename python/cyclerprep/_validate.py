"""The validator, on any frame."""

from __future__ import annotations

from . import _native, _options
from ._frames import taken
from ._measurement import Issue, Measurement, raise_invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from typing_extensions import Unpack

    from ._codes import IssueCode
    from ._frames import ArrowStream
    from ._options import CheckOptions


class Validation:
    """What the validator found."""

    def __init__(self, issues: list[Issue]) -> None:
        self.issues = issues

    @property
    def errors(self) -> list[Issue]:
        """The findings that make the measurement invalid."""
        return [issue for issue in self.issues if issue.severity == "error"]

    @property
    def is_valid(self) -> bool:
        """Whether there is none of severity error."""
        return not self.errors

    def has_code(self, code: IssueCode | str) -> bool:
        """Whether a finding has this code."""
        return any(issue.code == str(code) for issue in self.issues)

    def raise_if_invalid(self) -> Validation:
        """Raises :class:`MeasurementValidationError` with all errors when there is any; gives itself back otherwise."""
        raise_invalid(self.issues, None)
        return self

    def __repr__(self) -> str:
        found = ", ".join(f"{issue.severity} {issue.code}" for issue in self.issues)
        return f"<Validation {found or 'nothing found'}>"


def validate(
    frame: ArrowStream | Mapping[str, Sequence[Any]],
    *,
    steps: ArrowStream | Mapping[str, Sequence[Any]] | None = None,
    **options: Unpack[CheckOptions],
) -> Validation:
    """Checks a time series in the schema's columns, of any kind of frame.

    ``steps`` is the steps table, for the checks that need it; a :class:`Measurement` brings its own.
    """
    args = _options.arguments("validate", ("Validation",), options)
    if isinstance(frame, Measurement):
        steps = frame.steps if steps is None else steps
        frame = frame.time_series
    known = None if steps is None else taken(steps)[0]
    return Validation([Issue(fields) for fields in _native.validate(taken(frame)[0], known, args)])
