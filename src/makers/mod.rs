//! The makers of cyclers: a folder each, and one line in [`MAKERS`].

pub(crate) mod arbin;
pub(crate) mod autolab;
pub(crate) mod basytec;
pub(crate) mod bdf;
pub(crate) mod biologic;
pub(crate) mod bitrode;
pub(crate) mod chi;
pub(crate) mod digatron;
pub(crate) mod gamry;
pub(crate) mod generic;
pub(crate) mod ivium;
pub(crate) mod landt;
pub(crate) mod maccor;
pub(crate) mod neware;
pub(crate) mod novonix;
pub(crate) mod pec;
pub(crate) mod princeton;
pub(crate) mod repower;
pub(crate) mod scribner;
pub(crate) mod voltaiq;

use std::path::Path;
use std::sync::LazyLock;

use crate::formats::{Format, Info, Maker, SideFile};
use crate::probe::Probe;

/// All makers; their order, and that of their formats, breaks ties that scores and extensions leave.
///
/// ```
/// use cyclerprep::readers::MAKERS;
///
/// assert!(MAKERS.iter().any(|maker| maker.name() == "Arbin"));
/// ```
#[rustfmt::skip]
pub static MAKERS: &[&Maker] = &[
    &maccor::MACCOR, &biologic::BIOLOGIC, &arbin::ARBIN, &neware::NEWARE,
    &novonix::NOVONIX, &basytec::BASYTEC, &landt::LANDT, &pec::PEC, &bitrode::BITRODE, &digatron::DIGATRON, &repower::REPOWER,
    &gamry::GAMRY, &scribner::SCRIBNER, &princeton::PRINCETON, &chi::CHI, &autolab::AUTOLAB, &ivium::IVIUM,
    &voltaiq::VOLTAIQ, &bdf::BDF,
    // The last resort.
    &generic::GENERIC,
];

/// The makers by name.
#[allow(non_upper_case_globals)]
impl Maker {
    /// Arbin.
    pub const Arbin: &'static Self = &arbin::ARBIN;
    /// Metrohm Autolab.
    pub const Autolab: &'static Self = &autolab::AUTOLAB;
    /// BaSyTec.
    pub const BaSyTec: &'static Self = &basytec::BASYTEC;
    /// The Battery Data Format, which no cycler writes.
    pub const Bdf: &'static Self = &bdf::BDF;
    /// BioLogic.
    pub const BioLogic: &'static Self = &biologic::BIOLOGIC;
    /// Bitrode.
    pub const Bitrode: &'static Self = &bitrode::BITRODE;
    /// CH Instruments.
    pub const CHI: &'static Self = &chi::CHI;
    /// Digatron.
    pub const Digatron: &'static Self = &digatron::DIGATRON;
    /// Gamry.
    pub const Gamry: &'static Self = &gamry::GAMRY;
    /// Nobody's: tables under usual names.
    pub const Generic: &'static Self = &generic::GENERIC;
    /// Ivium Technologies.
    pub const Ivium: &'static Self = &ivium::IVIUM;
    /// Landt.
    pub const Landt: &'static Self = &landt::LANDT;
    /// Maccor.
    pub const Maccor: &'static Self = &maccor::MACCOR;
    /// Neware.
    pub const Neware: &'static Self = &neware::NEWARE;
    /// Novonix.
    pub const Novonix: &'static Self = &novonix::NOVONIX;
    /// PEC.
    pub const Pec: &'static Self = &pec::PEC;
    /// Princeton Applied Research.
    pub const Princeton: &'static Self = &princeton::PRINCETON;
    /// Repower.
    pub const Repower: &'static Self = &repower::REPOWER;
    /// Scribner Associates.
    pub const Scribner: &'static Self = &scribner::SCRIBNER;
    /// Voltaiq, whose format is no cycler's own.
    pub const Voltaiq: &'static Self = &voltaiq::VOLTAIQ;
}

/// All readers, maker by maker.
///
/// ```
/// assert!(cyclerprep::readers::READERS.iter().any(|reader| reader.info().id == "biologic_mpr"));
/// ```
pub static READERS: LazyLock<Vec<&'static dyn Format>> =
    LazyLock::new(|| MAKERS.iter().flat_map(|maker| maker.formats).copied().collect());

/// The reader with this id.
///
/// ```
/// use cyclerprep::readers::by_id;
///
/// assert_eq!(by_id("arbin_res").map(|reader| reader.info().name), Some("Arbin database"));
/// assert!(by_id("spreadsheet").is_none());
/// ```
pub fn by_id(id: &str) -> Option<&'static dyn Format> {
    READERS.iter().copied().find(|reader| reader.info().id == id)
}

