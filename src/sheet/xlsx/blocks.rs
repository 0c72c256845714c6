//! A sheet's XML in blocks of whole rows, as it is inflated.

use std::io::{self, Read};

use memchr::memmem;

use crate::limits::Limits;

/// About how long a block is.
const BLOCK: usize = 256 << 10;

/// A row may be this long: 4096 cells of 16 000 letters.
const LONGEST: usize = 64 << 20;

/// Some rows of a sheet; before the first ones stands the head of the sheet.
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Index of its first row, if that says it.
    pub(super) first: Option<u32>,
    /// Whether the rows of the sheet end in it.
    pub(super) is_last: bool,
}

impl Block {
    fn new(bytes: Vec<u8>, is_head: bool, is_last: bool) -> Self {
        let first = if is_head { None } else { number(&bytes) };
        Self { bytes, first, is_last }
    }
}

/// What comes next.
pub(super) enum Next {
    Block(Block),
    End,
    /// A row, or what stands before the rows, that is longer than it may be.
    TooLong,
}

pub(super) struct Blocks<'r> {
    from: &'r mut (dyn Read + Send),
    /// The beginning of a row that was read with the block before.
    rest: Vec<u8>,
    /// Memory of blocks that were read.
    spare: Vec<Vec<u8>>,
    /// `<row` and `</sheetData`, with the prefix that the sheet's names have, once that is known.
    tags: Option<(Vec<u8>, Vec<u8>)>,
    is_over: bool,
    longest: usize,
}

impl<'r> Blocks<'r> {
    pub(super) fn new(from: &'r mut (dyn Read + Send), limits: &Limits) -> Self {
        let longest = if limits.columns == u64::MAX { usize::MAX } else { LONGEST };
        Self { from, rest: Vec::new(), spare: Vec::new(), tags: None, is_over: false, longest }
    }

    /// Takes back the memory of a block.
    pub(super) fn reuse(&mut self, block: Block) {
        self.spare.push(block.bytes);
    }

    pub(super) fn next(&mut self) -> io::Result<Next> {
        if self.is_over {
            return Ok(Next::End);
        }
        let mut bytes = std::mem::take(&mut self.rest);
        let is_head = self.tags.is_none();
        loop {
            let before = bytes.len();
            // Twice as much each time, so that looking for the end of a long row costs no more than reading it.
            let is_end = self.fill(&mut bytes, before.max(BLOCK))? == 0;
            if self.tags.is_none() {
                self.tags = tags(&bytes);
            }
            if let Some((row, end)) = &self.tags {
                // The closing tag may have begun in what was read before.
                let from = before.saturating_sub(end.len());
                let behind = bytes.get(from..).unwrap_or_default();
                let closed =
                    memmem::find(behind, end).and_then(|at| Some(at + memchr::memchr(b'>', behind.get(at..)?)? + 1));
                if let Some(length) = closed {
                    bytes.truncate(from + length);
                    self.is_over = true;
                } else if !is_end && let Some(at) = last_row(&bytes, row) {
                    self.rest = self.spare.pop().unwrap_or_default();
                    self.rest.clear();
                    self.rest.extend_from_slice(bytes.get(at..).unwrap_or_default());
                    bytes.truncate(at);
                    return Ok(Next::Block(Block::new(bytes, is_head, false)));
                }
            }
            self.is_over |= is_end;
            if self.is_over {
                return Ok(Next::Block(Block::new(bytes, is_head, true)));
            }
            if bytes.len() >= self.longest {
                self.is_over = true;
                return Ok(Next::TooLong);
            }
        }
    }
}

impl Blocks<'_> {
    /// Adds so many bytes, or those that are left; how many they were.
    fn fill(&mut self, bytes: &mut Vec<u8>, more: usize) -> io::Result<usize> {
        let before = bytes.len();
        bytes.resize(before.saturating_add(more), 0);
        let mut filled = before;
        while let Some(free) = bytes.get_mut(filled..).filter(|free| !free.is_empty()) {
            match self.from.read(free) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Ok(filled - before)
    }
}

/// The tags of rows and of their end, as the tag around the rows is written.
fn tags(head: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let at = memmem::find(head, b"sheetData")?;
    let open = memchr::memrchr(b'<', head.get(..at)?)?;
    let prefix = head.get(open + 1..at)?;
    Some(([b"<", prefix, b"row"].concat(), [b"</", prefix, b"sheetData"].concat()))
}

