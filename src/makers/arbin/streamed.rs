//! `ArbinCsvFormat1`, what the data streaming of MITS 10 writes (docs/formats/arbin.md#streamed-csv).
//!
//! Seen in: two files, by their description.

use std::collections::BTreeSet;

use super::words::ARBIN;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::delimited::{self, Header, Opened};
use crate::formats::{ReadOptions, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::line::{self, Line};
use crate::text::number;

/// Lines above the rows that make sense.
const HEADER_LINES: std::ops::RangeInclusive<usize> = 4..=1000;

/// Lines that somebody may have put above the maker's own.
const ABOVE: usize = 100;

/// The line in which the text says of itself that it is such a file; lines of other programs may stand above.
pub(super) fn first_line(bytes: &[u8], start: usize) -> Option<Line<'_>> {
    let says = |line: &Line<'_>| {
        line.bytes.starts_with(b"File Format Type") && memchr::memmem::find(line.bytes, b"ArbinCsvFormat1").is_some()
    };
    line::lines(bytes, start).take(ABOVE).find(says)
}

/// Classes of lines, by their number.
static CLASSES: [&str; 8] = [
    "of no known class",
    "records",
    "of extended data",
    "of auxiliary data",
    "of CAN data",
    "of SMB data",
    "of impedance data",
    "of SMB text",
];
const RECORD: usize = 1;
const AUXILIARY: usize = 3;

/// Reads such a file: lines of class 1 are the rows, auxiliary voltages and temperatures go to the row at or behind their time.
///
/// # Errors
/// [`ErrorKind::Malformed`] where the lines above the rows are not what they say.
pub(super) fn read(mut opened: Opened, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<RawTable> {
    let head = Head::read(&opened)?;
    let mut table = RawTable::new(&ARBIN, "streamed csv");
    describe(&mut table, head.facts, source, notes);
    let body = opened.bytes.get(head.header.body..).unwrap_or_default();
    let auxiliary = Auxiliary::read(body, &head.places);
    let mut is_units = true;
    let mut rows =
        Rows { next: 0, values: vec![None; auxiliary.names.len()], passed_over: 0, counts: [0; CLASSES.len()] };
    let mut text = opened.bytes.get(..head.header.body).unwrap_or_default().to_vec();
    for line in line::lines(body, 0) {
        if std::mem::take(&mut is_units) {
            text.extend_from_slice(line.bytes);
            text.push(b'\n');
            continue;
        }
        // Lines of other classes become blank, so that those of the rows keep their numbers.
        rows.put(&line, &head.places, &auxiliary, &mut text);
        text.push(b'\n');
    }
    rows.tell(&auxiliary, notes);
    let mut header = head.header;
    header.cells.extend(auxiliary.names);
    opened.bytes = text.into();
    delimited::build(table, opened, header, options, notes)
}

/// What stands above the rows.
struct Head {
    facts: Vec<(String, String)>,
    /// Names, their units already with them.
    header: Header,
    places: Places,
}

/// Fields that this reader looks at itself.
struct Places {
    class: usize,
    time: Option<usize>,
    more: Option<usize>,
    width: usize,
}

impl Head {
    fn read(opened: &Opened) -> Result<Self> {
        let (start, above) = match first_line(&opened.bytes, opened.start) {
            Some(line) => (line.start, line.number - 1),
            None => (opened.start, 0),
        };
        let malformed =
            |line: u64, message: String| Error::new(ErrorKind::Malformed, message).at(Place::line(above + line));
        let lines = || line::lines(&opened.bytes, start);
        let pair = |line: &Line<'_>| {
            let text = opened.encoding.decode(line.bytes).0.into_owned();
            let (key, value) = text.split_once('\t')?;
            let clean = |text: &str| crate::vocab::fold::clean(text).to_owned();
            Some((clean(key), clean(value)))
        };
        let stated = lines().nth(1).as_ref().and_then(pair).filter(|(key, _)| key == "Header Lines").map(|(_, n)| n);
        let count = stated.as_deref().and_then(|n| n.parse::<usize>().ok()).filter(|n| HEADER_LINES.contains(n));
        let Some(count) = count else {
            let found = stated.unwrap_or_default();
            return Err(malformed(
                2,
                format!("expected \"Header Lines:\" with a number of at least 4, found {found:?}"),
            ));
        };
        // The last two lines above the rows are names and units.
        let names = lines().nth(count - 2).ok_or_else(|| {
            malformed(2, format!("expected {count} lines above the rows, found {}: the file is cut", lines().count()))
        })?;
        let header = delimited::header_of(names, b'\t', opened.encoding);
        let at = |name: &str| header.cells.iter().position(|cell| cell.eq_ignore_ascii_case(name));
        let Some(class) = at("Data Type Flag") else {
            let message = format!(
                "expected the name \"Data Type Flag\" in line {}, found {:?}",
                above + count as u64 - 1,
                header.cells
            );
            return Err(malformed(count as u64 - 1, message));
        };
        let width = header.cells.len();
        let places = Places { class, time: at("Data Time"), more: at("Other Information"), width };
        // The line behind the names is read as a row of units like any other; lines are counted from the top.
        let header = Header { line: above + count as u64 - 1, ..header };
        let facts = lines().take(count - 2).skip(2).filter_map(|line| pair(&line)).collect();
        Ok(Self { facts, header, places })
    }
}

