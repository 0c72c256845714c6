//! Impedance spectra of `ACIM_Table`, put between the records (docs/formats/arbin.md#impedance-tables,
//! docs/formats/arbin.md#impedance-sheets).

use super::series::INSERTED;
use crate::jet::{Column, Database, Rows};
use crate::note::{Note, NoteCode, Notes};
use crate::table::{RawColumn, RawData, RawTable};

/// One point of a spectrum.
#[derive(Debug, Clone, Copy)]
struct Point {
    test: f64,
    step: f64,
    cycle: f64,
    /// Frequency, magnitude, phase.
    values: [f64; 3],
}

#[derive(Debug, Default)]
pub(super) struct Spectra(Vec<Point>);

/// Headers of the columns, as the vocabulary knows them.
static COLUMNS: [&str; 3] = ["Freq", "Zmod", "Zphz"];

/// Columns that spectra change: for records their own, for points the spectrum's.
#[derive(Debug)]
pub(super) struct Inserted {
    step: Vec<f64>,
    cycle: Vec<f64>,
    values: [Vec<f64>; 3],
    count: usize,
}

impl Spectra {
    pub(super) fn read(database: &Database, notes: &mut Notes) -> Self {
        let Some(table) = database.table("ACIM_Table") else { return Self::default() };
        let rows = database.rows(table);
        if rows.len() == 0 {
            return Self::default();
        }
        let names = ["Test_ID", "Step_ID", "Cycle_ID", "Freq", "Zmod", "Zphz"];
        let Some(columns) = names.iter().map(|name| table.column(name)).collect::<Option<Vec<_>>>() else {
            let message =
                format!("ACIM_Table lacks one of {}; its {} row(s) were left out", names.join(", "), rows.len());
            notes.push(Note::new(NoteCode::RowsDropped, message).count(rows.len()));
            return Self::default();
        };
        let read = rows.numbers(&columns);
        let at = |column: usize, row: usize| read.get(column).and_then(|c| c.get(row)).copied().unwrap_or(f64::NAN);
        let point = |row| Point {
            test: at(0, row),
            step: at(1, row),
            cycle: at(2, row),
            values: [at(3, row), at(4, row), at(5, row)],
        };
        let (points, without): (Vec<Point>, Vec<Point>) =
            (0..rows.len()).map(point).partition(|point| point.values.first().is_some_and(|f| *f > 0.0));
        if !without.is_empty() {
            let message = format!("{} row(s) of ACIM_Table have no frequency and were left out", without.len());
            notes.push(Note::new(NoteCode::RowsDropped, message).count(without.len()));
        }
        Self(points)
    }

    /// Puts the points of a test behind the last record of their cycle whose step is below theirs.
    pub(super) fn place(
        &self,
        test: f64,
        rows: &Rows,
        columns: &[Column],
        picked: &mut Option<Vec<u32>>,
    ) -> Option<Inserted> {
        let mine: Vec<&Point> = self.0.iter().filter(|point| point.test == test).collect();
        if mine.is_empty() {
            return None;
        }
        let find = |name: &str| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        let read = rows.numbers(&[find("Step_Index")?, find("Cycle_Index")?]);
        let [steps, cycles] = <[Vec<f64>; 2]>::try_from(read).ok()?;
        let order = picked.take().unwrap_or_else(|| (0..rows.len() as u32).collect());
        let value = |column: &[f64], row: &u32| column.get(*row as usize).copied().unwrap_or(f64::NAN);
        let records: Vec<(f64, f64)> = order.iter().map(|row| (value(&steps, row), value(&cycles, row))).collect();
        let place = |point: &Point| {
            let before = records.iter().rposition(|(step, cycle)| *cycle == point.cycle && *step < point.step);
            let at_all = || records.iter().rposition(|(_, cycle)| *cycle == point.cycle);
            before.or_else(at_all).map_or(records.len(), |row| row + 1)
        };
        // One search a spectrum, not a point.
        let mut placed: Vec<(usize, &Point)> = Vec::new();
        let mut last: Option<(f64, f64, usize)> = None;
        for point in mine {
            let at = match last {
                Some((step, cycle, at)) if (step, cycle) == (point.step, point.cycle) => at,
                _ => place(point),
            };
            last = Some((point.step, point.cycle, at));
            placed.push((at, point));
        }
        placed.sort_by_key(|(at, _)| *at);
        let mut inserted =
            Inserted { step: Vec::new(), cycle: Vec::new(), values: Default::default(), count: placed.len() };
        let (mut rows, mut next) = (Vec::new(), placed.into_iter().peekable());
        for (at, row) in order.iter().map(Some).chain([None]).enumerate() {
            while let Some((_, point)) = next.next_if(|(place, _)| *place <= at) {
                rows.push(INSERTED);
                inserted.push(point.step, point.cycle, point.values);
            }
            if let (Some(row), Some((step, cycle))) = (row, records.get(at)) {
                rows.push(*row);
                inserted.push(*step, *cycle, [f64::NAN; 3]);
            }
        }
        *picked = Some(rows);
        Some(inserted)
    }
}

impl Inserted {
    fn push(&mut self, step: f64, cycle: f64, values: [f64; 3]) {
        self.step.push(step);
        self.cycle.push(cycle);
        for (column, value) in self.values.iter_mut().zip(values) {
            column.push(value);
        }
    }

    /// What stands for a column of the records.
    pub(super) fn column(&self, name: &str) -> Option<&[f64]> {
        let columns = [("Step_Index", &self.step), ("Cycle_Index", &self.cycle)];
        columns.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, values)| values.as_slice())
    }

    /// Adds the columns of the spectra.
    pub(super) fn put(self, table: &mut RawTable, notes: &mut Notes) {
        let columns = COLUMNS.iter().zip(self.values);
        table.columns.extend(columns.map(|(name, v)| RawColumn { name: (*name).to_owned(), data: RawData::Real(v) }));
        let message = format!("{} impedance point(s) of ACIM_Table were put between the records", self.count);
        notes.push(Note::new(NoteCode::UnverifiedLayout, message).count(self.count));
    }
}
