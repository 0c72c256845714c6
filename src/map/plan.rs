//! Which column of a file serves which role, in which unit.

use super::{MapOptions, ocp};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::{Column, Kind, Quantity, Unit};
use crate::table::{RawData, RawTable};
use crate::text::decimal::Decimal;
use crate::text::timestamp::{self, Order};
use crate::text::{duration, number};
use crate::vocab::{Folded, Prefix, Read, Role};

/// One column that is read.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// Index into the table's columns.
    pub(crate) column: usize,
    pub(crate) role: Role,
    /// Number in the name; 0 without one.
    pub(crate) number: u32,
    pub(crate) read: Read,
    pub(crate) unit: Unit,
    /// Whether the header states the unit.
    pub(crate) unit_is_stated: bool,
    rank: usize,
}

/// A column that the caller asked for under a name of its own.
#[derive(Debug, Clone)]
pub(crate) struct Extra {
    pub(crate) column: usize,
    pub(crate) name: String,
    pub(crate) is_number: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) claims: Vec<Claim>,
    pub(crate) extras: Vec<Extra>,
    user_mapped: Vec<Role>,
}

impl Plan {
    pub(crate) fn get(&self, role: Role) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.role == role)
    }

    /// Whether the caller's mapping gave this role its column.
    pub(crate) fn is_user_mapped(&self, role: Role) -> bool {
        self.user_mapped.contains(&role)
    }
}

pub(crate) fn make(table: &RawTable, options: &MapOptions, notes: &mut Notes) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut unmapped = Vec::new();
    let mut ignored = Vec::new();
    let mut kept = Vec::new();
    map_by_user(table, options, &mut plan)?;
    for (index, column) in table.columns.iter().enumerate() {
        let by_user = plan.claims.iter().any(|c| c.column == index) || plan.extras.iter().any(|e| e.column == index);
        if by_user {
            continue;
        }
        let mut folded = (table.vocabulary.fold)(&column.name);
        if options.is_open_circuit
            && let Some((column, read)) = ocp::axis(&folded.key)
        {
            let (role, unit, rank) = (Role::Column(column), Unit::ONE, 0);
            let claim = Claim { column: index, role, number: 0, read, unit, unit_is_stated: false, rank };
            settle(&mut plan, claim, table, notes);
            continue;
        }
        let found = table.vocabulary.find(&folded);
        let Some((rank, term, number)) = found else {
            // A blank or made-up name of a re-saved file says nothing.
            let nameless = column.name.starts_with("Unnamed:") || Column::from_name(&column.name).is_some();
            if table.vocabulary.keeps_unknown && !nameless {
                kept.push(index);
            } else {
                unmapped.push(column.name.as_str());
            }
            continue;
        };
        let (mut role, mut read) = (term.role, term.read);
        if role == Role::Auxiliary {
            // The unit stands in the cells of the next column.
            folded.unit = folded.unit.take().or_else(|| unit_of_next_column(table, index));
            let unit = folded.unit.clone().unwrap_or_default();
            (role, read) = if Unit::parse(&unit, Quantity::Temperature).is_some() {
                (Role::Temperature, Read::Number(Quantity::Temperature))
            } else if Unit::parse(&unit, Quantity::Voltage).is_some() {
                (Role::AuxVoltage, Read::Number(Quantity::Voltage))
            } else {
                unmapped.push(column.name.as_str());
                continue;
            };
        }
        if role == Role::Kept {
            kept.push(index);
            continue;
        }
        if role == Role::Ignored {
            ignored.push(column.name.as_str());
            continue;
        }
        if read == Read::Timestamp && !has_dates(table, index) {
            let message = format!("{:?} holds neither dates nor times of day and is not read", column.name);
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
            continue;
        }
        let claim = Claim {
            column: index,
            role,
            number: number.unwrap_or(0),
            read,
            unit: Unit::ONE,
            unit_is_stated: false,
            rank,
        };
        settle(&mut plan, claim, table, notes);
    }
    for index in kept {
        let name = table.columns[index].name.clone();
        if !plan.extras.iter().any(|extra| extra.name == name) {
            plan.extras.push(Extra { column: index, name, is_number: is_number(table, index) });
        }
    }
    if table.vocabulary.pair_outranks_single {
        // Beside a pair, the single counter says nothing more: it need not be parsed.
        for (single, charge, discharge) in [
            (Column::Capacity, Column::ChargeCapacity, Column::DischargeCapacity),
            (Column::Energy, Column::ChargeEnergy, Column::DischargeEnergy),
        ] {
            let has = |column| plan.get(Role::Column(column)).is_some();
            if has(charge) && has(discharge) && !plan.is_user_mapped(Role::Column(single)) {
                let passed = plan.claims.extract_if(.., |claim| claim.role == Role::Column(single));
                ignored.extend(passed.map(|claim| table.columns[claim.column].name.as_str()));
            }
        }
    }
    if [Column::ChargeCapacity, Column::DischargeCapacity].iter().all(|c| plan.get(Role::Column(*c)).is_some()) {
        // The pair is this column, taken apart.
        plan.claims.retain(|claim| claim.role != Role::SignedCapacity);
    }
    if plan.get(Role::Column(Column::CycleFromCycler)).is_some() {
        let passed = plan.claims.extract_if(.., |claim| claim.role == Role::HalfCycle);
        ignored.extend(passed.map(|claim| table.columns[claim.column].name.as_str()));
    }
    if plan.get(Role::ChargeIncrement).is_some() {
        // The increments say what the running sum says.
        let passed = plan.claims.extract_if(.., |claim| claim.role == Role::RunningCharge);
        ignored.extend(passed.map(|claim| table.columns[claim.column].name.as_str()));
    }
    for claim in &mut plan.claims {
        // A mapped column is taken as it is.
        if claim.rank != USER {
            (claim.unit, claim.unit_is_stated) = unit(table, claim)?;
        }
    }
    plan.claims.sort_by_key(|claim| claim.column);
    tell(&plan, table, &unmapped, &ignored, notes);
    Ok(plan)
}

