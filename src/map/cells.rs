//! The parsed cells of a table by role.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::plan::{Claim, Plan};
use crate::error::Place;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::PART;
use crate::table::{RawData, RawTable};
use crate::text::decimal::Decimal;
use crate::text::grid::{ColumnRead, NO_TIME, Outcome, Trouble, Values, Want};
use crate::text::timestamp::{self, Order, OrderEvidence};
use crate::text::{duration, number};
use crate::vocab::{Read, Role};

/// Text with few distinct values.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    /// An index into `names` for each row.
    pub(crate) codes: Vec<u32>,
    /// The distinct texts; the first is empty.
    pub(crate) names: Vec<String>,
}

/// Columns of a table, parsed; NaN where there is no number.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub(crate) rows: usize,
    /// Line of the first row, where each row is the next line of the text.
    pub(crate) first_line: Option<u64>,
    reals: BTreeMap<(Role, u32), Vec<f64>>,
    labels: BTreeMap<Role, Labels>,
    pub(crate) stamps: Option<Vec<i64>>,
    headers: BTreeMap<Role, String>,
    /// The first of the dates that stood where a test time should.
    pub(crate) absolute_start: Option<i64>,
    /// Duration columns that held clocks.
    clocks: Vec<Role>,
    /// Columns of which most cells cannot be read.
    pub(super) unread: Vec<Unread>,
    /// Columns under the caller's own names.
    pub(crate) extra_reals: Vec<(String, Vec<f64>)>,
    pub(crate) extra_labels: Vec<(String, Labels)>,
}

/// A column of which most cells cannot be read.
#[derive(Debug, Clone)]
pub(super) struct Unread {
    pub(super) role: Role,
    /// Cells that hold something.
    pub(super) filled: usize,
    /// Those of them that cannot be read.
    pub(super) unreadable: Trouble,
}

/// What a parsed field is for.
enum Use {
    Claim(usize),
    Extra(usize),
}

impl Cells {
    /// Parses what the plan asks for.
    ///
    /// Columns that the reader already decoded are taken out of the table.
    pub(crate) fn read(table: &mut RawTable, plan: &Plan, notes: &mut Notes) -> Self {
        let mut cells = Self::default();
        for claim in &plan.claims {
            cells.headers.entry(claim.role).or_insert_with(|| table.columns[claim.column].name.clone());
        }
        if table.grid.is_none() {
            cells.take_binary(table, plan);
            return cells;
        }
        cells.parse(table, plan, notes);
        cells
    }

    /// The columns of a binary file: decoded, scaled, in place.
    fn take_binary(&mut self, table: &mut RawTable, plan: &Plan) {
        let uses = (plan.claims.iter().enumerate().map(|(i, c)| (c.column, Use::Claim(i))))
            .chain(plan.extras.iter().enumerate().map(|(i, e)| (e.column, Use::Extra(i))));
        let mut taken: Vec<(Use, Values)> = Vec::new();
        let mut packed = Vec::new();
        for (column, what) in uses {
            match std::mem::replace(&mut table.columns[column].data, RawData::Real(Vec::new())) {
                RawData::Real(values) => taken.push((what, Values::Number(values))),
                RawData::Stamp(values) => taken.push((what, Values::Timestamp(values))),
                RawData::Label(codes, names) => {
                    let names = names.into_iter().map(String::into_bytes).collect();
                    taken.push((what, Values::Label { codes, names }));
                }
                RawData::Packed(index) => {
                    packed.push((what, index));
                    table.columns[column].data = RawData::Packed(index);
                }
                RawData::Field(_) => {}
            }
        }
        if let Some(records) = &table.packed {
            let wanted: Vec<usize> = packed.iter().map(|(_, index)| *index).collect();
            let columns = records.decode(&wanted);
            taken.extend(packed.into_iter().zip(columns).map(|((what, _), values)| (what, Values::Number(values))));
            self.rows = records.rows();
        } else {
            self.rows = taken.first().map_or(0, |(_, values)| match values {
                Values::Number(v) => v.len(),
                Values::Timestamp(v) => v.len(),
                Values::Label { codes, .. } => codes.len(),
            });
        }
        let scale = |(what, mut values): (Use, Values)| {
            if let (Values::Number(values), Use::Claim(i)) = (&mut values, &what) {
                scale(values, &plan.claims[*i], true);
            }
            (what, values)
        };
        let scaled: Vec<_> = taken.into_par_iter().map(scale).collect();
        for (what, values) in scaled {
            self.place(values, Want::Number, &what, table, plan);
        }
    }

