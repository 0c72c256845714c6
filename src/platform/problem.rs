//! What may go wrong between here and the platform, typed by the platform's own codes.

use std::fmt;

use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::issue::MeasurementValidationError;

/// Why a call of the platform did not do what it was asked for.
///
/// ```
/// use cyclerprep::platform::{Client, PlatformError, Settings};
///
/// // Nobody listens there.
/// let client = Client::new(Settings::new("http://127.0.0.1:9", "key").with_attempts(1)).unwrap();
/// let error = client.specifications().get("abc").unwrap_err();
/// assert!(matches!(error, PlatformError::NoAnswer { .. }) && error.api().is_none());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum PlatformError {
    /// The platform answered, and said no.
    Api(Box<ApiError>),
    /// No answer came, so nobody knows whether the request took effect.
    NoAnswer {
        /// What was asked, such as `GET /cell_specifications`.
        request: String,
        /// What went wrong.
        message: String,
    },
    /// The measurement does not pass the checks; nothing was sent.
    Invalid(MeasurementValidationError),
    /// The platform took the upload and could not make a measurement of it, or not in time.
    Processing {
        /// The measurement.
        id: String,
        /// What the platform says.
        message: String,
    },
    /// There is a measurement of this name with other content.
    Differs {
        /// Its name.
        name: String,
        /// The measurement in the platform.
        id: String,
        /// In what it differs, and what to do.
        message: String,
    },
    /// Something on this side: a file, an option, a value that the platform would refuse.
    Local(Error),
}

/// `Ok`, or what went wrong with the platform.
pub(crate) type Result<T, E = PlatformError> = std::result::Result<T, E>;

impl PlatformError {
    /// What the platform said, where it said no.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// use cyclerprep::platform::{ApiCode, Client, Settings};
    ///
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let error = client.specifications().get("no such").unwrap_err();
    /// assert_eq!(error.api().unwrap().code, ApiCode::NotFound);
    /// ```
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The id of the record that is there already, on a conflict.
    pub(crate) fn existing_id(&self) -> Option<&str> {
        self.api().filter(|error| error.code == ApiCode::Conflict)?.existing_id.as_deref()
    }

    pub(crate) fn options(message: impl Into<String>) -> Self {
        Self::Local(Error::new(ErrorKind::Options, message))
    }

    /// The answer has not the shape that is known.
    pub(crate) fn unexpected(request: impl Into<String>, what: &str) -> Self {
        Self::Local(Error::new(ErrorKind::Platform, format!("{}: expected {what} in the answer", request.into())))
    }
}

impl fmt::Display for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.fmt(f),
            Self::NoAnswer { request, message } => write!(f, "{request}: no answer: {message}"),
            Self::Invalid(error) => write!(f, "nothing was sent, the measurement is not valid: {error}"),
            Self::Processing { id, message } => write!(f, "the platform could not process measurement {id}: {message}"),
            Self::Differs { name, id, message } => write!(f, "{name:?} is measurement {id} already: {message}"),
            Self::Local(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PlatformError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Api(error) => Some(error),
            Self::Invalid(error) => Some(error),
            Self::Local(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for PlatformError {
    fn from(error: Error) -> Self {
        Self::Local(error)
    }
}

impl From<PlatformError> for Error {
    fn from(error: PlatformError) -> Self {
        match error {
            PlatformError::Local(error) => error,
            PlatformError::NoAnswer { .. } => Self::new(ErrorKind::NoAnswer, error.to_string()),
            _ => Self::new(ErrorKind::Platform, error.to_string()).because(error),
        }
    }
}

/// The kinds of refusals.
///
/// ```
/// use cyclerprep::platform::ApiCode;
///
/// assert_eq!(ApiCode::Conflict.as_str(), "CONFLICT");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiCode {
    /// The request is wrong or lacks something.
    BadRequest,
    /// The key is missing or wrong, or does not reach this.
    Forbidden,
    /// There is no such record.
    NotFound,
    /// A record of this name is there.
    Conflict,
    /// Fields have the wrong shape.
    Unprocessable,
    /// The quota is used up, or requests come too fast.
    UsageLimitReached,
    /// The server failed.
    Server,
    /// Something else, as the platform calls it.
    Other(String),
}

impl ApiCode {
    /// The platform's word.
    ///
    /// ```
    /// use cyclerprep::platform::ApiCode;
    ///
    /// assert_eq!(ApiCode::Other("TEAPOT".to_owned()).as_str(), "TEAPOT");
    /// ```
    pub fn as_str(&self) -> &str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::Unprocessable => "UNPROCESSABLE",
            Self::UsageLimitReached => "USAGE_LIMIT_REACHED",
            Self::Server => "SERVER_ERROR",
            Self::Other(name) => name,
        }
    }

    /// The status decides; a word is taken where the status says little.
    fn of(status: u16, word: Option<&str>) -> Self {
        match (status, word) {
            (400, None | Some("BAD_REQUEST")) => Self::BadRequest,
            (401 | 403, _) => Self::Forbidden,
            (404, _) => Self::NotFound,
            (409, _) => Self::Conflict,
            (422, _) => Self::Unprocessable,
            (429, _) => Self::UsageLimitReached,
            (500.., _) => Self::Server,
            (_, Some(word)) => Self::Other(word.to_owned()),
            (_, None) => Self::Other(format!("HTTP_{status}")),
        }
    }
}

