//! A prepared measurement, and how it is stored.

use std::path::Path;

use polars::prelude::DataFrame;

use crate::bundle::{self, BundleFile, ParquetFacts, Report, WriteFile};
use crate::error::{Error, ErrorKind, Result};
use crate::note::{NoteCode, Notes};
use crate::schema::MeasurementMetadata;
use crate::summary::layout;
#[cfg(feature = "plot")]
use crate::{page, plot};

/// A prepared measurement.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// println!("{} rows, {} steps, {} cycles", cell.time_series.height(), cell.steps.height(), cell.cycles.height());
/// assert!(cell.report.issues.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Measurement {
    /// The rows, in the schema's columns.
    pub time_series: DataFrame,
    /// One row a step.
    pub steps: DataFrame,
    /// One row a cycle.
    pub cycles: DataFrame,
    /// The facts that the platform takes.
    pub metadata: MeasurementMetadata,
    /// What was decided and found.
    pub report: Report,
}

/// What a bundle holds beyond its tables and its report.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::BundleOptions;
///
/// let mut options = BundleOptions::default();
/// options.bdf = true;
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let folder = std::env::temp_dir().join("cyclerprep-example");
/// cell.write_bundle_with(&folder, &options)?;
/// assert!(folder.join("flat.csv.bdf.parquet").is_file());
/// # std::fs::remove_dir_all(folder)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BundleOptions {
    /// Adds `overview.svg` or `overview.png`.
    #[cfg(feature = "plot")]
    pub picture: Option<plot::Format>,
    /// Adds `overview.html`, a page to look into the measurement.
    #[cfg(feature = "plot")]
    pub page: bool,
    /// Adds `<file name>.bdf.parquet`, the time series in the Battery Data Format. A measurement without a current in A has
    /// none.
    pub bdf: bool,
}

impl BundleOptions {
    /// What is not as it is by default, by name.
    pub(crate) fn values(&self) -> Vec<(String, serde_json::Value)> {
        let values = [("bdf".to_owned(), self.bdf.into())].into_iter();
        #[cfg(feature = "plot")]
        let values = values.chain(self.picture.map(|format| ("plot".to_owned(), format.extension().into())));
        #[cfg(feature = "plot")]
        let values = values.chain(self.page.then(|| ("pages".to_owned(), true.into())));
        values.collect()
    }
}

