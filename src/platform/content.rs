//! What is sent of a bundle: its facts, its rows and its steps, looked at before anything is sent.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;
use serde_json::{Map, Value};

use super::collection::check_name;
use super::problem::{PlatformError, Result};
use super::signed::Outgoing;
use super::upload_options::UploadOptions;
use crate::bundle::parquet_bytes;
use crate::error::{Error, ErrorKind};
use crate::issue::{MeasurementValidationError, Severity};
use crate::limits::Limits;
use crate::load;
use crate::source::hash_of;
use crate::validate::{ValidateOptions, validate_measurement_data};

/// The facts of `measurement.json` that the platform takes; the others are ours, or the platform's own.
static FACTS: [&str; 8] =
    ["name", "protocol", "test_setup", "start_time", "end_time", "notes", "step_labels_validated", "tags"];

/// Columns of a bundle's steps that say which measurement they are of: in the platform they hang on it.
static OWNERS: [&str; 3] = ["source", "part", "name"];

/// A bundle that was checked, as far as it is sent.
///
/// ```
/// use cyclerprep::platform::{Content, UploadOptions};
///
/// let folder = std::env::temp_dir().join("cyclerprep-content-example");
/// cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap().write_bundle(&folder).unwrap();
/// let content = Content::checked(&folder, &UploadOptions::default()).unwrap();
/// assert_eq!((content.name(), content.rows()), ("flat", 112));
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
#[derive(Debug)]
pub struct Content {
    pub(super) folder: PathBuf,
    /// `name`, `protocol`, `test_setup` and so on.
    pub(super) facts: Map<String, Value>,
    /// BLAKE3 of the time series.
    pub(super) blake3: String,
    rows: usize,
    /// Codes of findings that the user has allowed.
    allowed: Vec<String>,
}

