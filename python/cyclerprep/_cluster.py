"""What Spark, Ray and Dask share: a file as rows of one schema, a file as bundles, on any file system. Needs pyarrow."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from . import _native, read_all
from ._errors import CyclerprepError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TYPES = {
    "float64": pa.float64(),
    "int64": pa.int64(),
    "string": pa.string(),
    "datetime[ms]": pa.timestamp("us"),
    "datetime[us, UTC]": pa.timestamp("us", "UTC"),
}

#: What a row is of, and what became of its file.
_ABOUT = [
    pa.field("source", pa.string()),
    pa.field("part", pa.string()),
    pa.field("status", pa.string()),
    pa.field("error", pa.string()),
    pa.field("notes", pa.list_(pa.struct([("code", pa.string()), ("message", pa.string())]))),
]


def schema(columns: Sequence[str] | None = None) -> pa.Schema:
    """The columns of every row: what it is of (`source`, `part`, `status`, `error`, `notes`), then the schema's.

    `status` is `prepared`, `invalid` or `unreadable`; a file that could not be read is one row with its `error`. `notes` stand on
    the first row of a measurement.
    """
    known = {row["name"]: pa.field(row["name"], _TYPES[row["dtype"]]) for row in _native.columns()}
    about = {field.name: field for field in _ABOUT}
    if columns is None:
        return pa.schema([*about.values(), *known.values()])
    unknown = [name for name in columns if name not in known and name not in about]
    if unknown:
        raise ValueError(
            f"expected columns of the schema, found {', '.join(map(repr, unknown))}; see cyclerprep.schema()"
        )
    return pa.schema([(about | known)[name] for name in columns])


def is_remote(path: str) -> bool:
    """Whether a path is one of a file system of fsspec."""
    return "://" in path and not path.startswith("file://")


def _fs(path: str, storage: dict[str, Any] | None) -> tuple[Any, str]:
    import fsspec

    fs, inside = fsspec.core.url_to_fs(path, **(storage or {}))
    return fs, inside


def files(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], storage: dict[str, Any] | None = None
) -> list[str]:
    """All files that paths, folders and patterns mean, on any file system."""
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    found: list[str] = []
    for path in [os.fspath(one) for one in given]:
        if is_remote(path):
            fs, inside = _fs(path, storage)
            listed = fs.glob(inside) if "*" in inside else fs.find(inside)
            found.extend(fs.unstrip_protocol(name) for name in sorted(listed))
        elif any(letter in path for letter in "*?[") and not Path(path).exists():
            import glob

            found.extend(sorted(name for name in glob.glob(path, recursive=True) if Path(name).is_file()))
        elif Path(path).is_dir():
            found.extend(sorted(str(name) for name in Path(path).rglob("*") if name.is_file()))
        else:
            found.append(path)
    return found


def packs(paths: Sequence[str], size: int = 32 << 20) -> list[list[str]]:
    """Small files together, so that a task has something to do: up to `size` bytes of local files each."""
    made: list[list[str]] = []
    left = 0
    for path in paths:
        need = size if is_remote(path) or not os.path.exists(path) else os.path.getsize(path)
        if left < need or not made:
            made.append([])
            left = size
        made[-1].append(path)
        left -= need
    return made


def _measurements(path: str, storage: dict[str, Any] | None, options: dict[str, Any]) -> list[Any]:
    import warnings

    from ._errors import CyclerprepWarning

    with warnings.catch_warnings():
        # Notes are a column here.
        warnings.simplefilter("ignore", CyclerprepWarning)
        if not is_remote(path):
            return list(read_all(path, columns="schema", **options))
        fs, inside = _fs(path, storage)
        return list(read_all(fs.cat_file(inside), name=inside.rpartition("/")[2], columns="schema", **options))


def _failed(path: str, error: Exception) -> dict[str, Any]:
    kind = error.kind if isinstance(error, CyclerprepError) else "io"
    return {"source": path, "part": None, "status": "unreadable", "error": f"{kind}: {error}", "notes": []}


def rows(
    path: str, columns: Sequence[str] | None = None, storage: dict[str, Any] | None = None, **options: Any
) -> pa.Table:
    """The rows of a file in :func:`schema`. It never fails for the file's sake: then it is one row with the reason."""
    wanted = schema(columns)
    try:
        cells = _measurements(path, storage, options)
    except (CyclerprepError, OSError) as error:
        if isinstance(error, CyclerprepError) and error.kind == "options":
            raise
        row = _failed(path, error)
        return pa.table({field.name: pa.array([row.get(field.name)], field.type) for field in wanted}, schema=wanted)
    tables = []
    for cell in cells:
        table, height = cell.time_series.to_arrow(), len(cell)
        notes = [{"code": note.code, "message": note.message} for note in cell.notes]
        about = {
            "source": pa.array([path] * height, pa.string()),
            "part": pa.array([cell.part] * height, pa.string()),
            "status": pa.array(["prepared" if cell.is_valid else "invalid"] * height, pa.string()),
            "error": pa.nulls(height, pa.string()),
            "notes": pa.array(([notes] + [None] * (height - 1))[:height], _ABOUT[4].type),
        }
        made = [about[f.name] if f.name in about else table[f.name].cast(f.type) for f in wanted]
        tables.append(pa.table(made, schema=wanted))
    return pa.concat_tables(tables) if tables else wanted.empty_table()


