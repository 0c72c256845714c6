//! What a Parquet file says of itself, beside its rows.

use std::fs::File;
use std::path::Path;

use super::{Report, SCHEMA_VERSION};
use crate::guard::guarded;
use crate::issue::Severity;

/// Key-value metadata of a file.
///
/// ```
/// use cyclerprep::bundle::ParquetFacts;
///
/// let facts = ParquetFacts(vec![("project".to_owned(), "ageing of cell 34".to_owned())]);
/// assert_eq!(facts.0.len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParquetFacts(pub Vec<(String, String)>);

impl ParquetFacts {
    /// The facts of a measurement's report. The same input gives the same facts: no time and no path.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let facts = cyclerprep::bundle::ParquetFacts::of(&cell.report);
    /// assert!(facts.0.contains(&("cyclerprep.reader".to_owned(), "neware_csv".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(report: &Report) -> Self {
        let count = |severity| report.issues.iter().filter(|issue| issue.severity == severity).count().to_string();
        let facts = [
            ("cyclerprep.schema_version", SCHEMA_VERSION.to_owned()),
            ("cyclerprep.version", report.library_version.to_string()),
            ("cyclerprep.reader", report.detected.reader.to_string()),
            ("cyclerprep.source_name", report.source.file_name().to_owned()),
            ("cyclerprep.source_bytes", report.source.bytes.to_string()),
            ("cyclerprep.source_blake3", report.source.blake3.clone()),
            ("cyclerprep.sign_convention", "positive current discharges".to_owned()),
            ("cyclerprep.reset_scope", "capacity and energy restart at each step".to_owned()),
            ("cyclerprep.errors", count(Severity::Error)),
            ("cyclerprep.warnings", count(Severity::Warning)),
        ];
        Self(facts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    }
}

/// In a Parquet file that stands alone: what it was made from, as a report says it.
pub(crate) const MADE: &str = "cyclerprep.made";

impl ParquetFacts {
    /// The facts of a time series that stands alone, without a report beside it.
    pub(crate) fn of_file(report: &Report) -> Self {
        let mut source = report.source.clone();
        (source.modified, source.name) = (None, report.source.file_name().to_owned());
        source.side_files.iter_mut().for_each(|side| side.modified = None);
        let made = serde_json::json!({
            "source": source, "options": report.options, "detected": {"reader": report.detected.reader},
            "rows_kept": report.rows_kept, "steps": report.steps, "cycles": report.cycles, "issues": report.issues,
        });
        let mut facts = Self::of(report);
        facts.0.push((MADE.to_owned(), made.to_string()));
        facts
    }
}

/// The facts in a Parquet file; `None` when it is none.
pub(crate) fn facts_of_file(path: &Path) -> Option<ParquetFacts> {
    let mut file = File::open(path).ok()?;
    // A broken footer may say anything.
    let metadata = guarded(|| polars_parquet::read::read_metadata(&mut file)).and_then(std::result::Result::ok)?;
    let pairs = metadata.key_value_metadata().clone().unwrap_or_default();
    Some(ParquetFacts(pairs.into_iter().filter_map(|pair| Some((pair.key, pair.value?))).collect()))
}
