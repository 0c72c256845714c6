//! Neware's layered text exports: cycle, step and record lines under each other (docs/formats/neware.md#layered-text).
//!
//! Seen in: BTSDA 8; BTS 7 by its description.

use super::csv;
use super::words::NEWARE;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::delimited::{self, Header, Opened};
use crate::formats::workbook::Found;
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::schema::Column;
use crate::sheet::Sheet;
use crate::source::Source;
use crate::table::RawTable;
use crate::text::encoding::Encoding;
use crate::text::line::{self, Line};
use crate::text::number::trim;
use crate::vocab::{Folded, Role};

static INFO: Info = Info {
    id: "neware_layered",
    name: "Neware layered text",
    maker: &crate::makers::neware::NEWARE,
    extensions: &["csv", "txt"],
    software: "BTSDA 8, BTS 7",
};

/// What a record takes over from the lines above it, in the order in which it is put before the record's own cells.
static TAKEN: [(Column, &str); 4] = [
    (Column::CycleFromCycler, "Cycle Index"),
    (Column::StepFromCycler, "Raw Step ID"),
    (Column::StepRun, "Step Number"),
    (Column::Status, "Step Type"),
];

/// The reader.
#[derive(Debug)]
pub(super) struct NewareLayered;

impl Sealed for NewareLayered {}

