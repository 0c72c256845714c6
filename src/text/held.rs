//! The bytes of a text as far as memory holds them: all of them, or of a large file its ends, while what stands between is read
//! piece by piece by whoever parses it.

use std::fmt::Debug;
use std::ops::{Deref, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// How much is read at a time: small enough that all threads get work, large enough that a piece's overhead vanishes.
pub const BLOCK: usize = 1 << 20;

/// Where bytes are read that are not in memory.
pub trait ReadAt: Debug + Send + Sync {
    /// Fills the block from a place on, or as far as there are bytes; gives how many.
    ///
    /// # Errors
    /// When they cannot be read.
    fn read_at(&self, block: &mut [u8], at: u64) -> std::io::Result<usize>;
}

/// The bytes of a text; clones share them. Where a middle is left out, the bytes are the file's ends, cut at lines.
#[derive(Debug, Clone)]
pub struct Text {
    bytes: Arc<Vec<u8>>,
    middle: Option<Arc<Middle>>,
}

/// What a file has between its ends.
#[derive(Debug)]
pub struct Middle {
    file: Box<dyn ReadAt>,
    /// Bytes before it.
    pub(super) at: usize,
    /// Its bytes.
    length: u64,
    /// Bytes of the file.
    pub(super) size: u64,
    /// The hash of the file, once somebody has read all of it.
    pub(super) hash: OnceLock<blake3::Hash>,
    /// Whether somebody found that the whole text is needed.
    needs_whole: AtomicBool,
}

impl Middle {
    /// Gives the bytes of a stretch of the file in order, a block at a time.
    ///
    /// # Errors
    /// When they cannot be read, or the file became shorter.
    pub(super) fn feed(&self, stretch: Range<u64>, take: &mut dyn FnMut(&[u8])) -> std::io::Result<()> {
        let (mut block, mut at) = (vec![0; BLOCK], stretch.start);
        while at < stretch.end {
            let length = usize::try_from(stretch.end - at).unwrap_or(BLOCK).min(BLOCK);
            let block = block.get_mut(..length).unwrap_or_default();
            self.fill(block, at)?;
            take(block);
            at += length as u64;
        }
        Ok(())
    }

    /// Fills the block with the bytes from a place of the file on.
    ///
    /// # Errors
    /// Those of [`feed`](Self::feed).
    pub(super) fn fill(&self, block: &mut [u8], at: u64) -> std::io::Result<()> {
        if self.file.read_at(block, at)? < block.len() {
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the file became shorter"));
        }
        Ok(())
    }
}

impl Text {
    /// The head and the tail of a file of so many bytes.
    pub fn ends(file: Box<dyn ReadAt>, size: u64, mut head: Vec<u8>, tail: &[u8]) -> Self {
        let at = head.len();
        let length = size.saturating_sub(at as u64 + tail.len() as u64);
        head.extend_from_slice(tail);
        let middle = Middle { file, at, length, size, hash: OnceLock::new(), needs_whole: AtomicBool::new(false) };
        Self { bytes: Arc::new(head), middle: Some(Arc::new(middle)) }
    }

    /// Whether all of it is in memory.
    pub fn is_whole(&self) -> bool {
        self.middle.is_none()
    }

    /// What is not in memory.
    pub(super) fn middle(&self) -> Option<&Middle> {
        self.middle.as_deref()
    }

    /// Length of the whole text.
    pub fn length(&self) -> u64 {
        let left_out = self.middle.as_ref().map_or(0, |middle| middle.length);
        self.bytes.len() as u64 + left_out
    }

    /// The same without what stands behind this place, which is not before the middle.
    pub fn ends_at(&self, end: usize) -> Self {
        let bytes = self.bytes.get(..end).unwrap_or(&self.bytes).to_vec();
        Self { bytes: Arc::new(bytes), middle: self.middle.clone() }
    }

    /// Whether a place of [`Self::deref`] stands behind what is left out.
    pub fn is_behind_middle(&self, at: usize) -> bool {
        self.middle.as_ref().is_some_and(|middle| at >= middle.at)
    }

    /// Where a place of [`Self::deref`] is in the whole text.
    pub(super) fn place(&self, at: usize) -> u64 {
        let left_out = self.middle.as_ref().filter(|middle| at >= middle.at).map_or(0, |middle| middle.length);
        at as u64 + left_out
    }

    /// Line ends from `from` as far as `to`, those of a middle between them included. A middle that cannot be read makes the whole
    /// text needed, and counts nothing.
    pub fn line_ends(&self, from: usize, to: usize) -> u64 {
        let count = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count() as u64;
        let mut ends = count(self.bytes.get(from..to).unwrap_or_default());
        if let Some(middle) = self.middle().filter(|middle| from < middle.at && to >= middle.at) {
            let stretch = middle.at as u64..middle.at as u64 + middle.length;
            if middle.feed(stretch, &mut |block| ends += count(block)).is_err() {
                self.ask_whole();
            }
        }
        ends
    }

    /// Says that the ends do not tell enough: what was read of them does not count.
    pub fn ask_whole(&self) {
        if let Some(middle) = &self.middle {
            middle.needs_whole.store(true, Ordering::Relaxed);
        }
    }

    /// Whether somebody asked for the whole text.
    pub fn needs_whole(&self) -> bool {
        self.middle.as_ref().is_some_and(|middle| middle.needs_whole.load(Ordering::Relaxed))
    }

    /// The hash of the whole file.
    ///
    /// # Errors
    /// When it cannot be read, or became shorter.
    pub fn hash(&self) -> std::io::Result<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        if let Some(known) = self.middle.as_ref().and_then(|middle| middle.hash.get()) {
            return Ok(*known);
        }
        self.feed(&mut |bytes| {
            hasher.update(bytes);
        })?;
        Ok(hasher.finalize())
    }

    /// Gives all bytes of the whole file in order.
    ///
    /// # Errors
    /// When it cannot be read, or became shorter.
    pub fn feed(&self, take: &mut dyn FnMut(&[u8])) -> std::io::Result<()> {
        match self.middle() {
            Some(middle) => middle.feed(0..middle.size, take),
            None => {
                take(&self.bytes);
                Ok(())
            }
        }
    }

    /// The bytes in memory, shared.
    pub fn shared(&self) -> Arc<Vec<u8>> {
        Arc::clone(&self.bytes)
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: Arc::new(bytes), middle: None }
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}
