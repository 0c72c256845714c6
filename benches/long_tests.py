"""Long cycling tests as the text exports of four makers: `python benches/long_tests.py CYCLES FOLDER` (1,480 rows a cycle).

A cell of 5 Ah between 10 % and 90 %, a row each 10 s: rest, charge, hold, rest, discharge. Rows are written as they are made, so
that a file may be larger than memory.
"""

from __future__ import annotations

import datetime
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

AMPERE_HOURS, OHM, EVERY, AMPERES = 5.0, 0.03, 10.0, 2.5
BEGIN = datetime.datetime(2024, 3, 1, 8)


class Row(NamedTuple):
    """A record, in SI units but for ampere-hours and watt-hours; capacity and energy count from the begin of the step."""

    number: int
    time: float
    step_time: float
    cycle: int
    step: int
    current: float
    voltage: float
    capacity: float
    energy: float
    charged: float
    discharged: float
    energy_in: float
    energy_out: float


def currents(soc: float) -> Iterator[tuple[int, list[float]]]:
    """The steps of a cycle that begins so, each with its currents."""
    hold = [2.0 * math.exp(-k / 40.0) for k in range(180)]
    charge = int((0.9 - soc) * AMPERE_HOURS / AMPERES * 3600 / EVERY)
    after = soc + (charge * AMPERES + sum(hold)) * EVERY / 3600 / AMPERE_HOURS
    discharge = int((after - 0.1) * AMPERE_HOURS / AMPERES * 3600 / EVERY)
    yield from [(1, [0.0] * 60), (2, [AMPERES] * charge), (3, hold), (4, [0.0] * 60), (5, [-AMPERES] * discharge)]


def simulate(cycles: int) -> Iterator[Row]:
    """The rows of so many cycles."""
    number, time, soc = 0, -EVERY, 0.1
    charged = discharged = energy_in = energy_out = 0.0
    exp, sin = math.exp, math.sin
    for cycle in range(1, cycles + 1):
        for step, values in currents(soc):
            begin, capacity, energy, before = time + EVERY, 0.0, 0.0, time
            for current in values:
                number, time = number + 1, time + EVERY
                soc += current * EVERY / 3600 / AMPERE_HOURS
                voltage = 3.0 + 1.2 * soc - 0.15 * exp(-20 * soc) + 0.05 * sin(6 * soc) + current * OHM
                moved = (time - before) * abs(current) / 3600 if number > 1 else 0.0
                before = time
                capacity, energy = capacity + moved, energy + moved * voltage
                if current > 0:
                    charged, energy_in = charged + moved, energy_in + moved * voltage
                elif current < 0:
                    discharged, energy_out = discharged + moved, energy_out + moved * voltage
                yield Row(number, time, time - begin, cycle, step, current, voltage, capacity, energy, charged,
                          discharged, energy_in, energy_out)  # fmt: skip
            time += 0.37


