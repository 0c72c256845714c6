//! Numbers and texts, as long as a page needs them.

/// What a page needs of a number: six digits.
pub(super) fn short(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// A text of so many characters at most.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_as_long_as_a_page_needs() {
        assert_eq!((short(2.345_678_912), short(-0.0), short(123_456_789.0)), (2.345_68, 0.0, 123_457_000.0));
        assert_eq!((cut("µµµ", 2), cut("µµ", 2)), ("µµ…".to_owned(), "µµ".to_owned()));
    }
}
