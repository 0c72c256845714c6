//! From a maker's columns to a frame of the schema (docs/decisions.md#order-of-work).
//!
//! Headers are folded and looked up, wanted cells are parsed in one pass, units become the schema's, the maker's rules give
//! what only its spec knows, rows without voltage or current are dropped. Only here do vendor words turn into frames.

pub(crate) mod build;
pub(crate) mod cells;
mod claim;
mod conventions;
mod counts;
pub(crate) mod derive;
mod label_column;
mod left_out;
mod meaning;
mod ocp;
mod order;
mod outline;
pub(crate) mod plan;
mod rules;
mod sample;
pub(crate) mod spectrum;
pub(crate) mod start;
mod stated_unit;
mod told_units;
mod units;
mod usual;

pub(crate) use conventions::{AuxiliaryNames, Conventions, RowOrder, StartClock};
pub use outline::{ColumnUse, outline};
pub use rules::{Context, Rules};

use polars::prelude::DataFrame;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::{CellFacts, Column, MeasurementMetadata};
use crate::signal::scan::has_nan;
use crate::table::{RawTable, Standing};
use crate::vocab::{CurrentSign, Direction, Role};
use crate::zone::Zone;
use cells::Cells;
use left_out::LeftOut;

/// Options of [`to_frame`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut options = cyclerprep::PrepareOptions::default();
/// options.map.constants.push(("Batch".to_owned(), "B7".to_owned()));
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &options)?;
/// assert_eq!(cell.time_series.column("Batch")?.str()?.get(0), Some("B7"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct MapOptions {
    /// Source headers and the names that their columns get. They outrank the vocabulary. The values are taken as they are,
    /// without unit scaling, unless `units` names the header, or the file's maker is not known: there the unit of the header
    /// counts, where it states one.
    pub map: Vec<(String, String)>,
    /// Source headers and the units that their columns are in, instead of what the headers state.
    pub units: Vec<(String, String)>,
    /// Constant columns: a name and a value, which is a number where it reads as one.
    pub constants: Vec<(String, String)>,
    /// Zone of clock readings that state none. Default: UTC.
    pub timezone: Option<Zone>,
    /// Whether the table is an open-circuit curve: voltage against capacity, stoichiometry or SOC, with no need of a time or a
    /// current. Default: no.
    pub is_open_circuit: bool,
    /// Leaves out rows that the cycler wrote between measurements, such as suspended, paused and closing ones, as far as they
    /// print no current. What their counters hold stays with the step. Default: no.
    pub measured_rows_only: bool,
}

/// A frame in the schema's words, before the transforms.
#[derive(Debug)]
pub struct Mapped {
    /// The columns that the file holds, in the schema's names and units.
    pub frame: DataFrame,
    /// Facts of the header, with the start time where one is known.
    pub metadata: MeasurementMetadata,
    /// Facts about the cell.
    pub cell: CellFacts,
    /// Every fact of the header as written.
    pub facts: Vec<(String, String)>,
    /// Rows of the file.
    pub rows_read: usize,
    /// Line of the first row, where each row is the next line of the text.
    pub first_line: Option<u64>,
    /// Whether the mode column has settled the sign for good.
    pub sign_is_settled: bool,
    /// Columns that count for the step identity beside the usual ones.
    pub identity: Vec<String>,
    /// Columns that serve the step identity and are not part of the output.
    pub internal: Vec<String>,
    /// What this maker's mode labels mean.
    pub direction: fn(&str) -> Direction,
    /// Whether the current may be a magnitude.
    pub may_log_magnitudes: bool,
    /// Whether the maker's format defines the sign, so that the voltage only checks it. Not where the caller's own mapping gave
    /// the current its column.
    pub is_signed_by_instrument: bool,
    /// Whether the current of a row is the mean since the row before, because it was made from increments of charge.
    pub current_is_mean: bool,
    /// The last digit of the current as the file prints it, in A; `None` where that is not known.
    pub current_digit: Option<f64>,
    /// Whether the rows' clock is told in UTC, because the file states an offset.
    pub clock_is_utc: bool,
    /// Whether the test time is the rows' clock less its first reading.
    pub time_is_clock: bool,
    /// Clock of the first row in ms since 1970, by the start time; `None` where that is a date alone.
    pub first_clock: Option<i64>,
    /// Whether the table came in the schema: then what it has stays as it is.
    pub is_schema: bool,
}

