//! Facts of the tests: `Global_Table`, `Event_Table`, `Version_Table` (docs/formats/arbin.md#schema-versions,
//! docs/formats/res.md#facts-of-a-test, docs/formats/arbin.md#events).

use std::collections::BTreeMap;
use std::str::FromStr;

use super::super::info::protocol;
use crate::binary::ole_milliseconds;
use crate::jet::{Column, Database, Kind};
use crate::note::{Note, NoteCode, Notes};
use crate::table::{RawTable, StartHint};
use crate::text::timestamp::Civil;

/// One row of facts a test.
#[derive(Debug, Default)]
pub(super) struct Global {
    tests: Vec<Test>,
}

#[derive(Debug, Default)]
struct Test {
    id: f64,
    /// From 1. `Channel_Number` is how many the machine has.
    channel: Option<f64>,
    /// Local milliseconds.
    start: Option<i64>,
    texts: BTreeMap<String, String>,
    numbers: BTreeMap<String, f64>,
}

/// Rows of one test and where they come from.
type Picked = (f64, Option<Vec<u32>>);

impl Global {
    pub(super) fn read(database: &Database) -> Self {
        let Some(table) =
            database.table("Global_Table").or_else(|| database.table_with(&["Test_ID", "Test_Name", "Channel_Index"]))
        else {
            return Self::default();
        };
        let rows = database.rows(table);
        let test = |row: crate::jet::Row<'_>| {
            let number = |name: &str| table.column(name).and_then(|column| row.number(column));
            let texts =
                table.columns.iter().filter_map(|c| Some((c.name.to_lowercase(), row.text(c)?.trim().to_owned())));
            // The shortest decimal of a single is what was typed in.
            let decimal = |c: &Column, n: f64| {
                if c.kind == Kind::F32 { f64::from_str(&(n as f32).to_string()).unwrap_or(n) } else { n }
            };
            let numbers =
                table.columns.iter().filter_map(|c| Some((c.name.to_lowercase(), decimal(c, row.number(c)?))));
            Test {
                id: number("Test_ID").unwrap_or(f64::NAN),
                channel: number("Channel_Index"),
                start: number("Start_DateTime").and_then(ole_milliseconds),
                texts: texts.filter(|(_, text)| !text.is_empty()).collect(),
                numbers: numbers.collect(),
            }
        };
        Self { tests: rows.iter().map(test).collect() }
    }

    fn test(&self, id: f64) -> Option<&Test> {
        self.tests.iter().find(|test| test.id == id)
    }

    pub(super) fn channel(&self, id: f64) -> Option<f64> {
        self.test(id)?.channel
    }

    /// Tests of one channel are segments of one run, in the order of their starts
    /// (docs/formats/arbin.md#order-of-rows-and-several-tests); the first gives the name.
    pub(super) fn joined(&self, mut found: Vec<Picked>, notes: &mut Notes) -> Vec<Picked> {
        let start = |id: f64| self.test(id).and_then(|test| test.start);
        found.sort_by_key(|(id, _)| (self.channel(*id).map(f64::to_bits), start(*id)));
        let mut joined: Vec<Picked> = Vec::new();
        for (id, rows) in found {
            let same = joined
                .last_mut()
                .filter(|(known, _)| self.channel(*known).is_some_and(|channel| self.channel(id) == Some(channel)));
            match (same, rows) {
                (Some((first, Some(before))), Some(rows)) => {
                    let message = format!("Test_ID {id} ran on the channel of Test_ID {first} and was put behind it");
                    notes.push(Note::new(NoteCode::SeveralTests, message).count(rows.len()));
                    before.extend(rows);
                }
                (_, rows) => joined.push((id, rows)),
            }
        }
        joined.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        joined
    }

    /// Tells of tests that only one of the two tables knows.
    pub(super) fn compare(&self, found: impl Iterator<Item = f64>, notes: &mut Notes) {
        let found: Vec<f64> = found.collect();
        if self.tests.is_empty() && !found.is_empty() {
            let message = "Global_Table has no rows: channel, start and names of the test are not known";
            return notes.say(NoteCode::PartialFile, message);
        }
        let list = |ids: &[f64]| ids.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let unknown: Vec<f64> = found.iter().copied().filter(|id| self.test(*id).is_none()).collect();
        if !unknown.is_empty() {
            let message = format!("Global_Table has no row for Test_ID {}: its channel is not known", list(&unknown));
            notes.push(Note::new(NoteCode::PartialFile, message).count(unknown.len()));
        }
        let idle: Vec<f64> = self.tests.iter().map(|test| test.id).filter(|id| !found.contains(id)).collect();
        if !idle.is_empty() && !found.is_empty() {
            let message = format!("Global_Table lists Test_ID {} too, which has no record", list(&idle));
            notes.push(Note::new(NoteCode::SeveralTests, message).count(idle.len()));
        }
    }

    /// The facts of the only test, of a database without records.
    pub(super) fn describe_only(&self, table: &mut RawTable) {
        if let [test] = self.tests.as_slice() {
            self.describe(test.id, table);
        }
    }

    /// Name of a test among several.
    pub(super) fn part(&self, id: f64) -> String {
        match self.channel(id) {
            Some(channel) => format!("Channel_{channel}"),
            None => format!("Test_{id}"),
        }
    }

    pub(super) fn describe(&self, id: f64, table: &mut RawTable) {
        let Some(test) = self.test(id) else { return };
        let text = |name: &str| test.texts.get(&name.to_lowercase()).cloned();
        // 0 is what nobody filled in.
        let number = |name: &str| test.numbers.get(&name.to_lowercase()).copied().filter(|n| *n != 0.0);
        let given = |name: &str| text(name).filter(|text| text != "0");
        protocol(text("Schedule_File_Name"), table);
        let setup = &mut table.metadata.test_setup;
        setup.channel_number = test.channel.map(|channel| channel.to_string());
        setup.source_file_id = Some(id.to_string());
        setup.test_name = text("Test_Name").or(setup.test_name.take());
        setup.operator = text("Creator");
        if let Some(comments) = text("Comments") {
            setup.notes = Some(match setup.notes.take() {
                Some(notes) => format!("{comments}\n{notes}"),
                None => comments,
            });
        }
        setup.barcode_comment = given("Item_ID");
        setup.cycler_serial_number = given("Serial_Number");
        setup.software_version = text("Software_Version").or_else(|| text("Schedule_Version"));
        table.cell.mass = number("MASS").map(|mass| format!("{mass} g"));
        table.cell.capacity = number("Capacity").map(|capacity| format!("{capacity} Ah"));
        table.start = test
            .start
            .map(|milliseconds| StartHint { civil: Civil { milliseconds, has_time: true }, is_time_origin: false });
        let texts = test.texts.iter().map(|(name, text)| (name.clone(), text.clone()));
        let numbers = test.numbers.iter().map(|(name, number)| (name.clone(), number.to_string()));
        table.facts.extend(texts.chain(numbers));
    }
}