impl Format for NewareLayered {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match Layers::find(&text.bytes, 0, text.detected.encoding) {
            Some(layers) => Score::yes(86, format!("{} header lines, one for each kind of row", layers.kinds.len())),
            None => {
                Score::no("not two or three header lines, each for one kind of row, the last with current and voltage")
            }
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let layers = Layers::find(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("cycle, step and record names in nested lines", 3))?;
        let dialect = if layers.has_run { "layered, BTSDA 8" } else { "layered, BTS 7" };
        let (text, header) = layers.flatten(&opened.bytes)?;
        let mut table = RawTable::new(&NEWARE, dialect);
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        let opened = Opened { bytes: text.into(), start: 0, encoding: opened.encoding };
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// The same report as a sheet, whose rows of each kind begin one column further right. `None` for a sheet of one kind.
pub(super) fn of_sheet(found: &Found) -> Option<Result<Found>> {
    let layers = Layers::find(&found.sheet.text, 0, Encoding::Utf8)?;
    let flat = |(text, header)| {
        let Sheet { name, rows, .. } = &found.sheet;
        Found { sheet: Sheet { name: name.clone(), text, rows: *rows }, header }
    };
    Some(layers.flatten(&found.sheet.text).map(flat))
}

/// One kind of row.
#[derive(Debug)]
struct Layer {
    names: Vec<String>,
    folded: Vec<Folded>,
}

/// The header lines.
#[derive(Debug)]
struct Layers {
    separator: u8,
    kinds: Vec<Layer>,
    has_run: bool,
    /// Number of the last header line, and where the body begins.
    line: u64,
    body: usize,
}

impl Layers {
    fn find(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Self> {
        let lines: Vec<Line<'_>> = line::lines(bytes, start)
            .filter(|l| !l.bytes.trim_ascii().is_empty())
            .take(delimited::PREAMBLE + 2)
            .filter(|l| l.bytes.len() < 1 << 16)
            .collect();
        (0..lines.len()).find_map(|first| Self::at(lines.get(first..)?, encoding))
    }

    /// The header lines, when the first of these lines is the first of them.
    fn at(lines: &[Line<'_>], encoding: Encoding) -> Option<Self> {
        let (first, second) = (lines.first()?, lines.get(1)?);
        // Quoted cells may begin with a tab.
        let count = |s: u8| line::fields(first.bytes, s).count() - 1;
        let separator = [b',', b';', b'\t'].into_iter().max_by_key(|s| count(*s)).filter(|s| count(*s) > 0)?;
        // Most lines are rows, whose cells need not be looked at: the second line of a header begins with an empty cell.
        let cell = line::fields(second.bytes, separator).next().unwrap_or_default();
        if !delimited::cells(cell, separator, encoding).is_empty() {
            return None;
        }
        let mut kinds = Vec::new();
        let mut last = first;
        for (kind, line) in lines.iter().take(3).enumerate() {
            let cells = delimited::cells(line.bytes, separator, encoding);
            // Line k of the header begins with k empty cells.
            if cells.iter().take_while(|c| c.is_empty()).count() != kind || cells.len() <= kind {
                break;
            }
            let names: Vec<String> = cells.into_iter().skip(kind).collect();
            let folded = names.iter().map(|name| (NEWARE.fold)(name)).collect();
            kinds.push(Layer { names, folded });
            last = line;
        }
        let records = kinds.last()?;
        if kinds.len() < 2 || !csv::is_header(&records.folded) {
            return None;
        }
        let steps = kinds.get(kinds.len() - 2)?;
        let has_run = steps.folded.iter().any(|f| f.key == "stepnumber");
        Some(Self { separator, has_run, line: last.number, body: last.next, kinds })
    }

    /// Where a record finds a value of the layers above: kind and field (from the row's first cell).
    fn source(&self, wanted: Column) -> Option<(usize, usize)> {
        let above = self.kinds.split_last()?.1;
        let key = |key: &str| {
            above.iter().enumerate().find_map(|(kind, l)| l.folded.iter().position(|f| f.key == key).map(|i| (kind, i)))
        };
        let role = |column: Column| {
            above.iter().enumerate().find_map(|(kind, layer)| {
                let is_it = |f: &Folded| NEWARE.find(f).is_some_and(|(_, term, _)| term.role == Role::Column(column));
                layer.folded.iter().position(is_it).map(|i| (kind, i))
            })
        };
        match wanted {
            // BTS 7: the raw step is the program step, the step number the executed one.
            Column::StepFromCycler => key("rawstepid").or_else(|| role(Column::StepFromCycler)),
            Column::StepRun => {
                key("stepnumber").or_else(|| key("rawstepid").and(key("stepid"))).or_else(|| role(Column::StepRun))
            }
            other => role(other),
        }
    }

    /// One row a record, with what it takes over from the lines above it. Lines of other kinds become blank, so that line
    /// numbers stay.
    fn flatten(&self, bytes: &[u8]) -> Result<(Vec<u8>, Header)> {
        let separator = char::from(self.separator);
        let taken: Vec<((usize, usize), &str)> =
            TAKEN.iter().filter_map(|(column, name)| Some((self.source(*column)?, *name))).collect();
        let depth = self.kinds.len() - 1;
        let Some(records) = self.kinds.last() else {
            return Err(Error::new(ErrorKind::Malformed, "expected header lines"));
        };
        let cells: Vec<String> =
            taken.iter().map(|(_, name)| (*name).to_owned()).chain(records.names.iter().cloned()).collect();
        let mut text = Vec::new();
        let mut prefix: Vec<u8> = Vec::new();
        let mut above: Vec<Vec<Vec<u8>>> = vec![Vec::new(); depth];
        let first_width = self.kinds.first().map_or(0, |l| l.names.len());
        for line in line::lines(bytes, self.body) {
            let kind = self.kind(line.bytes);
            if kind == depth {
                let own = self.skip(line.bytes, depth);
                text.extend_from_slice(&prefix);
                text.extend_from_slice(own);
            } else if kind < depth {
                let mut fields: Vec<Vec<u8>> =
                    line::fields(line.bytes, self.separator).skip(kind).map(|f| trim(f).to_vec()).collect();
                // The first cycle line carries the first step behind its own cells.
                let filled = fields.iter().filter(|f| !f.is_empty()).count();
                if kind == 0 && depth > 1 && filled > first_width {
                    let rest = fields.split_off(first_width.min(fields.len()));
                    if let Some(slot) = above.get_mut(1) {
                        *slot = rest;
                    }
                }
                if let Some(slot) = above.get_mut(kind) {
                    *slot = fields;
                }
                prefix.clear();
                for ((kind, field), _) in &taken {
                    let cell = above.get(*kind).and_then(|row| row.get(*field)).map_or(&b""[..], Vec::as_slice);
                    prefix.extend_from_slice(cell);
                    prefix.push(self.separator);
                }
            }
            // A last line that lacks its end may be cut.
            if line.next < bytes.len() || bytes.ends_with(b"\n") {
                text.push(b'\n');
            }
        }
        let bytes = cells.join(&separator.to_string()).into_bytes();
        let header = Header { line: self.line, bytes, separator: self.separator, cells, start: 0, body: 0 };
        Ok((text, header))
    }

    /// The index of the first cell that is not empty.
    fn kind(&self, line: &[u8]) -> usize {
        let filled = |field: &[u8]| !trim(field).is_empty();
        line::fields(line, self.separator).position(filled).unwrap_or(usize::MAX)
    }

    /// The line behind its first cells.
    fn skip<'l>(&self, line: &'l [u8], cells: usize) -> &'l [u8] {
        let mut at = 0;
        for _ in 0..cells {
            at = line::field_end(line, at, self.separator) + 1;
        }
        line.get(at..).unwrap_or_default()
    }
}
