"""What type checkers say of the package: mypy and pyright read this, nothing runs it.

A call that is wrong has a comment that says so, and both complain when it is right after all.
"""

from __future__ import annotations

import os
from typing import Any

import pandas
import polars
from typing_extensions import assert_type

import cyclerprep
import cyclerprep.ionworksdata as iwd
from cyclerprep import transform


def reading(file: os.PathLike[str]) -> None:
    cell = cyclerprep.read(file, timezone="Europe/Berlin", strict=True, map={"U/V": "Voltage [V]"}, skip=["time_gaps"])
    assert_type(cell, cyclerprep.Measurement)
    assert_type(cyclerprep.read_all(b"", name="x.mpr"), list[cyclerprep.Measurement])
    assert_type(cell.time_series.to_polars(), polars.DataFrame)
    assert_type(cell.steps.to_pandas(), pandas.DataFrame)
    assert_type(cell.raise_if_invalid().issues, list[cyclerprep.Issue])
    assert_type(cell.plot(), cyclerprep.Picture)
    cyclerprep.read(file, time_zone="UTC")  # type: ignore[call-arg]
    cyclerprep.read(file, capacity="guessed")  # type: ignore[arg-type]
    cyclerprep.read(3)  # type: ignore[arg-type]
    cyclerprep.nonsense  # type: ignore[attr-defined]  # noqa: B018


def converting(files: list[str]) -> None:
    run = cyclerprep.convert(files, "out", plot="png", progress=lambda event: event["event"] != "done")
    assert_type(run, cyclerprep.Conversion)
    assert_type(run.raise_if_failed().files, list[dict[str, Any]])
    cyclerprep.convert(files, "out", plot="gif")  # type: ignore[arg-type]
    cyclerprep.convert(files)  # type: ignore[call-arg]


def frames(mine: polars.DataFrame, yours: pandas.DataFrame, lazy: polars.LazyFrame) -> None:
    assert_type(transform.set_power(mine), polars.DataFrame)
    assert_type(transform.standard(yours, capacity="integrated"), pandas.DataFrame)
    assert_type(cyclerprep.summary.steps(lazy), polars.LazyFrame)
    assert_type(cyclerprep.validate(mine, strict=True).has_code(cyclerprep.IssueCode.TIME_NOT_MONOTONIC), bool)
    assert_type(iwd.read.time_series_and_steps("x", "neware"), tuple[polars.DataFrame, polars.DataFrame])
    assert_type(cyclerprep.ionworksdata.steps.summarize(mine), polars.DataFrame)
    assert_type(iwd.OCPDataLoader(mine).data, polars.DataFrame)
    transform.set_capacity(mine, capacity="guessed")  # type: ignore[arg-type]
    transform.set_nominal_soc(mine)  # type: ignore[call-arg]