/// Rank of the caller's own mappings: before everything.
const USER: usize = 0;

fn map_by_user(table: &RawTable, options: &MapOptions, plan: &mut Plan) -> Result<()> {
    for (header, target) in &options.map {
        let Some(index) = table.columns.iter().position(|c| c.name == header.trim()) else {
            let have: Vec<String> = table.columns.iter().map(|c| format!("{:?}", c.name)).collect();
            let message = format!("expected a column {header:?} to map to {target:?}, found {}", have.join(", "));
            return Err(Error::new(ErrorKind::Options, message));
        };
        let known = Column::from_name(target.trim()).filter(|c| matches!(c.spec().kind, Kind::Real | Kind::Count));
        match known {
            Some(column) => {
                let role = Role::Column(column);
                plan.user_mapped.push(role);
                let read = Read::Plain;
                plan.claims.push(Claim {
                    column: index,
                    role,
                    number: 0,
                    read,
                    unit: Unit::ONE,
                    unit_is_stated: true,
                    rank: USER,
                });
            }
            None => plan.extras.push(Extra {
                column: index,
                name: target.trim().to_owned(),
                is_number: is_number(table, index),
            }),
        }
    }
    Ok(())
}

fn is_number(table: &RawTable, index: usize) -> bool {
    match (&table.columns[index].data, &table.grid) {
        (RawData::Field(field), Some(grid)) => {
            let sample = grid.sample(*field, 100);
            let readable = |cell: &&[u8], sign| number::parse(cell, sign) != number::Cell::Unreadable;
            [Decimal::Point, Decimal::Comma].into_iter().any(|sign| sample.iter().all(|cell| readable(cell, sign)))
        }
        (data, _) => !matches!(data, RawData::Label(..)),
    }
}

/// Whether any cell of a column is a date or a time of day, or there is none to tell.
fn has_dates(table: &RawTable, index: usize) -> bool {
    let (RawData::Field(field), Some(grid)) = (&table.columns[index].data, &table.grid) else { return true };
    let is_date = |cell: &&[u8]| {
        let parse = |order| timestamp::parse_or_number(cell, order).is_some();
        let is_clock = duration::seconds(cell).is_some() || timestamp::time_of_day(cell).is_some();
        parse(Order::MonthDayYear) || parse(Order::DayMonthYear) || is_clock
    };
    let sample = grid.sample(*field, 100);
    sample.is_empty() || sample.iter().any(is_date)
}

