"""Cycler files as a Ray dataset: ``pip install 'cyclerprep[ray]'``.

    data = cyclerprep.ray.read("data/*.mpr", columns=["source", "Time [s]", "Voltage [V]"])

Every block has the same columns and types (:func:`cyclerprep.ray.schema`). A file that cannot be read is one row whose ``status`` is
``unreadable``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow
import ray
import ray.data

from . import _cluster

if TYPE_CHECKING:
    from collections.abc import Sequence

schema = _cluster.schema


def read(
    paths: Any,
    columns: Sequence[str] | None = None,
    *,
    storage_options: dict[str, Any] | None = None,
    pack_bytes: int = 32 << 20,
    **options: Any,
) -> Any:
    """A Ray dataset of all files that the paths mean; small files share a task. Options are those of ``read``."""
    _cluster.checked("read", ("Reading", "Validation"), options)
    packs = _cluster.packs(_cluster.files(paths, storage_options), pack_bytes)

    def rows(batch: pyarrow.Table) -> pyarrow.Table:
        files = [path for pack in batch["pack"].to_pylist() for path in pack]
        return pyarrow.concat_tables([_cluster.rows(path, columns, storage_options, **options) for path in files])

    items = ray.data.from_items([{"pack": pack} for pack in packs], override_num_blocks=max(len(packs), 1))
    return items.map_batches(rows, batch_size=1, batch_format="pyarrow")


def convert(
    paths: Any, out: str, *, storage_options: dict[str, Any] | None = None, **options: Any
) -> list[dict[str, Any]]:
    """Writes the bundles of all files below ``out``, a task a file, and tells what became of each, as ``prep convert`` does; no
    index is written. Options are those of ``convert``."""
    args = _cluster.checked("convert", _cluster.CONVERT, options)
    task = ray.remote(_cluster.convert_one)
    places = _cluster.places(paths, out, storage_options)
    told = ray.get([task.remote(place, out, args, storage_options) for place in places])
    return [record for records in told for record in records]
