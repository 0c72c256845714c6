//! What an output was made from: the source, what was read beside it, and the options that shaped it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::source::{Family, SideFacts};

/// The file that was read.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// assert_eq!(cell.report.source.blake3.len(), 64);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SourceFacts {
    /// Path as it was given.
    pub name: String,
    /// Size.
    pub bytes: u64,
    /// When it was last modified before it was read, in UTC; `None` for bytes from memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// BLAKE3 of the content, in hexadecimal.
    pub blake3: String,
    /// Files that were looked for beside it, whether they were there or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub side_files: Vec<SideFacts>,
    /// The names among which files that belong to it were looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
}

impl SourceFacts {
    /// Facts of a source.
    ///
    /// ```
    /// use cyclerprep::bundle::SourceFacts;
    ///
    /// let facts = SourceFacts::new("runs/cell.034", 3, "0123".repeat(16));
    /// assert_eq!(facts.bytes, 3);
    /// ```
    pub fn new(name: impl Into<String>, bytes: u64, blake3: String) -> Self {
        Self { name: name.into(), bytes, blake3, ..Self::default() }
    }

    /// The last part of the path.
    ///
    /// ```
    /// use cyclerprep::bundle::SourceFacts;
    ///
    /// assert_eq!(SourceFacts::new(r"D:\runs\cell.034", 3, String::new()).file_name(), "cell.034");
    /// ```
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }
}

/// A file that was joined with others, which hold what came before and after it of the same test.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// let pieces = ["fixtures/pieces/split_2.csv", "fixtures/pieces/split_1.csv"];
/// let cell = cyclerprep::prepare_joined(&pieces, &Default::default())?;
/// let pieces: Vec<_> = cell.report.pieces.iter().map(|piece| (piece.source.file_name(), piece.rows)).collect();
/// assert_eq!(pieces, [("split_1.csv", 70), ("split_2.csv", 42)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PieceFacts {
    /// The file.
    #[serde(flatten)]
    pub source: SourceFacts,
    /// Rows of the joined table that it gave; none where it is a copy of another piece, or is read with one.
    pub rows: usize,
}

impl PieceFacts {
    pub(crate) fn new(source: SourceFacts, rows: usize) -> Self {
        Self { source, rows }
    }
}

/// The options that shaped an output: those that are not as they are when nothing is asked for.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut options = cyclerprep::PrepareOptions::default();
/// options.map.timezone = Some("Europe/Berlin".parse()?);
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &options)?;
/// assert_eq!(cell.report.options.values["timezone"], "Europe/Berlin");
/// assert_eq!(cell.report.options, options.facts());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OptionsFacts {
    /// Equal for equal options, and only for those: 16 hexadecimal digits. Empty where it is not known.
    pub fingerprint: String,
    /// The options by their names on the command line, in the order of the alphabet.
    pub values: Map<String, Value>,
}

impl OptionsFacts {
    /// Options by name, in whatever order; what is null, false or empty is as if it was not asked for.
    ///
    /// ```
    /// use cyclerprep::bundle::OptionsFacts;
    /// use serde_json::json;
    ///
    /// let named = |name: &str, value| (name.to_owned(), value);
    /// let facts = OptionsFacts::new([named("strict", json!(true)), named("bdf", json!(false))]);
    /// assert_eq!(facts, OptionsFacts::new([named("strict", json!(true))]));
    /// assert_ne!(facts.fingerprint, OptionsFacts::new([]).fingerprint);
    /// ```
    pub fn new(values: impl IntoIterator<Item = (String, Value)>) -> Self {
        let is_asked = |value: &Value| match value {
            Value::Null | Value::Bool(false) => false,
            Value::Array(all) => !all.is_empty(),
            _ => true,
        };
        let mut values: Vec<_> = values.into_iter().filter(|(_, value)| is_asked(value)).collect();
        values.sort_by(|a, b| a.0.cmp(&b.0));
        let values: Map<String, Value> = values.into_iter().collect();
        let text = serde_json::to_string(&values).unwrap_or_default();
        let mut fingerprint = blake3::hash(text.as_bytes()).to_hex().to_string();
        fingerprint.truncate(16);
        Self { fingerprint, values }
    }

    /// The same with more.
    ///
    /// ```
    /// use serde_json::json;
    ///
    /// let facts = cyclerprep::PrepareOptions::default().facts().and([("bdf".to_owned(), json!(true))]);
    /// assert_eq!(facts.values["bdf"], true);
    /// ```
    #[must_use]
    pub fn and(&self, more: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self::new(self.values.clone().into_iter().chain(more))
    }
}
