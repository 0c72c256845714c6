"""Cycler files as a Spark data source: ``pip install 'cyclerprep[spark]'``, Spark 4.

    cyclerprep.spark.register(spark)
    rows = spark.read.format("cycler").option("timezone", "Europe/Berlin").load("data/*.mpr")

One task reads a file, or a pack of small ones. The schema is fixed (:func:`cyclerprep.spark.schema`); ``.option("columns", "…")``,
names with commas between, reads no others, and ``pack_bytes`` says how much a task that reads several files reads at most.
Other options are those of ``read``. A file that cannot be read is one row whose ``status`` is ``unreadable``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

from . import _cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow

schema = _cluster.schema


class Pack(InputPartition):
    """The files of a task."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(paths)
        self.paths = paths


class CyclerReader(DataSourceReader):
    """Reads packs of files."""

    def __init__(
        self, paths: list[str], columns: list[str] | None, storage: dict[str, Any], size: int, options: dict[str, Any]
    ) -> None:
        self.paths, self.columns, self.storage, self.size, self.options = paths, columns, storage, size, options

    def partitions(self) -> list[Pack]:
        """One for each file, or pack of small files."""
        return [Pack(pack) for pack in _cluster.packs(_cluster.files(self.paths, self.storage), self.size)]

    def read(self, partition: Any) -> Iterator[pyarrow.RecordBatch]:
        """The rows of a pack's files."""
        for path in partition.paths:
            table = _cluster.rows(path, self.columns, self.storage, **self.options)
            yield from table.combine_chunks().to_batches(max_chunksize=100_000)


class CyclerDataSource(DataSource):
    """``spark.read.format("cycler")``."""

    @classmethod
    def name(cls) -> str:
        """What ``format`` takes."""
        return "cycler"

    def _columns(self) -> list[str] | None:
        columns = self.options.get("columns")
        return [name.strip() for name in columns.split(",")] if columns else None

    def schema(self) -> Any:
        """The fixed schema, or the chosen columns of it."""
        from pyspark.sql.pandas.types import from_arrow_schema

        return from_arrow_schema(schema(self._columns()), prefer_timestamp_ntz=True)

    def reader(self, schema: Any) -> CyclerReader:
        """What reads."""
        given = dict(self.options)
        path, paths = given.pop("path", None), given.pop("paths", None)
        storage = json.loads(given.pop("storage_options", "{}"))
        given.pop("columns", None)
        size = int(given.pop("pack_bytes", 32 << 20))
        files = json.loads(paths) if paths else [path or ""]
        options = _options(given)
        _cluster.checked("read", ("Reading", "Validation"), options)
        return CyclerReader(files, self._columns(), storage, size, options)


def _options(given: dict[str, str]) -> dict[str, Any]:
    """Options as Spark keeps them: in lower case, all texts."""
    made: dict[str, Any] = {}
    for name, value in given.items():
        made[name] = {"true": True, "false": False}.get(value.lower(), value)
    return made


def register(spark: Any) -> None:
    """Makes ``format("cycler")`` known to a session."""
    spark.dataSource.register(CyclerDataSource)


def convert(
    spark: Any, paths: Any, out: str, *, storage_options: dict[str, Any] | None = None, **options: Any
) -> list[dict[str, Any]]:
    """Writes the bundles of all files below ``out``, a task a file, and tells what became of each, as ``prep convert`` does; no
    index is written. Options are those of ``convert``."""
    args = _cluster.checked("convert", _cluster.CONVERT, options)
    places = _cluster.places(paths, out, storage_options)

    def work(place: _cluster.Place) -> list[dict[str, Any]]:
        return _cluster.convert_one(place, out, args, storage_options)

    told: list[dict[str, Any]] = spark.sparkContext.parallelize(places, max(len(places), 1)).flatMap(work).collect()
    return told
