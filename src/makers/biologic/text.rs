//! EC-Lab and BT-Lab text exports (docs/formats/biologic.md#text-exports).
//!
//! Seen in: EC-Lab 11.12–11.61, BT-Lab 1.75–1.79, with and without the settings block.

use super::voltage;
use super::words::BIOLOGIC;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawData, RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::line::{self, Line};
use crate::text::timestamp::{self, Order};

static INFO: Info = Info {
    id: "biologic_mpt",
    name: "BioLogic text",
    maker: &crate::makers::biologic::BIOLOGIC,
    extensions: &["mpt", "txt", "csv"],
    software: "EC-Lab, BT-Lab",
};

static MAGIC: &[&str] = &["EC-Lab ASCII FILE", "BT-Lab ASCII FILE"];

/// The reader.
#[derive(Debug)]
pub(super) struct BioLogicText;

impl Sealed for BioLogicText {}

impl Format for BioLogicText {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        if let Some((magic, line)) = magic(&text.bytes, 0) {
            return Score::yes(99, format!("line {} is {magic:?}", line.number));
        }
        match names_line(&text.bytes, 0, text.detected.encoding) {
            Some(header) => Score::yes(80, format!("time/s or freq/Hz among the names of line {}", header.line)),
            None => Score::no("first line is not EC-Lab's or BT-Lab's, and no names line with time/s or freq/Hz"),
        }
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let (header, dialect) = locate(&opened.bytes, opened.start, opened.encoding)?;
        let own = magic(&opened.bytes, opened.start).map_or(opened.start, |(_, line)| line.start);
        let settings = opened.bytes.get(own..header.start).unwrap_or_default();
        let (settings, _) = opened.encoding.decode(settings);
        let mut table = RawTable::new(&BIOLOGIC, dialect);
        table.facts = facts(&settings);
        table.run_starts = loops(&settings);
        table.date_order = Some(Order::MonthDayYear);
        describe(&mut table, &settings, notes);
        let technique = technique(&settings);
        let mut table = delimited::build(table, opened, header, options, notes)?;
        name_difference(&mut table, notes);
        check_width(&mut table, notes)?;
        check_rows(&mut table, technique.as_deref())?;
        Ok(vec![table])
    }
}

/// The line by which the program shows itself; people may have put lines before it.
fn magic(bytes: &[u8], start: usize) -> Option<(&'static str, Line<'_>)> {
    line::lines(bytes, start).take(delimited::PREAMBLE).find_map(|line| {
        let magic = MAGIC.iter().find(|magic| line.bytes.starts_with(magic.as_bytes()))?;
        Some((*magic, line))
    })
}

/// The names line: line N of `Nb header lines : N`, or the first with `time/s` or `freq/Hz` where there is no such line.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Result<(Header, &'static str)> {
    let Some((magic, first)) = magic(bytes, start) else {
        let header = names_line(bytes, start, encoding);
        let header = header
            .ok_or_else(|| delimited::no_header("time/s or freq/Hz among tab-separated names", delimited::PREAMBLE))?;
        return Ok((header, "names without settings"));
    };
    let dialect = if magic.starts_with("BT") { "BT-Lab export" } else { "EC-Lab export" };
    let second = line::lines(bytes, first.next).next().map(|l| l.bytes).unwrap_or_default();
    let count = std::str::from_utf8(second).ok().and_then(|l| l.split_once(':')).map(|(_, n)| n.trim());
    let count: u64 = count.and_then(|n| n.parse().ok()).filter(|n| *n >= 3).ok_or_else(|| {
        let found = String::from_utf8_lossy(second.get(..60).unwrap_or(second)).into_owned();
        let message = format!("expected \"Nb header lines : N\" with N of at least 3, found {found:?}");
        Error::new(ErrorKind::Malformed, message).at(Place::line(first.number + 1))
    })?;
    // The count is from the program's own first line; whoever put lines before it may have counted them in.
    let before = first.number - 1;
    let mut found = None;
    for number in [count.saturating_add(before), count] {
        let nth = usize::try_from(number - 1).unwrap_or(usize::MAX);
        let Some(line) = line::lines(bytes, start).nth(nth) else { continue };
        let header = [b'\t', b';', b','].map(|separator| delimited::header_of(line, separator, encoding));
        let is_known = |cell: &String| BIOLOGIC.find(&(BIOLOGIC.fold)(cell)).is_some();
        if let Some(header) = header.into_iter().find(|header| header.cells.iter().any(is_known)) {
            return Ok((header, dialect));
        }
        found = Some(number);
    }
    let Some(number) = found else {
        let lines = memchr::memchr_iter(b'\n', bytes.get(start..).unwrap_or_default()).count();
        let message = format!(
            "expected column names in line {count} as line {} says, found a file of {lines} lines",
            first.number + 1
        );
        return Err(Error::new(ErrorKind::Malformed, message).at(Place::line(first.number + 1)));
    };
    let message = "expected tab-separated column names such as time/s, found none that EC-Lab writes";
    Err(Error::new(ErrorKind::Malformed, message).at(Place::line(number)))
}

