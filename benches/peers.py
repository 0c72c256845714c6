"""What other programs do with the same files: a process that `cost.py` keeps, so that their import is not measured.

Each line on stdin is a JSON list, a name of `JOBS` and its paths; each line on stdout an object: `result`, `seconds`, `user`
(CPU seconds), or `missing` (a package that is not there), or `error`. `peers.py JOB PATH…` does one and ends.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

TEXT: dict[str, dict[str, Any]] = {
    "mpt": {"separator": "\t", "skip_rows": 5, "encoding": "utf8-lossy"},
    "txt": {"separator": "\t", "skip_rows": 1},
}


def polars_import() -> None:
    import polars  # noqa: F401


def polars_text(path: str, out: str) -> int:
    """Loads the table as it is and stores it as it is."""
    import polars as pl

    frame = pl.read_csv(path, truncate_ragged_lines=True, **TEXT.get(path.rsplit(".", 1)[-1], {}))
    frame.write_parquet(out, compression="zstd")
    return frame.height


def polars_workbook(path: str) -> int:
    """Reads every sheet."""
    import fastexcel  # noqa: F401
    import polars as pl

    return sum(frame.height for frame in pl.read_excel(path, sheet_id=0).values())


def fastnda_read(path: str) -> int:
    import fastnda  # type: ignore[import-untyped]

    return int(fastnda.read(path).height)


def frame_bytes(path: str) -> int:
    """Size in memory of the frame in a Parquet file."""
    import polars as pl

    return int(pl.read_parquet(path).estimated_size())


JOBS = {job.__name__: job for job in (polars_import, polars_text, polars_workbook, fastnda_read, frame_bytes)}


def answer(name: str, *paths: str) -> dict[str, Any]:
    clock, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        result = JOBS[name](*paths)
    except ModuleNotFoundError as error:
        return {"missing": error.name}
    except Exception as error:  # noqa: BLE001 -- whatever another program does is told, and the next is asked
        return {"error": f"{type(error).__name__}: {error}"}
    user = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
    return {"result": result, "seconds": time.perf_counter() - clock, "user": user}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        told = answer(*sys.argv[1:])
        sys.exit(None if "seconds" in told else str(told))
    # What a package prints must not come between answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(answer(*json.loads(line))), file=answers, flush=True)
