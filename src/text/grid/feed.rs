//! The body in pieces of whole lines, one after the other: borrowed where the text is in memory, read where it is on a disk.

use std::borrow::Cow;
use std::ops::Range;

use super::super::held::{BLOCK, Text};

/// A piece of the body with the line before it.
pub(super) struct Fed<'t> {
    text: Cow<'t, [u8]>,
    end: usize,
    /// Where its first line begins.
    pub(super) start: usize,
    /// Where the line before that begins and ends.
    pub(super) before: (usize, usize),
    /// Number of its first line.
    pub(super) first_line: u64,
    /// How many lines it has.
    pub(super) lines: usize,
    /// Whether it was read from a file, whose bytes nobody has looked at yet.
    pub(super) is_new: bool,
}

impl Fed<'_> {
    /// The line before the piece, and the piece.
    pub(super) fn text(&self) -> &[u8] {
        self.text.get(..self.end).unwrap_or_default()
    }

    /// The memory, for the next piece.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        match self.text {
            Cow::Owned(buffer) => buffer,
            Cow::Borrowed(_) => Vec::new(),
        }
    }
}

/// Gives the pieces of a body in order.
pub(super) struct Feed<'t> {
    text: &'t Text,
    /// What of the bytes in memory comes next.
    held: Range<usize>,
    /// What of the file comes then.
    file: Range<u64>,
    line: u64,
    /// The line before the next piece, in memory, and how many bytes before it are there.
    before: Range<usize>,
    /// The last line that was read from the file, and what was read behind it.
    carried: Vec<u8>,
    /// Length of that line with its end.
    carried_line: usize,
    hasher: Option<blake3::Hasher>,
}

impl<'t> Feed<'t> {
    /// The body from `start` on, as far as `end`; both are places of the text in memory. `line` is the number of its first line.
    pub(super) fn new(text: &'t Text, start: usize, end: usize, line: u64) -> Self {
        let (held, file) = match text.middle() {
            Some(middle) if start <= middle.at && end >= middle.at => {
                (start..middle.at, middle.at as u64..text.place(end))
            }
            _ => (start..end.max(start), 0..0),
        };
        let is_read_whole = !file.is_empty() && text.middle().is_some_and(|middle| middle.hash.get().is_none());
        let mut hasher = is_read_whole.then(blake3::Hasher::new);
        if let Some(hasher) = &mut hasher {
            hasher.update(text.get(..held.end).unwrap_or_default());
        }
        Self { text, held, file, line, before: start..start, carried: Vec::new(), carried_line: 0, hasher }
    }

    /// The next piece, in this memory where it has to be read; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or became shorter.
    pub(super) fn next(&mut self, buffer: Vec<u8>) -> std::io::Result<Option<Fed<'t>>> {
        if !self.held.is_empty() {
            return Ok(Some(self.next_held()));
        }
        if !self.file.is_empty() {
            return self.next_read(buffer).map(Some);
        }
        self.finish_hash()?;
        Ok(None)
    }

    fn next_held(&mut self) -> Fed<'t> {
        let bytes: &'t [u8] = self.text;
        let near = self.held.start + BLOCK;
        let found = bytes.get(near..self.held.end).and_then(|rest| memchr::memchr(b'\n', rest));
        let end = found.map_or(self.held.end, |at| near + at + 1);
        let piece = bytes.get(self.held.start..end).unwrap_or_default();
        // A few bytes more, so that whoever looks at the bytes before a cell finds some.
        let from = self.before.start.saturating_sub(16);
        let fed = Fed {
            text: Cow::Borrowed(bytes.get(from..end).unwrap_or_default()),
            end: end - from,
            start: self.held.start - from,
            before: (self.before.start - from, self.before.end - from),
            first_line: self.line,
            lines: count_lines(piece),
            is_new: false,
        };
        self.line += fed.lines as u64;
        let last = last_line(piece);
        self.before = end - last.len()..end - last.len() + without_end(last).len();
        self.held.start = end;
        if self.held.is_empty() {
            self.carried = last.to_vec();
            self.carried_line = last.len();
        }
        fed
    }

    fn next_read(&mut self, mut buffer: Vec<u8>) -> std::io::Result<Fed<'t>> {
        const ROOM: usize = 16;
        let start = ROOM + self.carried_line;
        let mut length = ROOM + self.carried.len();
        let end = loop {
            let wanted = usize::try_from(self.file.end - self.file.start).unwrap_or(BLOCK).min(BLOCK);
            if buffer.len() < length + wanted {
                buffer.resize(length + wanted, 0);
            }
            if length == ROOM + self.carried.len() {
                buffer.get_mut(ROOM..length).unwrap_or_default().copy_from_slice(&self.carried);
            }
            let block = buffer.get_mut(length..length + wanted).unwrap_or_default();
            if let Some(middle) = self.text.middle() {
                middle.fill(block, self.file.start)?;
            }
            if let Some(hasher) = &mut self.hasher {
                hasher.update(block);
            }
            self.file.start += wanted as u64;
            let from = length.max(start);
            length += wanted;
            if self.file.is_empty() {
                break length;
            }
            // A line may be longer than a block.
            let new = buffer.get(from..length).unwrap_or_default();
            if let Some(end) = memchr::memrchr(b'\n', new) {
                break from + end + 1;
            }
        };
        let piece = buffer.get(start..end).unwrap_or_default();
        let (lines, last) = (count_lines(piece), last_line(piece));
        let before = buffer.get(ROOM..start).unwrap_or_default();
        let before = (ROOM, ROOM + without_end(before).len());
        let mut carried = std::mem::take(&mut self.carried);
        carried.clear();
        carried.extend_from_slice(last);
        self.carried_line = last.len();
        carried.extend_from_slice(buffer.get(end..length).unwrap_or_default());
        self.carried = carried;
        let first_line = self.line;
        self.line += lines as u64;
        Ok(Fed { text: Cow::Owned(buffer), end, start, before, first_line, lines, is_new: true })
    }

    /// Reads what stands behind the body, and keeps the hash of all.
    fn finish_hash(&mut self) -> std::io::Result<()> {
        let (Some(mut hasher), Some(middle)) = (self.hasher.take(), self.text.middle()) else { return Ok(()) };
        // Of the file, not of what a footer left of it.
        middle.feed(self.file.end..middle.size, &mut |block| {
            hasher.update(block);
        })?;
        let _ = middle.hash.set(hasher.finalize());
        Ok(())
    }
}

/// Lines, a last one without an end included.
pub(super) fn count_lines(piece: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', piece).count() + usize::from(!piece.is_empty() && !piece.ends_with(b"\n"))
}

/// The last line with its end.
fn last_line(piece: &[u8]) -> &[u8] {
    let inner = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.get(memchr::memrchr(b'\n', inner).map_or(0, |end| end + 1)..).unwrap_or_default()
}

fn without_end(line: &[u8]) -> &[u8] {
    super::super::line::strip_cr(line.strip_suffix(b"\n").unwrap_or(line))
}
