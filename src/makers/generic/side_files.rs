//! Tables that this library writes beside the rows of a test.

use crate::error::ErrorKind;
use crate::formats::SideFile;
use crate::probe::Probe;

pub(super) static SIDE_FILES: &[SideFile] = &[
    SideFile {
        is_it: |p| has(p, &["Start index", "End index", "Step count"]),
        says: "the steps of a bundle: convert the time series beside it",
        kind: ErrorKind::SideFile,
        beside: Some(time_series),
    },
    SideFile {
        is_it: |p| has(p, &["Cycle count", "Cycle from cycler"]) && !has(p, &["Voltage [V]"]),
        says: "the cycles of a bundle: convert the time series beside it",
        kind: ErrorKind::SideFile,
        beside: Some(time_series),
    },
];

fn has(probe: &Probe<'_>, names: &[&str]) -> bool {
    names.iter().all(|name| probe.parquet.names.iter().any(|own| own == name))
}

fn time_series(_: &str, beside: &[String]) -> Option<String> {
    beside.iter().find(|name| *name == "time_series.parquet").cloned()
}