/// A line of names has one of these.
const NAMES: [&[u8]; 4] = [b"time/s", b"freq/Hz", b"time_s", b"Capacity/mA.h"];

fn names_line(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    // Most lines are rows, whose cells need not be looked at.
    let may_be_names = |line: &Line<'_>| NAMES.iter().any(|name| memchr::memmem::find(line.bytes, name).is_some());
    line::lines(bytes, start).take(delimited::PREAMBLE).filter(may_be_names).find_map(|line| {
        // Other programs write commas, and `time_s` for `time/s`.
        let separates = |s: &u8| line.bytes.contains(s) && !delimited::tears_quotes(line.bytes, *s);
        [b'\t', b';', b','].into_iter().filter(separates).find_map(|separator| {
            let header = delimited::header_of(Line { ..line }, separator, encoding);
            let plain = |name: &str| header.cells.iter().any(|cell| cell == name);
            let derived = plain("time_s") && (plain("Ecell_V") || plain("Ewe_V"));
            // An open-circuit curve has no time (docs/formats/biologic.md).
            let curve = (plain("Ewe/V") || plain("Ecell/V")) && plain("Capacity/mA.h");
            // Prose may quote a name; further down, names stand together.
            let known = |cell: &&String| BIOLOGIC.find(&(BIOLOGIC.fold)(cell)).is_some();
            let known = header.cells.iter().filter(known).count();
            let is_together = line.number <= 5 || known >= 3;
            // Others write the time so as well, but none of the other names.
            let named = plain("freq/Hz") || (plain("time/s") && known >= 2);
            ((named || derived || curve) && is_together).then_some(header)
        })
    })
}

/// A test that controls Ewe-Ece prints that difference as ` Ecell/V` with a blank in front, which is not BT-Lab's `Ecell/V`
/// (docs/formats/biologic.md#voltage).
fn name_difference(table: &mut RawTable, notes: &mut Notes) {
    let Some(grid) = &table.grid else { return };
    let is_it = |(field, cell): (usize, &[u8])| (cell.trim_ascii_end() == b" Ecell/V").then_some(field);
    let Some(found) = line::fields(&grid.header, grid.separator).enumerate().find_map(is_it) else { return };
    if let Some(column) = table.columns.iter_mut().find(|column| column.data == RawData::Field(found)) {
        voltage::DIFFERENCE.clone_into(&mut column.name);
        let message = format!("\" Ecell/V\", with a blank in front, is the difference {}", voltage::DIFFERENCE);
        notes.push(Note::new(NoteCode::ColumnNamed, message));
    }
}

/// A header that was edited by hand would shift every column (docs/formats/biologic.md#head-and-names).
fn check_width(table: &mut RawTable, notes: &mut Notes) -> Result<()> {
    let Some(grid) = &mut table.grid else { return Ok(()) };
    let Some(first) = line::lines(&grid.bytes, grid.start).find(|l| !l.bytes.trim_ascii().is_empty()) else {
        return Ok(());
    };
    let found = line::fields(first.bytes, grid.separator).count();
    let filled = delimited::cells(first.bytes, grid.separator, table.encoding).len();
    if filled <= grid.width {
        if found < grid.width {
            // A newer program prints names for which there are no cells: such columns do not exist.
            grid.width = found;
            let names: Vec<String> = table
                .columns
                .extract_if(.., |column| matches!(column.data, RawData::Field(field) if field >= found))
                .map(|column| format!("{:?}", column.name))
                .collect();
            let message = format!("named in the header and without any cell: {}", names.join(", "));
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(names.len()));
        }
        return Ok(());
    }
    let found = filled;
    let message = format!("expected at most {} cells, as many as there are column names, found {found}", grid.width);
    Err(Error::new(ErrorKind::Malformed, message).at(Place::line(grid.first_line)))
}

/// Techniques that record nothing, in the words of line 4.
static WITHOUT_ROWS: [&str; 2] = ["Wait", "IR compensation"];

/// Without records a file is whole when its technique has none, else it was cut off.
fn check_rows(table: &mut RawTable, technique: Option<&str>) -> Result<()> {
    let Some(grid) = &table.grid else { return Ok(()) };
    if line::lines(&grid.bytes, grid.start).any(|l| !l.bytes.trim_ascii().is_empty()) {
        return Ok(());
    }
    if technique.is_some_and(|technique| WITHOUT_ROWS.iter().any(|known| technique.starts_with(known))) {
        table.empty_by_design = Some("no rows, and the file is whole: the technique is one that records nothing");
        return Ok(());
    }
    let found = technique.map_or(String::new(), |technique| format!(" of {technique:?}"));
    let message = format!("expected records{found} behind the line of names, found the end of the file");
    Err(Error::new(ErrorKind::Malformed, message).at(Place::line(grid.first_line)))
}

