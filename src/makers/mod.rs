//! The makers: a folder each, and one line in [`READERS`] a format.

pub(crate) mod arbin;
pub(crate) mod biologic;
pub(crate) mod maccor;
pub(crate) mod neware;

use crate::formats::Reader;
pub(crate) use arbin::words::ARBIN;
pub(crate) use biologic::words::BIOLOGIC;
pub(crate) use maccor::words::MACCOR;
pub(crate) use neware::words::NEWARE;

/// All readers; the order breaks ties that scores and extensions leave.
///
/// ```
/// assert!(cyclerprep::readers::READERS.iter().any(|reader| reader.info().id == "biologic_mpr"));
/// ```
pub static READERS: &[&dyn Reader] = &[
    &maccor::text::MaccorText,
    &maccor::workbook::MaccorWorkbook,
    &maccor::spectrum::MaccorFra,
    &biologic::mpr::BioLogicMpr,
    &biologic::text::BioLogicMpt,
    &arbin::csv::ArbinCsv,
    &arbin::res::ArbinRes,
    &arbin::workbook::ArbinWorkbook,
    &neware::csv::NewareCsv,
    &neware::layered::NewareLayered,
    &neware::workbook::NewareWorkbook,
    &neware::nda::NewareNda,
    &neware::ndax::NewareNdax,
];

/// The reader with this id.
///
/// ```
/// use cyclerprep::readers::by_id;
///
/// assert_eq!(by_id("arbin_res").map(|reader| reader.info().name), Some("Arbin database"));
/// assert!(by_id("spreadsheet").is_none());
/// ```
pub fn by_id(id: &str) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.info().id == id)
}
