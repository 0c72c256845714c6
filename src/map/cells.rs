//! The parsed cells of a table by role.

mod parse;
mod steps;
mod trouble;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::error::Place;
use crate::schema::Column;
use crate::signal::PART;
use crate::text::grid::Trouble;
use crate::vocab::Role;

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
    /// Those that are known to have a number in each row: it was seen when they were decoded, and nothing was put in since.
    whole: BTreeSet<(Role, u32)>,
    /// Whether current and power were turned to the schema's sign when they were decoded.
    pub(super) is_turned: bool,
    labels: BTreeMap<Role, Labels>,
    pub(crate) stamps: Option<Vec<i64>>,
    headers: BTreeMap<Role, String>,
    /// The first of the dates that stood where a test time should.
    pub(crate) absolute_start: Option<i64>,
    /// Duration columns that held clocks.
    clocks: Vec<Role>,
    /// The smallest current that the text can print, in A.
    pub(crate) current_digit: Option<f64>,
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

impl Cells {
    pub(crate) fn reals(&self, role: Role) -> Option<&[f64]> {
        self.reals.get(&(role, 0)).map(Vec::as_slice)
    }

    pub(crate) fn column(&self, column: Column) -> Option<&[f64]> {
        self.reals(Role::Column(column))
    }

    /// Whether a column is known to have a number in each row, without a look.
    pub(super) fn is_whole(&self, role: Role) -> bool {
        self.whole.contains(&(role, 0))
    }

    pub(crate) fn take(&mut self, role: Role) -> Option<Vec<f64>> {
        self.whole.remove(&(role, 0));
        self.reals.remove(&(role, 0))
    }

    pub(crate) fn put(&mut self, column: Column, values: Vec<f64>) {
        self.put_role(Role::Column(column), values);
    }

    pub(crate) fn put_role(&mut self, role: Role, values: Vec<f64>) {
        self.whole.remove(&(role, 0));
        self.reals.insert((role, 0), values);
    }

    /// The numbered columns of a role, by number.
    pub(crate) fn numbered(&mut self, role: Role) -> Vec<(u32, Vec<f64>)> {
        self.whole.retain(|(other, _)| *other != role);
        let keys: Vec<_> = self.reals.keys().filter(|(r, _)| *r == role).copied().collect();
        keys.into_iter().filter_map(|key| self.reals.remove(&key).map(|v| (key.1, v))).collect()
    }

    pub(crate) fn has_numbered(&self, role: Role, number: u32) -> bool {
        self.reals.contains_key(&(role, number))
    }

    pub(crate) fn put_numbered(&mut self, role: Role, columns: Vec<(u32, Vec<f64>)>) {
        self.whole.retain(|(other, _)| *other != role);
        self.reals.extend(columns.into_iter().map(|(number, values)| ((role, number), values)));
    }

    pub(crate) fn update(&mut self, role: Role, f: impl Fn(f64) -> f64 + Sync) {
        self.whole.remove(&(role, 0));
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
            self.take(role);
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

/// Place of a row in messages.
pub(crate) fn record(row: usize) -> Place {
    Place::Record(row as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_not_known_to_be_whole() {
        let role = Role::Column(Column::Voltage);
        let changes: [fn(&mut Cells, Role); 3] = [
            |cells, _| cells.put(Column::Voltage, vec![f64::NAN]),
            |cells, role| cells.update(role, |_| f64::NAN),
            |cells, role| cells.put_numbered(role, vec![(0, vec![f64::NAN])]),
        ];
        for change in changes {
            let mut cells = Cells::default();
            cells.reals.insert((role, 0), vec![3.7]);
            cells.whole.insert((role, 0));
            assert!(cells.is_whole(role));
            change(&mut cells, role);
            assert!(!cells.is_whole(role));
        }
    }
}
