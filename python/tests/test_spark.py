"""Spark: the rows are those of the serial run, also when a worker dies, and a file that fails is a row."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import engine
from many import COLUMNS, bundles_are_those_of_the_command, descendants, many, one_killed, ordered, serial

own = engine("spark")


@pytest.fixture(scope="module")
def spark() -> Any:
    import os
    import sys

    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    own.register(session)
    yield session
    session.stop()


def rows(spark: Any, folder: Path) -> list[dict[str, Any]]:
    reader = spark.read.format("cycler").option("columns", ",".join(COLUMNS)).option("pack_bytes", str(1 << 16))
    return ordered(reader.load(str(folder)).toArrow())


def test_rows(spark: Any, tmp_path: Path) -> None:
    expected = serial(many(tmp_path))
    assert rows(spark, tmp_path) == expected
    assert sum(row["status"] == "unreadable" for row in expected) == 3


def test_a_worker_dies(spark: Any, tmp_path: Path) -> None:
    expected = serial(many(tmp_path, copies=4))
    before = descendants("CoarseGrainedExecutorBackend")
    assert len(before) == 2
    with one_killed("CoarseGrainedExecutorBackend", after=0.5) as killed:
        found = rows(spark, tmp_path)
    assert killed and killed[0] in before, "nothing was at work"
    assert found == expected


def test_the_whole_schema_and_options(spark: Any, tmp_path: Path) -> None:
    folder = many(tmp_path, copies=1, damaged=0)
    frame = spark.read.format("cycler").option("required_columns_only", "true").load(str(folder / "0" / "flat.csv"))
    assert frame.columns == own.schema().names and frame.count() == 112
    assert frame.where("notes is not null").count() == 1


def test_bundles(spark: Any, tmp_path: Path) -> None:
    bundles_are_those_of_the_command(partial(own.convert, spark), tmp_path)
