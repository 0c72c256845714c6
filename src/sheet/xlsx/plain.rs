//! Cells as nearly all of them are written, told by their bytes.

/// `<c r="B7" s="1" t="s"><v>12</v></c>` in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plain<'x> {
    /// Row and column, from 0.
    pub(super) place: Option<(u32, u32)>,
    pub(super) style: &'x [u8],
    pub(super) kind: &'x [u8],
    /// What stands inside; `None` for an empty cell.
    pub(super) value: Option<&'x [u8]>,
    /// How long the whole is.
    pub(super) length: usize,
}

/// The cell that begins here; `None` where it is written otherwise, and XML has to be read as such.
pub(super) fn plain(xml: &[u8]) -> Option<Plain<'_>> {
    let mut rest = xml.strip_prefix(b"<c")?;
    let mut cell = Plain { place: None, style: b"", kind: b"", value: None, length: 0 };
    let behind = loop {
        match rest {
            [b' ', b'r', b'=', b'"', behind @ ..] => {
                let (place, behind) = place_at(behind)?;
                cell.place = Some(place);
                rest = behind.strip_prefix(b"\"")?;
            }
            [b' ', name @ (b's' | b't'), b'=', b'"', behind @ ..] => {
                let end = behind.iter().position(|b| *b == b'"')?;
                let value = behind.get(..end)?;
                *(if *name == b's' { &mut cell.style } else { &mut cell.kind }) = value;
                rest = behind.get(end + 1..)?;
            }
            [b'>', behind @ ..] => break inside(&mut cell, behind)?,
            [b'/', b'>', behind @ ..] | [b' ', b'/', b'>', behind @ ..] => break behind,
            _ => return None,
        }
    };
    cell.length = xml.len() - behind.len();
    Some(cell)
}

/// What stands inside, and what behind the cell.
fn inside<'x>(cell: &mut Plain<'x>, xml: &'x [u8]) -> Option<&'x [u8]> {
    let (open, close): (&[u8], &[u8]) =
        if cell.kind == b"inlineStr" { (b"<is><t>", b"</t></is></c>") } else { (b"<v>", b"</v></c>") };
    let value = xml.strip_prefix(open)?;
    let end = memchr::memchr(b'<', value)?;
    cell.value = value.get(..end);
    value.get(end..)?.strip_prefix(close)
}

/// Row and column of `B7`, from 0.
pub(super) fn place(name: &[u8]) -> Option<(u32, u32)> {
    place_at(name).filter(|(_, behind)| behind.is_empty()).map(|(place, _)| place)
}

/// The place that is named here, and what stands behind its name.
fn place_at(text: &[u8]) -> Option<((u32, u32), &[u8])> {
    let (mut row, mut column, mut rest) = (0u32, 0u32, text);
    while let [letter, behind @ ..] = rest
        && letter.is_ascii_alphabetic()
    {
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
        rest = behind;
    }
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        row = row.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
        rest = behind;
    }
    Some(((row.checked_sub(1)?, column.checked_sub(1)?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_zero() {
        let places = [b"A1".as_slice(), b"Z10", b"AA3", b"xfd1048576"].map(place);
        assert_eq!(places, [Some((0, 0)), Some((9, 25)), Some((2, 26)), Some((1_048_575, 16_383))]);
        for bad in [b"".as_slice(), b"A", b"1", b"A0", b"A1B", b"$A$1", b"A99999999999", b"ZZZZZZZZZ1"] {
            assert_eq!(place(bad), None, "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn plain_cells_are_told_by_their_bytes() {
        let xml = b"<c r=\"B7\" s=\"1\" t=\"s\"><v>12</v></c><c";
        let value = Some(b"12".as_slice());
        assert_eq!(
            plain(xml),
            Some(Plain { place: Some((6, 1)), style: b"1", kind: b"s", value, length: xml.len() - 2 })
        );
        let empty = plain(b"<c r=\"A1\" t=\"inlineStr\" />").unwrap();
        assert_eq!((empty.value, empty.length), (None, 26));
        assert_eq!(plain(b"<c t=\"inlineStr\"><is><t>a b</t></is></c>").unwrap().value, Some(b"a b".as_slice()));
        for other in
            ["<c r='A1'><v>1</v></c>", "<c><f>1</f><v>1</v></c>", "<cols>", "<c r=\"A1\"><v>1", "<c cm=\"1\"/>", "<c>"]
        {
            assert_eq!(plain(other.as_bytes()), None, "{other}");
        }
    }
}
