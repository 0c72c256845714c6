//! Text and dates of binary headers.

use encoding_rs::{GB18030, WINDOWS_1252};

use super::at;
use crate::text::timestamp::days_from_civil;

/// A Pascal string: one length byte, then that many bytes of windows-1252; what follows in the slot is rubbish.
pub(crate) fn pascal(bytes: &[u8], place: usize) -> Option<String> {
    let length = usize::from(at::<u8>(bytes, place)?);
    let text = bytes.get(place.checked_add(1)?..place.checked_add(1 + length)?)?;
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(text);
    Some(text.trim_matches(['\0', ' ']).to_owned())
}

/// The bytes of a fixed slot up to its first NUL; the slot is cut at the end of `bytes`.
pub(crate) fn until_nul(bytes: &[u8], place: usize, length: usize) -> &[u8] {
    let slot = bytes.get(place..).unwrap_or_default();
    let slot = slot.get(..length).unwrap_or(slot);
    slot.get(..memchr::memchr(0, slot).unwrap_or(slot.len())).unwrap_or_default()
}

/// Text of a Chinese system, with what does not decode replaced; `None` when nothing is left after trimming.
pub(crate) fn gb18030(bytes: &[u8]) -> Option<String> {
    let (text, _) = GB18030.decode_without_bom_handling(bytes);
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Milliseconds since 1970 of an OLE date: days since 1899-12-30, rounded to the nearest millisecond. `None` for a date
/// before 1970 or after 2100, which no cycler writes.
pub(crate) fn ole_milliseconds(days: f64) -> Option<i64> {
    (25_569.0..73_050.0).contains(&days).then(|| ((days - 25_569.0) * 86_400_000.0).round() as i64)
}

/// Local milliseconds of a u16 year and u8 month, day, hour, minute and second; NaN for a date that is none.
pub(crate) fn local_fields(bytes: &[u8], place: usize) -> f64 {
    let Some([y0, y1, month, day, hour, minute, second]) =
        place.checked_add(7).and_then(|end| bytes.get(place..end)).and_then(|f| <[u8; 7]>::try_from(f).ok())
    else {
        return f64::NAN;
    };
    let year = u32::from(u16::from_le_bytes([y0, y1]));
    let days = days_from_civil(year, u32::from(month), u32::from(day)).filter(|_| year >= 1970);
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    days.map_or(f64::NAN, |days| (days * 86_400 + seconds) as f64 * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_end_where_they_say() {
        assert_eq!(pascal(b"\x03abcdef", 0).as_deref(), Some("abc"));
        assert_eq!(pascal(b"\x09abc", 0), None);
        assert_eq!(until_nul(b"xab\0cd", 1, 5), b"ab");
        assert_eq!(gb18030(&[0xB5, 0xE7]).as_deref(), Some("电"));
        assert_eq!(gb18030(b"  "), None);
    }

    #[test]
    fn local_dates() {
        let at = |year: u16, rest: [u8; 5]| local_fields(&[&year.to_le_bytes()[..], &rest].concat(), 0);
        assert_eq!(at(2024, [3, 1, 8, 0, 5]), 1_709_280_005_000.0);
        assert_eq!(at(1970, [1, 1, 0, 0, 0]), 0.0);
        assert_eq!(at(2000, [2, 29, 0, 0, 0]), 951_782_400_000.0);
        assert!(at(0, [0, 0, 0, 0, 0]).is_nan() && local_fields(&[1, 2], 0).is_nan());
    }

    #[test]
    fn ole_dates() {
        assert_eq!(ole_milliseconds(45_352.333_336_226_85), Some(1_709_280_000_250));
        assert_eq!(ole_milliseconds(0.0), None);
        assert_eq!(ole_milliseconds(f64::NAN), None);
    }
}
