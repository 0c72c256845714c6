//! Sheets beside the records: step tables and auxiliary channels, joined by step or record number
//! (docs/formats/neware.md#workbooks).

use super::super::words::NEWARE;
use crate::error::Result;
use crate::formats::workbook::{self, numbers};
use crate::note::{NoteCode, Notes};
use crate::schema::{Column, Quantity, Unit};
use crate::sheet::Workbook;
use crate::table::{Lookup, RawTable};
use crate::vocab::{Folded, Role};

/// Adds what the other sheets of the workbook (of this channel, where their names tell it) know.
pub(super) fn attach(
    book: &mut Workbook,
    channel: Option<&str>,
    table: &mut RawTable,
    notes: &mut Notes,
) -> Result<()> {
    let belongs = |name: &&String| match channel {
        Some(channel) => ["Statis_", "DetailVol_", "DetailTemp_"].iter().any(|head| {
            name.strip_prefix(head).is_some_and(|rest| rest == channel || rest.starts_with(&format!("{channel}_")))
        }),
        None => {
            matches!(name.as_str(), "step" | "auxVol" | "auxTemp")
                || name.starts_with("auxVol_")
                || name.starts_with("auxTemp_")
        }
    };
    let names: Vec<String> = book.names().iter().filter(belongs).cloned().collect();
    for name in names {
        let rows = workbook::rows(&book.sheet(&name)?);
        if name.starts_with("Statis_") || name == "step" {
            steps(&rows, &name, table, notes);
        } else {
            auxiliary(&rows, &name, table, notes);
        }
    }
    Ok(())
}

fn find(header: &[Folded], wanted: Column) -> Option<usize> {
    let role = |cell: &Folded| NEWARE.find(cell).map(|(_, term, _)| term.role);
    header.iter().position(|cell| role(cell) == Some(Role::Column(wanted)))
}

/// Program step and cycle of each executed step.
fn steps(rows: &[Vec<String>], name: &str, table: &mut RawTable, notes: &mut Notes) {
    let Some((header, body)) = rows.split_first() else { return };
    let folded: Vec<Folded> = header.iter().map(|cell| (NEWARE.fold)(cell)).collect();
    let Some(run) = find(&folded, Column::StepRun) else { return };
    let called = |column: usize| format!("{name}/{}", header.get(column).map_or("", String::as_str));
    let keys = numbers(body, run, &called(run), notes);
    for target in [Column::StepFromCycler, Column::CycleFromCycler] {
        if let Some(column) = find(&folded, target) {
            let (name, role) = (called(column), Role::Column(target));
            let values = numbers(body, column, &name, notes);
            table.lookups.push(Lookup { key: Column::StepRun, keys: keys.clone(), values, role, number: 0, name });
        }
    }
}

/// Channels such as `Auxiliary channel TU1 T(°C)`, or `T1` under a row of units.
fn auxiliary(rows: &[Vec<String>], name: &str, table: &mut RawTable, notes: &mut Notes) {
    let is_record = |cell: &String| {
        let folded = (NEWARE.fold)(cell);
        NEWARE.find(&folded).is_some_and(|(_, term, _)| term.role == Role::Column(Column::Record))
    };
    let Some(at) = rows.iter().take(5).position(|row| row.iter().any(is_record)) else {
        let message = format!("sheet {name:?} has no record number and was left out");
        notes.say(NoteCode::ColumnsUnmapped, message);
        return;
    };
    let (Some(header), Some(body)) = (rows.get(at), rows.get(at + 1..)) else { return };
    let Some(record) = header.iter().position(is_record) else { return };
    let keys = numbers(body, record, &format!("{name}/{}", header.get(record).map_or("", String::as_str)), notes);
    for (column, cell) in header.iter().enumerate() {
        let mut folded = (NEWARE.fold)(cell);
        if folded.unit.is_none() && at > 0 {
            // The row above has the unit: `单体温度(℃)`.
            let above = rows.get(at - 1).and_then(|row| row.get(column)).map(|above| (NEWARE.fold)(above));
            folded.unit = above.and_then(|above| above.unit);
        }
        let Some((_, term, Some(number))) = NEWARE.find(&folded) else { continue };
        let quantity = match term.role {
            Role::Temperature => Quantity::Temperature,
            Role::AuxVoltage => Quantity::Voltage,
            _ => continue,
        };
        let unit = folded.unit.as_deref().map_or(Some(Unit::ONE), |unit| Unit::parse(unit, quantity));
        let Some(unit) = unit else {
            let message = format!("sheet {name:?}, column {cell:?}: the unit is not known; the column was left out");
            notes.say(NoteCode::ColumnsUnmapped, message);
            continue;
        };
        let name = format!("{name}/{cell}");
        let values = numbers(body, column, &name, notes).into_iter().map(|v| unit.apply(v)).collect();
        let added = Lookup { key: Column::Record, keys: keys.clone(), values, role: term.role, number, name };
        // A long test has its channels in several sheets.
        let is_same = |l: &&mut Lookup| (l.key, l.role, l.number) == (added.key, added.role, added.number);
        match table.lookups.iter_mut().find(is_same) {
            Some(known) => {
                known.keys.extend(added.keys);
                known.values.extend(added.values);
            }
            None => table.lookups.push(added),
        }
    }
}
