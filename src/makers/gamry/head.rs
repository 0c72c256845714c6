//! What the objects around the tables state (docs/formats/gamry.md#objects).

use super::tables;
use crate::formats::dates;
use crate::formats::delimited::Opened;
use crate::formats::labels;
use crate::note::{Note, NoteCode, Notes};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::line;
use crate::text::timestamp::Order;

/// Facts, metadata and the start.
pub(super) fn describe(table: &mut RawTable, opened: &Opened, source: &Source, notes: &mut Notes) {
    let (facts, remarks) = facts(opened);
    let get = |label: &str| labels::get(&facts, label).map(str::to_owned);
    table.metadata.protocol.name = get("TITLE").or_else(|| get("TAG"));
    let setup = &mut table.metadata.test_setup;
    setup.test_name = Some(source.stem().to_owned());
    setup.instrument = get("PSTAT").or_else(|| get("PSTATSECTION"));
    setup.cycler_serial_number = get("PSTATSERIALNO");
    setup.software_version = get("FRAMEWORKVERSION");
    setup.notes = Some(remarks).filter(|remarks| !remarks.is_empty());
    table.cell.area = get("AREA").map(|area| format!("{area} cm^2"));
    table.cell.capacity = get("CAPACITY").map(|capacity| format!("{capacity} A.h"));
    start(table, &facts, notes);
    if get("EXPERIMENTABORTED").is_some_and(|value| value.starts_with('T')) {
        notes.say(
            NoteCode::EventReported,
            "the file says that the experiment was aborted: it holds what was measured until then",
        );
    }
    if let Some(convention) = get("CONVENTION").filter(|convention| convention != "1") {
        let message = format!(
            "the file states the current convention {convention}; in all files that were seen with a known sign it is 1, where a \
             positive current is anodic. The current was read as if it were 1"
        );
        notes.push(Note::new(NoteCode::UnverifiedLayout, message));
    }
    table.facts = facts;
}

/// `NAME<tab>TYPE<tab>value<tab>…<tab>label`, and the lines of the remark.
fn facts(opened: &Opened) -> (Vec<(String, String)>, String) {
    let mut facts = Vec::new();
    let mut remarks: Vec<String> = Vec::new();
    let mut left = 0u32;
    for line in line::lines(&opened.bytes, opened.start) {
        if left > 0 && !tables::is_object(line.bytes) {
            left -= 1;
            let text = opened.encoding.decode(line.bytes).0.trim().to_owned();
            remarks.extend((!text.is_empty()).then_some(text));
            continue;
        }
        if !tables::is_object(line.bytes) {
            continue;
        }
        let text = opened.encoding.decode(line.bytes).0;
        let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
        match fields.as_slice() {
            ["TAG", tag, ..] => facts.push(("TAG".to_owned(), (*tag).to_owned())),
            [_, "TABLE", ..] => {}
            [_, "NOTES", count, ..] => left = count.parse().unwrap_or(0),
            [name, _, values @ ..] => {
                // The last field says what it is, for people.
                let values =
                    values.split_last().map_or(values, |(_, rest)| if rest.is_empty() { values } else { rest });
                facts.push(((*name).to_owned(), values.join(" ")));
            }
            _ => {}
        }
    }
    (facts, remarks.join("\n"))
}

/// `DATE` and `TIME` as the computer's settings write them; other dates of the file may tell the order of day and month.
fn start(table: &mut RawTable, facts: &[(String, String)], notes: &mut Notes) {
    let Some(date) = labels::get(facts, "DATE") else { return };
    let dates = facts.iter().filter(|(name, _)| name.ends_with("DATE")).map(|(_, value)| value.as_str());
    let otherwise = if date.contains('.') { Order::DayMonthYear } else { Order::MonthDayYear };
    let time = labels::get(facts, "TIME").unwrap_or_default();
    let civil = dates::start(format!("{date} {time}").trim(), dates::evidence(dates), otherwise, notes);
    table.start = civil.map(|civil| StartHint { civil, is_time_origin: true });
}
