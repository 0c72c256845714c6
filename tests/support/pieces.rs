//! The simulated test in several files, as cyclers write long tests and people export them.

use super::dialects;
use super::fixture::{Fixture, fixture};

/// The lines above the rows of a text, and then the rows from one place to another.
pub fn rows(text: &[u8], above: usize, from: usize, to: usize) -> Vec<u8> {
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let (head, rows) = lines.split_at(above);
    head.iter().chain(&rows[from..to.min(rows.len())]).flat_map(|line| line.iter().copied()).collect()
}

/// The text in pieces that begin at these rows.
pub fn split(text: &[u8], above: usize, at: &[usize]) -> Vec<Vec<u8>> {
    let ends = at.iter().copied().chain([usize::MAX]);
    let begins = [0].into_iter().chain(at.iter().copied());
    begins.zip(ends).map(|(from, to)| rows(text, above, from, to)).collect()
}

pub fn all() -> Vec<Fixture> {
    // The seam lies in the middle of the second charge, rows 61 to 78.
    let whole = dialects::neware_flat();
    vec![
        fixture("pieces/split_1.csv", rows(&whole, 1, 0, 70)).other("rows of the test up to 70"),
        fixture("pieces/split_2.csv", rows(&whole, 1, 70, usize::MAX)).other("rows of the test from 70 on"),
    ]
}
