//! What one table of a database says of another: a table that lost rows is not told by itself.

use std::collections::BTreeMap;

use crate::jet::Database;
use crate::note::{Note, NoteCode, Notes};

/// Tables that are read beside the records. Each declares its number of rows.
static BESIDE: [&str; 5] = ["Global_Table", "Auxiliary_Table", "Aux_Global_Data_Table", "Event_Table", "ACIM_Table"];

/// Tells of tables in which fewer or more rows were found than they declare.
pub(super) fn rows(database: &Database, notes: &mut Notes) {
    for table in BESIDE.iter().filter_map(|name| database.table(name)) {
        let found = database.rows(table).len();
        if found as u64 != u64::from(table.stated) {
            let message = format!("{found} of {} declared row(s) of {} were found", table.stated, table.name);
            notes.push(Note::new(NoteCode::PartialFile, message).count((table.stated as usize).abs_diff(found)));
        }
    }
}

/// The highest record that the statistics of a test speak of, by `Test_ID`.
#[derive(Debug, Default)]
pub(super) struct Statistics(BTreeMap<u64, f64>);

impl Statistics {
    pub(super) fn read(database: &Database) -> Self {
        let mut highest = BTreeMap::new();
        let Some(table) = database.table("Channel_Statistic_Table") else { return Self::default() };
        let (Some(test), Some(point)) = (table.column("Test_ID"), table.column("Data_Point")) else {
            return Self::default();
        };
        for row in database.rows(table).iter() {
            if let (Some(test), Some(point)) = (row.number(test), row.number(point)) {
                let known: &mut f64 = highest.entry(test.to_bits()).or_insert(point);
                *known = known.max(point);
            }
        }
        Self(highest)
    }

    /// A cycle's statistics name the first record of the next cycle, which is one behind the last of all at most. Only the first
    /// of several tests is looked at: `points` are its records up to where the next one begins.
    pub(super) fn compare(&self, test: f64, points: &[f64], later: &[usize], notes: &mut Notes) {
        let own = points.get(..later.first().copied().unwrap_or(points.len())).unwrap_or_default();
        let last = own.iter().copied().filter(|point| !point.is_nan()).fold(f64::NAN, f64::max);
        if let Some(named) = self.0.get(&test.to_bits()).filter(|named| **named > last + 1.0) {
            let missing = named - last - 1.0;
            let message = format!(
                "Channel_Statistic_Table speaks of Data_Point {named}, and the last record here is {last}: at least {missing} record(s) are missing at the end"
            );
            notes.push(Note::new(NoteCode::PartialFile, message).count(missing as usize));
        }
    }
}
