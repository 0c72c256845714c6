"""Cycler files as a Dask frame: ``pip install 'cyclerprep[dask]'``.

    frame = cyclerprep.dask.read("data/*.mpr", columns=["source", "Time [s]", "Voltage [V]"])
    frame = cyclerprep.dask.read("s3://bucket/data", storage_options={"anon": True})

Every partition has the same columns and types (:func:`cyclerprep.dask.schema`). A file that cannot be read is one row whose
``status`` is ``unreadable``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pandas
import pyarrow

from . import _cluster

if TYPE_CHECKING:
    from collections.abc import Sequence

_dask: Any = import_module("dask")
_frames: Any = import_module("dask.dataframe")

schema = _cluster.schema


def _pandas(table: pyarrow.Table) -> pandas.DataFrame:
    made: pandas.DataFrame = table.to_pandas(types_mapper=pandas.ArrowDtype)
    return made


def _partition(
    pack: list[str], columns: Sequence[str] | None, storage: dict[str, Any] | None, options: dict[str, Any]
) -> pandas.DataFrame:
    return _pandas(pyarrow.concat_tables([_cluster.rows(path, columns, storage, **options) for path in pack]))


def read(
    paths: Any,
    columns: Sequence[str] | None = None,
    *,
    storage_options: dict[str, Any] | None = None,
    pack_bytes: int = 32 << 20,
    **options: Any,
) -> Any:
    """A Dask frame of all files that the paths mean; small files share a partition. Options are those of ``read``."""
    _cluster.checked("read", ("Reading", "Validation"), options)
    packs = _cluster.packs(_cluster.files(paths, storage_options), pack_bytes)
    meta = _pandas(schema(columns).empty_table())
    return _frames.from_map(
        _partition, packs, columns=columns, storage=storage_options, options=options, meta=meta, enforce_metadata=False
    )


def convert(
    paths: Any, out: str, *, storage_options: dict[str, Any] | None = None, **options: Any
) -> list[dict[str, Any]]:
    """Writes the bundles of all files below ``out``, a task a file, and tells what became of each, as ``prep convert`` does; no
    index is written. Options are those of ``convert``."""
    args = _cluster.checked("convert", _cluster.CONVERT, options)
    task = _dask.delayed(_cluster.convert_one, pure=False)
    told = _dask.compute(*[task(p, out, args, storage_options) for p in _cluster.places(paths, out, storage_options)])
    return [record for records in told for record in records]
