//! Values of the index, by kind: what a column is in a row, in JSON, in Parquet and on the page.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::codes::Codes;

/// What a column of the index holds.
///
/// ```
/// use cyclerprep::batch::{INDEX_COLUMNS, IndexKind};
///
/// let modified = INDEX_COLUMNS.iter().find(|column| column.name == "modified").expect("it is there");
/// assert_eq!(modified.kind, IndexKind::Time);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexKind {
    /// Text, or null.
    Text,
    /// A whole number.
    Count,
    /// A number, or null.
    Real,
    /// An instant, or null: in UTC, to the millisecond.
    Time,
    /// A list of texts.
    List,
}

/// A value of a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'r> {
    Text(Option<&'r str>),
    Count(u64),
    Real(Option<f64>),
    Time(Option<Instant>),
    List(&'r Codes),
}

/// What a field of a row can be.
pub(super) trait Cell {
    const KIND: IndexKind;
    fn value(&self) -> Value<'_>;
}

impl Cell for Box<str> {
    const KIND: IndexKind = IndexKind::Text;
    fn value(&self) -> Value<'_> {
        Value::Text(Some(self))
    }
}

impl Cell for Option<Box<str>> {
    const KIND: IndexKind = IndexKind::Text;
    fn value(&self) -> Value<'_> {
        Value::Text(self.as_deref())
    }
}

impl Cell for Cow<'static, str> {
    const KIND: IndexKind = IndexKind::Text;
    fn value(&self) -> Value<'_> {
        Value::Text(Some(self))
    }
}

impl Cell for Option<Cow<'static, str>> {
    const KIND: IndexKind = IndexKind::Text;
    fn value(&self) -> Value<'_> {
        Value::Text(self.as_deref())
    }
}

impl Cell for u64 {
    const KIND: IndexKind = IndexKind::Count;
    fn value(&self) -> Value<'_> {
        Value::Count(*self)
    }
}

impl Cell for Option<f64> {
    const KIND: IndexKind = IndexKind::Real;
    fn value(&self) -> Value<'_> {
        Value::Real(*self)
    }
}

impl Cell for Option<Instant> {
    const KIND: IndexKind = IndexKind::Time;
    fn value(&self) -> Value<'_> {
        Value::Time(*self)
    }
}

impl Cell for Codes {
    const KIND: IndexKind = IndexKind::List;
    fn value(&self) -> Value<'_> {
        Value::List(self)
    }
}

/// An instant in milliseconds since 1970, UTC; text with a `Z` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(pub(super) i64);

impl Instant {
    /// From ISO 8601 with an offset.
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|at| Self(at.as_millisecond()))
    }

    /// The time of a file.
    pub(super) fn of(time: std::time::SystemTime) -> Option<Self> {
        jiff::Timestamp::try_from(time).ok().map(|at| Self(at.as_millisecond()))
    }

    fn at(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_millisecond(self.0).ok()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = if self.0.rem_euclid(1000) == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.3fZ" };
        self.at().map_or(Ok(()), |at| write!(f, "{}", at.strftime(format)))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected an instant"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_told_in_utc() {
        let at = |text: &str| Instant::parse(text).unwrap().to_string();
        assert_eq!(at("2024-03-01T08:02:00.250+01:00"), "2024-03-01T07:02:00.250Z");
        assert_eq!(at("2024-03-01T08:02:00Z"), "2024-03-01T08:02:00Z");
        let json = serde_json::to_string(&Instant(1000)).unwrap();
        assert_eq!(
            (json.as_str(), serde_json::from_str::<Instant>(&json).unwrap()),
            ("\"1970-01-01T00:00:01Z\"", Instant(1000))
        );
    }
}
