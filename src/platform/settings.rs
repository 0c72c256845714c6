//! Where the platform is, with which key, and how patient to be.

use std::path::Path;
use std::time::Duration;

use super::cache::Cache;
use super::dotenv;
use super::key::Key;
use super::problem::{PlatformError, Result};
use super::roots::{self, Roots};

/// The public address of the platform.
const PUBLIC: &str = "https://api.ionworks.com";

/// How to reach the platform. Its debug print and its errors do not show the key.
///
/// ```
/// use cyclerprep::platform::Settings;
///
/// let settings = Settings::new("https://api.example.org/", "my-key");
/// assert_eq!(settings.base_url(), "https://api.example.org");
/// assert!(!format!("{settings:?}").contains("my-key"));
/// ```
#[derive(Debug, Clone)]
pub struct Settings {
    base_url: String,
    pub(crate) key: Key,
    pub(crate) project: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) pause: Duration,
    pub(crate) processing: Duration,
    pub(crate) cache: Cache,
    pub(crate) roots: Option<Roots>,
}

impl Settings {
    /// The platform at this address, with this key.
    ///
    /// ```
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// assert!(Client::new(Settings::new("https://api.example.org", "key")).is_ok());
    /// assert!(Client::new(Settings::new("https://api.example.org", "")).is_err());
    /// ```
    pub fn new(base_url: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into().trim().trim_end_matches('/').to_owned(),
            key: Key::new(key),
            project: None,
            attempts: 5,
            pause: Duration::from_millis(500),
            processing: Duration::from_secs(600),
            cache: Cache::default(),
            roots: None,
        }
    }

    /// The address and the key that the environment gives: `IONWORKS_API_URL`, `IONWORKS_API_KEY`, `IONWORKS_PROJECT_ID`, or
    /// these names in the file `.env` of the working folder; what is given here comes before both. Authorities to trust are
    /// those of `IONWORKS_CA_BUNDLE`, `REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE` or `SSL_CERT_FILE`, the first that is set.
    ///
    /// ```
    /// use cyclerprep::platform::Settings;
    ///
    /// let settings = Settings::from_environment(Some("http://localhost:8771"), Some("key")).unwrap();
    /// assert_eq!(settings.base_url(), "http://localhost:8771");
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Local`] when there is no key, or no certificate where one of those variables says.
    pub fn from_environment(base_url: Option<&str>, key: Option<&str>) -> std::result::Result<Self, PlatformError> {
        let stated = |name: &str| {
            let set = std::env::var(name).ok().filter(|value| !value.trim().is_empty());
            set.or_else(|| dotenv::value(Path::new(".env"), name).filter(|value| !value.is_empty()))
        };
        let base = base_url.map(str::to_owned).or_else(|| stated("IONWORKS_API_URL"));
        let key = key.map(str::to_owned).or_else(|| stated("IONWORKS_API_KEY"));
        let mut settings = Self::new(base.unwrap_or_else(|| PUBLIC.to_owned()), key.unwrap_or_default());
        settings.project = stated("IONWORKS_PROJECT_ID");
        settings.check()?;
        if let Some((name, path)) = roots::VARIABLES.iter().find_map(|name| Some((name, stated(name)?))) {
            settings.roots = Some(Roots::read(Path::new(&path), Some(name))?);
        }
        Ok(settings)
    }

    /// What scopes lists of specifications, and new ones.
    ///
    /// ```
    /// use cyclerprep::platform::Settings;
    ///
    /// let settings = Settings::new("https://api.example.org", "key").with_project("p-1");
    /// assert!(format!("{settings:?}").contains("p-1"));
    /// ```
    #[must_use]
    pub fn with_project(mut self, id: impl Into<String>) -> Self {
        self.project = Some(id.into());
        self
    }

    /// How often a request is sent at most, when it may be repeated and the way to the platform fails. Default: 5.
    ///
    /// ```
    /// use cyclerprep::platform::Settings;
    ///
    /// let settings = Settings::new("https://api.example.org", "key").with_attempts(2);
    /// assert!(format!("{settings:?}").contains("attempts: 2"));
    /// ```
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The first pause before a repetition, which doubles each time. Default: half a second.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cyclerprep::platform::Settings;
    ///
    /// let settings = Settings::new("https://api.example.org", "key").with_pause(Duration::from_millis(7));
    /// assert!(format!("{settings:?}").contains("7ms"));
    /// ```
    #[must_use]
    pub fn with_pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// How long the platform may take to process an upload. Default: ten minutes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cyclerprep::platform::Settings;
    ///
    /// let settings = Settings::new("https://api.example.org", "key").with_processing_time(Duration::from_secs(42));
    /// assert!(format!("{settings:?}").contains("42s"));
    /// ```
    #[must_use]
    pub fn with_processing_time(mut self, time: Duration) -> Self {
        self.processing = time;
        self
    }

    /// Where tables that were read are kept.
    ///
    /// ```
    /// use cyclerprep::platform::{Cache, Settings};
    ///
    /// let settings = Settings::new("https://api.example.org", "key").with_cache(Cache::none());
    /// assert!(!format!("{settings:?}").contains("ionworksdata_cache"));
    /// ```
    #[must_use]
    pub fn with_cache(mut self, cache: Cache) -> Self {
        self.cache = cache;
        self
    }

    /// Trusts these authorities, and no others: a file of certificates in PEM, or a folder of such files. Without it the
    /// authorities of Mozilla are trusted.
    ///
    /// ```
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let settings = Settings::new("https://localhost:8443", "key");
    /// assert!(settings.clone().with_root_certificates("LICENSE").is_err());
    /// let settings = settings.with_root_certificates("tests/platform/tls/root.pem").unwrap();
    /// assert!(Client::new(settings).is_ok());
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Local`] when there is no certificate.
    pub fn with_root_certificates(mut self, path: impl AsRef<Path>) -> std::result::Result<Self, PlatformError> {
        self.roots = Some(Roots::read(path.as_ref(), None)?);
        Ok(self)
    }

    /// The platform's address, without a slash at its end.
    ///
    /// ```
    /// assert_eq!(cyclerprep::platform::Settings::new("http://a/", "key").base_url(), "http://a");
    /// ```
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.key.reveal().is_empty() {
            let message =
                "expected a key to the platform: set IONWORKS_API_KEY, in the environment or in the file .env";
            return Err(PlatformError::options(message));
        }
        if !self.key.reveal().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(PlatformError::options(
                "expected a key of letters, digits and signs, found other characters in it",
            ));
        }
        let rest = self.base_url.strip_prefix("https://").or(self.base_url.strip_prefix("http://"));
        if rest.is_none_or(|rest| rest.is_empty() || rest.contains(['?', '#', ' ', '@'])) {
            let message = format!("expected the platform's address such as {PUBLIC}, found {:?}", self.base_url);
            return Err(PlatformError::options(message));
        }
        Ok(())
    }
}
