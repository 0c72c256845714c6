"""Frames in, polars out."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import polars as pl

from .._errors import CyclerprepWarning

if TYPE_CHECKING:
    from collections.abc import Callable


def polars(data: Any) -> pl.DataFrame:
    """A frame of polars of one of polars or pandas, or of a dict."""
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    if isinstance(data, dict):
        return pl.DataFrame(data)
    from .._frames import Frame

    return Frame(data).to_polars()


def silently(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """The reference does not warn of what it decides."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CyclerprepWarning)
        return function(*args, **options)
