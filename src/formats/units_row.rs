//! A row of units under the names: what people and their programs put there when names are to stay plain.

use super::header::{Header, cells};
use crate::schema::{Quantity, Unit};
use crate::text::decimal::Decimal;
use crate::text::encoding::Encoding;
use crate::text::line;
use crate::text::number::{self, Cell};
use crate::text::timestamp::{self, Order};
use crate::vocab::fold::Prefix;
use crate::vocab::{Read, Vocabulary};

/// Takes the row behind the header where it is one of units: each goes to its name, an unknown one too, so that it is refused
/// like any other. One unit that fits its column shows such a row, as long as no cell is a value; what else stands there
/// (`#`, `-`, `date`, `[Cnt]`) says nothing.
pub(super) fn take(bytes: &[u8], encoding: Encoding, vocabulary: &Vocabulary, header: &mut Header) {
    let mut below = line::lines(bytes, header.body).filter(|l| !l.bytes.trim_ascii().is_empty());
    let Some(line) = below.next() else { return };
    // Nothing but words: a record has a time at least.
    if line.bytes.len() > 1 << 16 || line::fields(line.bytes, header.separator).any(is_value) {
        return;
    }
    let bare = |cell: &String| cell.trim_matches(['[', ']', '(', ')']).trim().to_owned();
    let units: Vec<String> = cells(line.bytes, header.separator, encoding).iter().map(bare).collect();
    let mut named = header.cells.clone();
    let mut shown = false;
    for (name, unit) in named.iter_mut().zip(units).filter(|(_, unit)| !unit.is_empty()) {
        let Some(quantity) = quantity(name, vocabulary) else { continue };
        shown |= Unit::parse(&unit, quantity).is_some() || (quantity == Quantity::Time && unit.contains(':'));
        let folded = (vocabulary.fold)(name);
        if folded.unit.is_none() && folded.prefix == Prefix::None {
            *name = with_unit(name, &unit, vocabulary);
        }
    }
    if shown {
        header.cells = named;
        header.body = line.next;
        header.line += line.number;
    }
}

/// Whether a cell is a number, a date or a time.
fn is_value(cell: &[u8]) -> bool {
    let cell = number::trim(cell);
    let is_number = |sign| matches!(number::parse(cell, sign), Cell::Number(_));
    is_number(Decimal::Point)
        || is_number(Decimal::Comma)
        || timestamp::parse(cell, Order::MonthDayYear).is_some()
        || timestamp::parse(cell, Order::DayMonthYear).is_some()
        || crate::text::duration::seconds(cell).is_some()
}

/// What a name measures, if it has a unit at all.
fn quantity(name: &str, vocabulary: &Vocabulary) -> Option<Quantity> {
    let (_, term, _) = vocabulary.find(&(vocabulary.fold)(name))?;
    match term.read {
        Read::Number(quantity) | Read::Negated(quantity) => Some(quantity),
        Read::Duration => Some(Quantity::Time),
        Read::Timestamp | Read::Label | Read::Count | Read::Plain => None,
    }
}

/// The name with its unit, in the way in which the maker writes it.
fn with_unit(name: &str, unit: &str, vocabulary: &Vocabulary) -> String {
    let ways = [format!("{name} [{unit}]"), format!("{name}/{unit}")];
    let reads = |way: &&String| (vocabulary.fold)(way).unit.as_deref() == Some(unit);
    let found = ways.iter().find(reads).or(ways.first());
    found.cloned().unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::formats::header::header_of;
    use crate::schema::Column;
    use crate::vocab::fold::{Folded, clean, split_unit};
    use crate::vocab::{Role, Term, count, number};

    /// The header `names` with the units of `row`, separated by commas; `None` where that is no row of units.
    pub(crate) fn with_units(vocabulary: &Vocabulary, names: &str, row: &str) -> Option<String> {
        let text = format!("{names}\n{row}\n1\n");
        let line = line::lines(text.as_bytes(), 0).next()?;
        let mut header = header_of(line, b',', Encoding::Utf8);
        take(text.as_bytes(), Encoding::Utf8, vocabulary, &mut header);
        (header.line == 2).then(|| header.cells.join(","))
    }

    /// A made-up maker, who writes `U [V]` and knows `mI` for a current in mA.
    const BRACKETS: Vocabulary = Vocabulary {
        maker: "Voltlab",
        terms: &[
            Term { key: "t", role: Role::Column(Column::Time), read: Read::Duration },
            Term { key: "date", role: Role::Column(Column::Timestamp), read: Read::Timestamp },
            Term { key: "state", role: Role::Column(Column::Mode), read: Read::Label },
            number("u", Column::Voltage, Quantity::Voltage),
            number("i", Column::Current, Quantity::Current),
            count("n", Column::Record),
        ],
        fold: |cell| {
            let (name, unit) = split_unit(clean(cell));
            let (prefix, name) = name.strip_prefix('m').map_or((Prefix::None, name), |name| (Prefix::Milli, name));
            Folded { key: name.to_lowercase(), unit: unit.map(str::to_owned), prefix, number: None }
        },
        unit_may_be_missing: true,
        emitted: &[Column::Mode],
        ..Vocabulary::PLAIN
    };

    /// Another, who writes `U/V`.
    const SLASHES: Vocabulary = Vocabulary {
        fold: |cell| {
            let (name, unit) =
                clean(cell).split_once('/').map_or((clean(cell), None), |(name, unit)| (name, Some(unit)));
            Folded { key: name.to_lowercase(), unit: unit.map(str::to_owned), ..Folded::default() }
        },
        ..BRACKETS
    };

    #[test]
    fn units_go_to_their_names_in_the_way_of_the_maker() {
        let take = |vocabulary, names, row| with_units(vocabulary, names, row).unwrap();
        assert_eq!(take(&BRACKETS, "n,t,I,State,Date", "[Cnt],min,mA,-,date"), "n,t [min],I [mA],State,Date");
        assert_eq!(take(&BRACKETS, "n,t,I", ",,(mA)"), "n,t,I [mA]");
        assert_eq!(take(&BRACKETS, "n,t,U", "#,hh:mm:ss,V"), "n,t [hh:mm:ss],U [V]");
        assert_eq!(take(&SLASHES, "t,U,I", "s,V,mA"), "t/s,U/V,I/mA");
    }

    #[test]
    fn an_unknown_unit_goes_to_its_name_and_a_prefix_stays() {
        assert_eq!(with_units(&BRACKETS, "mI,U,t", "mA,furlong,s").unwrap(), "mI,U [furlong],t [s]");
    }

    #[test]
    fn a_record_is_no_row_of_units() {
        for (names, row) in [
            ("t,I,x", "0,C,C"),
            ("t,State,I", "R,C,D"),
            ("t,I,Date", "s,mA,03/13/2024 09:00:00"),
            ("t,I", "00:00:01,A"),
            ("t,I", "-,-"),
        ] {
            assert_eq!(with_units(&BRACKETS, names, row), None, "{row}");
        }
    }
}
