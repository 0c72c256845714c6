//! Lines and fields of text that is looked at, not parsed in bulk: preambles and headers.

/// A line without its end, where it starts, and its number from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The bytes, without LF or CR LF.
    pub bytes: &'a [u8],
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the line's end.
    pub next: usize,
    /// Number, from 1.
    pub number: u64,
}

/// Iterates over the lines from `start`.
pub fn lines(bytes: &[u8], start: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = start;
    let mut number = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest);
        let line = rest.get(..end.unwrap_or(rest.len()))?;
        number += 1;
        let found = Line { bytes: strip_cr(line), start: at, next: at + end.map_or(rest.len(), |e| e + 1), number };
        at = found.next;
        Some(found)
    })
}

/// The line without a CR at its end.
#[inline]
pub fn strip_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Where the field that begins at `at` ends: the next separator outside quotes, or the end of the line.
#[inline]
pub fn field_end(line: &[u8], at: usize, separator: u8) -> usize {
    let Some(rest) = line.get(at..) else { return line.len() };
    if rest.first() == Some(&b'"') {
        // A quote inside quotes is doubled; so an even number of them stands before a separator that separates.
        let mut inside = false;
        for (i, &byte) in rest.iter().enumerate() {
            if byte == b'"' {
                inside = !inside;
            } else if byte == separator && !inside {
                return at + i;
            }
        }
        if !inside {
            return line.len();
        }
        // An unclosed quote is a stray byte, not a field that swallows the line.
    }
    rest.iter().position(|b| *b == separator).map_or(line.len(), |i| at + i)
}

/// All fields of a line as they stand, quotes included.
pub fn fields(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let start = at?;
        let end = field_end(line, start, separator);
        at = (end < line.len()).then_some(end + 1);
        line.get(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        let f = |text: &'static str| {
            fields(text.as_bytes(), b',').map(|f| std::str::from_utf8(f).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(f("a,b,,c,"), ["a", "b", "", "c", ""]);
        assert_eq!(f(""), [""]);
        assert_eq!(f("\"a,b\",c"), ["\"a,b\"", "c"]);
        assert_eq!(f("\"a\"\"b,\",c"), ["\"a\"\"b,\"", "c"]);
        assert_eq!(f("\"a,b"), ["\"a", "b"]);
        let l: Vec<_> = lines(b"a\r\n\nb", 0).map(|l| (l.bytes.to_vec(), l.number, l.next)).collect();
        assert_eq!(l, [(b"a".to_vec(), 1, 3), (vec![], 2, 4), (b"b".to_vec(), 3, 5)]);
    }
}