/// Turns a table into a frame.
///
/// # Errors
/// [`ErrorKind::MissingColumn`] without time, voltage or (where it cannot be derived) current, [`ErrorKind::UnknownUnit`] for
/// a column whose unit is not known, [`ErrorKind::Options`] for a mapping or zone that does not fit.
pub fn to_frame(mut table: RawTable, rules: &Rules, options: &MapOptions, notes: &mut Notes) -> Result<Mapped> {
    let plan = plan::make(&table, options, notes)?;
    let mut cells = Cells::read(&mut table, &plan, notes)?;
    let rows_read = cells.rows;
    // The first row's clock is asked next, so the rows must be in their order. Decoded rows were put in it by their reader.
    if table.grid.is_some() || rules.conventions.rows == RowOrder::ByRecord {
        order::sort_by_record(&mut cells, rules.conventions.rows, notes);
    }
    table.utc_offset = table.utc_offset.or_else(|| start::stated_offset(&table, &plan, &cells));
    // The text is not needed any more: what was parsed may take its place in memory.
    let ends = start::clock_ends(&table, &rules.conventions, &plan, &cells);
    let is_binary = table.grid.is_none();
    table.grid = None;
    table.packed = None;

    if rows_read == 0 {
        let why = table.empty_by_design.unwrap_or("the file has a header and no rows");
        notes.say(NoteCode::PartialFile, why);
    }
    if table.vocabulary.current == CurrentSign::PositiveIsCharge {
        if cells.column(Column::Current).is_some_and(|i| i.iter().any(|i| *i != 0.0 && !i.is_nan())) {
            let message = format!("in {} files positive current charges: negated", table.vocabulary.maker);
            notes.say(NoteCode::SignChanged, message);
        }
        for role in [Column::Current, Column::Power].map(Role::Column) {
            if !cells.is_turned && plan.is_turned(role) {
                cells.update(role, |v| 0.0 - v);
            }
        }
    }
    let mut context = Context {
        table: &table,
        plan: &plan,
        ends: &ends,
        is_binary,
        measured_rows_only: options.measured_rows_only,
        notes: &mut *notes,
        sign_is_settled: false,
        current_is_mean: false,
    };
    (rules.apply)(&mut cells, &mut context)?;
    let sign_is_settled = context.sign_is_settled || table.vocabulary.current == CurrentSign::PositiveIsDischarge;
    let current_is_mean = context.current_is_mean;
    units::check_voltage(&mut cells, &rules.conventions, notes);
    cells.fill_impedance_only();
    if options.is_open_circuit {
        ocp::require(&mut cells, &table)?;
    } else {
        require(&cells, &table)?;
    }
    let start = start::settle(&table, &rules.conventions, &ends, &cells, options, notes)?;
    if !options.is_open_circuit {
        drop_incomplete(&mut cells, notes);
    }
    drop_points_without_frequency(&mut cells, notes);
    let first_time = cells.column(Column::Time).and_then(|time| time.iter().copied().find(|t| !t.is_nan()));
    let first_clock = start.as_ref().and_then(|start| start.first_row(first_time));
    table.metadata.start_time = start.map(|start| start.text);

    let current_digit = cells.current_digit;
    let (first_line, time_is_clock) = (cells.first_line, cells.absolute_start.is_some());
    let built = build::frame(cells, &table, &rules.conventions, &plan, options)?;
    let ignored = built.left_out.iter().map(String::as_str).collect();
    LeftOut { ignored, ..LeftOut::default() }.tell(notes);
    Ok(Mapped {
        frame: built.frame,
        metadata: table.metadata,
        cell: table.cell,
        facts: table.facts,
        rows_read,
        first_line,
        sign_is_settled,
        identity: built.identity,
        internal: built.internal,
        direction: table.vocabulary.direction,
        may_log_magnitudes: table.vocabulary.may_log_magnitudes,
        is_signed_by_instrument: table.vocabulary.current == CurrentSign::PositiveIsCharge
            && !plan.is_user_mapped(Role::Column(Column::Current)),
        current_is_mean,
        current_digit,
        clock_is_utc: table.utc_offset.is_some(),
        time_is_clock,
        first_clock,
        is_schema: table.standing == Standing::Schema,
    })
}

impl Cells {
    /// A spectrum alone has no time, current or voltage: these columns are there, without values.
    fn fill_impedance_only(&mut self) {
        let Some(frequency) = self.column(Column::Frequency) else { return };
        if frequency.is_empty() || frequency.iter().any(|f| f.is_nan()) {
            return;
        }
        for column in [Column::Time, Column::Current, Column::Voltage] {
            if self.column(column).is_none() {
                self.put(column, vec![f64::NAN; self.rows]);
            }
        }
    }
}

