//! Auxiliary channels, one row a channel and record, turned into columns (docs/formats/res.md#auxiliary-values).

use std::collections::BTreeMap;

use crate::jet::{Database, Table};
use crate::note::{Note, NoteCode, Notes};
use crate::table::{RawColumn, RawData};

/// Type and index of a channel.
type Key = (i64, i64);

/// What the list of channels says of one.
#[derive(Debug, Clone, Default)]
struct Named {
    nickname: Option<String>,
    unit: Option<String>,
}

/// The channels of all tests.
#[derive(Debug, Default)]
pub(super) struct Auxiliary {
    test: Vec<f64>,
    point: Vec<f64>,
    key: Vec<Key>,
    value: Vec<f64>,
    /// By channel of the cycler (from 0), type and index.
    names: BTreeMap<(i64, Key), Named>,
}

const VOLTAGE: i64 = 0;
const TEMPERATURE: i64 = 1;

impl Auxiliary {
    pub(super) fn read(database: &Database, normal: &Table) -> Self {
        let columns = ["Test_ID", "Data_Point", "Auxiliary_Index", "Data_Type", "X"];
        let by_columns = || database.table_with(&columns).filter(|table| table.page != normal.page);
        let Some(table) = database.table("Auxiliary_Table").or_else(by_columns) else { return Self::default() };
        let Some(wanted) = columns.iter().map(|name| table.column(name)).collect::<Option<Vec<_>>>() else {
            return Self::default();
        };
        let mut found = database.rows(table).numbers(&wanted).into_iter();
        let mut next = || found.next().unwrap_or_default();
        let (test, point, index, kind, value) = (next(), next(), next(), next(), next());
        let key = kind.iter().zip(&index).map(|(kind, index)| (*kind as i64, *index as i64)).collect();
        Self { test, point, key, value, names: names(database) }
    }

    /// Columns for the records of a test. `points` are their numbers in order; NaN for a row that is no record.
    pub(super) fn columns(&self, test: f64, channel: Option<f64>, points: &[f64], notes: &mut Notes) -> Vec<RawColumn> {
        // Records mostly count up without a gap, then a number is a place.
        let first = points.first().copied().unwrap_or(f64::NAN);
        let is_dense = points.iter().zip(0u32..).all(|(point, row)| *point == first + f64::from(row));
        let row_of = |point: f64| {
            if is_dense {
                let row = point - first;
                return (row >= 0.0 && (row as usize) < points.len()).then_some(row as usize);
            }
            let row = points.partition_point(|known| *known < point || known.is_nan());
            (points.get(row) == Some(&point)).then_some(row)
        };
        let mut columns: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
        let mut orphans = 0;
        let rows = self.test.iter().zip(&self.point).zip(&self.key).zip(&self.value);
        for (((_, point), key), value) in rows.filter(|(((id, _), _), _)| **id == test) {
            let Some(row) = row_of(*point) else {
                orphans += 1;
                continue;
            };
            let column = columns.entry(*key).or_insert_with(|| vec![f64::NAN; points.len()]);
            if let Some(slot) = column.get_mut(row) {
                *slot = *value;
            }
        }
        if orphans > 0 {
            let message = format!("{orphans} auxiliary value(s) belong to no record and were dropped");
            notes.push(Note::new(NoteCode::RowsDropped, message).count(orphans));
        }
        let records = points.iter().filter(|point| !point.is_nan()).count();
        for (key, values) in &columns {
            let blank = |(point, value): &(&f64, &f64)| !point.is_nan() && value.is_nan();
            let mut missing = points.iter().zip(values).filter(blank);
            if let Some((first, _)) = missing.next() {
                let count = 1 + missing.count();
                let message = format!(
                    "{:?}: Auxiliary_Table has no value for {count} of {records} record(s), the first is Data_Point {first}; they are null",
                    header(*key, None)
                );
                notes.push(Note::new(NoteCode::PartialFile, message).count(count));
            }
        }
        let own = |(at, key): &&(i64, Key)| channel == Some(*at as f64 + 1.0) && !columns.contains_key(key);
        for (_, key) in self.names.keys().filter(own).filter(|_| records > 0) {
            let message = format!(
                "{:?} is named in Aux_Global_Data_Table, and Auxiliary_Table has no value of it",
                header(*key, None)
            );
            notes.push(Note::new(NoteCode::PartialFile, message).count(records));
        }
        let named = |key: &Key| {
            let exact = channel.and_then(|channel| self.names.get(&(channel as i64 - 1, *key)));
            exact.or_else(|| self.names.iter().find(|((_, known), _)| known == key).map(|(_, named)| named)).cloned()
        };
        let column = |(key, values): (Key, Vec<f64>)| {
            let named = named(&key).unwrap_or_default();
            let name = header(key, named.unit.as_deref());
            if let Some(nickname) = named.nickname {
                notes.say(NoteCode::ColumnNamed, format!("{name:?} is called {nickname:?} by the tester"));
            }
            RawColumn { name, data: RawData::Real(values) }
        };
        columns.into_iter().map(column).collect()
    }
}

/// The header as MITS exports it; a type or unit that nobody knows keeps its own words.
fn header((kind, index): Key, unit: Option<&str>) -> String {
    let number = index.saturating_add(1);
    match (kind, unit) {
        (VOLTAGE, None | Some("V")) => format!("Aux_Voltage_{number} (V)"),
        (TEMPERATURE, None) => format!("Aux_Temperature_{number} (C)"),
        (TEMPERATURE, Some(unit)) if matches!(unit, "C" | "F" | "K" | "℃" | "°C" | "degC") => {
            format!("Aux_Temperature_{number} ({unit})")
        }
        (kind, Some(unit)) => format!("Aux {kind}-{number} [{unit}]"),
        (kind, None) => format!("Aux {kind}-{number}"),
    }
}

fn names(database: &Database) -> BTreeMap<(i64, Key), Named> {
    let mut names = BTreeMap::new();
    let Some(table) = database.table("Aux_Global_Data_Table") else { return names };
    let numbers = ["Channel_Index", "Data_Type", "Auxiliary_Index"].map(|name| table.column(name));
    let [Some(channel), Some(kind), Some(index)] = numbers else { return names };
    for row in database.rows(table).iter() {
        let number = |column| row.number(column).map(|n| n as i64);
        let (Some(channel), Some(kind), Some(index)) = (number(channel), number(kind), number(index)) else { continue };
        let text = |name: &str| table.column(name).and_then(|column| row.text(column)).map(|t| t.trim().to_owned());
        let named = Named {
            nickname: text("Nickname").filter(|t| !t.is_empty()),
            unit: text("Unit").filter(|t| !t.is_empty()),
        };
        names.insert((channel, (kind, index)), named);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        assert_eq!(header((1, 0), Some("C")), "Aux_Temperature_1 (C)");
        assert_eq!(header((0, 19), Some("V")), "Aux_Voltage_20 (V)");
        assert_eq!(header((1, 1), Some("furlong")), "Aux 1-2 [furlong]");
        assert_eq!(header((7, 0), None), "Aux 7-1");
    }
}
