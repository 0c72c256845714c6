//! Lists of codes that many rows share.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Codes of issues or notes without repeats, in their order; a list in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Codes(Arc<str>);

impl Codes {
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a str>) -> Self {
        let mut codes: Vec<&str> = Vec::new();
        for code in all {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        Self(codes.join(", ").into())
    }

    /// One by one.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(", ").filter(|code| !code.is_empty())
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self("".into())
    }
}

impl Serialize for Codes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let codes = Vec::<String>::deserialize(deserializer)?;
        Ok(Self::of(codes.iter().map(String::as_str)))
    }
}