/// The trimmed cell of a field.
fn cell<'l>(line: &Line<'l>, field: Option<usize>) -> &'l [u8] {
    field.and_then(|field| line::fields(line.bytes, b'\t').nth(field)).map(number::trim).unwrap_or_default()
}

fn class(line: &Line<'_>, places: &Places) -> usize {
    let flag = number::plain(cell(line, Some(places.class))).map(|flag| flag as usize);
    flag.filter(|flag| *flag < CLASSES.len()).unwrap_or(0)
}

fn instant(line: &Line<'_>, places: &Places) -> f64 {
    number::plain(cell(line, places.time)).unwrap_or(f64::NAN)
}

/// Auxiliary values in the order of the file.
struct Auxiliary {
    /// Names of the columns, as the maker's own exports write them.
    names: Vec<String>,
    /// Instant, column, value.
    values: Vec<(f64, usize, f64)>,
    /// Values that are neither a voltage nor a temperature, by their word.
    others: BTreeSet<String>,
}

impl Auxiliary {
    fn read(body: &[u8], places: &Places) -> Self {
        let mut found = Self { names: Vec::new(), values: Vec::new(), others: BTreeSet::new() };
        for line in line::lines(body, 0).filter(|line| class(line, places) == AUXILIARY) {
            let at = instant(&line, places);
            for (word, value) in json(cell(&line, places.more)) {
                let Some(name) = column(&word) else {
                    found.others.insert(word);
                    continue;
                };
                let known = found.names.iter().position(|known| *known == name);
                let index = known.unwrap_or_else(|| {
                    found.names.push(name);
                    found.names.len() - 1
                });
                found.values.push((at, index, value));
            }
        }
        // They come at their own pace, mostly in order.
        found.values.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
        found
    }
}

/// `V_001` and `T_001`; derivatives are the tester's own sums.
fn column(word: &str) -> Option<String> {
    let (kind, number) = word.split_once('_')?;
    let number: u32 = number.parse().ok()?;
    match kind {
        "V" => Some(format!("Aux_Voltage_{number} (V)")),
        "T" => Some(format!("Aux_Temperature_{number} (C)")),
        _ => None,
    }
}

/// Numbers of a JSON object in a cell, whose quotes may be doubled.
fn json(cell: &[u8]) -> Vec<(String, f64)> {
    let text = String::from_utf8_lossy(cell).replace("\"\"", "\"");
    let text = text.trim().trim_start_matches('"').trim_end_matches('"');
    let parsed: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    parsed.into_iter().filter_map(|(word, value)| Some((word, value.as_f64()?))).collect()
}

/// The rows, as they are written.
struct Rows {
    /// The next auxiliary value that no row has taken yet.
    next: usize,
    values: Vec<Option<f64>>,
    /// Auxiliary values between two records that a later one of the same column follows before the second.
    passed_over: usize,
    counts: [usize; CLASSES.len()],
}

impl Rows {
    fn put(&mut self, line: &Line<'_>, places: &Places, auxiliary: &Auxiliary, text: &mut Vec<u8>) {
        if line.bytes.trim_ascii().is_empty() {
            return;
        }
        let class = class(line, places);
        if let Some(count) = self.counts.get_mut(class) {
            *count += 1;
        }
        if class != RECORD {
            return;
        }
        let fields = line::fields(line.bytes, b'\t').take(places.width).collect::<Vec<_>>();
        text.extend_from_slice(&fields.join(&b'\t'));
        if auxiliary.names.is_empty() {
            return;
        }
        text.extend(std::iter::repeat_n(b'\t', places.width.saturating_sub(fields.len())));
        let at = instant(line, places);
        self.values.fill(None);
        while let Some((_, column, value)) = auxiliary.values.get(self.next).filter(|(then, ..)| *then <= at) {
            if let Some(slot) = self.values.get_mut(*column) {
                self.passed_over += usize::from(slot.replace(*value).is_some());
            }
            self.next += 1;
        }
        for value in &self.values {
            text.push(b'\t');
            text.extend_from_slice(value.map(|v| v.to_string()).unwrap_or_default().as_bytes());
        }
    }

