//! Which column of a file serves which role, in which unit.

use super::claim::Claim;
use super::left_out::LeftOut;
use super::meaning::{self, Meaning};
use super::{MapOptions, sample, stated_unit, told_units, usual};
use crate::error::{Error, ErrorKind, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::{Column, Kind, Unit};
use crate::table::{RawTable, Standing};
use crate::vocab::{Read, Role};

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

/// Rank of the caller's own mappings: before everything.
const USER: usize = 0;

/// Plans a table: the caller's mappings first, then the vocabulary.
pub(crate) fn make(table: &RawTable, options: &MapOptions, notes: &mut Notes) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut left_out = LeftOut::default();
    plan.map_by_user(table, options)?;
    stated_unit::need_columns(table, options)?;
    for (index, column) in table.columns.iter().enumerate() {
        if plan.has_column(index) {
            continue;
        }
        match meaning::of(table, index, options.is_open_circuit) {
            Meaning::Claim(claim) => plan.settle(claim, table, notes)?,
            Meaning::Kept => plan.keep(index, table),
            Meaning::Ignored => left_out.ignored.push(&column.name),
            Meaning::Unknown => left_out.unmapped.push(&column.name),
            Meaning::Dateless => {
                let message = format!("{:?} holds neither dates nor times of day and is not read", column.name);
                notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
            }
        }
    }
    plan.drop_what_others_say(table, &mut left_out);
    if table.standing == Standing::Usual {
        plan.leave_out_without_unit(table, options, notes);
    }
    // A column that the caller mapped and of whose unit nobody says anything is taken as it is.
    for claim in plan.claims.iter_mut().filter(|claim| claim.rank != USER || claim.read != Read::Plain) {
        (claim.unit, claim.unit_is_stated) = stated_unit::of(table, claim, options)?;
    }
    stated_unit::need_use(table, &plan.claims, options)?;
    plan.claims.sort_by_key(|claim| claim.column);
    told_units::tell(&plan.claims, table, options, notes);
    left_out.tell(notes);
    Ok(plan)
}

impl Plan {
    pub(crate) fn get(&self, role: Role) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.role == role)
    }

    /// Whether the caller's mapping gave this role its column.
    pub(crate) fn is_user_mapped(&self, role: Role) -> bool {
        self.user_mapped.contains(&role)
    }

    /// Whether a role has the sign of the current, so that files in which a positive one charges have it turned. What the
    /// caller mapped is in the schema's sign.
    pub(super) fn is_turned(&self, role: Role) -> bool {
        matches!(role, Role::Column(Column::Current | Column::Power)) && !self.is_user_mapped(role)
    }

    /// Whether a column of the file is read already.
    fn has_column(&self, index: usize) -> bool {
        self.claims.iter().any(|claim| claim.column == index) || self.extras.iter().any(|extra| extra.column == index)
    }

    /// Claims what the caller maps.
    fn map_by_user(&mut self, table: &RawTable, options: &MapOptions) -> Result<()> {
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
                    self.user_mapped.push(role);
                    let read = usual::read_of(column, header, table, options);
                    self.claims.push(Claim {
                        column: index,
                        role,
                        number: 0,
                        read,
                        unit: Unit::ONE,
                        unit_is_stated: true,
                        rank: USER,
                    });
                }
                None => self.extras.push(Extra {
                    column: index,
                    name: target.trim().to_owned(),
                    is_number: sample::is_number(table, index),
                }),
            }
        }
        Ok(())
    }

    /// The better of two columns for one role stays; both are named. Whether their values are the same nobody has looked at.
    fn settle(&mut self, mut claim: Claim, table: &RawTable, notes: &mut Notes) -> Result<()> {
        claim.rank += 1; // behind the caller's own
        let same = self.claims.iter_mut().find(|c| (c.role, c.number) == (claim.role, claim.number));
        let Some(other) = same else {
            self.claims.push(claim);
            return Ok(());
        };
        let (is_usual, of_users) = (table.standing == Standing::Usual, other.rank == USER);
        if is_usual && !of_users && usual::is_of_another_quantity(table, other) {
            std::mem::swap(other, &mut claim);
        }
        if is_usual && !of_users && !usual::is_of_another_quantity(table, &claim) {
            usual::refuse_competitors(table, other, &claim)?;
        }
        if claim.rank < other.rank && !(is_usual && usual::is_of_another_quantity(table, &claim)) {
            std::mem::swap(other, &mut claim);
        }
        let (kept, passed) = (&table.columns[other.column].name, &table.columns[claim.column].name);
        let message = format!("{kept:?} and {passed:?} both serve as {}; {kept:?} was used", other.role.name());
        notes.push(Note::new(NoteCode::ColumnsDuplicate, message));
        Ok(())
    }

    /// Takes the columns out whose unit nobody says, as far as something can be computed without them.
    fn leave_out_without_unit(&mut self, table: &RawTable, options: &MapOptions, notes: &mut Notes) {
        let is_without = |claim: &mut Claim| {
            claim.rank != USER && !usual::is_needed(claim.role) && stated_unit::of(table, claim, options).is_err()
        };
        let names: Vec<&str> =
            self.claims.extract_if(.., is_without).map(|claim| table.columns[claim.column].name.as_str()).collect();
        if let Some(first) = names.first() {
            let list = names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
            let message = format!(
                "left out, because their headers state no unit that is known: {list}; `--unit '{first}=UNIT'` says one"
            );
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(names.len()));
        }
    }

    /// Takes a column to the output under its own name, the first of each name.
    fn keep(&mut self, index: usize, table: &RawTable) {
        let name = &table.columns[index].name;
        if !self.extras.iter().any(|extra| extra.name == *name) {
            let is_number = sample::is_number(table, index);
            self.extras.push(Extra { column: index, name: name.clone(), is_number });
        }
    }

    /// Drops columns that say nothing more beside others: they need not be parsed.
    fn drop_what_others_say<'t>(&mut self, table: &'t RawTable, left_out: &mut LeftOut<'t>) {
        let has = |plan: &Self, column| plan.get(Role::Column(column)).is_some();
        let mut drop = |plan: &mut Self, role| {
            let passed = plan.claims.extract_if(.., |claim| claim.role == role);
            left_out.ignored.extend(passed.map(|claim| table.columns[claim.column].name.as_str()));
        };
        for (single, charge, discharge) in [
            (Column::Capacity, Column::ChargeCapacity, Column::DischargeCapacity),
            (Column::Energy, Column::ChargeEnergy, Column::DischargeEnergy),
        ] {
            let has_pair = table.vocabulary.pair_outranks_single && has(self, charge) && has(self, discharge);
            if has_pair && !self.is_user_mapped(Role::Column(single)) {
                drop(self, Role::Column(single));
            }
        }
        if has(self, Column::ChargeCapacity) && has(self, Column::DischargeCapacity) {
            // The pair is this column, taken apart.
            self.claims.retain(|claim| claim.role != Role::SignedCapacity);
        }
        if has(self, Column::CycleFromCycler) {
            drop(self, Role::HalfCycle);
        }
        if self.get(Role::ChargeIncrement).is_some() {
            // The increments say what the running sum says.
            drop(self, Role::RunningCharge);
        }
    }
}