/// Time, voltage and current must be there, or nothing can be computed.
fn require(cells: &Cells, table: &RawTable) -> Result<()> {
    require_readable(cells, table)?;
    let what = [(Column::Time, "a test time"), (Column::Voltage, "a voltage"), (Column::Current, "a current")];
    for (column, name) in what {
        let role = Role::Column(column);
        let place = || table.header_line.map_or(Place::Record(0), Place::line);
        let have = || table.columns.iter().map(|c| format!("{:?}", c.name)).collect::<Vec<_>>().join(", ");
        let Some(values) = cells.reals(role) else {
            let message = format!("expected {name} column, found only {}{}", have(), ocp::advice(cells, table, column));
            return Err(Error::new(ErrorKind::MissingColumn, message).at(place()));
        };
        let is_impedance = cells.column(Column::Frequency).is_some_and(|f| f.iter().any(|f| !f.is_nan()));
        if !is_impedance && !values.is_empty() && values.iter().all(|v| v.is_nan()) {
            let header = cells.header(role).unwrap_or(column.name());
            let message = format!("expected numbers in the column {header:?}, found none in {} rows", values.len());
            return Err(Error::new(ErrorKind::MissingColumn, message).at(place()));
        }
    }
    Ok(())
}

/// An error for a table without rows, unless the file says that it is meant to have none.
pub(crate) fn need_rows(rows: usize, table: &RawTable) -> Result<()> {
    if rows > 0 || table.empty_by_design.is_some() {
        return Ok(());
    }
    let message = "expected the rows of a test below the header, found none: the file was cut, or nothing was exported; export it again";
    let place = table.header_line.map_or(Place::Record(0), Place::line);
    Err(Error::new(ErrorKind::Malformed, message).at(table.sheets.place(place)))
}

/// What is left of a column of which most cells cannot be read is no test.
fn require_readable(cells: &Cells, table: &RawTable) -> Result<()> {
    let has = |column| cells.header(Role::Column(column)).is_some();
    let is_needed = |role: Role| match role {
        Role::Column(Column::Time | Column::Voltage | Column::Current) => true,
        // The time comes from these where there is no other.
        Role::Column(Column::StepTime) | Role::BareTime => !has(Column::Time) && !has(Column::Timestamp),
        _ => false,
    };
    let Some(unread) = cells.unread.iter().find(|unread| is_needed(unread.role)) else { return Ok(()) };
    let header = cells.header(unread.role).unwrap_or_default();
    let first = unread.unreadable.examples.first().map(|cell| table.encoding.decode(cell).0.trim().to_owned());
    let message = format!(
        "expected numbers in the column {header:?}, found something else in {} of {} cells, first {:?}",
        unread.unreadable.count,
        unread.filled,
        first.unwrap_or_default()
    );
    let error = Error::new(ErrorKind::Malformed, message);
    Err(match unread.unreadable.first.clone() {
        Some(place) => error.at(place),
        None => error,
    })
}

/// docs/decisions.md#dropped-rows.
fn drop_incomplete(cells: &mut Cells, notes: &mut Notes) {
    let mut keep = Vec::new();
    {
        let get = |column| cells.reals(Role::Column(column)).unwrap_or_default();
        let (voltage, current, frequency) = (get(Column::Voltage), get(Column::Current), get(Column::Frequency));
        let has_gaps = |column, values| !cells.is_whole(Role::Column(column)) && has_nan(values);
        if !has_gaps(Column::Voltage, voltage) && !has_gaps(Column::Current, current) {
            return;
        }
        keep.extend(
            voltage
                .iter()
                .zip(current)
                .enumerate()
                .map(|(i, (v, c))| !(v.is_nan() || c.is_nan()) || frequency.get(i).is_some_and(|f| !f.is_nan())),
        );
    }
    cells.keep_rows(&keep, "no voltage or no current", notes);
}

/// Points of a spectrum whose frequency is not known: nothing can be done with them, and as rows of a test they would end its
/// step.
fn drop_points_without_frequency(cells: &mut Cells, notes: &mut Notes) {
    let (Some(f), Some(re), Some(im)) =
        (cells.column(Column::Frequency), cells.column(Column::ZRe), cells.column(Column::ZIm))
    else {
        return;
    };
    if !has_nan(f) || 2 * f.iter().filter(|f| f.is_nan()).count() > f.len() {
        return;
    }
    let is_number = |z: f64| !z.is_nan() && z != 0.0;
    let keep: Vec<bool> = (0..cells.rows).map(|i| !f[i].is_nan() || !(is_number(re[i]) || is_number(im[i]))).collect();
    cells.keep_rows(&keep, "an impedance and no frequency", notes);
}

impl Cells {
    /// Drops the rows that are not kept, with a note.
    pub(crate) fn keep_rows(&mut self, keep: &[bool], why: &str, notes: &mut Notes) {
        let dropped = keep.iter().filter(|k| !**k).count();
        if dropped == 0 {
            return;
        }
        let first = keep.iter().position(|k| !k).unwrap_or_default();
        let note = Note::new(NoteCode::RowsDropped, format!("{dropped} row(s) were dropped: {why}"));
        notes.push(note.count(dropped).at(Place::Record(first as u64 + 1)));
        self.retain(keep);
    }
}
