//! ZPlot's data files, which ZView reads (docs/formats/scribner.md).
//!
//! Seen in: ZPlot 3.2c (`ZPLOT2 ASCII`) and Z60W 1.1 files; ZPlotW 2.6b as public documentation shows it.

use super::words::SCRIBNER;
use crate::error::Result;
use crate::formats::delimited::{self, Header, Opened};
use crate::formats::{Format, Info, ReadOptions, Sealed, dates, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::line::{self, Line};
use crate::text::timestamp::Order;
use crate::vocab::fold::clean;

/// Lines that are searched for the rows: the settings of an experiment take some hundred.
const LINES: usize = 500;

/// The columns where no line names them: ZView reads them by their places.
static PLACES: [&str; 9] = ["Freq(Hz)", "Ampl", "Bias", "Time(Sec)", "Z'(a)", "Z''(b)", "GD", "Err", "Range"];

static INFO: Info = Info {
    id: "scribner_zplot",
    name: "ZPlot data file",
    maker: &crate::makers::scribner::SCRIBNER,
    extensions: &["z", "txt"],
    software: "ZPlot, ZView",
};

/// The reader.
#[derive(Debug)]
pub(super) struct ZPlot;

impl Sealed for ZPlot {}

impl Format for ZPlot {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        let Some(own) = own(&text.bytes, 0) else {
            return Score::no("no line at the top is \"ZPLOT2 ASCII\" or names a data file of ZPlot");
        };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(_) => Score::yes(98, format!("line {} is ZPlot's, impedance follows", own.number)),
            None => Score::no("ZPlot's first line, and no rows behind its settings"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let (header, is_named) = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("\"End Comments\" or names such as Freq(Hz) and Z''(b)", LINES))?;
        let mut table = RawTable::new(&SCRIBNER, "impedance spectrum");
        describe(&mut table, &opened, &header, source, notes);
        if !is_named {
            let message = "no line names the columns: frequency, amplitude, bias, time, real and imaginary part were taken \
                           by their places, as ZView does";
            notes.say(NoteCode::UnverifiedLayout, message);
        }
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// The line by which the program shows itself; people may have put lines before it.
fn own(bytes: &[u8], start: usize) -> Option<Line<'_>> {
    line::lines(bytes, start).take(5).find(|line| {
        let text = String::from_utf8_lossy(line.bytes.get(..80).unwrap_or(line.bytes)).to_lowercase();
        let text = clean(&text);
        text == "zplot2 ascii" || text.starts_with("zplotw data file") || text.starts_with("z60w data file")
    })
}

/// The rows begin behind `End Comments`, else behind the names. Whether a line names the columns.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<(Header, bool)> {
    let mut names: Option<Vec<String>> = None;
    let mut last: Option<Line<'_>> = None;
    for line in line::lines(bytes, start).take(LINES) {
        let text = encoding.decode(line.bytes).0;
        let text = clean(&text);
        if text.eq_ignore_ascii_case("end comments") {
            last = Some(line);
            break;
        }
        let is_row = text.trim_start_matches('"').starts_with(|c: char| c.is_ascii_digit());
        if names.is_some() && is_row {
            break;
        }
        if text.to_lowercase().contains("freq") && text.contains("Z'") && text.contains("Z''") {
            names = Some(split(text));
        }
        last = names.is_some().then_some(line).or(last);
    }
    let last = last?;
    let first = line::lines(bytes, last.next).find(|line| !line.bytes.trim_ascii().is_empty());
    let separates = |s: &u8| first.is_none_or(|line| line.bytes.contains(s));
    let separator = [b'\t', b';', b','].into_iter().find(separates)?;
    let is_named = names.is_some();
    let cells = names.unwrap_or_else(|| PLACES.map(str::to_owned).to_vec());
    let header =
        Header { line: last.number, bytes: last.bytes.to_vec(), separator, cells, start: last.start, body: last.next };
    Some((header, is_named))
}

/// Names with tabs, commas or at least two blanks between them.
fn split(names: &str) -> Vec<String> {
    let separator = ['\t', ';', ','].into_iter().find(|s| names.contains(*s));
    let cells: Vec<&str> = match separator {
        Some(separator) => names.split(separator).collect(),
        None => names.split("  ").filter(|cell| !cell.trim().is_empty()).collect(),
    };
    cells.into_iter().map(|cell| clean(cell).replace(" (", "(")).collect()
}

/// `Label:   value`, one a line.
fn describe(table: &mut RawTable, opened: &Opened, header: &Header, source: &Source, notes: &mut Notes) {
    let head = opened.bytes.get(opened.start..header.start).unwrap_or_default();
    let head = opened.encoding.decode(head).0.into_owned();
    let fact = |line: &str| {
        let (label, value) = clean(line).split_once(':')?;
        (!value.trim().is_empty()).then(|| (label.trim().to_owned(), value.trim().to_owned()))
    };
    table.facts = head.lines().filter_map(fact).collect();
    let get = |label: &str| labels::get(&table.facts, label).map(str::to_owned);
    table.metadata.protocol.name = get("Experiment Type");
    table.metadata.test_setup.test_name = Some(source.stem().to_owned());
    table.metadata.test_setup.instrument = get("Begin Pstat/Gstat");
    table.metadata.test_setup.software_version = get("Measured Data, ZPlot");
    table.cell.area = get("Surface Area").map(|area| format!("{area} cm^2"));
    if let Some(date) = get("Date") {
        let clock = format!("{date} {}", get("Time").unwrap_or_default());
        let evidence = dates::evidence([date.as_str()]);
        let civil = dates::start(clock.trim(), evidence, Order::MonthDayYear, notes);
        table.start = civil.map(|civil| StartHint { civil, is_time_origin: true });
    }
    // Z60W writes the number alone, above the names.
    let alone = || head.lines().rev().map(str::trim).find(|line| !line.is_empty()).and_then(|line| line.parse().ok());
    let points = get("Data Points").and_then(|points| points.parse::<usize>().ok()).or_else(alone);
    let is_row = |line: &Line<'_>| !line.bytes.trim_ascii().is_empty();
    let found = line::lines(&opened.bytes, header.body).filter(is_row).count();
    if let Some(points) = points.filter(|points| *points != found) {
        let message = format!("the file promises {points} point(s) and has {found}");
        notes.push(Note::new(NoteCode::DamagedFile, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_blanks_between_them() {
        let names = split("  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range".trim());
        assert_eq!(names, PLACES);
    }

    #[test]
    fn rows_without_names_are_taken_by_their_places() {
        let text = b"\"ZPlot2 ASCII\"\nEnd Comments\n1e5, 0, 0, 1, 12, -3.4, 0, 0, 1\n";
        let (header, is_named) = locate(text, 0, Encoding::Utf8).unwrap();
        assert_eq!((header.line, header.separator, is_named), (2, b',', false));
        assert!(own(text, 0).is_some());
    }
}
