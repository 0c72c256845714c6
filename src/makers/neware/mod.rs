//! Neware.

pub(crate) mod csv;
pub(crate) mod layered;
pub(crate) mod nda;
pub(crate) mod ndax;
pub(crate) mod records;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
pub(crate) mod rules;
pub(crate) mod words;
pub(crate) mod workbook;
