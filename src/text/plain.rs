//! Text made plain before anybody splits it: lines end with LF, and a spreadsheet's line that names the separator is blank.

use std::borrow::Cow;

use super::encoding::{self, Encoding};

/// How much of a text tells what its line ends are.
const HEAD: usize = 64 << 10;

/// The text made plain; `None` when it is already. No line moves: line numbers stay.
pub fn plain(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = has_cr_ends(text).then(|| with_line_feeds(text));
    if let Some(end) = separator_line(plain.as_deref().unwrap_or(text)) {
        let plain = plain.get_or_insert_with(|| text.to_vec());
        plain.iter_mut().take(end).for_each(|byte| *byte = b' ');
    }
    plain
}

/// The same of bytes whose encoding nobody has asked for yet: without a byte order mark, UTF-16 as UTF-8.
pub fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = match (bytes, encoding::unmarked_utf16(bytes)) {
        ([0xEF, 0xBB, 0xBF, text @ ..], _) => Cow::Borrowed(text),
        ([0xFF, 0xFE, text @ ..], _) => Cow::Owned(utf8(Encoding::Utf16Le, text)),
        ([0xFE, 0xFF, text @ ..], _) => Cow::Owned(utf8(Encoding::Utf16Be, text)),
        (text, Some(encoding)) => Cow::Owned(utf8(encoding, text)),
        (text, None) => Cow::Borrowed(text),
    };
    plain(&text).map_or(text, Cow::Owned)
}

fn utf8(encoding: Encoding, text: &[u8]) -> Vec<u8> {
    encoding.decode(text).0.into_owned().into_bytes()
}

/// Whether lines end with CR alone, as old Macs and Excel's "CSV (Macintosh)" write them.
fn has_cr_ends(text: &[u8]) -> bool {
    let head = text.get(..HEAD).unwrap_or(text);
    let Some(first) = memchr::memchr2(b'\r', b'\n', head) else { return false };
    if head.get(first) != Some(&b'\r') || head.get(first + 1) == Some(&b'\n') {
        return false;
    }
    // CR CR LF is a text that went through two conversions.
    let alone = |at: &usize| {
        !matches!(head.get(at + 1), Some(b'\n')) && !head.get(at + 1..).is_some_and(|t| t.starts_with(b"\r\n"))
    };
    let alone = memchr::memchr_iter(b'\r', head).filter(alone).count();
    alone > memchr::memchr_iter(b'\n', head).count()
}

/// Each CR that no LF follows becomes one.
fn with_line_feeds(text: &[u8]) -> Vec<u8> {
    let mut plain = text.to_vec();
    for at in memchr::memchr_iter(b'\r', text) {
        if text.get(at + 1) != Some(&b'\n')
            && let Some(byte) = plain.get_mut(at)
        {
            *byte = b'\n';
        }
    }
    plain
}

/// Where the line `sep=;` ends that tells a spreadsheet program the separator, when it is the first line.
fn separator_line(text: &[u8]) -> Option<usize> {
    let end = memchr::memchr(b'\n', text.get(..16).unwrap_or(text))?;
    let line = text.get(..end)?.trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let is_it = matches!(line, [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', ..]) && line.len() <= 5;
    is_it.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        plain(text.as_bytes()).map_or("–".to_owned(), |plain| format!("{:?}", String::from_utf8(plain).unwrap()))
    }

    #[test]
    fn line_ends_and_separator_lines() {
        insta::assert_snapshot!(show("a,b\r1,2\r3,4\r"), @r#""a,b\n1,2\n3,4\n""#);
        insta::assert_snapshot!(show("sep=,\ra,b\r1,2\r"), @r#""     \na,b\n1,2\n""#);
        insta::assert_snapshot!(show("sep=;\r\na;b\r\n"), @r#""      \na;b\r\n""#);
        insta::assert_snapshot!(show("\"SEP=\t\"\na\tb\n"), @r#""       \na\tb\n""#);
        for as_it_is in
            ["", "a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r\r\n1,2\r\r\n", "sep=,", "separator\n", "note\ra\n1\n2\n"]
        {
            assert_eq!(show(as_it_is), "–", "{as_it_is:?}");
        }
    }

    #[test]
    fn bytes_of_any_encoding() {
        for (bytes, text) in [
            (&b"\xEF\xBB\xBFa,b\n"[..], "a,b\n"),
            (b"\xFF\xFEa\0,\0b\0\r\0", "a,b\r"),
            (b"\xFE\xFF\0a\0,\0b", "a,b"),
            (b"a\0,\0b\0\n\0", "a,b\n"),
            (b"a\r1\r", "a\n1\n"),
            (b"a\n", "a\n"),
        ] {
            assert_eq!(decoded(bytes).as_ref(), text.replace("b\r", "b\n").as_bytes());
        }
    }

    proptest::proptest! {
        /// Lines keep their numbers and their text.
        #[test]
        fn cr_is_as_good_as_lf(lines in proptest::collection::vec("[a-z0-9,]{1,5}", 2..20)) {
            let text = lines.join("\r");
            proptest::prop_assert_eq!(plain(text.as_bytes()), Some(lines.join("\n").into_bytes()));
        }
    }
}
