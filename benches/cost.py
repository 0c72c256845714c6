"""What `prep convert` costs: instructions, memory and seconds, beside programs that only load and store the same files.

    cargo build --release
    python benches/cost.py                        # every table
    python benches/cost.py instructions memory    # these

It makes the long tests it needs (see `long_tests.py`) unless `--files` has them, and deletes what it made. What is missing on a
machine, valgrind or another program, is left out and named. Close other work first: `seconds` and `others` are wall-clock times.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import long_tests

HERE = Path(__file__).resolve().parent
TABLES = ["instructions", "memory", "seconds", "others"]
MISSING = "-"

# Stages, by the module of this crate or by the name of a function of another.
MODULES = {
    "text and columns": "text formats makers map detect source load series wall_clock zone archive sheet jet binary",
    "witnesses and checks": "witness validate signal",
    "transforms": "transform",
    "Parquet": "bundle parquet",
    "tables, picture, index": "summary batch plot overview measurement issue note findings inspect page html",
}
STAGE_OF = {module: stage for stage, modules in MODULES.items() for module in modules.split()}
# Unnamed functions are BLAKE3's, which are assembler.
FOREIGN = [
    ("zstd", re.compile(r"^(ZSTD|HUF|FSE|HIST|XXH|zstd)")),
    ("BLAKE3", re.compile(r"blake3|^0x[0-9a-f]+$")),
    ("memory", re.compile(r"^_*(mem(cpy|move|set)|mi_|_mi_|malloc|calloc|realloc|free|mmap|munmap)|mimalloc")),
    ("Parquet", re.compile(r"polars_(parquet|compute)|polars-(parquet|compute)")),
    ("text and columns", re.compile(r"memchr|calamine|quick_xml|flate2|encoding_rs")),
]


def stage_of(name: str, is_file: bool) -> str | None:
    """The stage of a source file or a function, if its name tells."""
    if not is_file or "/src/" in name and not re.search(r"/registry/|/rustc/|/library/", name):
        for module in re.findall(r"/src/(\w+)" if is_file else r"cyclerprep::(\w+)", name):
            return STAGE_OF.get(module)
    return next((stage for stage, pattern in FOREIGN if pattern.search(name)), None)


def by_stage(profile: Path) -> tuple[int, dict[str, float]]:
    """Instructions in all and of each stage. A function of no stage's name (an iterator's) goes where its inlined lines go."""
    command = ["callgrind_annotate", "--threshold=100", "--auto=no", "--inclusive=no", str(profile)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    total, stages, unknown = 0, defaultdict[str, float](float), defaultdict[str, int](int)
    inlined = defaultdict[str, dict[str, int]](lambda: defaultdict(int))
    for line in told.splitlines():
        found = re.match(r"\s*([\d,]+) \([^)]*\)\s+(.*?)(?: \[[^\]]*\])?$", line)
        if not found:
            continue
        count, name = int(found[1].replace(",", "")), found[2]
        if name == "PROGRAM TOTALS":
            total = count
            continue
        file, _, function = name.partition(":")
        function = re.sub(r"'\d+$", "", function)
        own = stage_of(file, True)
        stage = own or stage_of(function, False)
        if stage:
            stages[stage] += count
            inlined[function][stage] += count
        else:
            unknown[function] += count
    for function, count in unknown.items():
        shares = inlined.get(function, {"the rest": 1})
        for stage, share in shares.items():
            stages[stage] += count * share / sum(shares.values())
    return total, dict(stages)


class Failed(SystemExit):
    """A program that ended with an error: where nothing else is said, so does this one."""


class Peers:
    """Other programs in one warm process of another Python."""

    def __init__(self, python: str) -> None:
        self.python, self.missing = python, set[str]()
        command = [python, str(HERE / "peers.py")]
        pipe, none = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=none, text=True)

    def ask(self, *job: str) -> dict[str, Any] | None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline() or '{"error": "ended"}')
        if "seconds" in told:
            return told
        self.missing.add(told["missing"] if "missing" in told else f"{' '.join(job)}: {told['error']}")
        return None


def run(command: list[str], **environment: str) -> tuple[float, float, int]:
    """Seconds, user CPU seconds and peak bytes of a program. This process is small: what it has would count as the child's."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | environment)
    assert child.stderr
    error = child.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise Failed(f"{' '.join(command)}: exit {child.returncode}\n{error.strip()[:300]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - begin, usage.ru_utime, usage.ru_maxrss * unit


def table(title: str, heads: list[str], rows: Iterable[list[str]]) -> None:
    """Prints each row as it is made."""
    print(f"\n{title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


class Cost:
    """The tables."""

    def __init__(self, options: argparse.Namespace, scratch: Path) -> None:
        self.options, self.scratch, self.out = options, scratch, scratch / "out"
        self.peers, self.skipped = Peers(options.python), set[str]()

    def convert(self, file: Path) -> list[str]:
        return [self.options.prep, "convert", str(file), "-o", str(self.out), "--force", "-q", "--strict"]

    def tests(self, default: list[int]) -> Iterable[tuple[str, Path]]:
        for cycles in self.options.cycles or default:
            for maker in long_tests.DIALECTS:
                there = self.options.files and long_tests.path(maker, cycles, self.options.files)
                made = there if there and there.exists() else long_tests.write(maker, cycles, self.scratch)
                yield f"{maker}, {cycles:,}", made

    def counted(self, command: list[str], to: Path) -> None:
        one = {"RAYON_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
        run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={to}", *command], **one)

    def instructions(self) -> None:
        if not shutil.which("valgrind"):
            self.skipped.add("instructions: no valgrind")
            return
        stages = [*MODULES, "zstd", "BLAKE3", "memory", "the rest"]
        there, peer = self.peers.ask("polars_import") is not None, [self.options.python, str(HERE / "peers.py")]

        def total(*job: str) -> int:
            self.counted([*peer, *job], profile := self.scratch / "peer.callgrind")
            return int(re.findall(r"^(?:summary|totals): (\d+)", profile.read_text(), re.MULTILINE)[-1])

        bare = total("polars_import") if there else 0

        def rows() -> Iterable[list[str]]:
            for name, file in self.tests([100]):
                size, profile = file.stat().st_size, self.scratch / "prep.callgrind"
                self.counted(self.convert(file), profile)
                whole, of = by_stage(profile)
                beside = total("polars_text", str(file), str(self.scratch / "raw.parquet")) - bare if there else 0
                ratio = [f"{beside / size:.1f}", f"{beside / whole:.2f}"] if there else [MISSING, MISSING]
                yield [name, f"{whole / size:.1f}", *(f"{of.get(stage, 0) / size:.1f}" for stage in stages), *ratio]

        heads = ["test, cycles", "prep", *stages, "polars", "polars/prep"]
        table("Instructions per byte of the file, one thread", heads, rows())

    def memory(self) -> None:
        def row(name: str, file: Path, runs: int) -> list[str]:
            seen = [run(self.convert(file)) for _ in range(runs)]
            peak = max(each[2] for each in seen) / 1e6
            written = self.out / file.name / "time_series.parquet"
            told = self.peers.ask("frame_bytes", str(written))
            shutil.rmtree(self.out)
            size, seconds = file.stat().st_size / 1e6, statistics.median(each[0] for each in seen)
            held = [f"{size:.0f}", f"{seconds:.2f}", f"{peak:.0f}"]
            if not told:
                return [name, *held, MISSING, MISSING, MISSING]
            limit = 1.3 * told["result"] / 1e6 + 64
            return [name, *held, f"{told['result'] / 1e6:.0f}", f"{limit:.0f}", "yes" if peak <= limit else "NO"]

        def rows() -> Iterable[list[str]]:
            for name, file in self.tests([400, 1600]):
                yield row(name, file, 3)
            if cycles := self.options.huge:
                file = long_tests.write("arbin", cycles, self.scratch)
                yield row(f"arbin, {cycles:,}", file, 1)
                file.unlink()

        heads = ["test, cycles", "MB", "seconds", "peak MB", "frame MB", "1.3 frame + 64", "within"]
        table("Most memory that was resident", heads, rows())

    def seconds(self) -> None:
        def rows() -> Iterable[list[str]]:
            for name, file in self.tests([400, 1600]):
                own, peer = self.both(self.convert(file), "polars_text", str(file), str(self.scratch / "raw.parquet"))
                yield [name, *compared(file, own, peer)]

        heads = ["test, cycles", "MB", "prep s", "prep user s", "polars s", "polars user s", "polars/prep"]
        table(f"Seconds, medians of {self.options.runs} runs in turns; polars is warm", heads, rows())

    def others(self) -> None:
        def rows() -> Iterable[list[str]]:
            for kind, job in [("workbook", "polars_workbook"), ("ndax", "fastnda_read"), ("mpr", "")]:
                file: Path | None = getattr(self.options, kind)
                if not file:
                    self.skipped.add(f"others: no --{kind} FILE")
                    continue
                for what, command in self.readers(file):
                    try:
                        own, peer = self.both(command, *([job, str(file)] if job else []))
                    except Failed as failed:
                        self.skipped.add(f"others: {what} of {file.name}: {failed}")
                        continue
                    speed = file.stat().st_size / 1e9 / statistics.median(each[0] for each in own)
                    yield [f"{file.name}, {what}", *compared(file, own, peer), f"{speed:.2f}"]

        heads = ["file", "MB", "prep s", "prep user s", "other s", "other user s", "other/prep", "prep GB/s"]
        table(f"Other formats, medians of {self.options.runs} runs in turns; others are warm", heads, rows())

    def readers(self, file: Path) -> Iterable[tuple[str, list[str]]]:
        """Reading to a frame alone, which is what the others do, and the whole conversion."""
        if self.options.frame:
            yield "read", [self.options.frame, str(file)]
        else:
            self.skipped.add("others: no --frame (cargo build --release --example frame): reading alone")
        yield "convert", [part for part in self.convert(file) if part != "--strict"] + ["--keep-invalid"]

    def both(self, command: list[str], *job: str) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Seconds and user seconds of each run of this program and of the other, in turns, after one run that is not counted."""
        own, peer = [], []
        for turn in range(self.options.runs + 1):
            mine, other = run(command), self.peers.ask(*job) if job else None
            if turn:
                own.append(mine[:2])
                peer += [(other["seconds"], other["user"])] if other else []
        return own, peer


def compared(file: Path, own: list[tuple[float, float]], peer: list[tuple[float, float]]) -> list[str]:
    """Size, medians of both and their ratio."""
    mine = [statistics.median(each) for each in zip(*own)]
    told = [f"{file.stat().st_size / 1e6:.0f}", *(f"{each:.3f}" for each in mine)]
    if not peer:
        return [*told, MISSING, MISSING, MISSING]
    other = [statistics.median(each) for each in zip(*peer)]
    return [*told, *(f"{each:.3f}" for each in other), f"{other[0] / mine[0]:.2f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)} [default: all]")
    parser.add_argument("--prep", default=str(HERE.parent / "target/release/prep"), help="the program")
    parser.add_argument("--frame", help="the example `frame`, which only reads: for `others`")
    parser.add_argument("--python", default=sys.executable, help="a Python that has polars, fastexcel and fastnda")
    parser.add_argument("--files", type=Path, help="folder with long tests named as those of long_tests.py")
    parser.add_argument("--cycles", type=int, nargs="+", help="lengths of the long tests, in place of each table's own")
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each program [default: 5]")
    parser.add_argument("--scratch", type=Path, help="where to make files [default: the temporary folder]")
    parser.add_argument("--huge", type=int, nargs="?", const=24000, help="`memory` of 24,000 cycles (5 GB) too")
    for kind in ("workbook", "ndax", "mpr"):
        parser.add_argument(f"--{kind}", type=Path, help="a file for `others`")
    options = parser.parse_args()
    if unknown := set(options.tables) - set(TABLES):
        parser.error(f"unknown table {', '.join(sorted(unknown))}: expected {', '.join(TABLES)}")
    if not shutil.which(options.prep):
        parser.error(f"there is no program {options.prep}: run `cargo build --release`, or name it with --prep")
    with tempfile.TemporaryDirectory(dir=options.scratch, prefix="prep-cost-") as scratch:
        cost = Cost(options, Path(scratch))
        print(f"{options.prep} on {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}")
        for name in options.tables or TABLES:
            getattr(cost, name)()
        skipped = cost.skipped | {f"not there or failed: {name}" for name in cost.peers.missing}
        print("".join(f"\nSkipped: {each}" for each in sorted(skipped)))


if __name__ == "__main__":
    main()