    fn parse(&mut self, table: &RawTable, plan: &Plan, notes: &mut Notes) {
        let cells = self;
        let Some(grid) = &table.grid else { return };
        let mut uses: Vec<(usize, Want, Use)> = Vec::new();
        for (i, claim) in plan.claims.iter().enumerate() {
            let RawData::Field(field) = table.columns[claim.column].data else { continue };
            let want = match claim.read {
                Read::Number(_) | Read::Negated(_) | Read::Count | Read::Plain => Want::Number,
                // Dates under the header of a test time: their differences are the time.
                Read::Duration if grid.is_stamp(field) => Want::Timestamp(date_order(table, field).0),
                Read::Duration => Want::Duration { clock: grid.is_clock(field) },
                Read::Label => Want::Label,
                Read::Timestamp => Want::Timestamp(date_order(table, field).0),
            };
            uses.push((field, want, Use::Claim(i)));
        }
        for (i, extra) in plan.extras.iter().enumerate() {
            let RawData::Field(field) = table.columns[extra.column].data else { continue };
            uses.push((field, if extra.is_number { Want::Number } else { Want::Label }, Use::Extra(i)));
        }
        uses.sort_by_key(|(field, ..)| *field);
        let wants: Vec<(usize, Want)> = uses.iter().map(|(field, want, _)| (*field, *want)).collect();
        let mut outcome = grid.read(&wants);
        cells.rows = outcome.rows;
        cells.first_line = outcome.first_line;
        cells.tell(table, &uses, &outcome, notes);
        for (column, (_, _, what)) in outcome.columns.iter().zip(&uses).filter(|(c, _)| c.unreadable.count > 0) {
            let read = match &column.values {
                Values::Number(values) => values.iter().filter(|v| !v.is_nan()).count(),
                Values::Timestamp(values) => values.iter().filter(|v| **v != NO_TIME).count(),
                Values::Label { .. } => continue,
            };
            let unreadable = &column.unreadable;
            if let (Use::Claim(i), true) = (what, unreadable.count > read) {
                let (role, filled) = (plan.claims[*i].role, read + unreadable.count);
                cells.unread.push(Unread { role, filled, unreadable: unreadable.clone() });
            }
        }
        let mut columns = std::mem::take(&mut outcome.columns);
        cells.take_absolute_times(&mut columns, &uses, plan, notes);
        cells.refuse_other_numbers(&mut columns, &uses, plan, notes);
        // Scaling is one pass over each column; they are independent.
        let scaled: Vec<ColumnRead> = columns
            .into_par_iter()
            .zip(&uses)
            .map(|(mut column, (_, want, what))| {
                if let (Values::Number(values), Use::Claim(i)) = (&mut column.values, what) {
                    let is_clock = matches!(want, Want::Duration { clock: true } | Want::Timestamp(_));
                    scale(values, &plan.claims[*i], !is_clock);
                }
                column
            })
            .collect();
        for (column, (_, want, what)) in scaled.into_iter().zip(uses) {
            cells.place(column.values, want, &what, table, plan);
        }
    }

    /// Turns dates under the header of a duration into seconds since the first.
    fn take_absolute_times(
        &mut self,
        columns: &mut [ColumnRead],
        uses: &[(usize, Want, Use)],
        plan: &Plan,
        notes: &mut Notes,
    ) {
        for (column, (_, _, what)) in columns.iter_mut().zip(uses) {
            let (Values::Timestamp(stamps), Use::Claim(i)) = (&column.values, what) else { continue };
            let claim = &plan.claims[*i];
            if claim.read != Read::Duration {
                continue;
            }
            let first = stamps.iter().copied().find(|s| *s != NO_TIME);
            let since = |s: &i64| if *s == NO_TIME { f64::NAN } else { (s - first.unwrap_or(0)) as f64 / 1000.0 };
            if claim.role == Role::Column(Column::Time) {
                self.absolute_start = first;
                let header = self.header(claim.role).unwrap_or_default().to_owned();
                notes.say(
                    NoteCode::TimeRepaired,
                    format!("{header:?} holds dates; the time is their difference to the first"),
                );
            }
            column.values = Values::Number(stamps.iter().map(since).collect());
        }
    }

