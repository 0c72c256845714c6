//! What the integration tests share: a simulated cell, its test in every dialect, and one way to show a result.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

pub mod autolab;
pub mod basytec;
pub mod bdf;
pub mod biologic;
pub mod bitrode;
pub mod books;
pub mod cell;
pub mod chi;
pub mod dialects;
pub mod dialects_text;
pub mod digatron;
pub mod doubts;
pub mod fixture;
pub mod gamry;
pub mod generic;
pub mod ivium;
pub mod jet;
pub mod json_schema;
pub mod landt;
pub mod long;
pub mod machine;
pub mod mpr;
pub mod nda;
pub mod ndax;
pub mod neware;
pub mod novonix;
pub mod odd_arbin;
pub mod odd_maccor;
pub mod pec;
pub mod pieces;
pub mod princeton;
pub mod render;
pub mod repower;
pub mod res;
pub mod resaved;
pub mod scribner;
pub mod svg;
pub mod units_rows;
pub mod voltaiq;
pub mod xls;
pub mod xlsx;

use std::path::{Path, PathBuf};

/// The fixtures' folder.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The fixtures of a folder, sorted, without those that are read with the file beside them.
pub fn files(folder: &str) -> Vec<PathBuf> {
    let is_own = |fixture: &&fixture::Fixture| {
        Path::new(fixture.path).starts_with(folder) && !matches!(fixture.tells, fixture::Tells::Beside)
    };
    let mut found: Vec<_> = fixture::all().iter().filter(is_own).map(|f| fixtures().join(f.path)).collect();
    found.sort();
    found
}

/// All files below a folder of fixtures, whoever wrote them, without READMEs.
pub fn on_disk(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if !path.ends_with("README.md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&fixtures().join(folder), &mut found);
    found
}

/// Name of a fixture relative to the folder, with `/`.
pub fn name(path: &Path) -> String {
    path.strip_prefix(fixtures()).unwrap().to_string_lossy().replace('\\', "/")
}

/// The folders of files that must be prepared without an issue.
#[rustfmt::skip]
pub const GOOD: &[&str] = &[
    "maccor", "biologic", "arbin", "neware", "novonix", "basytec", "landt", "pec", "bitrode", "digatron", "repower", "gamry",
    "scribner", "princeton", "chi", "autolab", "ivium", "voltaiq", "bdf", "generic",
];

/// Of these, the folders of cyclers.
#[rustfmt::skip]
pub const CYCLERS: &[&str] = &[
    "maccor", "biologic", "arbin", "neware", "novonix", "basytec", "landt", "pec", "bitrode", "digatron", "repower", "voltaiq",
];

/// These folders and others.
pub fn good_and(others: &[&'static str]) -> Vec<&'static str> {
    GOOD.iter().chain(others).copied().collect()
}

/// The same after it went through people's programs; the maker is the first word of a file's name.
pub const RESAVED: &str = "resaved";