/// The better of two columns for one role stays; both are named. Whether their values are the same nobody has looked at.
fn settle(plan: &mut Plan, mut claim: Claim, table: &RawTable, notes: &mut Notes) {
    claim.rank += 1; // behind the caller's own
    let same = plan.claims.iter_mut().find(|c| (c.role, c.number) == (claim.role, claim.number));
    let Some(other) = same else { return plan.claims.push(claim) };
    if claim.rank < other.rank {
        std::mem::swap(other, &mut claim);
    }
    let (kept, passed) = (&table.columns[other.column].name, &table.columns[claim.column].name);
    let message = format!("{kept:?} and {passed:?} both serve as {}; {kept:?} was used", other.role.name());
    notes.push(Note::new(NoteCode::ColumnsDuplicate, message));
}

fn unit_of_next_column(table: &RawTable, index: usize) -> Option<String> {
    let next = table.columns.get(index + 1)?;
    if (table.vocabulary.fold)(&next.name).key != "units" {
        return None;
    }
    let (RawData::Field(field), Some(grid)) = (&next.data, &table.grid) else { return None };
    grid.sample(*field, 50).first().map(|cell| table.encoding.decode(cell).0.trim().to_owned())
}

/// The unit of a claim; an unknown one is an error that names the column, never a factor of 1.
fn unit(table: &RawTable, claim: &Claim) -> Result<(Unit, bool)> {
    let quantity = match claim.read {
        Read::Number(quantity) | Read::Negated(quantity) => quantity,
        Read::Duration => Quantity::Time,
        _ => return Ok((Unit::ONE, false)),
    };
    let name = &table.columns[claim.column].name;
    let mut folded: Folded = (table.vocabulary.fold)(name);
    if folded.unit.is_none() && table.vocabulary.unit_in_next_column {
        folded.unit = unit_of_next_column(table, claim.column);
    }
    let error = |what: String| {
        let message = format!("expected a unit of {quantity:?} in the header {name:?}, found {what}");
        let place = table.header_line.map_or_else(
            || Place::Column(name.clone()),
            |line| Place::Line { line, field: Some(claim.column as u32 + 1) },
        );
        Err(Error::new(ErrorKind::UnknownUnit, message.replace("Time", "time")).at(place))
    };
    match (folded.unit.as_deref(), folded.prefix) {
        (_, Prefix::Mega) => error("the prefix M (mega)".to_owned()),
        (None | Some(""), Prefix::None) => {
            let may_miss =
                table.vocabulary.unit_may_be_missing || matches!(quantity, Quantity::Time | Quantity::Temperature);
            if may_miss { Ok((Unit::ONE, false)) } else { error("none".to_owned()) }
        }
        (None | Some(""), Prefix::Milli) => Ok((Unit { times: 1.0, over: 1e3, offset: 0.0 }, true)),
        // `Time(h:min:s.ms)` describes a clock.
        (Some(unit), _) if quantity == Quantity::Time && unit.contains(':') => Ok((Unit::ONE, true)),
        (Some(unit), prefix) => match Unit::parse(unit, quantity) {
            Some(mut found) => {
                if prefix == Prefix::Milli {
                    found.over *= 1e3;
                }
                Ok((found, true))
            }
            None => error(format!("{unit:?}")),
        },
    }
}

/// What is converted and what is left out.
fn tell(plan: &Plan, table: &RawTable, unmapped: &[&str], ignored: &[&str], notes: &mut Notes) {
    for claim in plan.claims.iter().filter(|claim| !claim.unit.is_one()) {
        let (Read::Number(q) | Read::Negated(q)) = claim.read else {
            if claim.read == Read::Duration {
                let name = &table.columns[claim.column].name;
                notes.say(
                    NoteCode::UnitConverted,
                    format!("{name:?} was converted to s: × {}", claim.unit.times / claim.unit.over),
                );
            }
            continue;
        };
        let name = &table.columns[claim.column].name;
        let how = claim.unit.describe();
        notes.say(NoteCode::UnitConverted, format!("{name:?} was converted to {}:{how}", q.si()));
    }
    let list = |names: &[&str]| names.iter().map(|n| format!("{n:?}")).collect::<Vec<_>>().join(", ");
    if !unmapped.is_empty() {
        let message =
            format!("not in the vocabulary and left out: {}; `--map 'HEADER=COLUMN'` keeps a column", list(unmapped));
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(unmapped.len()));
    }
    if !ignored.is_empty() {
        let message = format!("known and not part of the output: {}", list(ignored));
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(ignored.len()));
    }
}
