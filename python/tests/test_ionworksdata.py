"""The drop-in: names, signatures and shapes are those of ionworksdata 0.20.2, taken by introspection and by running it."""

from __future__ import annotations

import inspect
import re
import sys
import warnings
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import needed

from cyclerprep import CyclerprepError, MeasurementValidationError

READERS = "filename, extra_column_mappings=None, options=None"
NAMES = {
    "read": {
        **dict.fromkeys(["arbin", "arbin_eis", "biologic", "biologic_csv", "biologic_mpt", "bdf", "csv"], READERS),
        **dict.fromkeys(["maccor", "neware", "parquet"], READERS),
        "arbin_res": "filename, options=None",
        "detect_reader": "filename",
        "measurement_details": "filename, measurement, reader=None, extra_column_mappings=None, "
        "extra_constant_columns=None, options=None, keep_only_required_columns=True, data_type=None",
        "metadata": "filename, reader=None, options=None",
        "start_time": "filename, reader=None, extra_column_mappings=None, options=None",
        "time_series": "filename, reader=None, extra_column_mappings=None, extra_constant_columns=None, "
        "options=None, save_dir=None",
        "time_series_and_steps": "filename, reader=None, extra_column_mappings=None, extra_constant_columns=None, "
        "options=None, save_dir=None, *, cell_spec=None",
    },
    "transform": {
        "clear_time_domain_columns_on_eis_rows": "data",
        "convert_current_density_to_total_current": "data, metadata",
        "convert_total_current_to_current_density": "data, metadata",
        "derive_impedance_components": "data",
        "fix_swapped_charge_discharge_columns": "data, tolerance=0.1",
        "get_cumulative_cycle_number": "data, options=None",
        "get_cumulative_net_capacity": "data, options=None",
        "get_cumulative_step_number": "data, options=None",
        "offset_duplicate_times": "data, offset=1e-06",
        "remove_outliers": "data, column, z_threshold=3, data_range=None",
        "reset_time": "data",
        "resign_power_from_current": "data",
        "set_capacity": "data, options=None",
        "set_cumulative_cycle_number": "data, **kwargs",
        "set_cumulative_step_number": "data, **kwargs",
        "set_cycle_count": "data",
        "set_energy": "data, options=None",
        "set_net_capacity": "data, options=None",
        "set_nominal_soc": "data, cell_metadata, options=None",
        "set_positive_current_for_discharge": "data, options=None",
        "set_power": "data",
        "set_step_count": "data, options=None",
    },
    "steps": {
        "annotate": "time_series, steps, column_names",
        "identify": "time_series, *, cell_spec=None",
        "infer_type": "step, current_std_tol=None, voltage_std_tol=None, power_std_tol=None, rest_tol=None, eis_tol=None",
        "set_cycle_capacity": "steps",
        "set_cycle_energy": "steps",
        "summarize": "data, *, cell_spec=None",
    },
    "cycle_metrics": {"get_cycle_metrics": "steps, options=None"},
    "settings": {
        **{f"get_{name}": "" for name in ("current_std_tol", "eis_tol", "eis_tolerance", "power_std_tol", "rest_tol")},
        **{f"get_{name}": "" for name in ("settings", "sign_tolerance", "voltage_std_tol", "zero_current_percent_tol")},
        "reset_settings": "",
        "update_settings": "**kwargs",
    },
}
#: What the reference gives for fixtures/neware/flat.csv, sorted.
COLUMNS = [
    "Charge capacity [A.h]",
    "Charge energy [W.h]",
    "Current [A]",
    "Cycle count",
    "Cycle from cycler",
    "Discharge capacity [A.h]",
    "Discharge energy [W.h]",
    "Power [W]",
    "Step count",
    "Step from cycler",
    "Time [s]",
    "Voltage [V]",
]
FILE = "fixtures/neware/flat.csv"


@pytest.fixture
def iwd(fixtures: Path) -> ModuleType:
    needed("polars")
    import cyclerprep.ionworksdata

    return cyclerprep.ionworksdata


def test_names_and_signatures(iwd: ModuleType) -> None:
    for module, names in NAMES.items():
        for name, expected in names.items():
            found = str(inspect.signature(getattr(getattr(iwd, module), name))).split(" ->")[0][1:-1]
            plain = re.sub(r": '[^']*'", "", found).replace(" = ", "=")
            assert plain == expected, f"{module}.{name}"