/// A refusal, as the platform states it.
///
/// ```
/// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
/// use cyclerprep::platform::{Client, Settings};
/// use serde_json::json;
///
/// # let server = stand_in::StandIn::start();
/// # let url = server.url.as_str();
/// let client = Client::new(Settings::new(url, "key")).unwrap();
/// let made = client.specifications().create(&json!({"name": "NMC", "form_factor": "R2032"})).unwrap();
/// let error = client.specifications().create(&json!({"name": "NMC", "form_factor": "R2032"})).unwrap_err();
/// let refusal = error.api().unwrap();
/// assert_eq!((refusal.status, refusal.existing_id.as_deref()), (409, Some(made.id())));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The kind.
    pub code: ApiCode,
    /// What the platform says.
    pub message: String,
    /// What it adds to that; null where it adds nothing.
    pub detail: Value,
    /// The record that is there already, on a conflict.
    pub existing_id: Option<String>,
    /// What was asked, such as `POST /cell_specifications`.
    pub request: String,
}

impl ApiError {
    pub(crate) fn new(status: u16, request: &str, body: &str) -> Self {
        let told: Value = serde_json::from_str(body).unwrap_or_default();
        let detail = told.get("detail").cloned().unwrap_or_default();
        let message = match (told.get("message").and_then(Value::as_str), fields(&detail)) {
            (Some(message), None) => message.to_owned(),
            (Some(message), Some(fields)) => format!("{message}: {fields}"),
            (None, Some(fields)) => fields,
            (None, None) if body.trim().is_empty() => "without a reason".to_owned(),
            (None, None) => body.chars().take(300).collect(),
        };
        let code = ApiCode::of(status, told.get("error_code").and_then(Value::as_str));
        let existing_id = detail.get("existing_id").and_then(Value::as_str).map(str::to_owned);
        Self { status, code, message, detail, existing_id, request: request.to_owned() }
    }
}

/// `measurement.name: too long; …` of a list of field errors.
fn fields(detail: &Value) -> Option<String> {
    if let Value::String(text) = detail {
        return Some(text.clone());
    }
    let all = detail.as_array()?.iter().filter_map(|entry| {
        let place: Vec<String> = entry.get("loc").and_then(Value::as_array).into_iter().flatten().map(word).collect();
        Some(format!("{}: {}", place.join("."), entry.get("msg")?.as_str()?))
    });
    Some(all.collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty())
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the platform refused ({} {}): {}", self.request, self.status, self.code.as_str(), self.message)?;
        match &self.existing_id {
            Some(id) => write!(f, ", it is {id}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_errors_are_told_with_their_fields() {
        let body = r#"{"detail": [{"loc": ["body", "measurement", 0, "name"], "msg": "too long", "type": "x"}]}"#;
        let error = ApiError::new(422, "POST /x", body);
        assert_eq!(
            error.to_string(),
            "POST /x: the platform refused (422 UNPROCESSABLE): body.measurement.0.name: too long"
        );
        assert_eq!(ApiError::new(502, "GET /x", "<html>").message, "<html>");
        assert_eq!(
            ApiError::new(400, "GET /x", r#"{"error_code": "TEAPOT"}"#).code,
            ApiCode::Other("TEAPOT".to_owned())
        );
    }
}
