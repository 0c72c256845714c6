//! What one look at the bytes of a large text tells all who come later. It is taken block by block while the bytes are read,
//! when they are still in the cache: a second look at a large file costs as much as reading it.

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
