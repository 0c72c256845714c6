//! Which sign separates decimals: decided once for a file, never cell by cell.

/// The decimal sign; the other of the two, where it occurs, groups thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decimal {
    /// `1,234.5`
    #[default]
    Point,
    /// `1.234,5`
    Comma,
}

impl Decimal {
    /// Writes `cell` with a decimal point and without thousands into `buffer`; `None` when the marks do not stand where
    /// this sign's numbers have them.
    pub fn normalise<'b>(self, cell: &[u8], buffer: &'b mut [u8; 64]) -> Option<&'b [u8]> {
        let (mark, group) = match self {
            Self::Point => (b'.', b','),
            Self::Comma => (b',', b'.'),
        };
        let digits = cell.strip_prefix(b"-").or(cell.strip_prefix(b"+")).unwrap_or(cell);
        let integer = digits.iter().position(|b| !b.is_ascii_digit() && *b != group).unwrap_or(digits.len());
        let (integer, tail) = digits.split_at(integer);
        let mut groups = integer.split(|b| *b == group);
        let first = groups.next()?;
        let grouped = integer.contains(&group);
        if grouped && (first.is_empty() || first.len() > 3 || !groups.all(|g| g.len() == 3)) || tail.contains(&group) {
            return None;
        }
        // Who writes a power of ten writes no thousands.
        if grouped && tail.iter().any(|b| matches!(b, b'e' | b'E')) {
            return None;
        }
        let mut used = 0;
        for &byte in cell.iter().filter(|b| **b != group) {
            *buffer.get_mut(used)? = if byte == mark { b'.' } else { byte };
            used += 1;
        }
        buffer.get(..used)
    }
}
