//! What the platform keeps of a thing: a JSON object with an id and a name.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A specification, a lot, a cell or a measurement, as the platform states it: with every field that it has.
///
/// ```
/// use cyclerprep::platform::Record;
///
/// let record: Record = serde_json::from_str(r#"{"id": "a", "name": "cell 7", "batch_id": "b"}"#).unwrap();
/// assert_eq!((record.id(), record.name(), record.text("batch_id")), ("a", "cell 7", Some("b")));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(Map<String, Value>);

impl Record {
    /// Its id; empty where the platform gave none.
    ///
    /// ```
    /// assert_eq!(cyclerprep::platform::Record::default().id(), "");
    /// ```
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// Its name.
    ///
    /// ```
    /// assert_eq!(cyclerprep::platform::Record::default().name(), "");
    /// ```
    pub fn name(&self) -> &str {
        self.text("name").unwrap_or_default()
    }

    /// A field that is a text.
    ///
    /// ```
    /// use cyclerprep::platform::Record;
    ///
    /// let record: Record = serde_json::from_str(r#"{"notes": "fine", "steps_created": 3}"#).unwrap();
    /// assert_eq!((record.text("notes"), record.text("steps_created")), (Some("fine"), None));
    /// ```
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str()
    }

    /// All fields.
    ///
    /// ```
    /// use cyclerprep::platform::Record;
    ///
    /// let record: Record = serde_json::from_str(r#"{"steps_created": 3}"#).unwrap();
    /// assert_eq!(record.fields()["steps_created"], 3);
    /// ```
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// A page of a list.
///
/// ```
/// use cyclerprep::platform::Page;
///
/// let page: Page = serde_json::from_str(r#"{"items": [{"id": "a"}], "count": 1, "total": 7}"#).unwrap();
/// assert_eq!((page.items[0].id(), page.total), ("a", 7));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Page {
    /// The records of this page.
    pub items: Vec<Record>,
    /// How many these are.
    pub count: usize,
    /// How many there are on all pages.
    pub total: usize,
}