    /// Numbers of steps, cycles and records that are no whole numbers are no such numbers: a cell of another column, mostly.
    fn refuse_other_numbers(
        &self,
        columns: &mut [ColumnRead],
        uses: &[(usize, Want, Use)],
        plan: &Plan,
        notes: &mut Notes,
    ) {
        let numbers = [Column::StepFromCycler, Column::CycleFromCycler, Column::Record].map(Role::Column);
        for (column, (_, _, what)) in columns.iter_mut().zip(uses) {
            let (Values::Number(values), Use::Claim(i)) = (&mut column.values, what) else { continue };
            let role = plan.claims[*i].role;
            if plan.claims[*i].read != Read::Count || !numbers.contains(&role) {
                continue;
            }
            let is_none = |v: &f64| (v.fract() != 0.0 || *v < 0.0) && !v.is_nan();
            let Some(first) = values.iter().position(is_none) else { continue };
            let examples: Vec<String> = values.iter().copied().filter(is_none).take(3).map(|v| v.to_string()).collect();
            let mut count = 0usize;
            for value in values.iter_mut().filter(|v| is_none(v)) {
                *value = f64::NAN;
                count += 1;
            }
            let header = self.header(role).unwrap_or_default();
            let message = format!("{header:?}: {count} cell(s) are no whole numbers from 0 on and became null");
            let note = Note::new(NoteCode::CellsUnreadable, message).count(count).examples(examples);
            notes.push(note.at(record(first)));
        }
    }

    fn place(&mut self, values: Values, want: Want, what: &Use, table: &RawTable, plan: &Plan) {
        let labels = |codes: Vec<u32>, names: Vec<Vec<u8>>| {
            let decode = |name: Vec<u8>| table.encoding.decode(&name).0.into_owned();
            Labels { codes, names: names.into_iter().map(decode).collect() }
        };
        match (values, what) {
            (Values::Number(v), Use::Claim(i)) => {
                let claim = &plan.claims[*i];
                if matches!(want, Want::Duration { clock: true } | Want::Timestamp(_)) {
                    self.clocks.push(claim.role);
                }
                self.reals.insert((claim.role, claim.number), v);
            }
            (Values::Label { codes, names }, Use::Claim(i)) => {
                self.labels.insert(plan.claims[*i].role, labels(codes, names));
            }
            (Values::Timestamp(v), Use::Claim(_)) => self.stamps = Some(v),
            (Values::Number(v), Use::Extra(i)) => self.extra_reals.push((plan.extras[*i].name.clone(), v)),
            (Values::Label { codes, names }, Use::Extra(i)) => {
                self.extra_labels.push((plan.extras[*i].name.clone(), labels(codes, names)));
            }
            (Values::Timestamp(_), Use::Extra(_)) => {}
        }
    }

    /// Notes for everything that was dropped, padded or not understood.
    fn tell(&self, table: &RawTable, uses: &[(usize, Want, Use)], outcome: &Outcome, notes: &mut Notes) {
        let mut say = |code, trouble: &Trouble, message: String| {
            if trouble.count > 0 {
                let examples = trouble.examples.iter().map(|e| table.encoding.decode(e).0.trim().to_owned());
                let mut note = Note::new(code, message).count(trouble.count).examples(examples);
                note.place.clone_from(&trouble.first);
                notes.push(note);
            }
        };
        for (column, (field, want, _)) in outcome.columns.iter().zip(uses) {
            let name = table.columns.iter().find(|c| c.data == RawData::Field(*field)).map_or("", |c| &c.name);
            let kind = match want {
                Want::Timestamp(_) => "a date and time",
                Want::Duration { clock: true } => "a duration",
                _ => "a number",
            };
            let count = column.unreadable.count;
            say(
                NoteCode::CellsUnreadable,
                &column.unreadable,
                format!("{name:?}: {count} cell(s) are not {kind} and became null"),
            );
        }
        let rows = |t: &Trouble| t.count;
        say(
            NoteCode::RowsDropped,
            &outcome.repeated,
            format!("{} row(s) repeat the row before and were dropped", rows(&outcome.repeated)),
        );
        say(
            NoteCode::RowsDropped,
            &outcome.headers,
            format!("{} line(s) repeat the header and were dropped", rows(&outcome.headers)),
        );
        say(
            NoteCode::RowsRagged,
            &outcome.short,
            format!("{} row(s) have fewer fields than the header; the rest is null", rows(&outcome.short)),
        );
        let joins = table.grid.as_ref().is_some_and(|grid| grid.joins_thousands);
        let (code, what) = if joins {
            (NoteCode::RowsDropped, "no number explains them: dropped")
        } else {
            (NoteCode::RowsRagged, "the surplus is not read")
        };
        let message = format!("{} row(s) have more filled fields than the header; {what}", rows(&outcome.long));
        say(code, &outcome.long, message);
        let message = format!(
            "{} row(s) hold numbers with unquoted thousands separators, which were joined",
            rows(&outcome.joined)
        );
        say(NoteCode::RowsRagged, &outcome.joined, message);
        if let Some(place) = &outcome.cut {
            notes.push(
                Note::new(NoteCode::PartialFile, "the last row is cut off and was dropped").count(1).at(place.clone()),
            );
        }
        if let Some(cut) = &outcome.cut_cell {
            let is_wanted = uses.iter().any(|(field, ..)| *field == cut.field);
            let what = if is_wanted { "the row was dropped" } else { "its column is not read, the row was kept" };
            let message = format!("the file ends inside its last cell, which is shorter than all before it; {what}");
            let place = Place::Line { line: cut.line, field: Some(cut.field as u32 + 1) };
            let example = table.encoding.decode(&cut.cell).0.into_owned();
            notes.push(Note::new(NoteCode::PartialFile, message).count(1).at(place).examples([example]));
        }
        if outcome.decimal == Decimal::Comma {
            notes.say(NoteCode::UnitConverted, "numbers are written with a decimal comma");
        }
    }