/// Where the last row begins, if any but the first does.
fn last_row(bytes: &[u8], tag: &[u8]) -> Option<usize> {
    let hidden = hidden(bytes);
    let mut end = bytes.len();
    loop {
        let at = memmem::rfind(bytes.get(..end)?, tag).filter(|at| *at > 0)?;
        let is_tag = bytes.get(at + tag.len()).is_some_and(|b| matches!(b, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n'));
        let before = hidden.partition_point(|(from, _)| *from < at);
        let is_hidden = before.checked_sub(1).and_then(|k| hidden.get(k)).is_some_and(|(_, to)| at < *to);
        if is_tag && !is_hidden {
            return Some(at);
        }
        end = at;
    }
}

/// Comments, raw text and instructions, in which what looks like a row is none; one that does not end hides all behind it.
fn hidden(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for mark in memchr::memchr2_iter(b'!', b'?', bytes) {
        let is_inside = found.last().is_some_and(|(_, to)| mark < *to);
        let Some(from) = mark.checked_sub(1).filter(|at| !is_inside && bytes.get(*at) == Some(&b'<')) else { continue };
        let inside = bytes.get(mark..).unwrap_or_default();
        let end: &[u8] = match inside {
            [b'!', b'-', b'-', ..] => b"-->",
            [b'!', b'[', ..] => b"]]>",
            [b'?', ..] => b"?>",
            _ => b">",
        };
        // Behind `<!--`, whose dashes are not those of the end.
        let skip = if end == b"-->" { 3 } else { 1 };
        let to = memmem::find(inside.get(skip..).unwrap_or_default(), end)
            .map_or(bytes.len(), |at| mark + skip + at + end.len());
        found.push((from, to));
    }
    found
}

/// Index of the row whose tag stands here, if the tag says it.
fn number(row: &[u8]) -> Option<u32> {
    let tag = row.get(..memchr::memchr(b'>', row)?)?;
    let from = memmem::find(tag, b" r=\"")? + 4;
    let digits = tag.get(from..)?.split(|b| *b == b'"').next()?;
    std::str::from_utf8(digits).ok()?.parse::<u32>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(xml: &str) -> Vec<Block> {
        let mut from = xml.as_bytes();
        let limits = Limits::default();
        let mut blocks = Blocks::new(&mut from, &limits);
        std::iter::from_fn(|| match blocks.next().unwrap() {
            Next::Block(block) => Some(block),
            Next::End => None,
            Next::TooLong => panic!("too long"),
        })
        .collect()
    }

    #[test]
    fn blocks_are_whole_rows() {
        let row = |k: usize| format!("<row r=\"{}\"><c r=\"A{}\"><v>1</v></c></row>", k + 1, k + 1);
        let rows: String = (0..20_000).map(row).collect();
        let plain = format!("<worksheet><sheetData>{rows}</sheetData><rowBreaks/></worksheet>");
        for (from, to, named) in [("", "", true), ("<row r=\"", "<row x=\"", false), ("<row r", "<row\nr", false)] {
            let xml = if from.is_empty() { plain.clone() } else { plain.replace(from, to) };
            let blocks = blocks(&xml);
            assert!(blocks.len() > 2, "{}", blocks.len());
            let whole: Vec<u8> = blocks.iter().flat_map(|block| block.bytes.clone()).collect();
            assert!(xml.as_bytes().starts_with(&whole) && whole.ends_with(b"</sheetData>"));
            assert!(
                blocks.iter().skip(1).all(|block| block.bytes.starts_with(b"<row") && block.first.is_some() == named)
            );
            assert!(blocks.iter().rev().skip(1).all(|block| block.bytes.ends_with(b"</row>") && !block.is_last));
            assert!(blocks.last().unwrap().is_last);
        }
        let prefixed = plain.replace("</", "</x:").replace("<row", "<x:row").replace("<sheet", "<x:sheet");
        assert!(blocks(&prefixed).len() > 2);
    }

    #[test]
    fn hidden_rows_are_none() {
        let at = |xml: &str| last_row(xml.as_bytes(), b"<row");
        assert_eq!(at("<row r=\"1\"/><row r=\"2\"/>"), Some(12));
        assert_eq!(at("<row r=\"1\"/><row r=\"2\"/><!-- <row r=\"3\"/> -->"), Some(12));
        assert_eq!(at("<row r=\"1\"/><row r=\"2\"><![CDATA[<row >]]></row>"), Some(12));
        assert_eq!(at("<row r=\"1\"/><!--> <row r=\"2\"/>"), None, "the comment goes on");
        assert_eq!(at("<row r=\"1\"/><?a <row ?><rowBreaks/>"), None);
    }

    #[test]
    fn a_row_without_end_is_too_long() {
        let mut from = io::repeat(b' ');
        let limits = Limits::default();
        assert!(matches!(Blocks::new(&mut from, &limits).next().unwrap(), Next::TooLong));
    }
}
