"""Transforms, summaries, validator: the arithmetic is the library's, held by its own tests; here is that it arrives."""

from __future__ import annotations

import inspect
import re
import warnings
from pathlib import Path

import pytest
from conftest import ROOT

import cyclerprep
from cyclerprep import Frame, summary, transform

#: 1 A for an hour into a cell, then 2 A for half an hour out of it: 1 A·h each, 3.5 and 3.0 W·h.
TEST = {
    "Time [s]": [0.0, 1800.0, 3600.0, 3601.0, 4501.0, 5401.0],
    "Current [A]": [-1.0, -1.0, -1.0, 2.0, 2.0, 2.0],
    "Voltage [V]": [3.5, 3.5, 3.5, 3.0, 3.0, 3.0],
    "Step count": [0, 0, 0, 1, 1, 1],
    "Cycle count": [0, 0, 0, 0, 0, 0],
}


def test_every_transform_of_the_library_is_there() -> None:
    text = (ROOT / "src/transform/mod.rs").read_text()
    public = set(
        re.findall(
            r"\b((?:set|reset|resign|repair|remove|join|keep|fix|offset|derive|convert|cumulative|blank)_\w+)", text
        )
    )
    modules = set(re.findall(r"^mod (\w+);", text, re.M))
    assert public - modules <= set(transform.__all__)
    assert {name for name in transform.__all__ if not callable(getattr(transform, name))} == set()


def test_capacity_energy_and_power() -> None:
    frame = transform.set_power(transform.set_energy(transform.set_capacity(TEST, capacity="integrated")))
    assert frame.to_list("Charge capacity [A.h]") == pytest.approx([0, 0.5, 1, 0, 0, 0])
    assert frame.to_list("Discharge capacity [A.h]") == pytest.approx([0, 0, 0, 0, 0.5, 1])
    assert frame.to_list("Charge energy [W.h]")[2] == pytest.approx(3.5)
    assert frame.to_list("Discharge energy [W.h]")[5] == pytest.approx(3.0)
    assert frame.to_list("Power [W]") == [-3.5] * 3 + [6.0] * 3


def test_steps_and_cycles() -> None:
    frame = transform.set_energy(transform.set_capacity(TEST))
    steps = summary.steps(frame)
    assert len(steps) == 2 and steps.to_list("Duration [s]") == [3600.0, 1800.0]
    cycles = summary.cycles(steps)
    assert len(cycles) == 1
    assert cycles.to_list("Discharge capacity [A.h]") == pytest.approx([1.0])


def test_what_takes_a_number_takes_it_in_its_place() -> None:
    # 1 A on 10 cm² is 100 mA/cm².
    dense = transform.convert_total_current_to_current_density(TEST, 10.0)
    assert dense.to_list("Current [mA.cm-2]")[0] == pytest.approx(-100.0)
    back = transform.convert_current_density_to_total_current(dense, area=10.0)
    assert back.to_list("Current [A]")[0] == pytest.approx(-1.0)
    with pytest.raises(ValueError, match="expected one of auto, reported, integrated"):
        transform.set_capacity(TEST, capacity="none")  # type: ignore[arg-type]


def test_what_is_decided_is_a_warning() -> None:
    backwards = {**TEST, "Time [s]": [0.0, 1800.0, 3600.0, 3500.0, 4501.0, 5401.0]}
    with pytest.raises(cyclerprep.CyclerprepError) as caught:
        transform.reset_time(backwards)
    assert caught.value.kind == "time"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        frame = transform.reset_time(backwards, time_offset_fix=1.0)
    assert [str(w.message).split(":")[0] for w in told] == ["time_repaired"] and told[0].filename == __file__
    # The backward step becomes 1 s: 3601 s; the next row comes 1001 s later.
    assert frame.to_list("Time [s]")[3:5] == [3601.0, 4602.0]


def test_the_standard_order_is_that_of_read(fixtures: Path) -> None:
    cell = cyclerprep.read(fixtures / "neware/flat.csv")
    raw = cell.time_series.select(["Time [s]", "Current [A]", "Voltage [V]", "Step from cycler", "Cycle from cycler"])
    again = transform.standard(raw, capacity="integrated")
    assert again.to_list("Step count") == cell.time_series.to_list("Step count")
    assert cyclerprep.validate(again).is_valid


def test_the_validator_takes_a_measurement_or_a_frame(fixtures: Path) -> None:
    cell = cyclerprep.read(fixtures / "neware/flat.csv")
    assert cyclerprep.validate(cell, strict=True).is_valid
    assert cyclerprep.validate(cell.time_series, steps=cell.steps, strict=True).is_valid
    found = cyclerprep.validate({"SOC": [0.0, 1.0]}, data_type="ocp")
    assert found.has_code("ocp_voltage_column_missing") and "error ocp_voltage_column_missing" in repr(found)
    with pytest.raises(TypeError, match="unexpected keyword argument 'timezone'"):
        cyclerprep.validate(TEST, timezone="UTC")  # type: ignore[call-arg]


def test_signatures_have_defaults_and_texts() -> None:
    for name in transform.__all__:
        function = getattr(transform, name)
        assert function.__doc__, name
        for parameter in list(inspect.signature(function).parameters.values())[1:]:
            required = parameter.name in ("area", "rated_capacity")
            assert required or parameter.default is not inspect.Parameter.empty, (name, parameter)
    assert len(Frame(TEST)) == 6