def convert_one(
    path: str, out: str, name: str, storage: dict[str, Any] | None = None, **options: Any
) -> list[dict[str, Any]]:
    """The bundles of a file below `out`, each whole or not at all, and what became of it.

    On a local or shared file system a bundle appears by a rename. On an object store its report is put last: a folder without
    `report.json` is none, and the same call writes it again.
    """
    try:
        cells = _measurements(path, storage, options)
    except (CyclerprepError, OSError) as error:
        if isinstance(error, CyclerprepError) and error.kind == "options":
            raise
        return [{**_failed(path, error), "rows": 0, "steps": 0, "cycles": 0, "output": None}]
    records = []
    for cell in cells:
        place = f"{name}/{_safe(cell.part)}" if cell.part else name
        target = f"{out.rstrip('/')}/{place}"
        if is_remote(out):
            _upload(cell, target, storage)
        else:
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            cell.write_bundle(target)
        counts = {"rows": len(cell), "steps": len(cell.steps), "cycles": len(cell.cycles)}
        notes = [{"code": note.code, "message": note.message} for note in cell.notes]
        status = "prepared" if cell.is_valid else "invalid"
        records.append(
            {
                "source": path,
                "part": cell.part,
                "status": status,
                "error": None,
                "notes": notes,
                **counts,
                "output": target,
            }
        )
    return records


def _safe(part: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in part).strip(". ") or "part"


def _upload(cell: Any, target: str, storage: dict[str, Any] | None) -> None:
    fs, inside = _fs(target, storage)
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"
        cell.write_bundle(bundle)
        # An old report must not vouch for new tables.
        if fs.exists(f"{inside}/report.json"):
            fs.rm_file(f"{inside}/report.json")
        for file in sorted(bundle.iterdir(), key=lambda file: file.name == "report.json"):
            fs.put_file(str(file), f"{inside}/{file.name}")


def named(paths: Sequence[str]) -> list[tuple[str, str]]:
    """Each file with the place of its bundle: its path below the folder that all share."""
    if len(paths) < 2:
        return [(path, path.replace("\\", "/").rpartition("/")[2]) for path in paths]
    root = os.path.commonprefix([path.replace("\\", "/").rpartition("/")[0] + "/" for path in paths]).rpartition("/")[0]
    return [(path, path.replace("\\", "/")[len(root) :].lstrip("/")) for path in paths]