/// `Label : value`; an indented label belongs to the last label without a value.
fn facts(settings: &str) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut parent = String::new();
    for line in settings.lines().skip(3) {
        if line.contains("(software)") {
            facts.push(("software".to_owned(), line.replace("(software)", "").trim().to_owned()));
        }
        let Some((label, value)) = line.split_once(" :") else { continue };
        let nested = label.starts_with(['\t', ' ']);
        let (label, value) = (label.trim(), value.trim());
        if !nested && (value.is_empty() || label == "Modify on") {
            // What was changed belongs to no label above it.
            (if value.is_empty() { label } else { "" }).clone_into(&mut parent);
        }
        let key = if nested && !parent.is_empty() { format!("{parent}/{label}") } else { label.to_owned() };
        facts.push((key, value.to_owned()));
    }
    facts
}

/// `Loop 1 from point number 20 to 39` (docs/formats/mpr.md#loops).
fn loops(settings: &str) -> Vec<usize> {
    let start = |line: &str| {
        let rest = line.trim().strip_prefix("Loop ")?;
        let (_, rest) = rest.split_once(" from point number ")?;
        rest.split_once(" to ")?.0.trim().parse().ok()
    };
    let mut starts: Vec<usize> = settings.lines().filter_map(start).collect();
    starts.sort_unstable();
    starts
}

/// The name of the technique, line 4 of a head.
fn technique(settings: &str) -> Option<String> {
    settings.lines().nth(3).map(str::trim).filter(|l| !l.is_empty() && !l.contains(" :")).map(str::to_owned)
}

/// The last word on a label: what stands behind `Modify on` was changed during the run and counts.
fn latest<'f>(facts: &'f [(String, String)], label: &str) -> Option<&'f str> {
    let changes = facts.iter().position(|(label, _)| label == "Modify on").unwrap_or(facts.len());
    let (first, changed) = facts.split_at_checked(changes).unwrap_or((facts, &[]));
    let is_it = |(l, v): &&(String, String)| l.eq_ignore_ascii_case(label) && !v.is_empty();
    let changed = changed.iter().rev().find(is_it).map(|(_, value)| value.as_str());
    changed.or_else(|| labels::get(first, label))
}

/// docs/formats/biologic.md#lines-of-the-head, docs/formats/biologic.md#metadata.
fn describe(table: &mut RawTable, settings: &str, notes: &mut Notes) {
    let facts = std::mem::take(&mut table.facts);
    let get = |label: &str| latest(&facts, label).map(str::to_owned);
    // 0 and 0.001 are the program's defaults: not given.
    let given = |label: &str| {
        let number = |v: &String| v.split(' ').next().and_then(|n| n.replace(',', ".").parse::<f64>().ok());
        get(label).filter(|v| number(v).is_none_or(|n| n != 0.0 && n != 0.001))
    };
    table.metadata.protocol.name = get("Loaded Setting File").filter(|f| f != "NONE").or_else(|| technique(settings));
    let comments: Vec<&str> =
        facts.iter().filter(|(l, v)| l == "Comments" && !v.is_empty()).map(|(_, v)| v.as_str()).collect();
    let setup = &mut table.metadata.test_setup;
    setup.notes = Some(comments.join("\n")).filter(|c| !c.is_empty());
    setup.operator = get("User");
    setup.software_version = get("software");
    let serial = |text: &str| {
        text.split_once("(SN ").map(|(name, sn)| (name.trim().to_owned(), sn.trim_end_matches(')').trim().to_owned()))
    };
    if let Some(channel) = get("Run on channel") {
        setup.channel_number = Some(serial(&channel).map_or(channel, |(name, _)| name));
    }
    if let Some(device) = get("Device") {
        let (name, number) = serial(&device).map_or((device, None), |(name, number)| (name, Some(number)));
        setup.instrument = Some(name);
        setup.cycler_serial_number = number;
    }
    setup.source_file_path = match (get("Saved on/Directory"), get("Saved on/File")) {
        (Some(folder), Some(file)) => Some(format!("{folder}{file}")),
        (_, file) => file,
    };
    table.cell.mass = given("Mass of active material");
    table.cell.area = given("Electrode surface area");
    table.cell.capacity = given("Battery capacity");
    table.cell.electrode_material = get("Electrode material");
    table.cell.electrolyte = get("Electrolyte");
    if let Some(date) = labels::get(&facts, "Acquisition started on") {
        let civil = timestamp::parse(date.as_bytes(), Order::MonthDayYear);
        if civil.is_none() {
            notes.push(Note::new(
                NoteCode::MetadataIgnored,
                format!("the acquisition start {date:?} is in no known form"),
            ));
        }
        table.start = civil.map(|civil| StartHint { civil, is_time_origin: true });
    }
    table.facts = facts;
}
