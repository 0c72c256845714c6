//! What is told of units: converted, said otherwise by the caller, stated by nobody.

use super::claim::Claim;
use super::{MapOptions, stated_unit};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Unit;
use crate::table::RawTable;
use crate::vocab::Read;

pub(super) fn tell(claims: &[Claim], table: &RawTable, options: &MapOptions, notes: &mut Notes) {
    assumed(claims, table, notes);
    overruled(claims, table, options, notes);
    converted(claims, table, notes);
}

/// Columns whose unit nobody states.
fn assumed(claims: &[Claim], table: &RawTable, notes: &mut Notes) {
    if !table.vocabulary.tells_missing_units {
        return;
    }
    let mut assumed = Vec::new();
    for claim in claims.iter().filter(|claim| !claim.unit_is_stated) {
        if let Read::Number(quantity) | Read::Negated(quantity) = claim.read {
            assumed.push(format!("{:?} in {}", table.columns[claim.column].name, quantity.si()));
        }
    }
    if !assumed.is_empty() {
        let message = format!(
            "no unit is stated, so these were taken as they usually are: {}; `--unit 'HEADER=UNIT'` says another",
            assumed.join(", ")
        );
        notes.push(Note::new(NoteCode::UnitAssumed, message).count(assumed.len()));
    }
}

/// Columns whose header states another unit than the caller.
fn overruled(claims: &[Claim], table: &RawTable, options: &MapOptions, notes: &mut Notes) {
    for claim in claims {
        let name = &table.columns[claim.column].name;
        let (Some(said), Some(stated)) = (stated_unit::said(name, options), (table.vocabulary.fold)(name).unit) else {
            continue;
        };
        let (Read::Number(quantity) | Read::Negated(quantity)) = claim.read else { continue };
        if Unit::parse(&stated, quantity).is_some_and(|unit| unit != claim.unit) {
            let message = format!("the header {name:?} states {stated} and was taken in {said}, as the caller says");
            notes.say(NoteCode::UnitConverted, message);
        }
    }
}

/// In which units the numbers were.
fn converted(claims: &[Claim], table: &RawTable, notes: &mut Notes) {
    for claim in claims.iter().filter(|claim| !claim.unit.is_one()) {
        let name = &table.columns[claim.column].name;
        let message = match claim.read {
            Read::Number(quantity) | Read::Negated(quantity) => {
                format!("{name:?} was converted to {}:{}", quantity.si(), claim.unit.describe())
            }
            Read::Duration => format!("{name:?} was converted to s: × {}", claim.unit.times / claim.unit.over),
            Read::Timestamp | Read::Label | Read::Count | Read::Plain => continue,
        };
        notes.say(NoteCode::UnitConverted, message);
    }
}