    pub(crate) fn reals(&self, role: Role) -> Option<&[f64]> {
        self.reals.get(&(role, 0)).map(Vec::as_slice)
    }

    pub(crate) fn column(&self, column: Column) -> Option<&[f64]> {
        self.reals(Role::Column(column))
    }

    pub(crate) fn take(&mut self, role: Role) -> Option<Vec<f64>> {
        self.reals.remove(&(role, 0))
    }

    pub(crate) fn put(&mut self, column: Column, values: Vec<f64>) {
        self.reals.insert((Role::Column(column), 0), values);
    }

    /// The numbered columns of a role, by number.
    pub(crate) fn numbered(&mut self, role: Role) -> Vec<(u32, Vec<f64>)> {
        let keys: Vec<_> = self.reals.keys().filter(|(r, _)| *r == role).copied().collect();
        keys.into_iter().filter_map(|key| self.reals.remove(&key).map(|v| (key.1, v))).collect()
    }

    pub(crate) fn has_numbered(&self, role: Role, number: u32) -> bool {
        self.reals.contains_key(&(role, number))
    }

    pub(crate) fn put_numbered(&mut self, role: Role, columns: Vec<(u32, Vec<f64>)>) {
        self.reals.extend(columns.into_iter().map(|(number, values)| ((role, number), values)));
    }

    pub(crate) fn update(&mut self, role: Role, f: impl Fn(f64) -> f64 + Sync) {
        if let Some(values) = self.reals.get_mut(&(role, 0)) {
            values.par_iter_mut().with_min_len(PART).for_each(|v| *v = f(*v));
        }
    }

    pub(crate) fn labels(&self, column: Column) -> Option<&Labels> {
        self.labels.get(&Role::Column(column))
    }

    pub(crate) fn take_labels(&mut self, column: Column) -> Option<Labels> {
        self.labels.remove(&Role::Column(column))
    }

    /// The header of a role as written.
    pub(crate) fn header(&self, role: Role) -> Option<&str> {
        self.headers.get(&role).map(String::as_str)
    }

    pub(crate) fn is_clock(&self, role: Role) -> bool {
        self.clocks.contains(&role)
    }

