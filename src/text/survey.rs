//! What one look at the bytes of a large text tells all who come later. It is taken block by block while the bytes are read,
//! when they are still in the cache: a second look at a large file costs as much as reading it.

use std::ops::Deref;
use std::sync::Arc;

/// Length of a block; the last one may be shorter.
pub const BLOCK: usize = 1 << 20;

/// What is known of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Whether all bytes are ASCII.
    pub is_ascii: bool,
    /// Number of line feeds.
    pub line_ends: u32,
}

impl Block {
    /// Looks at a block.
    pub fn of(bytes: &[u8]) -> Self {
        // At most `BLOCK` of them.
        Self { is_ascii: bytes.is_ascii(), line_ends: memchr::memchr_iter(b'\n', bytes).count() as u32 }
    }
}

/// What is known of all blocks of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey(pub Vec<Block>);

impl Survey {
    /// Whether the whole text is ASCII.
    pub fn is_ascii(&self) -> bool {
        self.0.iter().all(|block| block.is_ascii)
    }
}

/// The bytes of a text with what was seen of them; clones share both. Other bytes are another text, so the two cannot part.
#[derive(Debug, Clone)]
pub struct Text {
    bytes: Arc<Vec<u8>>,
    survey: Option<Arc<Survey>>,
}

impl Text {
    /// Bytes, and what was seen of them while they were read.
    pub fn surveyed(bytes: Vec<u8>, survey: Option<Survey>) -> Self {
        // A survey of other bytes would count lines that are not there.
        let survey = survey.filter(|survey| survey.0.len() == bytes.len().div_ceil(BLOCK));
        Self { bytes: Arc::new(bytes), survey: survey.map(Arc::new) }
    }

    /// What was seen.
    pub fn survey(&self) -> Option<&Survey> {
        self.survey.as_deref()
    }

    /// The bytes, shared.
    pub fn shared(&self) -> Arc<Vec<u8>> {
        Arc::clone(&self.bytes)
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self::surveyed(bytes, None)
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}
