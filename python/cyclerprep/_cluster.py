"""What Spark, Ray and Dask share: a file as rows of one schema, a file as bundles, on any file system. Needs pyarrow."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from . import _native, _options, inspect, read_all
from ._errors import CyclerprepError, CyclerprepOptionsError, CyclerprepOSError, CyclerprepWarning
from ._frames import finish_at_exit
from ._paths import is_remote, listed, local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

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


#: A file to work on: its path, the place of its bundle below the output folder, and whether it was named.
Place: TypeAlias = "tuple[str, str, bool]"


#: The groups of options of a conversion.
CONVERT = ("Reading", "Validation", "Bundles")


def checked(function: str, groups: Sequence[str], options: Mapping[str, Any]) -> list[str]:
    """The options as arguments; raises when no file can satisfy them."""
    args = _options.arguments(function, groups, options)
    if options.get("join"):
        raise ValueError("join: a task has one file, and pieces of a test are several; cyclerprep.convert joins them")
    _native.check(args)
    return args


def _fs(path: str, storage: dict[str, Any] | None) -> tuple[Any, str]:
    import fsspec

    fs, inside = fsspec.core.url_to_fs(path, **(storage or {}))
    return fs, inside.rstrip("/")


def _content(path: str, storage: dict[str, Any] | None) -> bytes:
    """An object, or an error that says which could not be had: each store has exceptions of its own."""
    try:
        fs, inside = _fs(path, storage)
        content: bytes = fs.cat_file(inside)
    except Exception as error:
        raise CyclerprepOSError(f"cannot read {path}: {error!r}", kind="io", file=path) from error
    return content


def files(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], storage: dict[str, Any] | None = None
) -> list[str]:
    """All files that paths, folders and patterns mean, on any file system."""
    return [path for path, _, _ in _found(paths, None, storage)]


def places(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], out: str, storage: dict[str, Any] | None = None
) -> list[Place]:
    """The files of a run that writes below `out`, as `prep convert` takes them: without what lies in there, without bundles and
    indexes elsewhere, each once, and no two with one output."""
    found = _found(paths, out, storage)
    seen: dict[str, str] = {}
    for path, relative, _ in found:
        other = seen.setdefault(relative, path)
        # Those of this machine were compared already.
        is_new = other != path and (is_remote(path) or is_remote(other))
        if is_new and _is_known(other, storage) and _is_known(path, storage):
            text = (
                f"expected inputs with different outputs, found {other} and {path}; convert them into different folders"
            )
            raise CyclerprepOptionsError(text, kind="options")
    return found


def _is_known(path: str, storage: dict[str, Any] | None) -> bool:
    try:
        inspect(_content(path, storage), name=path) if is_remote(path) else inspect(path)
    except CyclerprepError:
        return False
    return True


def _found(paths: Any, out: str | None, storage: dict[str, Any] | None) -> list[Place]:
    given = [os.fspath(path) for path in listed(paths)]
    here, found = [path for path in given if not is_remote(path)], []
    with tempfile.TemporaryDirectory() as elsewhere:
        # In another file system there is nothing of this one.
        own = None if out is None else elsewhere if is_remote(out) else local(out)
        if here:
            found = [(str(path), relative.as_posix(), named) for path, relative, named in _native.find(here, own)]
    for path in given:
        if is_remote(path):
            found.extend(_stored(path, out, storage))
    # What a folder and a name both mean is read and written once.
    first: dict[str, Place] = {}
    for place in found:
        first.setdefault(place[0], place)
    return list(first.values())


def _stored(path: str, out: str | None, storage: dict[str, Any] | None) -> Iterator[Place]:
    """What a path of another file system means."""
    fs, inside = _fs(path, storage)
    has_pattern = any(letter in inside for letter in "*?[") and not fs.exists(inside)
    meant = sorted(fs.glob(inside)) if has_pattern else [inside]
    if not meant:
        text = f"expected a path or a pattern, found {path!r}: it matches no file"
        raise CyclerprepOptionsError(text, kind="options")
    for one in meant:
        one = one.rstrip("/")
        if not fs.isdir(one):
            yield fs.unstrip_protocol(one), one.rpartition("/")[2], True
            continue
        for relative in _walked(fs, one, out, storage):
            yield fs.unstrip_protocol(f"{one}/{relative}"), relative, False


def _walked(fs: Any, folder: str, out: str | None, storage: dict[str, Any] | None) -> list[str]:
    """The files of a folder of another file system, as the library finds those of a folder that looks the same."""
    scheme = fs.unstrip_protocol(folder).partition("://")[0]
    target = _fs(out, storage)[1] if out is not None and out.partition("://")[0] == scheme else None
    if target == folder:
        text = f"expected an output folder other than the input folder, found {out} for both; name a folder in it"
        raise CyclerprepOptionsError(text, kind="options")
    with tempfile.TemporaryDirectory() as place:
        root, own = Path(place) / "in", Path(place) / "out"
        if target is not None and target.startswith(f"{folder}/") and _is_below(root, target[len(folder) + 1 :]):
            own = root / target[len(folder) + 1 :]
        for made in (root, own):
            made.mkdir(parents=True, exist_ok=True)
        # What cannot be a file here is found all the same, and told when it is its turn.
        odd = _mirrored(fs, folder, root, ("report.json",) if out is not None else ())[1]
        found = [relative.as_posix() for _, relative, _ in _native.find([root], None if out is None else own)]
    return sorted([*found, *odd])


def _is_below(root: Path, relative: str) -> bool:
    return relative != "" and all(part not in ("", ".", "..") for part in relative.replace("\\", "/").split("/"))


def _mirrored(fs: Any, folder: str, root: Path, wanted: Sequence[str]) -> tuple[dict[str, bytes], list[str]]:
    """A folder of another file system as empty files, but for those of the wanted names: what they hold, and which names cannot be."""
    held: dict[str, bytes] = {}
    odd: list[str] = []
    for name in fs.find(folder):
        relative = name[len(folder) + 1 :]
        try:
            if not _is_below(root, relative):
                raise OSError(relative)
            (root / relative).parent.mkdir(parents=True, exist_ok=True)
            held[relative] = fs.cat_file(name) if name.rpartition("/")[2] in wanted else b""
            (root / relative).write_bytes(held[relative])
        except OSError:
            held.pop(relative, None)
            odd.append(relative)
    return held, odd


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

    with warnings.catch_warnings():
        # Notes are a column here.
        warnings.simplefilter("ignore", CyclerprepWarning)
        if not is_remote(path):
            return list(read_all(path, columns="schema", **options))
        return list(read_all(_content(path, storage), name=path, columns="schema", **options))


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
        kind = error.kind if isinstance(error, CyclerprepError) else "io"
        row: dict[str, Any] = {
            "source": path,
            "part": None,
            "status": "unreadable",
            "error": f"{kind}: {error}",
            "notes": [],
        }
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
    place: Place, out: str, args: Sequence[str], storage: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The bundles of a file below `out`, and what became of it, as `prep convert` writes and tells.

    On a local or shared file system a bundle appears by a rename. On an object store its report is put last, and what a run left
    half written is written again by the next one.
    """
    source, relative, named = place
    finish_at_exit()
    try:
        content = _content(source, storage) if is_remote(source) else None
        if is_remote(out):
            return _to_store((source, relative, named), content, out, list(args), storage)
        return _native.convert_one((source, relative, named), content, local(out), list(args))
    except (CyclerprepError, OSError) as error:
        facts = {
            "kind": error.kind if isinstance(error, CyclerprepError) else "io",
            "message": error.message if isinstance(error, CyclerprepError) else str(error),
            "place": None,
        }
        counts: dict[str, Any] = {
            "reader": None,
            "rows": 0,
            "steps": 0,
            "cycles": 0,
            "output": None,
            "issues": [],
            "notes": [],
        }
        return [{"source": source, "status": "unreadable", **counts, "error": facts, "named": named}]


