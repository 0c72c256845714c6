//! Maccor.

// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
pub(crate) mod rules;
pub(crate) mod spectrum;
pub(crate) mod text;
pub(crate) mod words;
pub(crate) mod workbook;