    /// Keeps some rows of every column.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        fn some<T>(values: &mut Vec<T>, keep: &[bool]) {
            let mut flags = keep.iter();
            values.retain(|_| flags.next().copied().unwrap_or(false));
        }
        self.reals.values_mut().for_each(|v| some(v, keep));
        self.labels.values_mut().for_each(|l| some(&mut l.codes, keep));
        self.stamps.iter_mut().for_each(|v| some(v, keep));
        self.extra_reals.iter_mut().for_each(|(_, v)| some(v, keep));
        self.extra_labels.iter_mut().for_each(|(_, l)| some(&mut l.codes, keep));
        self.rows = keep.iter().filter(|k| **k).count();
        self.first_line = None;
    }

    /// Takes rows by number, in the order given.
    pub(crate) fn pick(&mut self, rows: &[usize]) {
        fn some<T: Copy>(values: &mut Vec<T>, rows: &[usize]) {
            *values = rows.iter().filter_map(|row| values.get(*row).copied()).collect();
        }
        self.reals.values_mut().for_each(|v| some(v, rows));
        self.labels.values_mut().for_each(|l| some(&mut l.codes, rows));
        self.stamps.iter_mut().for_each(|v| some(v, rows));
        self.extra_reals.iter_mut().for_each(|(_, v)| some(v, rows));
        self.extra_labels.iter_mut().for_each(|(_, l)| some(&mut l.codes, rows));
        self.rows = rows.len();
        self.first_line = None;
    }

    /// Whether two rows hold the same numbers.
    pub(super) fn is_equal(&self, a: usize, b: usize) -> bool {
        self.reals.values().all(|values| {
            let (a, b) = (values.get(a).copied(), values.get(b).copied());
            a == b || (a.is_some_and(f64::is_nan) && b.is_some_and(f64::is_nan))
        })
    }

    /// Forgets a column that holds no value at all.
    pub(crate) fn drop_if_empty(&mut self, role: Role) {
        if self.reals(role).is_some_and(|v| v.iter().all(|v| v.is_nan())) {
            self.reals.remove(&(role, 0));
        }
    }
}

impl Labels {
    pub(crate) fn at(&self, row: usize) -> &str {
        self.codes.get(row).and_then(|code| self.names.get(*code as usize)).map_or("", String::as_str)
    }

    /// A value for each distinct label, so that a label is looked at once.
    pub(crate) fn map<T>(&self, f: impl Fn(&str) -> T) -> Vec<T> {
        self.names.iter().map(|name| f(name)).collect()
    }
}

/// To the schema's unit and sign.
fn scale(values: &mut [f64], claim: &Claim, has_unit: bool) {
    if !claim.unit.is_one() && has_unit {
        values.iter_mut().for_each(|v| *v = claim.unit.apply(*v));
    }
    if matches!(claim.read, Read::Negated(_)) {
        values.iter_mut().for_each(|v| *v = -*v);
    }
}

/// The order of day and month in a column, and whether its cells show it.
pub(crate) fn date_order(table: &RawTable, field: usize) -> (Order, bool) {
    let mut evidence = OrderEvidence::default();
    if let Some(grid) = &table.grid {
        grid.sample(field, 500).iter().for_each(|cell| evidence.see(cell));
    }
    match evidence.decide().or_else(|| order_by_span(table, field)) {
        Some(order) => (order, true),
        None => (table.date_order.unwrap_or(Order::MonthDayYear), table.date_order.is_some() || evidence.is_needless()),
    }
}

/// The order under which the clock advances as far as the test time does.
fn order_by_span(table: &RawTable, field: usize) -> Option<Order> {
    let grid = table.grid.as_ref()?;
    let is_time = |name: &str| {
        let folded = (table.vocabulary.fold)(name);
        table.vocabulary.find(&folded).is_some_and(|(_, term, _)| term.role == Role::Column(Column::Time))
    };
    let RawData::Field(time) = table.columns.iter().find(|c| is_time(&c.name))?.data else { return None };
    let seconds = |cell: &&[u8]| duration::seconds(cell).or_else(|| number::plain(cell));
    let times = grid.sample(time, 50);
    let span = times.last().and_then(seconds)? - times.first().and_then(seconds)?;
    let stamps = grid.sample(field, 50);
    let near = |order: Order| {
        let at = |cell: Option<&&[u8]>| timestamp::parse(cell?, order).map(|c| c.milliseconds as f64 / 1000.0);
        let (Some(a), Some(b)) = (at(stamps.first()), at(stamps.last())) else { return false };
        // A bare number may be minutes or hours.
        b >= a && [1.0, 60.0, 3600.0].iter().any(|unit| ((b - a) - span * unit).abs() < 60.0 + 0.2 * (span * unit))
    };
    match (near(Order::MonthDayYear), near(Order::DayMonthYear)) {
        (true, false) => Some(Order::MonthDayYear),
        (false, true) => Some(Order::DayMonthYear),
        _ => None,
    }
}

/// Place of a row in messages.
pub(crate) fn record(row: usize) -> Place {
    Place::Record(row as u64 + 1)
}
