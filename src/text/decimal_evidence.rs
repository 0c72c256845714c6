//! What the cells of a file show about its decimal sign.

use super::decimal::Decimal;
use super::{number, odd};

/// What the cells of a file's numeric columns show about its decimal sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// A number with a point as its last mark and nothing that contradicts it.
    pub point: bool,
    /// A number that only a decimal comma explains: `3809,841833`, `1,2E+3`, `1.234,5`.
    pub comma: bool,
}

impl Evidence {
    /// Looks at one cell.
    pub fn see(&mut self, cell: &[u8]) {
        let cell = number::trim(cell);
        if !self.see_plain(cell) && !cell.is_empty() {
            // Groups between blanks or apostrophes leave the decimal mark as it is.
            let mut buffer = [0; 64];
            if let Some(cell) = odd::plain_form(cell, &mut buffer) {
                self.see_plain(cell);
            }
        }
    }

    /// Whether the cell is a number under one of the signs.
    fn see_plain(&mut self, cell: &[u8]) -> bool {
        if memchr::memchr(b',', cell).is_none() {
            let is_number = number::plain(cell).is_some();
            self.point |= is_number && memchr::memchr(b'.', cell).is_some();
            return is_number;
        }
        let as_comma = Decimal::Comma.normalise(cell, &mut [0; 64]).and_then(number::plain).is_some();
        let as_point = Decimal::Point.normalise(cell, &mut [0; 64]).and_then(number::plain).is_some();
        match (as_point, as_comma) {
            (true, false) => self.point = true,
            (false, true) => self.comma = true,
            // Both explain `1,234`; none explains a word.
            (true, true) | (false, false) => {}
        }
        as_comma || as_point
    }

    /// The sign. A comma needs proof and no proof of the contrary.
    pub fn decide(self) -> Decimal {
        if self.comma && !self.point { Decimal::Comma } else { Decimal::Point }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(cells: &[&str]) -> Decimal {
        let mut evidence = Evidence::default();
        cells.iter().for_each(|c| evidence.see(c.as_bytes()));
        evidence.decide()
    }

    #[test]
    fn one_decision_for_all_cells() {
        assert_eq!(decide(&["1.5", "2"]), Decimal::Point);
        assert_eq!(decide(&["1,5", "2"]), Decimal::Comma);
        assert_eq!(decide(&["1,234", "2"]), Decimal::Point);
        assert_eq!(decide(&["1,234", "0,5"]), Decimal::Comma);
        assert_eq!(decide(&["1,234.5"]), Decimal::Point);
        assert_eq!(decide(&["1.234,5"]), Decimal::Comma);
        assert_eq!(decide(&["1,234567E+002"]), Decimal::Comma);
        assert_eq!(decide(&["9,961e+4", "2,500e+3"]), Decimal::Comma);
        assert_eq!(decide(&["1\u{a0}234,567"]), Decimal::Comma);
        assert_eq!(decide(&["1'234.5"]), Decimal::Point);
    }
}