/// The version of the schema, as a dialect.
pub(super) fn dialect(database: &Database) -> &'static str {
    let version = database.table("Version_Table").and_then(|table| {
        let column = table.column("Version_Schema_Field")?;
        database.rows(table).iter().find_map(|row| row.text(column))
    });
    let known = version.as_deref().map(|version| version.trim_start_matches("Results File").trim());
    match known {
        Some("1.14") => "Results File 1.14",
        Some("4.145") => "Results File 4.145",
        Some("5.23") => "Results File 5.23",
        Some("5.26") => "Results File 5.26",
        Some("20171213") => "Results File 20171213",
        Some(_) => "Results File of another version",
        None => "Results File without a version",
    }
}

/// Type of an event that ends the test, and of one that a limit of safety caused.
const END: f64 = 1.0;
const UNSAFE: f64 = 6.0;

pub(super) fn events(database: &Database, id: f64, table: &mut RawTable, notes: &mut Notes) {
    let Some(events) = database.table("Event_Table") else { return };
    let columns = ["Test_ID", "Event_Type", "DateTime", "Event_Describe"].map(|name| events.column(name));
    let [Some(test), Some(kind), Some(when), Some(what)] = columns else { return };
    for row in database.rows(events).iter().filter(|row| row.number(test) == Some(id)) {
        if row.number(kind) == Some(END) {
            let milliseconds = row.number(when).and_then(ole_milliseconds);
            let instant = milliseconds.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
            let local = instant.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).datetime().to_string());
            table.metadata.test_setup.end_time = local.or(table.metadata.test_setup.end_time.take());
        } else if row.number(kind) == Some(UNSAFE) {
            let text = row.text(what).unwrap_or_else(|| "unsafe".to_owned());
            notes.push(Note::new(NoteCode::EventReported, format!("the tester reported: {text}")));
        }
    }
}