def test_a_file(iwd: ModuleType) -> None:
    rows = iwd.read.time_series(FILE)
    assert sorted(rows.columns) == COLUMNS and rows.height == 112
    assert {str(kind) for kind in rows.dtypes} == {"Float64", "Int64"}
    rows, steps = iwd.read.time_series_and_steps(FILE, "neware")
    assert (rows.height, steps.height) == (112, 10)
    assert steps.columns[:3] == ["Start index", "End index", "Start time [s]"] and str(steps.dtypes[0]) == "Int64"
    assert steps["Step type"].to_list()[:3] == ["Rest", "Constant current charge", "Constant voltage charge"]
    extra = iwd.read.time_series(FILE, None, {"Spec. Cap.(mAh/g)": "Spec"}, {"T": 1.5})
    assert sorted(extra.columns) == sorted([*COLUMNS, "Spec", "T"]) and set(extra["T"]) == {1.5}


def test_facts(iwd: ModuleType, tmp_path: Path) -> None:
    at = datetime(2024, 3, 1, 8, tzinfo=timezone.utc)
    assert iwd.read.start_time(FILE) == at and iwd.read.metadata(FILE)["start_time"] == at
    assert iwd.read.detect_reader(FILE) == "neware"
    measurement: dict[str, Any] = {"name": "x"}
    details = iwd.read.measurement_details(FILE, measurement)
    assert details["measurement"] is measurement
    assert measurement["name"] == "x" and measurement["cycler"] == "neware"
    assert measurement["start_time"] == "2024-03-01T08:00:00+00:00" and measurement["test_setup"]["cycler"] == "neware"
    assert "Step from cycler" not in details["time_series"].columns
    iwd.read.time_series_and_steps(FILE, save_dir=tmp_path)
    loader = iwd.DataLoader.from_local(tmp_path)
    assert loader.data.height == 112 and loader.steps.height == 10
    assert iwd.read.time_series(tmp_path / "time_series.parquet", "parquet").height == 112


def test_errors(iwd: ModuleType) -> None:
    with pytest.raises(ValueError, match="Unsupported reader type: nonsense"):
        iwd.read.time_series(FILE, "nonsense")
    with pytest.raises(FileNotFoundError):
        iwd.read.time_series("nothing.csv")
    with pytest.raises(ValueError, match="Could not automatically detect reader type"):
        iwd.read.time_series("Cargo.toml")
    with pytest.raises(ValueError, match="expected a file of Maccor"):
        iwd.read.time_series(FILE, "maccor")
    with pytest.raises(NotImplementedError, match="novonix"):
        iwd.read.time_series(FILE, "novonix")
    with pytest.raises(NotImplementedError, match="sheets can only be None here, found"):
        iwd.read.time_series(FILE, options={"sheets": ["record"]})
    with pytest.raises(NotImplementedError, match="PyBaMM"):
        iwd.analysis  # noqa: B018
    with pytest.raises(ValueError, match="Invalid setting: nonsense"):
        iwd.update_settings(nonsense=1)


def test_warnings_of_files_are_seen_where_they_are_read(iwd: ModuleType, tmp_path: Path) -> None:
    whole = Path("fixtures/maccor/flat_line.034").read_bytes()
    cut = tmp_path / "cut.034"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    for read in (iwd.read.time_series, iwd.read.maccor, iwd.read.Maccor().run, iwd.read.start_time):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            read(cut)
        told = [w for w in caught if "partial_file" in str(w.message)]
        assert [w.filename for w in told] == [__file__], read


