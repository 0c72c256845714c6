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
mod tests {
    use super::*;
    use crate::makers::MAKERS;

    fn taken(maker: &str, names: &str, row: &str) -> Option<Vec<String>> {
        let text = format!("{names}\n{row}\n1\n");
        let vocabulary = MAKERS.iter().find(|m| m.name() == maker).unwrap().words();
        let line = line::lines(text.as_bytes(), 0).next().unwrap();
        let mut header = super::super::delimited::header_of(line, b',', Encoding::Utf8);
        take(text.as_bytes(), Encoding::Utf8, vocabulary, &mut header);
        (header.line == 2).then_some(header.cells)
    }

    #[test]
    fn every_maker_has_its_units() {
        let with = |maker, names, row| taken(maker, names, row).map(|cells| cells.join(","));
        let maccor = with("Maccor", "Rec#,Test Time,Current,State,DPt Time", "[Cnt],min,mA,-,date");
        assert_eq!(maccor.as_deref(), Some("Rec#,Test Time [min],Current [mA],State,DPt Time"));
        let arbin = with("Arbin", "Data_Point,Test_Time,Current", ",,(mA)");
        assert_eq!(arbin.as_deref(), Some("Data_Point,Test_Time,Current [mA]"));
        let neware = with("Neware", "DataPoint,Total Time,Current,Voltage", "#,hh:mm:ss,mA,V");
        assert_eq!(neware.as_deref(), Some("DataPoint,Total Time [hh:mm:ss],Current [mA],Voltage [V]"));
        let biologic = with("BioLogic", "time,Ewe,I", "s,V,mA");
        assert_eq!(biologic.as_deref(), Some("time/s,Ewe/V,I/mA"));
    }

    #[test]
    fn an_unknown_unit_goes_to_its_name_and_a_prefix_stays() {
        assert_eq!(taken("Maccor", "mAmps,Volts", "mA,furlong").unwrap(), ["mAmps", "Volts [furlong]"]);
    }

    #[test]
    fn a_record_is_no_row_of_units() {
        for (names, row) in [
            ("Test Time,Current,Temp 1", "0,C,C"),
            ("Test Time,State,Current", "R,C,D"),
            ("Test Time,Current,DPt Time", "s,mA,03/13/2024 09:00:00"),
            ("Test Time,Current", "00:00:01,A"),
            ("Test Time,Current", "-,-"),
        ] {
            assert_eq!(taken("Maccor", names, row), None, "{row}");
        }
    }
}
