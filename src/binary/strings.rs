//! Text and dates of binary headers.

use encoding_rs::WINDOWS_1252;

use super::at;

/// A Pascal string: one length byte, then that many bytes of windows-1252; what follows in the slot is rubbish.
pub(crate) fn pascal(bytes: &[u8], place: usize) -> Option<String> {
    let length = usize::from(at::<u8>(bytes, place)?);
    let text = bytes.get(place.checked_add(1)?..place.checked_add(1 + length)?)?;
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(text);
    Some(text.trim_matches(['\0', ' ']).to_owned())
}

/// Milliseconds since 1970 of an OLE date: days since 1899-12-30, rounded to the nearest millisecond. `None` for a date
/// before 1970 or after 2100, which no cycler writes.
pub(crate) fn ole_milliseconds(days: f64) -> Option<i64> {
    (25_569.0..73_050.0).contains(&days).then(|| ((days - 25_569.0) * 86_400_000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_end_where_they_say() {
        assert_eq!(pascal(b"\x03abcdef", 0).as_deref(), Some("abc"));
        assert_eq!(pascal(b"\x09abc", 0), None);
    }

    #[test]
    fn ole_dates() {
        assert_eq!(ole_milliseconds(45_352.333_336_226_85), Some(1_709_280_000_250));
        assert_eq!(ole_milliseconds(0.0), None);
        assert_eq!(ole_milliseconds(f64::NAN), None);
    }
}
