//! Arbin.

pub(crate) mod csv;
mod info;
mod parts;
pub(crate) mod res;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
pub(crate) mod rules;
mod spectra;
pub(crate) mod words;
pub(crate) mod workbook;
