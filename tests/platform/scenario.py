"""The scenario of `scenario.rs`, driven by the platform's own client: python scenario.py URL FOLDER."""

import json
import os
import sys
import tempfile
from pathlib import Path

url, folder = sys.argv[1], Path(sys.argv[2])
os.environ |= {"IONWORKS_API_KEY": "secret-key-0815", "IONWORKS_API_URL": url}
import ionworks  # noqa: E402
import polars as pl  # noqa: E402

ionworks.set_cache_directory(tempfile.mkdtemp())
ionworks.set_dataframe_backend("polars")
c = ionworks.Ionworks()


def facts(name):
    stored = json.loads((folder / name / "measurement.json").read_text())
    stored.pop("measurement_type")
    stored["test_setup"]["channel_number"] = int(stored["test_setup"]["channel_number"])
    return stored


def tables(name):
    steps = pl.read_parquet(folder / name / "steps.parquet").drop("source", "name")
    return {"time_series": pl.read_parquet(folder / name / "time_series.parquet"), "steps": steps}


nmc = {"name": "NMC/Gr", "form_factor": "R2032", "ratings": {"capacity": {"value": 0.005, "unit": "A*h"}}}
spec = c.cell_spec.create(nmc)
c.cell_spec.create_or_get(nmc)
c.cell_spec.get(spec.id)
lot = c.cell_batch.create(spec.id, {"name": "lot 1"})
c.cell_batch.create_or_get(spec.id, {"name": "lot 1"})
measured = {"capacity": {"value": 0.0049, "unit": "A*h"}}
one = c.cell_instance.create(
    spec.id, {"name": "cell 1", "batch_id": lot.id, "date_manufactured": "2026-01-05", "measured_properties": measured}
)
c.cell_instance.create_or_get(spec.id, {"name": "cell 2"})
c.cell_instance.create_or_get(spec.id, {"name": "cell 2"})
c.cell_instance.update(one.id, {"notes": "x"})
made = [c.cell_measurement.create(one.id, {"measurement": facts(n), **tables(n)}, validate_strict=True) for n in ("F0", "F1", "F2")]
first = made[0].id
weight = c.cell_measurement.create_properties(
    one.id, name="P", properties={"mass": {"value": 45.3, "unit": "g"}, "look": "fine", "n": 3}, notes="w", test_setup={"lab": "L"}
)
sem = c.cell_measurement.create_file(one.id, name="SEM", filepaths=[str(folder / "a b.png")], validate_images=True, notes="w")
c.cell_measurement.extend(first, pl.read_parquet(folder / "more.parquet"))
a, b = "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
both = dict(created_after=a, created_before=b, updated_after=a, updated_before=b, order_by="name", order="desc", limit=5, offset=1)
c.cell_spec.list(form_factor="R2032", name="m", created_by_email="jane", **both)
c.cell_instance.list(spec.id, batch_id=lot.id, name="50% a_b*", **both)
c.cell_measurement.list(
    one.id, measurement_type="time_series", name="F", started_after=a, started_before=b, tags_all=["x"], tags_any=["y", "z"], **both
)
c.cell_instance.list(spec.id, name_exact="k & l")
c.cell_measurement.update(first, {"notes": "new"})
c.cell_measurement.add_tags([first], ["q"])
frame = c.cell_measurement.time_series(first, use_cache=False)
frame.write_parquet(folder / "official.parquet")
c.cell_measurement.steps(made[1].id, use_cache=False)
c.cell_measurement.cycles(first, use_cache=False)
c.cell_measurement.steps_and_cycles(made[1].id, use_cache=False)
c.cell_measurement.list_files(sem.id)
assert c.cell_measurement.get_file(sem.id, "a b.png") == (folder / "a b.png").read_bytes()
c.cell_measurement.wait_for_processing([first])
c.cell_measurement.delete(weight.id)
c.cell_instance.delete(one.id)
c.cell_batch.delete(lot.id)
c.cell_spec.delete(spec.id)
