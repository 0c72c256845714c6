# %% [markdown]
# # A cycler file in a notebook
#
# Run it cell by cell (VS Code, Spyder, or `jupytext --to notebook examples/notebook.py`), or as a program from the
# repository's root: `python examples/notebook.py`. It needs `pip install '.[polars]'`.

# %%
import polars as pl

import cyclerprep

# %% [markdown]
# One call reads a file of any supported cycler. A notebook shows the picture, the facts and every decision.

# %%
cell = cyclerprep.read("fixtures/neware/flat.csv", timezone="Europe/Berlin")
cell

# %% [markdown]
# Three tables, in polars without a copy.

# %%
rows = cell.time_series.to_polars()
steps = cell.steps.to_polars()
assert rows.height == 112 and steps.height == 10
rows.head()

# %% [markdown]
# What was decided on the way, and whether the platform would take it.

# %%
for note in cell.notes:
    print(note.code, note.message)
cell.raise_if_invalid()

# %% [markdown]
# From here on it is polars: the energy of each cycle.

# %%
energy = steps.group_by("Cycle count", maintain_order=True).agg(
    pl.col("Charge energy [W.h]").sum(), pl.col("Discharge energy [W.h]").sum()
)
print(energy)

# %% [markdown]
# A transform on a frame of one's own, back in the same kind; then the validator.

# %%
halved = rows.with_columns(pl.col("Current [A]") / 2)
again = cyclerprep.transform.set_capacity(halved.drop("Charge capacity [A.h]", "Discharge capacity [A.h]"))
print(rows["Discharge capacity [A.h]"].max(), "A.h became", again["Discharge capacity [A.h]"].max(), "A.h")
found = cyclerprep.validate(again, strict=True)
print(found)
