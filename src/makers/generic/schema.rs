//! Tables that have the schema's columns already: bundles' time series and frames of the platform, which come back as they are
//! (docs/formats/generic.md#tables-of-the-schema).

use super::direction::direction;
use crate::schema::{COLUMNS, Column, Kind};
use crate::vocab::{CurrentSign, Folded, Read, Role, Term, Vocabulary};

/// The schema's own names. They state their units, so nothing is converted.
pub(super) static SCHEMA: Vocabulary = Vocabulary {
    maker: "Generic",
    terms: &TERMS,
    fold: |cell| Folded { key: cell.to_owned(), ..Folded::default() },
    direction,
    current: CurrentSign::PositiveIsDischarge,
    unit_may_be_missing: true,
    emitted: &EMITTED,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

const fn term(column: Column, key: &'static str, kind: Kind) -> Term {
    let read = match kind {
        Kind::Real => Read::Plain,
        Kind::Count => Read::Count,
        Kind::Text => Read::Label,
        Kind::DateTime | Kind::Instant => Read::Timestamp,
    };
    Term { key, role: Role::Column(column), read }
}

const NUMBER: usize = COLUMNS.len();

#[allow(clippy::indexing_slicing)] // evaluated when it is compiled
static TERMS: [Term; NUMBER] = {
    let mut terms = [term(Column::Time, "", Kind::Real); NUMBER];
    let mut at = 0;
    while at < NUMBER {
        terms[at] = term(COLUMNS[at].column, COLUMNS[at].name, COLUMNS[at].kind);
        at += 1;
    }
    terms
};

#[allow(clippy::indexing_slicing)] // evaluated when it is compiled
static EMITTED: [Column; NUMBER] = {
    let mut columns = [Column::Time; NUMBER];
    let mut at = 0;
    while at < NUMBER {
        columns[at] = COLUMNS[at].column;
        at += 1;
    }
    columns
};

/// Whether names of columns are those of a table of the schema: nobody else counts steps and cycles under these.
pub(super) fn is_schema<'n>(names: impl Iterator<Item = &'n str> + Clone) -> bool {
    let has = |column: Column| names.clone().any(|name| name == column.name());
    [Column::Voltage, Column::StepCount, Column::CycleCount].into_iter().all(has)
}