def test_options_of_tables(iwd: ModuleType, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    # µ is one byte in Latin-1, and none in UTF-8.
    rows = ["Time [s],Current [A],Voltage [V],\u00b5", "0,1,3.5,1", "10,1,3.4,1", "5,1,3.3,1", "6,1,3.2,1"]
    table.write_bytes("\n".join(rows).encode("latin-1"))
    told = {"encoding": "latin-1", "time_offset_fix": 2.0}
    # The backward step becomes 2 s, then 1 s more.
    expected = [0.0, 10.0, 12.0, 13.0]
    for frame in (
        iwd.read.time_series(table, "csv", options=told),
        iwd.read.csv(table, options=told),
        iwd.read.time_series_and_steps(table, "csv", {"\u00b5": "Extra"}, {"T": 1.0}, told)[0],
    ):
        assert frame["Time [s]"].to_list() == expected
    assert frame["Extra"].to_list() == [1] * 4 and frame["T"].to_list() == [1.0] * 4
    with pytest.raises(CyclerprepError, match="time"):
        iwd.read.time_series(table, "csv", options={"encoding": "latin-1"})
    for name in ("timezone", "sheet", "nonsense"):
        for function in (iwd.read.time_series, iwd.read.start_time, iwd.read.metadata):
            with pytest.raises(ValueError, match=f"Option '{name}' not recognized: no reader of tables"):
                function(table, "csv", options={**told, name: "UTC"})
    with pytest.raises(ValueError, match="Option 'nonsense' not recognized: no reader of files"):
        iwd.read.time_series(FILE, options={"nonsense": 1})
    assert iwd.read.start_time(table, "csv", options=told) is None
    assert iwd.read.metadata(table, "csv", options=told) == {"test_setup": {"cycler": "csv"}}


def test_options_of_the_reference(iwd: ModuleType) -> None:
    plain = iwd.read.time_series(FILE)
    # Its documentation gives the cell's data, on which none of its tables depends; the others are its defaults.
    for told in ({"cell_metadata": {"Nominal cell capacity [A.h]": 5}}, {"sheets": None}, {"time_offset_fix": -1}):
        assert iwd.read.time_series(FILE, options=told).equals(plain)
    integrated = iwd.read.time_series(FILE, options={"skip_capacity_columns": True})
    # The counters have eight digits, the integral is exact: they agree to 1e-6, and are not the same.
    column = "Discharge capacity [A.h]"
    assert integrated[column].to_list() == pytest.approx(plain[column].to_list(), rel=1e-3, abs=1e-3)
    assert not integrated[column].equals(plain[column])


def test_headers_of_tables(iwd: ModuleType, tmp_path: Path) -> None:
    frame, made = needed("polars").DataFrame, [0.0, 3600.0, 7200.0, 10800.0]
    hours, milli = [0.0, 1.0, 2.0, 3.0], [1000.0, 1000.0, 1000.0, 1000.0]
    volts, kelvin = [4000.0, 3900.0, 3800.0, 3700.0], [298.15, 298.15, 299.15, 299.15]
    for names in (
        ("Time (h)", "Current(mA)", "Voltage [mV]", "Temperature (K)"),
        ("time/h", "<I>/mA", "Ewe/mV", "Temperature[K]"),
        ("t_h", "current__mA", "h_potential__mV", "temp_K"),
    ):
        table = frame(dict(zip(names, (hours, milli, volts, kelvin))))
        for kind in ("csv", "parquet"):
            path = tmp_path / f"table.{kind}"
            table.write_csv(path) if kind == "csv" else table.write_parquet(path)
            rows = iwd.read.time_series(path, None if kind == "parquet" else "csv")
            assert rows["Time [s]"].to_list() == made, names
            # The voltage falls: it is a discharge, whose current is positive.
            assert rows["Current [A]"].to_list() == [1.0] * 4
            assert rows["Voltage [V]"].to_list() == pytest.approx([4.0, 3.9, 3.8, 3.7])
            assert rows["Temperature [degC]"].to_list() == pytest.approx([25.0, 25.0, 26.0, 26.0])
    assert iwd.read.detect_reader(path) == "parquet"
    # A mapped column stays as it is, whatever its name says, and the others are still found.
    told = {"Current(mA)": "Current [A]"}
    frame(dict(zip(("Time (h)", "Current(mA)", "Voltage [mV]"), (hours, [1.0] * 4, volts)))).write_csv(
        tmp_path / "m.csv"
    )
    rows = iwd.read.time_series(tmp_path / "m.csv", "csv", told)
    assert rows["Current [A]"].to_list() == [1.0] * 4 and rows["Time [s]"].to_list() == made
    # A unit that is none says nothing, and of two columns of a quantity the first counts.
    table = frame({"Time (s)": hours, "Time (h)": hours, "Current (A)": [1.0] * 4, "Voltage (V)": [4.0, 3.9, 3.8, 3.7]})
    table.with_columns(table["Time (h)"].alias("Temperature (furlong)")).write_csv(tmp_path / "two.csv")
    rows = iwd.read.time_series(tmp_path / "two.csv", "csv")
    assert rows["Time [s]"].to_list() == hours and "Temperature [degC]" not in rows.columns
    table.drop("Voltage (V)").write_csv(tmp_path / "less.csv")
    with pytest.raises(ValueError, match=r"Could not find a Voltage column: .*'Voltage \(mV\)', found .*HEADER: "):
        iwd.read.time_series(tmp_path / "less.csv", "csv")


def test_open_circuit_curves(iwd: ModuleType, tmp_path: Path) -> None:
    table, measurement = tmp_path / "curve.csv", {"name": "x"}
    table.write_text("cap,v,more\n0,4.1,7\n0.5,3.7,7\n1,3.2,7\n")
    given = ("csv", {"cap": "Capacity [A.h]", "v": "Voltage [V]"})
    details = iwd.read.measurement_details(table, measurement, *given, data_type="ocp")
    assert details["measurement"] is measurement and measurement["data_type"] == "ocp" and "steps" not in details
    # As the reference: one step of one cycle, no other column.
    expected = {"Voltage [V]": [4.1, 3.7, 3.2], "Step count": [0] * 3, "Cycle count": [0] * 3}
    assert details["time_series"].to_dict(as_series=False) == {**expected, "Capacity [A.h]": [0.0, 0.5, 1.0]}
    with pytest.raises(ValueError, match="needs the column 'Voltage "):
        iwd.read.measurement_details(table, {}, "csv", data_type="ocp")
    with pytest.raises(ValueError, match="needs one of the columns Capacity"):
        iwd.read.measurement_details(table, {}, "csv", {"v": "Voltage [V]"}, data_type="ocp")


def test_the_kind_of_data_is_that_of_the_check(iwd: ModuleType, tmp_path: Path) -> None:
    table = tmp_path / "rows.parquet"
    rows = {"Time [s]": [0.0, 1.0], "Current [A]": [1.0, 1.0], "Voltage [V]": [3.5, 3.4]}
    needed("polars").DataFrame(rows).write_parquet(table)
    # docs/validator.md: impedance needs its columns, whatever holds the rows.
    for path, reader in ((table, "parquet"), (FILE, None)):
        with pytest.raises(MeasurementValidationError) as caught:
            iwd.read.measurement_details(path, {}, reader, data_type="eis")
        assert caught.value.has_code("eis_columns_missing")
        for kind in (None, "time_series"):
            details = iwd.read.measurement_details(path, {}, reader, data_type=kind)
            assert "Step count" in details["time_series"].columns and details["steps"].height > 0
        iwd.read.measurement_details(path, {}, reader, data_type="eis", options={"validate": False})


def test_readers_as_classes(iwd: ModuleType) -> None:
    assert type(iwd.read.BaseReader.get_reader_object("neware")) is iwd.read.Neware
    reader = iwd.read.Neware()
    # The reference's own reader gives these, and nothing computed.
    raw = ["Current [A]", "Cycle from cycler", "Step from cycler", "Time [s]", "Voltage [V]"]
    assert sorted(reader.run(FILE).columns) == sorted(iwd.read.neware(FILE).columns) == raw
    assert reader.read_start_time(FILE) == iwd.read.start_time(FILE)
    modes = iwd.read.maccor("fixtures/maccor/flat_line.034")
    assert {"Mode from cycler", "End status from cycler"} < set(modes.columns) and "Step count" not in modes.columns


def test_steps_and_cycles(iwd: ModuleType) -> None:
    rows, steps = iwd.read.time_series_and_steps(FILE)
    assert iwd.steps.summarize(rows).columns == steps.columns
    told = iwd.steps.identify(rows)
    assert [iwd.steps.infer_type(step) for step in told] == steps["Step type"].to_list()
    marked = iwd.steps.annotate(rows, steps, ["Step type"])
    assert marked["Step type"].null_count() == 0 and marked["Step type"][0] == "Rest"
    metrics = iwd.cycle_metrics.get_cycle_metrics(steps)
    # By hand from the file: 34 min at 2.1 A, and 34 min at 2 A and 9 min that fade from there.
    assert metrics["Discharge capacity [A.h]"].to_list() == pytest.approx([1.19, 1.19])
    assert metrics["Mean discharge current [A]"].to_list() == pytest.approx([2.1, 2.1])
    assert metrics["Capacity throughput [A.h]"][1] == pytest.approx(2 * metrics["Capacity throughput [A.h]"][0])
    assert metrics.columns[-2:] == ["Capacity throughput [A.h]", "Energy throughput [W.h]"]
    assert metrics.columns[7:10] == ["Cycle duration [s]", "Start time [s]", "Coulombic efficiency"]


def test_loaders(iwd: ModuleType) -> None:
    needed("matplotlib").use("Agg")
    rows, steps = iwd.read.time_series_and_steps(FILE)
    loader = iwd.DataLoader(rows, steps)
    part = loader.slice_to_steps(1, 3)
    # The reference keeps the indices of the whole test: steps 1 to 3 begin at rows 5, 23, 33, and have 33 rows.
    assert part.data.height == 33 and part.steps["Start index"].to_list() == [5, 23, 33]
    assert iwd.DataLoader(rows, steps, first_step=1, last_step=3).data.equals(part.data)
    assert (loader.start_idx, loader.end_idx, part.start_idx, part.end_idx) == (0, 112, 5, 38)
    assert (part.copy().start_idx, part.copy().end_idx) == (5, 38)
    assert part["Voltage [V]"].equals(part.data["Voltage [V]"]) and part[["Time [s]"]].height == 33
    with pytest.raises(needed("polars").exceptions.ColumnNotFoundError, match="nope"):
        part["nope"]
    with pytest.raises(NotImplementedError, match="no interpolate_data here: polars"):
        part.interpolate_data  # noqa: B018
    with pytest.raises(AttributeError, match="nope"):
        part.nope  # noqa: B018
    assert part.slice_to_steps(1, 1).data.height == 10 and loader.copy().data.equals(rows)
    config = loader.to_local().to_config()
    assert iwd.DataLoader(**config["data"]).data.equals(rows)
    figure, axes = loader.plot_data()
    assert [axis.get_ylabel() for axis in axes] == ["Voltage [V]", "Current [A]"] and figure.axes
    warm = iwd.DataLoader(rows.with_columns(needed("polars").lit(25.0).alias("Temperature [degC]")), steps)
    assert [axis.get_ylabel() for axis in warm.plot_data()[1]] == ["Voltage [V]", "Current [A]", "Temperature [degC]"]
    with pytest.raises(NotImplementedError, match="nonsense"):
        iwd.DataLoader(rows, steps, nonsense=1)
    numpy = needed("numpy")
    assert iwd.DataLoader(rows, steps, first_step=numpy.int64(1), last_step=3).data.equals(part.data)


class Asked:
    """The part of the platform's own client that reads measurements; it counts what it is asked."""

    def __init__(self, rows: Any, steps: Any) -> None:
        self.cell_measurement, self.tables, self.calls = self, {"time_series": rows, "steps": steps}, []

    def _table(self, name: str, measurement_id: str, use_cache: bool) -> Any:
        self.calls.append((name, measurement_id, use_cache))
        return self.tables[name]

    def time_series(self, measurement_id: str, use_cache: bool = True) -> Any:
        return self._table("time_series", measurement_id, use_cache)

    def steps(self, measurement_id: str, use_cache: bool = True) -> Any:
        return self._table("steps", measurement_id, use_cache)


def test_loaders_of_measurements_in_the_platform(iwd: ModuleType) -> None:
    rows, steps = iwd.read.time_series_and_steps(FILE)
    client = Asked(rows, steps)
    loader = iwd.DataLoader.from_db("m-1", use_cache=False, client=client)
    assert client.calls == [] and loader.to_config() == {"data": "db:m-1"}
    # The first voltage and the steps are small: the rows are not read for them.
    assert loader.initial_voltage == rows["Voltage [V]"][0] and loader.steps.equals(steps)
    assert client.calls == [("steps", "m-1", False)]
    assert (
        loader.data.equals(rows) and loader.copy().data.equals(rows) and (loader.start_idx, loader.end_idx) == (0, 112)
    )
    assert client.calls == [("steps", "m-1", False), ("time_series", "m-1", False)]
    assert loader.slice_to_steps(1, 3).data.height == 33 and loader.to_config() == {"data": "db:m-1"}
    config = loader.to_local().to_config()
    assert iwd.DataLoader(**config["data"]).data.equals(rows) and len(client.calls) == 2
    # As for the same rows here: steps 1 to 3 are rows 5 to 37.
    options = {"first_step": 1, "last_step": 3}
    part = iwd.OCPDataLoader.from_db("m-1", options, client=client)
    assert part.initial_voltage == rows["Voltage [V]"][5] and part.steps["Start index"].to_list() == [5, 23, 33]
    assert part.data.equals(rows[5:38]) and (part.start_idx, part.end_idx) == (5, 38)
    assert part.to_config(False) == {"data": "db:m-1", "options": options} and type(part.copy()) is iwd.OCPDataLoader
    times = rows["Time [s]"].to_list()
    window = {"start": times[10], "end": times[30]}
    part = iwd.DataLoader.from_db("m-1", options, client=client, time_range=window)
    assert part.data.equals(rows[10:31]) and (part.start_idx, part.end_idx) == (10, 31)
    assert part.initial_voltage == rows["Voltage [V]"][10]
    # Row 10 is in the step that begins at row 5, row 30 in the one that begins at row 23.
    assert part.steps["Start index"].to_list() == [5, 23]
    assert part.to_config() == {"data": "db:m-1", "time_range": window, "options": options}
    assert part.to_local().copy().data.equals(rows[10:31])
    with pytest.raises(NotImplementedError, match="first_step"):
        part.slice_to_steps(0, 0)


def test_loaders_of_measurements_in_the_platform_say_what_is_wrong(
    iwd: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Asked(None, None)
    for wrong, message in (
        ({"start": 5, "end": 1}, "starts at 5 s and ends at 1 s"),
        ({"start": "a"}, "start must be a number of seconds, got 'a'"),
        ({"begin": 1}, "start and end, got 'begin'"),
    ):
        with pytest.raises(ValueError, match=message):
            iwd.DataLoader.from_db("m-1", client=client, time_range=wrong)
    with pytest.raises(NotImplementedError, match="nonsense"):
        iwd.DataLoader.from_db("m-1", {"nonsense": 1}, client=client)
    monkeypatch.setitem(sys.modules, "ionworks", None)
    with pytest.raises(ImportError, match="pip install ionworks-api"):
        iwd.DataLoader.from_db("m-1")
    assert client.calls == []


def test_loaders_of_open_circuit_curves(iwd: ModuleType, tmp_path: Path) -> None:
    rows, steps = iwd.read.time_series_and_steps(FILE, save_dir=tmp_path)
    alone = iwd.OCPDataLoader(rows)
    assert alone.copy().data.equals(rows) and alone.copy().steps is None and type(alone.copy()) is iwd.OCPDataLoader
    with pytest.raises(ValueError, match="needs the steps"):
        alone.slice_to_steps(1, 3)
    stored = iwd.OCPDataLoader.from_local(tmp_path, {"first_step": 1, "last_step": 3})
    # As above: 33 rows.
    for part in (stored, stored.copy(), iwd.OCPDataLoader(rows, steps=steps).slice_to_steps(1, 3)):
        assert type(part) is iwd.OCPDataLoader and part.data.height == 33
        assert part.steps["Start index"].to_list() == [5, 23, 33]


def test_transforms(iwd: ModuleType) -> None:
    rows = iwd.read.time_series(FILE)
    soc = iwd.transform.set_nominal_soc(rows, {"Nominal cell capacity [A.h]": 2.0})["Nominal SOC"]
    net = iwd.transform.get_cumulative_net_capacity(rows)
    assert soc.max() == 1.0 and soc[0] == pytest.approx(1.0 - (net[0] - net.min()) / 2.0)
    dense = iwd.transform.convert_total_current_to_current_density(rows, {"Electrode area [cm2]": 2.0})
    back = iwd.transform.convert_current_density_to_total_current(dense, {"Electrode area [cm2]": 2.0})
    assert back["Current [A]"].to_list() == pytest.approx(rows["Current [A]"].to_list())
    steps = iwd.transform.get_cumulative_step_number(rows, {"method": "step column", "step column": "Step from cycler"})
    assert steps.to_list() == rows["Step count"].to_list()
    numbered = iwd.transform.set_cumulative_step_number(
        rows, options={"method": "step column", "step column": "Step from cycler"}
    )
    assert numbered["Step number"].to_list() == steps.to_list() and numbered.drop("Step number").equals(rows)
    numbered = iwd.transform.set_cumulative_cycle_number(rows, options={"cycle column": "Cycle from cycler"})
    assert numbered["Cycle number"].to_list() == rows["Cycle count"].to_list()
    with pytest.raises(needed("polars").exceptions.ColumnNotFoundError, match='"Status"'):
        iwd.transform.get_cumulative_step_number(rows)
    assert iwd.transform.remove_outliers(rows, "Voltage [V]", 1.0, slice(0, 50)).height < 112
    for name in NAMES["transform"]:
        function = getattr(iwd.transform, name)
        if list(inspect.signature(function).parameters)[1:] in ([], ["options"]) and "cumulative" not in name:
            assert function(rows).height == 112, name
