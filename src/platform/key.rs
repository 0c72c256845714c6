//! The key to the platform: used in one place, shown in none.

use std::fmt;

/// An API key. It has no way out but [`Key::reveal`], which only the transport calls.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    pub(crate) fn new(key: impl Into<String>) -> Self {
        Self(key.into().trim().to_owned())
    }

    /// The key itself, for the request's header.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// A text of others, such as an answer of the server, without the key.
    pub(crate) fn hidden_in(&self, text: &str) -> String {
        // A key of a few letters may be a word of any text.
        if self.0.len() < 6 { text.to_owned() } else { text.replace(&self.0, "[key]") }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "Key(none)" } else { "Key(hidden)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown() {
        let key = Key::new(" secret-key\n");
        assert_eq!((format!("{key:?}"), key.reveal()), ("Key(hidden)".to_owned(), "secret-key"));
        assert_eq!(key.hidden_in("no secret-key here"), "no [key] here");
    }
}