/// Extensions that programs of all kinds give.
static COMMON: &[&str] = &["csv", "dat", "parquet", "tsv", "txt", "xls", "xlsx"];

/// The extension of a file's name without what says how it is packed, in lower case.
fn extension(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let packed = [".gz", ".gzip", ".zst", ".zstd", ".zip"].iter().find_map(|end| name.strip_suffix(end));
    let name = packed.unwrap_or(&name);
    name.rsplit_once('.').map_or("", |(_, extension)| extension).to_owned()
}

/// Whether a reader names the extension of this file.
pub(crate) fn is_known_name(path: &Path) -> bool {
    let extension = extension(path);
    READERS.iter().any(|reader| has_extension(reader.info(), &extension))
}

/// Whether only a cycler gives such a name: a reader names its extension, and no other program does.
pub(crate) fn is_own_name(path: &Path) -> bool {
    is_known_name(path) && !COMMON.contains(&extension(path).as_str())
}

/// Whether a format names this extension; `###` stands for a channel number.
pub(crate) fn has_extension(info: &Info, extension: &str) -> bool {
    let channel = extension.len() >= 3 && extension.bytes().all(|b| b.is_ascii_digit());
    info.extensions.iter().any(|e| *e == extension || (*e == "###" && channel))
}

/// What a file is, if it is one of those that hold no rows of a test.
pub(crate) fn side_file(probe: &Probe<'_>) -> Option<&'static SideFile> {
    MAKERS.iter().flat_map(|maker| maker.side_files).find(|known| (known.is_it)(probe))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::build;
    use crate::schema::Column;
    use crate::vocab::{Read, Role, reads_as_chinese};

    #[test]
    fn keys_are_unique_and_already_folded() {
        for words in MAKERS.iter().map(|maker| maker.words) {
            for (i, term) in words.terms.iter().enumerate() {
                assert!(words.terms[i + 1..].iter().all(|t| t.key != term.key), "{:?} {}", words.maker, term.key);
                let sample = term.key.replace('#', "1");
                let folded = (words.fold)(&sample);
                let found = words.find(&folded).map(|(_, t, _)| t.key);
                assert_eq!(found, Some(term.key), "{:?} {sample} {folded:?}", words.maker);
            }
        }
    }

    #[test]
    fn a_quantity_fits_its_column() {
        for words in MAKERS.iter().map(|maker| maker.words) {
            for term in words.terms {
                if let (Role::Column(column), Read::Number(q) | Read::Negated(q)) = (term.role, term.read) {
                    assert_eq!(column.spec().quantity, Some(q), "{:?} {}", words.maker, term.key);
                }
            }
        }
    }

    /// What a vocabulary knows and no frame has would be read and then dropped.
    #[test]
    fn what_a_vocabulary_knows_goes_somewhere() {
        for words in MAKERS.iter().map(|maker| maker.words) {
            for term in words.terms {
                let Role::Column(column) = term.role else { continue };
                let goes = build::is_emitted(column, words) || build::serves(column);
                assert!(goes, "{} {:?}: {column:?} is not in `emitted`", words.maker, term.key);
                // Without its labels nobody asks which way a row points.
                let is_label = [Column::Mode, Column::Status].contains(&column);
                assert!(!is_label || words.emitted.contains(&column), "{} {:?}", words.maker, term.key);
            }
        }
    }

    #[test]
    fn a_chinese_header_reads_as_chinese() {
        let keys = MAKERS.iter().flat_map(|maker| maker.words.terms).map(|term| term.key);
        let chinese: Vec<&str> =
            keys.filter(|key| key.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))).collect();
        assert!(chinese.len() > 20);
        for key in chinese {
            assert!(reads_as_chinese(key), "{key}");
        }
    }

    #[test]
    fn names_that_only_cyclers_give() {
        for name in ["a.mpr", "A.NDAX", "b/cell.res.gz", "cell.001", "cell.1234", "cell.ndc"] {
            assert!(is_own_name(Path::new(name)), "{name}");
        }
        for name in ["a.csv", "a.xlsx.zip", "cell", "cell.12", "report.pdf", "cell.00a"] {
            assert!(!is_own_name(Path::new(name)), "{name}");
        }
        assert!(is_known_name(Path::new("a.csv")) && !is_known_name(Path::new("a.pdf")));
    }

    #[test]
    fn a_maker_reads_its_own_formats() {
        for maker in MAKERS {
            for format in maker.formats {
                assert_eq!(format.info().maker, *maker, "{}", format.info().id);
            }
        }
    }
}
