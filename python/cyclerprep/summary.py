"""The steps and cycles tables of a time series, each in the caller's own kind of frame."""

from __future__ import annotations

from . import _native
from ._frames import taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    F = TypeVar("F")

__all__ = ["cycles", "steps"]


def steps(time_series: F, *, rated_capacity: float | None = None) -> F:
    """One row for each run of ``Step count``; ``rated_capacity`` in A.h adds C-rates and better types."""
    frame, back = taken(time_series)
    made: F = back(_native.steps(frame, rated_capacity))
    return made


def cycles(steps: F) -> F:
    """One row for each cycle of a steps table."""
    frame, back = taken(steps)
    made: F = back(_native.cycles(frame))
    return made
