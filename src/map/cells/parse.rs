//! Parsing: the cells that a plan asks for, in the schema's units.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::super::claim::Claim;
use super::super::counts::is_small;
use super::super::plan::{Extra, Plan};
use super::super::sample::date_order;
use super::{Cells, Labels, Unread, record};
use crate::error::Result;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::PART;
use crate::signal::scan::all;
use crate::table::{RawData, RawTable};
use crate::text::grid::{ColumnRead, Grid, NO_TIME, Values, Want};
use crate::vocab::{CurrentSign, Read, Role};

/// What a parsed field is for.
pub(super) enum Use {
    Claim(usize),
    Extra(usize),
}

/// A field of the text that is parsed.
pub(super) struct Wanted {
    pub(super) field: usize,
    pub(super) want: Want,
    pub(super) what: Use,
}

impl Cells {
    /// Parses what the plan asks for.
    ///
    /// Columns that the reader already decoded are taken out of the table.
    ///
    /// # Errors
    /// Those of [`Grid::read`].
    pub(crate) fn read(table: &mut RawTable, plan: &Plan, notes: &mut Notes) -> Result<Self> {
        let mut cells = Self::default();
        for claim in &plan.claims {
            cells.headers.entry(claim.role).or_insert_with(|| table.columns[claim.column].name.clone());
        }
        match &table.grid {
            Some(grid) => cells.parse(grid, table, plan, notes)?,
            None => cells.take_binary(table, plan),
        }
        Ok(cells)
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
        let is_turned = table.vocabulary.current == CurrentSign::PositiveIsCharge;
        self.is_turned = is_turned;
        // To the schema's unit and sign, with a look for gaps, some numbers at a time while these are in the cache.
        let finish = |what: &Use, part: &mut [f64]| {
            let Use::Claim(i) = what else { return true };
            let claim = &plan.claims[*i];
            let turns = is_turned && claim.number == 0 && plan.is_turned(claim.role);
            let mut gaps = 0;
            for part in part.chunks_mut(1024) {
                scale(part, claim, true);
                if turns {
                    part.iter_mut().for_each(|v| *v = 0.0 - *v);
                }
                gaps += part.iter().map(|v| u64::from(v.is_nan())).sum::<u64>();
            }
            gaps > 0
        };
        // Decoded columns, and whether each has gaps.
        let mut done: Vec<(Use, Values, bool)> = Vec::new();
        if let Some(records) = &table.packed {
            let wanted: Vec<usize> = packed.iter().map(|(_, index)| *index).collect();
            let gaps: Vec<AtomicBool> = wanted.iter().map(|_| AtomicBool::new(false)).collect();
            let columns = records.decode_with(&wanted, &|place, part| {
                if finish(&packed[place].0, part) {
                    gaps[place].store(true, Ordering::Relaxed);
                }
            });
            let columns = columns.into_iter().map(Values::Number).zip(gaps).map(|(v, gaps)| (v, gaps.into_inner()));
            done.extend(packed.into_iter().zip(columns).map(|((what, _), (values, gaps))| (what, values, gaps)));
            self.rows = records.rows();
        } else {
            self.rows = taken.first().map_or(0, |(_, values)| match values {
                Values::Number(v) => v.len(),
                Values::Timestamp(v) => v.len(),
                Values::Label { codes, .. } => codes.len(),
            });
        }
        let finish_all = |(what, mut values): (Use, Values)| {
            let gaps = match &mut values {
                Values::Number(values) => {
                    values.par_chunks_mut(PART).map(|part| finish(&what, part)).reduce(|| false, |a, b| a | b)
                }
                _ => true,
            };
            (what, values, gaps)
        };
        let taken: Vec<_> = taken.into_par_iter().map(finish_all).collect();
        for (what, values, gaps) in taken.into_iter().chain(done) {
            self.place(values, Want::Number, &what, table, plan);
            if let Use::Claim(i) = what {
                let key = (plan.claims[i].role, plan.claims[i].number);
                if gaps {
                    self.whole.remove(&key);
                } else {
                    self.whole.insert(key);
                }
            }
        }
    }

    fn parse(&mut self, grid: &Grid, table: &RawTable, plan: &Plan, notes: &mut Notes) -> Result<()> {
        let uses = wanted(grid, table, plan);
        let wants: Vec<(usize, Want)> = uses.iter().map(|wanted| (wanted.field, wanted.want)).collect();
        let mut outcome = grid.read(&wants)?;
        self.rows = outcome.rows;
        self.first_line = outcome.first_line;
        outcome.tell(table, &uses, notes);
        let mut columns = std::mem::take(&mut outcome.columns);
        self.find_unread(&columns, &uses, plan);
        self.take_absolute_times(&mut columns, &uses, plan, notes);
        self.refuse_other_numbers(&mut columns, &uses, plan, notes);
        // Scaling is one pass over each column; they are independent.
        let scaled: Vec<ColumnRead> = columns
            .into_par_iter()
            .zip(&uses)
            .map(|(mut column, wanted)| {
                if let (Values::Number(values), Use::Claim(i)) = (&mut column.values, &wanted.what) {
                    scale(values, &plan.claims[*i], !is_clock(wanted.want));
                }
                column
            })
            .collect();
        for (column, wanted) in scaled.into_iter().zip(&uses) {
            if let (Use::Claim(i), Some(digit)) = (&wanted.what, column.last_digit)
                && plan.claims[*i].role == Role::Column(Column::Current)
            {
                self.current_digit = Some(plan.claims[*i].unit.apply(10f64.powi(digit)).abs());
            }
            self.place(column.values, wanted.want, &wanted.what, table, plan);
        }
        Ok(())
    }