impl Measurement {
    /// A measurement of what was kept of one: its tables, its facts and its report.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::Measurement;
    ///
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let facts: cyclerprep::MeasurementMetadata = serde_json::from_str(&serde_json::to_string(&cell.metadata)?)?;
    /// let again = Measurement::from_parts(cell.time_series, cell.steps, cell.cycles, facts, cell.report);
    /// assert_eq!((again.metadata.name.as_str(), again.is_valid()), ("flat", true));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_parts(
        time_series: DataFrame,
        steps: DataFrame,
        cycles: DataFrame,
        metadata: MeasurementMetadata,
        report: Report,
    ) -> Self {
        Self { time_series, steps, cycles, metadata, report }
    }

    /// Whether the validator found nothing of severity error.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.is_valid());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_valid(&self) -> bool {
        self.report.is_valid()
    }

    /// Writes the bundle: `time_series.parquet`, `steps.parquet`, `cycles.parquet`, `measurement.json`, `report.json`. The
    /// folder appears whole or not at all; one that is there is replaced as a whole.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = std::env::temp_dir().join("cyclerprep-bundle");
    /// cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?.write_bundle(&folder)?;
    /// assert!(folder.join("report.json").is_file());
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path.
    pub fn write_bundle(&self, folder: impl AsRef<Path>) -> Result<()> {
        self.write_bundle_with(folder, &BundleOptions::default()).map(|_| ())
    }

    /// [`write_bundle`](Self::write_bundle) with more in it. Returns what could not be put in, which is in the bundle's
    /// report as well.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let mut options = cyclerprep::BundleOptions::default();
    /// options.bdf = true;
    /// let folder = std::env::temp_dir().join("cyclerprep-bundle-with");
    /// assert!(cell.write_bundle_with(&folder, &options)?.is_empty(), "nothing had to be left out");
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path.
    pub fn write_bundle_with(&self, folder: impl AsRef<Path>, options: &BundleOptions) -> Result<Notes> {
        let facts = &ParquetFacts::of(&self.report);
        let (bdf_name, mut notes) = (format!("{}.bdf.parquet", self.report.source.file_name()), Notes::new());
        let (names, contents): (Vec<_>, Vec<_>) = self.to_look_at(options, "")?.into_iter().unzip();
        let bdf = if options.bdf { self.bdf(&mut notes)? } else { None };
        let report = if notes.is_empty() && *options == BundleOptions::default() {
            json(&self.report)
        } else {
            let told = self.report.notes.iter().chain(&notes).cloned().collect();
            let asked = self.report.options.and(options.values());
            json(&Report { notes: told, options: asked, ..self.report.clone() })
        };
        let (metadata, report) = (json(&self.metadata)?, report?);
        let bdf_facts = bundle::bdf_facts(facts);
        let (steps, cycles) = (self.owned(&self.steps)?, self.owned(&self.cycles)?);
        let mut files: Vec<BundleFile<'_>> = vec![
            ("time_series.parquet", parquet(&self.time_series, facts)),
            ("steps.parquet", parquet(&steps, facts)),
            ("cycles.parquet", parquet(&cycles, facts)),
            ("measurement.json", metadata),
            ("report.json", report),
        ];
        files.extend(names.iter().map(String::as_str).zip(contents.into_iter().map(bytes)));
        files.extend(bdf.iter().map(|frame| (bdf_name.as_str(), parquet(frame, &bdf_facts))));
        bundle::write_folder_atomically(folder, files)?;
        Ok(notes)
    }

    /// A table whose rows say which measurement they are of, so that tables of many measurements can be read as one.
    fn owned(&self, table: &DataFrame) -> Result<DataFrame> {
        let report = &self.report;
        layout::owned(table, [Some(&report.source.name), report.part.as_deref(), Some(&self.metadata.name)])
    }

    /// Writes `report.json` alone: all that is kept of a measurement that is not valid.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let folder = std::env::temp_dir().join("cyclerprep-report");
    /// cell.write_report(&folder)?;
    /// assert!(folder.join("report.json").is_file() && !folder.join("steps.parquet").exists());
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path.
    pub fn write_report(&self, folder: impl AsRef<Path>) -> Result<()> {
        bundle::write_folder_atomically(folder, vec![("report.json", json(&self.report)?)])
    }

    /// [`write_report`](Self::write_report) with the picture and the page that these options ask for: what is not valid is what
    /// people want to look at.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let mut options = cyclerprep::BundleOptions::default();
    /// options.page = true;
    /// let folder = std::env::temp_dir().join("cyclerprep-report-with");
    /// cell.write_report_with(&folder, &options)?;
    /// assert!(folder.join("overview.html").is_file() && !folder.join("steps.parquet").exists());
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path.
    pub fn write_report_with(&self, folder: impl AsRef<Path>, options: &BundleOptions) -> Result<()> {
        let (names, contents): (Vec<_>, Vec<_>) = self.to_look_at(options, "")?.into_iter().unzip();
        let asked = self.report.options.and(options.values());
        let mut files: Vec<BundleFile<'_>> =
            vec![("report.json", json(&Report { options: asked, ..self.report.clone() })?)];
        files.extend(names.iter().map(String::as_str).zip(contents.into_iter().map(bytes)));
        bundle::write_folder_atomically(folder, files)
    }

    /// The picture and the page that are asked for, with their names; `mark` stands before the extension.
    pub(crate) fn to_look_at(&self, options: &BundleOptions, mark: &str) -> Result<Vec<(String, Vec<u8>)>> {
        #[cfg(feature = "plot")]
        {
            let picture = options.picture.map(|format| {
                let content = self.picture()?.bytes(format)?;
                Ok((format!("overview{mark}.{}", format.extension()), content))
            });
            let page =
                options.page.then(|| Ok((format!("overview{mark}.html"), self.page()?.into_html().into_bytes())));
            picture.into_iter().chain(page).collect()
        }
        #[cfg(not(feature = "plot"))]
        {
            let _ = (options, mark);
            Ok(Vec::new())
        }
    }

    /// Writes the time series as one Parquet file.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let path = std::env::temp_dir().join("cyclerprep-rows.parquet");
    /// cell.write_time_series(&path)?;
    /// assert!(path.is_file());
    /// # std::fs::remove_file(path)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path.
    pub fn write_time_series(&self, path: impl AsRef<Path>) -> Result<()> {
        let facts = ParquetFacts::of_file(&self.report);
        bundle::write_file_atomically(path, |target| bundle::write_parquet(&self.time_series, &facts, target))
    }

    /// The time series in the Battery Data Format ([`bundle::bdf_frame`]); `None` without one of the columns that it
    /// requires. What it cannot hold is a note.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let mut notes = cyclerprep::Notes::new();
    /// let bdf = cell.bdf(&mut notes)?.expect("it has a current");
    /// assert!(bdf.column("unix_time_second").is_ok() && notes.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Frame`] when a column is not numeric.
    pub fn bdf(&self, notes: &mut Notes) -> Result<Option<DataFrame>> {
        let start = self.metadata.start_time.as_deref().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let start = start.map(|start| start.as_microsecond() as f64 / 1e6);
        let mut tell = |message: String| notes.say(NoteCode::BdfIncomplete, message);
        match bundle::bdf_frame(&self.time_series, start) {
            Err(error) if error.kind() == ErrorKind::MissingColumn => {
                tell(format!("no file in the Battery Data Format: {}", error.message()));
                Ok(None)
            }
            found => {
                let frame = found?;
                let left_out = self.time_series.height() - frame.height();
                if left_out > 0 {
                    tell(format!("{left_out} rows without a time are not in the file in the Battery Data Format"));
                }
                Ok(Some(frame))
            }
        }
    }

    /// The overview picture; of a measurement that is not valid with marks where the findings are.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.picture()?.svg()?.contains("Voltage"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Frame`] when a column that is shown is not numeric.
    #[cfg(feature = "plot")]
    pub fn picture(&self) -> Result<plot::Picture> {
        let (report, title) = (&self.report, self.report.title());
        let mut facts = vec![
            report.detected.format.to_string(),
            format!("{} rows, {} steps, {} cycles", report.rows_kept, report.steps, report.cycles),
        ];
        facts.extend(report.overview.start_time.as_ref().map(|start| format!("from {start}")));
        if !self.is_valid() {
            facts.push("not valid".to_owned());
        }
        plot::Picture::new(title, facts.join("  ·  "), &self.time_series, &self.steps, &self.cycles)?
            .marked(report, &self.time_series)
    }

    /// The page to look into the measurement.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.page()?.html().contains("flat.csv"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Frame`] when a column that is shown is not numeric.
    #[cfg(feature = "plot")]
    pub fn page(&self) -> Result<page::Page> {
        page::Page::new(self.report.title(), &self.time_series, &self.steps, &self.cycles, Some(&self.report))
    }
}

fn parquet<'a>(frame: &'a DataFrame, facts: &'a ParquetFacts) -> WriteFile<'a> {
    Box::new(|target| bundle::write_parquet(frame, facts, target))
}

fn bytes<'a>(bytes: Vec<u8>) -> WriteFile<'a> {
    Box::new(move |target| target.write_all(&bytes).map_err(|e| Error::io("cannot write", e)))
}

fn json<'a>(value: &impl serde::Serialize) -> Result<WriteFile<'a>> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|e| Error::new(ErrorKind::Io, format!("cannot write JSON: {e}")))?;
    text.push(b'\n');
    Ok(bytes(text))
}
