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

/// A line whose numbers hold unquoted thousands separators, each such number as one field again; `None` where that does not
/// give `width` fields. Numbers are joined from the left, as few as needed.
pub fn join_thousands(line: &[u8], separator: u8, width: usize) -> Option<Vec<u8>> {
    let all: Vec<&[u8]> = fields(line, separator).collect();
    let mut surplus = all.len().checked_sub(width)?;
    // A separator at the end is no number's.
    if all.last().is_some_and(|last| last.trim_ascii().is_empty()) && surplus > 0 {
        surplus -= 1;
    }
    let digits = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
    let head = |field: &[u8]| {
        let field = field.trim_ascii();
        let field = field.strip_prefix(b"-").unwrap_or(field);
        digits(field) && field.len() <= 3 && !field.starts_with(b"0")
    };
    let tail = |field: &[u8]| {
        let field = field.trim_ascii_end();
        let whole = field.split(|b| *b == b'.').next().unwrap_or_default();
        whole.len() == 3 && digits(whole)
    };
    let mut out: Vec<u8> = Vec::new();
    let mut i = 0;
    while let Some(field) = all.get(i) {
        if i > 0 {
            out.push(separator);
        }
        out.extend_from_slice(field);
        i += 1;
        let mut open = head(field);
        while open && surplus > 0 && all.get(i).is_some_and(|next| tail(next)) {
            let next = all.get(i).copied().unwrap_or_default();
            out.extend_from_slice(next);
            // Behind a decimal point no further group follows.
            open = !next.contains(&b'.');
            surplus -= 1;
            i += 1;
        }
    }
    (surplus == 0).then_some(out)
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

    #[test]
    fn thousands() {
        let f = |text: &str, width| join_thousands(text.as_bytes(), b',', width).map(|l| String::from_utf8(l).unwrap());
        assert_eq!(f("1,5,577,644.47,3.9", 3).as_deref(), Some("1,5577644.47,3.9"));
        assert_eq!(f("1,234,5.5,3.9", 3).as_deref(), Some("1234,5.5,3.9"));
        assert_eq!(f("1,2,3.9", 3).as_deref(), Some("1,2,3.9"));
        assert_eq!(f("1,2,3.9,4", 3), None);
        assert_eq!(f("1,2", 3), None);
    }
}