    /// Remembers columns of which most cells cannot be read.
    fn find_unread(&mut self, columns: &[ColumnRead], uses: &[Wanted], plan: &Plan) {
        for (column, wanted) in columns.iter().zip(uses) {
            let unreadable = &column.unreadable;
            let Use::Claim(i) = wanted.what else { continue };
            if unreadable.count == 0 {
                continue;
            }
            let read = match &column.values {
                Values::Number(values) => values.iter().filter(|v| !v.is_nan()).count(),
                Values::Timestamp(values) => values.iter().filter(|v| **v != NO_TIME).count(),
                Values::Label { .. } => continue,
            };
            if unreadable.count > read {
                let (role, filled) = (plan.claims[i].role, read + unreadable.count);
                self.unread.push(Unread { role, filled, unreadable: unreadable.clone() });
            }
        }
    }

    /// Turns dates under the header of a duration into seconds since the first.
    fn take_absolute_times(&mut self, columns: &mut [ColumnRead], uses: &[Wanted], plan: &Plan, notes: &mut Notes) {
        for (column, wanted) in columns.iter_mut().zip(uses) {
            let (Values::Timestamp(stamps), Use::Claim(i)) = (&column.values, &wanted.what) else { continue };
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
    fn refuse_other_numbers(&self, columns: &mut [ColumnRead], uses: &[Wanted], plan: &Plan, notes: &mut Notes) {
        let numbers = [Column::StepFromCycler, Column::CycleFromCycler, Column::Record].map(Role::Column);
        for (column, wanted) in columns.iter_mut().zip(uses) {
            let (Values::Number(values), Use::Claim(i)) = (&mut column.values, &wanted.what) else { continue };
            let role = plan.claims[*i].role;
            if plan.claims[*i].read != Read::Count || !numbers.contains(&role) {
                continue;
            }
            // Nearly all are small whole numbers, which a cast shows at once.
            let is_part = |v: f64| (v as i64) as f64 != v && v.fract() != 0.0;
            let is_none = |v: &f64| (is_part(*v) || *v < 0.0) && !v.is_nan();
            // A look without a branch at all of them, which mostly is the only one.
            if all(values, |v| (v >= 0.0) & is_small(v)) {
                continue;
            }
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
                if is_clock(want) {
                    self.clocks.push(claim.role);
                }
                self.reals.insert((claim.role, claim.number), v);
            }
            (Values::Label { codes, names }, Use::Claim(i)) => {
                self.labels.insert(plan.claims[*i].role, labels(codes, names));
            }
            // Instants of the schema are microseconds.
            (Values::Timestamp(v), Use::Claim(i)) if plan.claims[*i].role == Role::Column(Column::WallClock) => {
                let micros = |v: &i64| if *v == NO_TIME { f64::NAN } else { v.saturating_mul(1000) as f64 };
                self.reals.insert((plan.claims[*i].role, 0), v.iter().map(micros).collect());
            }
            (Values::Timestamp(v), Use::Claim(_)) => self.stamps = Some(v),
            (Values::Number(v), Use::Extra(i)) => self.extra_reals.push((plan.extras[*i].name.clone(), v)),
            (Values::Label { codes, names }, Use::Extra(i)) => {
                self.extra_labels.push((plan.extras[*i].name.clone(), labels(codes, names)));
            }
            (Values::Timestamp(_), Use::Extra(_)) => {}
        }
    }
}

/// The fields that a plan needs, in the order in which they stand.
fn wanted(grid: &Grid, table: &RawTable, plan: &Plan) -> Vec<Wanted> {
    let field_of = |column: usize| match table.columns[column].data {
        RawData::Field(field) => Some(field),
        _ => None,
    };
    let claimed = |(i, claim): (usize, &Claim)| {
        let field = field_of(claim.column)?;
        let want = match claim.read {
            Read::Number(_) | Read::Negated(_) | Read::Count | Read::Plain => Want::Number,
            // Dates under the header of a test time: their differences are the time.
            Read::Duration if grid.is_stamp(field) => Want::Timestamp(date_order(table, field).0),
            Read::Duration => Want::Duration { clock: grid.is_clock(field) },
            Read::Label => Want::Label,
            Read::Timestamp => Want::Timestamp(date_order(table, field).0),
        };
        Some(Wanted { field, want, what: Use::Claim(i) })
    };
    let extra = |(i, extra): (usize, &Extra)| {
        let want = if extra.is_number { Want::Number } else { Want::Label };
        Some(Wanted { field: field_of(extra.column)?, want, what: Use::Extra(i) })
    };
    let mut uses: Vec<Wanted> = plan.claims.iter().enumerate().filter_map(claimed).collect();
    uses.extend(plan.extras.iter().enumerate().filter_map(extra));
    uses.sort_by_key(|wanted| wanted.field);
    uses
}

/// Whether cells were read as clocks, which have no unit.
fn is_clock(want: Want) -> bool {
    matches!(want, Want::Duration { clock: true } | Want::Timestamp(_))
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
