"""Many files to bundles."""

from __future__ import annotations

from . import _native, _options
from ._errors import MeasurementValidationError, make
from ._frames import finish_at_exit
from ._measurement import Issue
from ._paths import listed, local

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Union

    from typing_extensions import Unpack

    from ._options import ConvertOptions

    Path = Union[str, os.PathLike[str]]


class Conversion:
    """What became of each file: ``files`` holds a dict for each measurement, ``summary`` counts them."""

    def __init__(self, files: list[dict[str, Any]], summary: dict[str, Any]) -> None:
        self.files = files
        self.summary = summary

    @property
    def ok(self) -> bool:
        """Whether nothing failed and nothing was left: where ``prep convert`` ends with 0."""
        return not self.failed() and not self.summary["left"]

    def failed(self) -> list[dict[str, Any]]:
        """The files that are invalid or could not be read, also those that are so since an earlier run, and those that were named
        and that no reader knows."""
        return [file for file in self.files if _has_failed(file)]

    def raise_if_failed(self) -> Conversion:
        """Raises for the first of these, as ``read`` and ``raise_if_invalid`` do; gives itself back when there is none."""
        failed = self.failed()
        if not failed:
            return self
        file = failed[0]
        start, error = f"{len(failed)} of {len(self.files)} failed; {file['source']}: ", file["error"]
        if error is None:
            errors = _errors_of(file)
            codes = ", ".join(issue.code for issue in errors)
            raise MeasurementValidationError(f"{start}not valid: {codes}", errors, file=file["source"])
        facts = (error["kind"], start + error["message"], error["message"], file["source"], None)
        raise make(facts, error["place"], "", None)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{count} {name.replace('_', ' ')}"
            for name, count in self.summary.items()
            if count and name not in ("seconds", "rows", "schema")
        )
        return f"<Conversion {counts or 'nothing'}; {self.summary['rows']} rows in {self.summary['seconds']:.1f} s>"


def _has_failed(file: dict[str, Any]) -> bool:
    is_unknown = file["status"] == "unknown" and file["named"]
    return file["status"] in ("invalid", "unreadable") or is_unknown or bool(_errors_of(file))


def _errors_of(file: dict[str, Any]) -> list[Issue]:
    return [Issue(issue) for issue in file["issues"] if issue["severity"] == "error"]


def convert(
    inputs: Path | Iterable[Path],
    out: Path,
    *,
    progress: Callable[[dict[str, Any]], bool | None] | bool | None = None,
    **options: Unpack[ConvertOptions],
) -> Conversion:
    """Converts files, what patterns (``data/*.mpr``) match and all files of folders to bundles below ``out``, as ``prep convert`` does.

    ``progress`` is called with a dict for each event (``found``, ``started``, ``ended``, ``done``) on this thread; when it
    returns ``False`` or raises, no further file is begun. ``progress=True`` shows a bar of ``tqdm``, and so does leaving it out
    in a terminal where ``tqdm`` is installed. A file that cannot be read does not stop the others: see
    :meth:`Conversion.failed`. Ctrl-C ends the call at once and leaves no half bundle.
    """
    args = _options.arguments("convert", ("Reading", "Validation", "Bundles"), options)
    paths = listed(inputs)
    bar = None
    tell = progress if callable(progress) else None
    if tell is None and progress is not False:
        bar = _bar(asked=bool(progress))
        tell = bar.tell if bar else None
    finish_at_exit()
    try:
        told = _native.convert(paths, local(out), args, tell)
    finally:
        if bar:
            bar.close()
    return Conversion(told["files"], told["summary"])


class _Bar:
    """A bar over the bytes of the files."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm, self._bar = tqdm, None

    def tell(self, event: dict[str, Any]) -> None:
        if event["event"] == "found":
            self._bar = self._tqdm(total=event["bytes"], unit="B", unit_scale=True)
        elif self._bar is not None and event["event"] == "ended":
            self._bar.update(event["bytes"])
        elif self._bar is not None and event["event"] == "started":
            self._bar.set_postfix_str(str(event["source"]).replace("\\", "/").rpartition("/")[2], refresh=False)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _bar(asked: bool) -> _Bar | None:
    import sys

    if not asked and not (sys.stderr is not None and sys.stderr.isatty()):
        return None
    try:
        from tqdm.auto import tqdm
    except ModuleNotFoundError:
        return None
    return _Bar(tqdm)
