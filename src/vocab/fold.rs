//! Folding: what is left of a header cell when spelling does not count.

/// A metric prefix that stands at the name instead of the unit (`mAmps`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Prefix {
    /// None.
    #[default]
    None,
    /// 10⁻³.
    Milli,
    /// 10⁶: no cycler uses it, so it is an error.
    Mega,
}

/// A header cell, folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    /// The name that is looked up.
    pub key: String,
    /// The unit as written, without brackets.
    pub unit: Option<String>,
    /// A prefix at the name.
    pub prefix: Prefix,
    /// A number that was split off the name.
    pub number: Option<u32>,
}

impl Folded {
    /// A name with its unit, and nothing else.
    pub(crate) fn named(key: impl Into<String>, unit: Option<&str>) -> Self {
        Self { key: key.into(), unit: unit.map(str::to_owned), prefix: Prefix::None, number: None }
    }
}

/// A name in lower case with its unit in brackets, as most makers write them.
pub(crate) fn plain(cell: &str) -> Folded {
    let (base, unit) = split_unit(clean(cell));
    Folded::named(base.to_lowercase(), unit)
}

/// Takes byte order mark, blanks, one pair of quotes and a trailing colon off.
pub fn clean(cell: &str) -> &str {
    let cell = cell.trim_start_matches('\u{feff}').trim();
    let cell = cell.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
    cell.trim().trim_end_matches(':').trim_end()
}

/// Splits a bracketed unit off the end: `Voltage (V)` → `("Voltage", Some("V"))`.
pub fn split_unit(cell: &str) -> (&str, Option<&str>) {
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(inner) = cell.strip_suffix(close)
            && let Some(start) = inner.rfind(open)
        {
            let unit = inner[start + open.len_utf8()..].trim();
            return (cell[..start].trim_end(), Some(unit));
        }
    }
    (cell, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        assert_eq!(clean("\u{feff} \"Tester:\" "), "Tester");
        assert_eq!(split_unit("Voltage (V)"), ("Voltage", Some("V")));
        assert_eq!(split_unit("Cap. [Ah]"), ("Cap.", Some("Ah")));
        assert_eq!(split_unit("Step"), ("Step", None));
        assert_eq!(split_unit(")"), (")", None));
    }
}
