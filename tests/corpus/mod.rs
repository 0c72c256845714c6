//! Real files of public repositories, where they lie: `CYCLERPREP_CORPUS`, or `../shared/corpus` beside the project.
mod files;
mod mpr;
mod neware;
mod pairs;
mod res;

use std::path::{Path, PathBuf};

use cyclerprep::Measurement;

/// The corpus, or `None` with a line that says that the test was skipped.
pub fn corpus(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("CYCLERPREP_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let found = named.unwrap_or(beside);
    if found.join("MANIFEST.csv").is_file() {
        return Some(found);
    }
    eprintln!("skipped: {test} needs the corpus; set CYCLERPREP_CORPUS to its folder");
    None
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
    found.sort();
    found
}

pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

pub fn column(measurement: &Measurement, name: &str) -> Vec<f64> {
    let column = measurement.time_series.column(name).unwrap().cast(&polars::prelude::DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|v| v.unwrap_or(f64::NAN)).collect()
}
