//! The bounded look at a file by which readers are chosen: its name and its first 64 KiB.

use crate::error::{Error, Result};
use crate::parquet::{self, Head};
use crate::sheet::{Sheet, is_workbook};
use crate::source::Source;
use crate::text::encoding::{self, Detected};
use crate::text::plain;
use crate::vocab::reads_as_chinese;

/// How much of a file detection sees.
pub const HEAD: usize = 64 << 10;

/// Rows of each sheet that detection sees.
const ROWS: u32 = 80;

/// Sheets of a workbook that detection sees.
const SHEETS: usize = 256;

/// What a reader may look at before it says whether a file is its own.
#[derive(Debug)]
pub struct Probe<'a> {
    /// The file's name.
    pub file_name: &'a str,
    /// Its extension in lower case.
    pub extension: String,
    /// The first [`HEAD`] bytes.
    pub head: &'a [u8],
    /// The head as text with UTF-8 bytes; `None` when it is not text.
    pub text: Option<Text>,
    /// The first rows of each sheet of a workbook; empty for other files.
    pub sheets: Vec<Sheet>,
    /// Names of the members of a zip archive; empty for other files.
    pub members: Vec<String>,
    /// What a Parquet file says of itself; without names for other files.
    pub parquet: Head,
    /// Why a workbook or a Parquet file could not be opened.
    pub broken: Option<Error>,
}

/// The head of a text file.
#[derive(Debug)]
pub struct Text {
    /// The head's bytes: as they stand, or re-encoded as UTF-8 from UTF-16. Starts behind a byte order mark.
    pub bytes: Vec<u8>,
    /// The encoding of these bytes.
    pub detected: Detected,
}

impl<'a> Probe<'a> {
    /// Looks at a source.
    pub fn new(source: &'a Source) -> Self {
        let bytes = source.bytes();
        let head = bytes.get(..HEAD).unwrap_or(bytes);
        // What a zip archive stores may be text; the archive is none.
        let text = (!head.starts_with(b"PK\x03\x04") && looks_like_text(head)).then(|| {
            // A cut in the middle of a character must not turn UTF-8 into something else.
            let line_end = memchr::memrchr2(b'\n', b'\r', head).filter(|_| head.len() < bytes.len());
            let whole = line_end.map_or(head, |end| head.get(..=end).unwrap_or(head));
            let detected = encoding::detect(whole, reads_as_chinese);
            let body = whole.get(detected.bom..).unwrap_or_default();
            let (bytes, detected) = match detected.encoding {
                encoding::Encoding::Utf16Le | encoding::Encoding::Utf16Be => {
                    // A line end takes two bytes.
                    let (units, _) = body.as_chunks::<2>();
                    let text = detected.encoding.decode(units.as_flattened()).0.into_owned();
                    (text.into_bytes(), Detected { encoding: encoding::Encoding::Utf8, ..detected })
                }
                _ => (body.to_vec(), detected),
            };
            Text { bytes: plain::plain(&bytes).unwrap_or(bytes), detected }
        });
        let (mut sheets, mut broken, mut parquet) = (Vec::new(), None, Head::default());
        if parquet::is_parquet(bytes) {
            match parquet::head(&source.shared()) {
                Ok(head) => parquet = head,
                Err(error) => broken = Some(error),
            }
        }
        let members = source.members();
        // Archives of records are zip files as workbooks are, and hold no sheets.
        let is_archive = members.iter().any(|name| name.to_lowercase().ends_with(".ndc"));
        if is_workbook(bytes, &members) && !is_archive {
            let heads = || -> Result<Vec<Sheet>> {
                let mut book = source.workbook()?;
                let names = book.names().to_vec();
                names.iter().take(SHEETS).map(|name| book.head(name, ROWS)).collect()
            };
            match heads() {
                Ok(heads) => sheets = heads,
                Err(error) => broken = Some(error),
            }
        }
        Self {
            file_name: source.file_name(),
            extension: source.extension().to_lowercase(),
            head,
            text,
            sheets,
            members,
            parquet,
            broken,
        }
    }
}

/// Text is UTF-16, or has hardly any NUL bytes.
pub fn looks_like_text(head: &[u8]) -> bool {
    if matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) || encoding::unmarked_utf16(head).is_some() {
        return true;
    }
    let look = head.get(..4096).unwrap_or(head);
    memchr::memchr_iter(0, look).count() * 100 <= look.len()
}

/// How sure a reader is that a file is its own, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Score {
    /// 0 = not mine, 100 = certain.
    pub points: u8,
    /// What was seen, or what is missing.
    pub why: String,
}

impl Score {
    /// Mine, with this certainty.
    pub fn yes(points: u8, why: impl Into<String>) -> Self {
        Self { points, why: why.into() }
    }

    /// Not mine.
    pub fn no(why: impl Into<String>) -> Self {
        Self { points: 0, why: why.into() }
    }
}
