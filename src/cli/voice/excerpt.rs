//! The lines of a text file around a place, for people.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::text::encoding;
use crate::vocab::reads_as_chinese;

/// Lines before and after the one that is meant.
const AROUND: usize = 1;

/// Characters of a line that are shown.
const WIDTH: usize = 110;

/// Bytes that are looked through; a place further inside is shown by its number alone.
const FARTHEST: u64 = 256 << 20;

/// Some lines with the number of the first, and the part of them that is meant.
#[derive(Debug)]
pub struct Excerpt {
    text: String,
    /// Number of the first line, from 0.
    first: usize,
    /// Start and length in bytes of `text`.
    pub span: (usize, usize),
}

impl Excerpt {
    /// The lines around `line`, with `field` marked where it can be found; both count from 1. `None` when the file has no such
    /// line, or is no text.
    pub fn of(path: &Path, line: u64, field: Option<u32>) -> Option<Self> {
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(FARTHEST).read_to_end(&mut bytes).ok()?;
        let text = decode(&bytes);
        let wanted = usize::try_from(line).ok()?.checked_sub(1)?;
        let first = wanted.saturating_sub(AROUND);
        let lines: Vec<&str> = text.lines().skip(first).take(wanted - first + 1 + AROUND).collect();
        let meant = lines.get(wanted - first)?;
        if lines.iter().any(|line| line.contains('\0')) {
            return None;
        }
        let (from, to) = field.and_then(|field| field_of(meant, field)).unwrap_or((0, meant.len()));
        // A long line is shown around its field.
        let skipped = if to > WIDTH { meant[..from].chars().count().saturating_sub(20) } else { 0 };
        let mut text = String::new();
        let mut span = (0, 0);
        for (index, line) in lines.iter().enumerate() {
            let shown: String = line.chars().skip(skipped).take(WIDTH).map(plain).collect();
            if index == wanted - first {
                let offset = |end: usize| {
                    let chars = meant[..end].chars().count().saturating_sub(skipped).min(shown.chars().count());
                    shown.chars().take(chars).map(char::len_utf8).sum::<usize>()
                };
                span = (text.len() + offset(from), (offset(to) - offset(from)).max(1));
            }
            text.push_str(&shown);
            text.push('\n');
        }
        Some(Self { text, first, span })
    }
}

/// In the encoding that a reader would take.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let detected = encoding::detect(bytes, reads_as_chinese);
    detected.encoding.decode(bytes.get(detected.bom..).unwrap_or_default()).0
}

/// One character as wide as one: a tab is a blank, other controls are dots.
fn plain(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '·',
        c => c,
    }
}

/// Start and end of a field, by the separator that the line has most of.
fn field_of(line: &str, field: u32) -> Option<(usize, usize)> {
    let separator = ['\t', ';', ','].into_iter().max_by_key(|s| line.matches(*s).count())?;
    let mut start = 0;
    for (number, cell) in line.split(separator).enumerate() {
        if number + 1 == field as usize {
            return Some((start, start + cell.len()));
        }
        start += cell.len() + separator.len_utf8();
    }
    None
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new(
            inner.data(),
            *inner.span(),
            inner.line() + self.first,
            inner.column(),
            inner.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8], line: u64, field: Option<u32>) -> Option<(String, usize, String)> {
        let path = std::env::temp_dir().join(format!("prep-excerpt-{}-{line}-{field:?}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let excerpt = Excerpt::of(&path, line, field);
        std::fs::remove_file(&path).unwrap();
        excerpt.map(|e| (e.text.clone(), e.first, e.text[e.span.0..e.span.0 + e.span.1].to_owned()))
    }

    #[test]
    fn a_field_is_marked_between_its_neighbours() {
        let got = of(b"a\nTime\tAmp\xE8re\tVolts\n1\t2\t3\nlast\n", 2, Some(2));
        assert_eq!(got, Some(("a\nTime Ampère Volts\n1 2 3\n".to_owned(), 0, "Ampère".to_owned())));
    }

    #[test]
    fn a_long_line_is_shown_around_its_field() {
        let line = format!("{},here,{}", "x".repeat(400), "y".repeat(400));
        let (text, _, marked) = of(line.as_bytes(), 1, Some(2)).unwrap();
        assert!(text.chars().count() <= WIDTH + 1);
        assert_eq!(marked, "here");
    }

    #[test]
    fn what_is_no_line_of_text_is_not_shown() {
        assert_eq!(of(b"one\n", 7, None), None);
        assert_eq!(of(b"a\0b\n", 1, None), None);
    }
}