    fn tell(&self, auxiliary: &Auxiliary, notes: &mut Notes) {
        let others: Vec<String> = CLASSES
            .iter()
            .zip(self.counts)
            .enumerate()
            .filter(|(class, (_, count))| *class != RECORD && *count > 0)
            .map(|(_, (what, count))| format!("{count} {what}"))
            .collect();
        if !others.is_empty() {
            let joined = if auxiliary.names.is_empty() {
                String::new()
            } else {
                format!("; {} went to the records at or behind their time", auxiliary.names.join(", "))
            };
            let count = self.counts.iter().sum::<usize>() - self.counts.get(RECORD).copied().unwrap_or(0);
            let message = format!("{count} line(s) are not records: {}{joined}", others.join(", "));
            notes.push(Note::new(NoteCode::RowsDropped, message).count(count));
        }
        if self.passed_over > 0 {
            let message = format!(
                "{} auxiliary value(s) are in no row: a later one of the same column stands before the next record",
                self.passed_over
            );
            notes.push(Note::new(NoteCode::RowsDropped, message).count(self.passed_over));
        }
        let late = auxiliary.values.len() - self.next;
        if late > 0 {
            let message = format!("{late} auxiliary value(s) are later than the last record, or have no time");
            notes.push(Note::new(NoteCode::RowsDropped, message).count(late));
        }
        if !auxiliary.others.is_empty() {
            let words: Vec<&str> = auxiliary.others.iter().map(String::as_str).collect();
            let message = format!("auxiliary data that are not part of the output: {}", words.join(", "));
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(words.len()));
        }
    }
}

/// `GMT -6:00` in minutes.
fn offset(zone: &str) -> Option<i16> {
    let zone = zone.trim().strip_prefix("GMT").or_else(|| zone.trim().strip_prefix("UTC"))?.trim();
    let (sign, clock) = match zone.split_at_checked(1)? {
        ("-", rest) => (-1, rest),
        ("+", rest) => (1, rest),
        _ => (1, zone),
    };
    let (hours, minutes) = clock.split_once(':').unwrap_or((clock, "0"));
    let (hours, minutes): (i16, i16) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
}

fn describe(table: &mut RawTable, facts: Vec<(String, String)>, source: &Source, notes: &mut Notes) {
    let get = |label: &str| labels::get(&facts, label).map(str::to_owned);
    super::info::protocol(get("Schedule Name"), table);
    let setup = &mut table.metadata.test_setup;
    setup.test_name = get("Test Name").or_else(|| Some(source.stem().to_owned()));
    setup.channel_number = get("Channel Id");
    setup.source_file_id = get("Test ID");
    setup.instrument = get("Cycler Name");
    setup.cycler_serial_number = get("Serial Number").filter(|number| number != "0");
    if let Some(zone) = get("Timezone") {
        table.utc_offset = offset(&zone);
        if table.utc_offset.is_none() {
            notes.push(Note::new(NoteCode::MetadataIgnored, format!("the zone {zone:?} is in no known form")));
        }
    }
    table.facts = facts;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones() {
        assert_eq!(offset("GMT -6:00"), Some(-360));
        assert_eq!(offset("GMT +5:30"), Some(330));
        assert_eq!(offset("GMT 0:00"), Some(0));
        assert_eq!(offset("GMT"), None);
        assert_eq!(offset("Mountain"), None);
    }

    #[test]
    fn cells_of_json() {
        let plain = json(br#"{"V_001":3.5,"dVdt_001":0.0,"note":"x"}"#);
        assert_eq!(plain, [("V_001".to_owned(), 3.5), ("dVdt_001".to_owned(), 0.0)]);
        assert_eq!(json(br#""{""T_002"":25}""#), [("T_002".to_owned(), 25.0)]);
        assert!(json(b"{").is_empty() && json(b"").is_empty());
        assert_eq!(column("T_002").as_deref(), Some("Aux_Temperature_2 (C)"));
        assert_eq!(column("dVdt_001"), None);
    }
}