def clock(days: str) -> Callable[[float], str]:
    """What writes a date so and the time of day to milliseconds: `strftime` for each row would cost more than the rest."""
    seen: dict[int, str] = {}

    def write(time: float) -> str:
        seconds = time + 8 * 3600
        day = int(seconds // 86400)
        if day not in seen:
            seen[day] = (BEGIN + datetime.timedelta(days=day)).strftime(days)
        return f"{seen[day]} {duration(seconds % 86400)}"

    return write


def duration(seconds: float) -> str:
    """`01:02:03.456`, cut to the millisecond."""
    millis = int(seconds * 1000 + 1e-6)
    return f"{millis // 3600000:02d}:{millis // 60000 % 60:02d}:{millis // 1000 % 60:02d}.{millis % 1000:03d}"


def maccor(rows: Iterator[Row]) -> Iterator[str]:
    yield "Today's Date 09/01/2024  Date of Test:\t03/01/2024\t Filename:\tC:\\Data\\long.034 Procedure: long.000\n"
    yield "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n"
    when = clock("%m/%d/%Y")
    for r in rows:
        yield (
            f"{r.number}\t{r.cycle - 1}\t{r.step}\t{r.time:.2f}\t{r.step_time:.2f}\t{r.capacity:.10f}\t{r.energy:.10f}\t"
            f"{abs(r.current):.10f}\t{r.voltage:.8f}\t{'RCCRD'[r.step - 1]}\t1\t{when(r.time)[:-4]}\n"
        )


def arbin(rows: Iterator[Row]) -> Iterator[str]:
    yield "Data Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),"
    yield "Charge Capacity (Ah),Discharge Capacity (Ah),Charge Energy (Wh),Discharge Energy (Wh),Aux_Temperature_1 (C)\n"
    when = clock("%m/%d/%Y")
    for r in rows:
        yield (
            f"{r.number},{when(r.time)},{r.time:.4f},{r.step_time:.4f},{r.cycle},{r.step},{r.current:.7f},"
            f"{r.voltage:.7f},{r.charged:.8f},{r.discharged:.8f},{r.energy_in:.8f},{r.energy_out:.8f},25.1\n"
        )


def biologic(rows: Iterator[Row]) -> Iterator[str]:
    yield "EC-Lab ASCII FILE\nNb header lines : 6                          \n\nModulo Bat\n"
    yield "Acquisition started on : 03/01/2024 08:00:00.000\n"
    yield "mode\tox/red\terror\tcontrol changes\tNs changes\tcounter inc.\tNs\ttime/s\tcontrol/V/mA\tEwe/V\tI/mA\t"
    yield "(Q-Qo)/mA.h\tcycle number\tTemperature/°C\t\n"
    for r in rows:
        milli, net = f"{r.current * 1000:.7E}", (r.charged - r.discharged) * 1000
        yield (
            f"{2 if r.step == 3 else 1}\t{int(r.current > 0)}\t0\t0\t0\t0\t{r.step}\t{r.time:.15E}\t{milli}\t"
            f"{r.voltage:.7E}\t{milli}\t{net:.15E}\t{r.cycle:.15E}\t2.5E+001\t\n"
        )


def neware(rows: Iterator[Row]) -> Iterator[str]:
    yield "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Spec. Cap.(mAh/g),"
    yield "Chg. Cap.(Ah),DChg. Cap.(Ah),Energy(Wh),Chg. Energy(Wh),DChg. Energy(Wh),Date,Power(W)\n"
    when, names = clock("%Y-%m-%d"), ["Rest", "CC Chg", "CV Chg", "Rest", "CC DChg"]
    for r in rows:
        into, out = r.current > 0, r.current < 0
        capacity, energy = f"{r.capacity:.6f}", f"{r.energy:.6f}"
        yield (
            f"{r.number},{r.cycle},{r.step},{names[r.step - 1]},{duration(r.step_time)},{duration(r.time)},"
            f"{r.current:.4f},{r.voltage:.4f},{capacity},0,{capacity if into else '0.000000'},"
            f"{capacity if out else '0.000000'},{energy},{energy if into else '0.000000'},"
            f"{energy if out else '0.000000'},{when(r.time)[:-4]},{r.voltage * r.current:.5f}\n"
        )


Dialect = tuple[str, Callable[[Iterator[Row]], Iterator[str]], str, str]
DIALECTS: dict[str, Dialect] = {
    "maccor": (".txt", maccor, "utf-8", "\n"),
    "arbin": (".csv", arbin, "utf-8", "\n"),
    "biologic": (".mpt", biologic, "latin-1", "\r\n"),
    "neware": (".csv", neware, "utf-8", "\n"),
}


def path(maker: str, cycles: int, folder: Path) -> Path:
    """Where such a test lies."""
    return folder / f"{maker}_{cycles}{DIALECTS[maker][0]}"


def write(maker: str, cycles: int, folder: Path) -> Path:
    """Writes a test unless it is there."""
    target, (_, lines, encoding, newline) = path(maker, cycles, folder), DIALECTS[maker]
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        with open(part, "w", encoding=encoding, newline=newline, buffering=1 << 20) as out:
            out.writelines(lines(simulate(cycles)))
        part.replace(target)
    return target


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for each in DIALECTS:
        print(write(each, int(sys.argv[1]), Path(sys.argv[2])))
