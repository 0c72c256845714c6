//! `Range: bytes=0-799`: a part of what is there.

use std::ops::Range;

use super::refusal::Refusal;

/// The bytes that are asked for, of so many; `None` where all are: nothing is asked for, or several parts or another unit, which a
/// server may leave alone.
pub fn of(asked: Option<&str>, size: u64) -> Result<Option<Range<u64>>, Refusal> {
    let Some((first, last)) = asked.and_then(|asked| asked.strip_prefix("bytes=")?.split_once('-')) else {
        return Ok(None);
    };
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        (None, Some(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Ok(None),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(Refusal::Range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_the_standard_says() {
        // RFC 9110, section 14.1.2, of 10,000 bytes.
        for (asked, wanted) in [
            ("bytes=0-499", Some(0..500)),
            ("bytes=500-999", Some(500..1000)),
            ("bytes=-500", Some(9500..10_000)),
            ("bytes=9500-", Some(9500..10_000)),
            ("bytes=0-99999", Some(0..10_000)),
            ("bytes=-99999", Some(0..10_000)),
            ("bytes=0-0,-1", None),
            ("bytes=5-4", None),
            ("bytes=+1-2", None),
            ("bytes=-", None),
            ("rows=0-1", None),
            ("bytes=0-99999999999999999999999", None),
        ] {
            assert_eq!(of(Some(asked), 10_000), Ok(wanted), "{asked}");
        }
        assert_eq!(of(None, 10), Ok(None));
        for asked in ["bytes=10000-", "bytes=10000-10001", "bytes=-0"] {
            assert_eq!(of(Some(asked), 10_000), Err(Refusal::Range), "{asked}");
        }
        assert_eq!(of(Some("bytes=0-"), 0), Err(Refusal::Range));
    }
}
