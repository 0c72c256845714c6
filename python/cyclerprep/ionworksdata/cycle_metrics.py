"""What each cycle did, with the reference's names."""

from __future__ import annotations

from typing import Any

import polars as pl


def get_cycle_metrics(steps: pl.DataFrame, options: dict[str, Any] | None = None) -> pl.DataFrame:
    """One row a cycle: capacities, energies, efficiencies, retention, currents, throughput."""
    density = (options or {}).get("current units", "total") == "density"
    capacity = [f"{way} capacity [{'mA.h.cm-2' if density else 'A.h'}]" for way in ("Discharge", "Charge")]
    energy = [f"{way} energy [W.h]" for way in ("Discharge", "Charge")]
    has = set(steps.columns)

    def weighted(name: str, sign: int) -> list[pl.Expr]:
        current, duration = pl.col("Mean current [A]"), pl.col("Duration [s]")
        flows = current * sign > 0
        seconds = duration.filter(flows).sum()
        mean = (current * duration).filter(flows).sum() / seconds
        shown = pl.when(seconds > 0).then(mean)
        return [shown.alias(f"Mean {name} current [A]"), seconds.alias(f"{name.capitalize()} duration [s]")]

    parts = [pl.col(name).sum() for name in [*capacity, *energy] if name in has]
    parts += [pl.col("Min voltage [V]").min()] if "Min voltage [V]" in has else []
    parts += [pl.col("Max voltage [V]").max()] if "Max voltage [V]" in has else []
    parts += [pl.col("Mean temperature [degC]").mean()] if "Mean temperature [degC]" in has else []
    parts += [pl.col("Duration [s]").sum().alias("Cycle duration [s]")] if "Duration [s]" in has else []
    parts += [pl.col("Start time [s]").first()] if "Start time [s]" in has else []
    if {"Mean current [A]", "Duration [s]"} <= has:
        currents = [*weighted("discharge", 1), *weighted("charge", -1)]
    else:
        currents = []
    made = steps.group_by("Cycle count", maintain_order=True).agg([*parts, *currents])

    def ratio(top: str, bottom: str) -> pl.Expr:
        return pl.when(pl.col(bottom) > 0).then(pl.col(top) / pl.col(bottom))

    derived = [ratio(*capacity).alias("Coulombic efficiency")]
    with_energy = set(energy) <= has
    if with_energy:
        derived.append(ratio(*energy).alias("Energy efficiency"))
    derived.append((pl.col(capacity[0]) / pl.col(capacity[0]).first()).alias("Capacity retention"))
    derived.append((1 - pl.col(capacity[0]) / pl.col(capacity[0]).first()).alias("Capacity fade"))
    if with_energy:
        derived.append((pl.col(energy[0]) / pl.col(energy[0]).first()).alias("Energy retention"))
        derived.append((1 - pl.col(energy[0]) / pl.col(energy[0]).first()).alias("Energy fade"))
    throughput = [
        (pl.col(capacity[0]) + pl.col(capacity[1]))
        .cum_sum()
        .alias(capacity[0].replace("Discharge capacity", "Capacity throughput"))
    ]
    if with_energy:
        throughput.append((pl.col(energy[0]) + pl.col(energy[1])).cum_sum().alias("Energy throughput [W.h]"))
    names = [
        name
        for name in made.columns
        if "current" not in name and name not in ("Discharge duration [s]", "Charge duration [s]")
    ]
    flows = [name for name in made.columns if name not in names]
    return made.select([*names, *derived, *flows, *throughput])
