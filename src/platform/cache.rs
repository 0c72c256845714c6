//! Tables that were read are kept for a while, as Parquet files in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use polars::prelude::DataFrame;

use crate::bundle::{ParquetFacts, write_file_atomically, write_parquet};
use crate::error::Result;
use crate::limits::Limits;
use crate::load;

/// What the names of files in the folder begin with: others' files are left alone.
const OURS: &str = "cyclerprep-";

/// Where tables are kept that were read from the platform, and how long.
///
/// ```
/// use std::time::Duration;
/// use cyclerprep::platform::Cache;
///
/// let folder = std::env::temp_dir().join("cyclerprep-example-cache");
/// let cache = Cache::in_folder(&folder).kept_for(Some(Duration::from_secs(60)));
/// assert_eq!(cache.clear().unwrap(), 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    folder: Option<PathBuf>,
    life: Option<Duration>,
}

impl Default for Cache {
    /// `~/.ionworksdata_cache`, for an hour; none where there is no home.
    fn default() -> Self {
        let folder = std::env::home_dir().map(|home| home.join(".ionworksdata_cache"));
        Self { folder, life: Some(Duration::from_secs(3600)) }
    }
}

impl Cache {
    /// Nothing is kept.
    ///
    /// ```
    /// use cyclerprep::platform::Cache;
    ///
    /// assert_eq!(Cache::none().clear().unwrap(), 0);
    /// ```
    pub fn none() -> Self {
        Self { folder: None, life: None }
    }

    /// Kept in this folder, for an hour.
    ///
    /// ```
    /// use cyclerprep::platform::Cache;
    ///
    /// assert_ne!(Cache::in_folder("cache"), Cache::none());
    /// ```
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), ..Self::default() }
    }

    /// Kept for this long; `None`: for ever.
    ///
    /// ```
    /// use cyclerprep::platform::Cache;
    ///
    /// assert_ne!(Cache::in_folder("cache").kept_for(None), Cache::in_folder("cache"));
    /// ```
    #[must_use]
    pub fn kept_for(mut self, life: Option<Duration>) -> Self {
        self.life = life;
        self
    }

    /// Removes what is kept; how many files that were.
    ///
    /// ```
    /// use cyclerprep::platform::Cache;
    ///
    /// assert_eq!(Cache::in_folder("no/such/folder").clear().unwrap(), 0);
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) when a file cannot be removed.
    pub fn clear(&self) -> Result<usize> {
        self.remove(|_| true)
    }

    /// Forgets the tables of a measurement that changed.
    pub(super) fn forget(&self, base: &str, id: &str) {
        let start = stem(base, id);
        // What cannot be removed is too old in an hour.
        let _ = self.remove(|name| name.starts_with(&start));
    }

    fn remove(&self, is_meant: impl Fn(&str) -> bool) -> Result<usize> {
        let Some(entries) = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok()) else { return Ok(0) };
        let mut removed = 0;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(OURS) && name.ends_with(".parquet") && is_meant(&name) {
                let told = |error| crate::Error::io("cannot remove", error).in_file(entry.path().display().to_string());
                fs::remove_file(entry.path()).map_err(told)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, base: &str, id: &str, table: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}{table}.parquet", stem(base, id))))
    }

    /// A table that is kept and not too old.
    pub(super) fn get(&self, base: &str, id: &str, table: &str) -> Option<DataFrame> {
        let path = self.path(base, id, table)?;
        let age = fs::metadata(&path).ok()?.modified().ok()?.elapsed().unwrap_or_default();
        if self.life.is_some_and(|life| age > life) {
            return None;
        }
        // A file that was damaged is read from the platform again.
        load::load_frame_file(&path, &Limits::default()).ok()
    }

    /// Keeps a table. A folder that cannot be written keeps nothing, and nothing is lost.
    pub(super) fn put(&self, base: &str, id: &str, table: &str, frame: &DataFrame) {
        if let Some(path) = self.path(base, id, table) {
            let _ = keep(&path, frame);
        }
    }
}

fn keep(path: &Path, frame: &DataFrame) -> Result<()> {
    write_file_atomically(path, |target| write_parquet(frame, &ParquetFacts::default(), target))
}

/// One platform's measurement is not that of another, even with the same id.
fn stem(base: &str, id: &str) -> String {
    let hash = blake3::hash(format!("{base}\n{id}").as_bytes()).to_hex();
    format!("{OURS}{}-", &hash[..16])
}