impl Content {
    /// The bundle in a folder, after the checks that the options ask for. No request is needed for it.
    ///
    /// ```
    /// use cyclerprep::platform::{Content, UploadOptions};
    ///
    /// let error = Content::checked("docs", &UploadOptions::default()).unwrap_err();
    /// assert!(error.to_string().starts_with("expected a bundle"));
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Local`] when it is none, [`PlatformError::Invalid`] when a check fails.
    pub fn checked(folder: impl AsRef<Path>, options: &UploadOptions) -> Result<Self> {
        let mut content = Self::open(folder.as_ref(), &options.facts)?;
        content.check(&options.validate)?;
        Ok(content)
    }

    /// The name that the measurement gets.
    ///
    /// ```
    /// use cyclerprep::platform::{Content, UploadOptions};
    ///
    /// let folder = std::env::temp_dir().join("cyclerprep-content-name");
    /// cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap().write_bundle(&folder).unwrap();
    /// let mut options = UploadOptions::default();
    /// options.facts.insert("name".to_owned(), "formation".into());
    /// assert_eq!(Content::checked(&folder, &options).unwrap().name(), "formation");
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// ```
    pub fn name(&self) -> &str {
        self.facts.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// How many rows it has.
    ///
    /// ```
    /// use cyclerprep::platform::{Content, UploadOptions};
    ///
    /// let folder = std::env::temp_dir().join("cyclerprep-content-rows");
    /// cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap().write_bundle(&folder).unwrap();
    /// assert_eq!(Content::checked(&folder, &UploadOptions::default()).unwrap().rows(), 112);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// ```
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The bundle in a folder, with facts that replace its own.
    fn open(folder: &Path, instead: &Map<String, Value>) -> Result<Self> {
        let table = folder.join("time_series.parquet");
        if !table.is_file() {
            let message = "expected a bundle: a folder with time_series.parquet and measurement.json";
            return Err(Error::new(ErrorKind::Options, message).in_file(folder.display().to_string()).into());
        }
        let stored = json(&folder.join("measurement.json"))?;
        let mut facts = Map::new();
        for name in FACTS {
            let (own, other) = (stored.get(name), instead.get(name));
            let value = match (own, other) {
                // Facts of a group go into the group that is there.
                (Some(Value::Object(own)), Some(Value::Object(other))) => {
                    let mut both = own.clone();
                    both.extend(other.clone());
                    Some(Value::Object(both))
                }
                (own, other) => other.or(own).cloned(),
            };
            let value =
                value.filter(|value| !value.is_null() && value.as_object().is_none_or(|object| !object.is_empty()));
            facts.extend(value.map(|value| (name.to_owned(), value)));
        }
        let channel = facts.get_mut("test_setup").and_then(|setup| setup.get_mut("channel_number"));
        if let Some((channel, number)) = channel.and_then(|text| text.as_str()?.parse::<u32>().ok().map(|n| (text, n)))
        {
            *channel = number.into();
        }
        check_name(&Value::Object(facts.clone())).map_err(|error| in_folder(error, folder))?;
        let unread = || Error::new(ErrorKind::Io, "cannot read").in_file(table.display().to_string());
        let blake3 = hash_of(&table).ok_or_else(unread)?.to_hex().to_string();
        Ok(Self { folder: folder.to_path_buf(), facts, blake3, rows: 0, allowed: allowed(folder) })
    }

    pub(super) fn time_series(&self) -> PathBuf {
        self.folder.join("time_series.parquet")
    }

    /// The rows.
    pub(super) fn frame(&self) -> Result<DataFrame> {
        Ok(load::load_frame_file(self.time_series(), &Limits::none())?)
    }

    /// The steps, where the bundle has them.
    pub(super) fn steps(&self) -> Result<Option<DataFrame>> {
        let path = self.folder.join("steps.parquet");
        if !path.is_file() {
            return Ok(None);
        }
        let steps = load::load_frame_file(path, &Limits::none())?;
        Ok(Some(steps.drop_many(OWNERS)))
    }

    /// The steps as a file.
    pub(super) fn steps_file(&self) -> Result<Option<Outgoing>> {
        let Some(steps) = self.steps()? else { return Ok(None) };
        Ok(Some(Outgoing::Memory(parquet_bytes(&steps, &Default::default())?)))
    }

    /// Runs the checks; what is not allowed and of severity error is an `Err`.
    fn check(&mut self, options: &ValidateOptions) -> Result<()> {
        let frame = self.frame()?;
        self.rows = frame.height();
        let mut options = options.clone();
        if options.steps.is_none() {
            options.steps = self.steps()?;
        }
        let own = |name: &str| self.facts.get(name).and_then(Value::as_str).map(str::to_owned);
        options.start_time = options.start_time.or_else(|| own("start_time"));
        options.end_time = options.end_time.or_else(|| own("end_time"));
        let found = validate_measurement_data(&frame, &options)?;
        let is_refused = |code: &str| !self.allowed.iter().any(|allowed| allowed == code);
        let errors = found.issues.into_iter();
        let errors: Vec<_> =
            errors.filter(|issue| issue.severity == Severity::Error && is_refused(issue.code.as_str())).collect();
        if errors.is_empty() { Ok(()) } else { Err(PlatformError::Invalid(MeasurementValidationError { errors })) }
    }
}

fn in_folder(error: PlatformError, folder: &Path) -> PlatformError {
    match error {
        PlatformError::Local(error) => PlatformError::Local(error.in_file(folder.display().to_string())),
        other => other,
    }
}

fn json(path: &Path) -> Result<Value> {
    let named = |error: Error| error.in_file(path.display().to_string());
    let text = std::fs::read(path).map_err(|error| named(Error::io("cannot read", error)))?;
    serde_json::from_slice(&text)
        .map_err(|error| named(Error::new(ErrorKind::Malformed, format!("expected JSON: {error}"))).into())
}

/// Findings that the report names as allowed.
fn allowed(folder: &Path) -> Vec<String> {
    let report = json(&folder.join("report.json")).unwrap_or_default();
    let issues = report.get("issues").and_then(Value::as_array).into_iter().flatten();
    let allowed = issues.filter(|issue| issue.get("allowed") == Some(&Value::Bool(true)));
    allowed.filter_map(|issue| issue.get("code")?.as_str().map(str::to_owned)).collect()
}
