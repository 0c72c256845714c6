//! What the integration tests share: a simulated cell, its test in every dialect, and one way to show a result.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

pub mod books;
pub mod cell;
pub mod dialects;
pub mod dialects_text;
pub mod jet;
pub mod long;
pub mod mpr;
pub mod nda;
pub mod ndax;
pub mod render;
pub mod res;
pub mod xls;
pub mod xlsx;

use std::path::{Path, PathBuf};

/// The fixtures' folder.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// All files below a folder of fixtures, sorted, without READMEs.
pub fn files(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if !is_beside(&path) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&fixtures().join(folder), &mut found);
    found.sort();
    found
}

/// READMEs, and side files that are read with the file beside them.
fn is_beside(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    let good = path.parent().is_some_and(|p| p.ends_with("arbin"));
    name == "README.md" || good && (name.ends_with("_Metadata.csv") || name.ends_with("_GlobalInfo.CSV"))
}

/// Name of a fixture relative to the folder, with `/`.
pub fn name(path: &Path) -> String {
    path.strip_prefix(fixtures()).unwrap().to_string_lossy().replace('\\', "/")
}

/// The folders of files that must be prepared without an issue.
pub const GOOD: [&str; 4] = ["maccor", "biologic", "arbin", "neware"];