#: What decides whether a bundle is fresh.
_REPORTS = ("report.json", "report.invalid.json")
#: It stands where bundles are being put, and says that what is there is not whole.
_MARK = ".unfinished"


def _to_store(
    place: Place, content: bytes | None, out: str, args: list[str], storage: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Bundles are made here, beside as much of what is there as decides whether they must be, and put there."""
    relative = place[1]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        if not _is_below(here, relative):
            return _native.convert_one(place, content, here, args)
        try:
            fs, base = _fs(out, storage)
            # Others write there, too.
            fs.invalidate_cache()
            target = f"{base}/{relative}"
            is_whole = not fs.exists(f"{target}/{_MARK}")
            there: dict[str, bytes] = {}
            if fs.isfile(target):
                (here / relative).parent.mkdir(parents=True, exist_ok=True)
                (here / relative).touch()
            elif not is_whole:
                left = [name[len(target) + 1 :] for name in fs.find(target)]
                there = {name: b"" for name in left if name != _MARK}
            elif fs.exists(target):
                there, odd = _mirrored(fs, target, here / relative, _REPORTS)
                for number in range(len(odd)):
                    (here / relative / f"odd{number}").touch()
        except Exception as error:
            raise CyclerprepOSError(f"cannot look at {out}: {error!r}", kind="io", file=out) from error
        records = _native.convert_one(place, content, here, args)
        try:
            if any(record["output"] and record["status"] != "skipped" for record in records):
                _put(fs, target, here / relative, there)
        except Exception as error:
            raise CyclerprepOSError(f"cannot write to {out}: {error!r}", kind="io", file=out) from error
        for record in records:
            if record["output"]:
                record["output"] = f"{out.rstrip('/')}/{Path(record['output']).relative_to(here).as_posix()}"
            if record["error"]:
                record["error"]["message"] = record["error"]["message"].replace(str(here), out.rstrip("/"))
    return records


def _put(fs: Any, target: str, made: Path, there: dict[str, bytes]) -> None:
    """Makes the store hold what was made. What was there and was not touched is empty here."""
    now = {path.relative_to(made).as_posix(): path for path in sorted(made.rglob("*")) if path.is_file()}
    new = [name for name, path in now.items() if path.stat().st_size and path.read_bytes() != there.get(name)]
    if not new and set(there) <= set(now):
        return
    fs.pipe_file(f"{target}/{_MARK}", b"cyclerprep is writing here")
    # An old report must not vouch for new tables.
    old = [name for name in there if name not in now or (name in new and name.rpartition("/")[2] in _REPORTS)]
    for name in old:
        if fs.exists(f"{target}/{name}"):
            fs.rm_file(f"{target}/{name}")
    for name in sorted(new, key=lambda name: name.rpartition("/")[2] in _REPORTS):
        fs.put_file(str(now[name]), f"{target}/{name}")
    if fs.exists(f"{target}/{_MARK}"):
        fs.rm_file(f"{target}/{_MARK}")
