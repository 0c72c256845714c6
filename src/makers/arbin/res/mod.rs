//! Arbin's Access databases (docs/formats/arbin.md#database-files).
//!
//! Seen in: schema versions 5.23, 5.26 and 20171213 (MITS Pro 4 and 7).

mod acim;
mod aux;
mod info;
mod promises;
mod series;

use super::words::ARBIN;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{Format, Info, ReadOptions, Sealed, workbook};
use crate::jet::{self, Column, Database, Kind, Table};
use crate::limits::Limits;
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawColumn, RawData, RawTable};
use crate::text::grid::NO_TIME;
use crate::vocab::Role;
use series::Series;

static INFO: Info = Info {
    id: "arbin_res",
    name: "Arbin database",
    maker: &crate::makers::arbin::ARBIN,
    extensions: &["res"],
    software: "MITS Pro 4, 7",
};

/// The reader.
#[derive(Debug)]
pub(crate) struct ArbinRes;

/// Columns that the table of records has in every version.
static NEEDED: [&str; 5] = ["Test_ID", "Data_Point", "Test_Time", "Current", "Voltage"];

impl Sealed for ArbinRes {}

impl Format for ArbinRes {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        if jet::is_jet(probe.head) { Score::yes(90, "an Access database") } else { Score::no("not an Access database") }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let database = Database::open(source.shared())?;
        let normal = records(&database)?;
        if database.rest > 0 {
            let message = format!("the file ends in the middle of a page; {} byte(s) were dropped", database.rest);
            notes.push(Note::new(NoteCode::PartialFile, message));
        }
        if ["ldb", "laccdb"].iter().any(|lock| source.side_file(&format!("{}.{lock}", source.stem())).is_some()) {
            notes.push(Note::new(
                NoteCode::PartialFile,
                "a lock file lies beside the database: the tester is still writing",
            ));
        }
        let rows = database.rows(normal);
        Limits::check("rows", rows.len() as u64, options.limits.rows)?;
        if rows.len() as u64 != u64::from(normal.stated) {
            let message =
                format!("{} of {} declared row(s) of {} were found", rows.len(), normal.stated, "Channel_Normal_Table");
            notes.push(Note::new(NoteCode::PartialFile, message).count((normal.stated as usize).abs_diff(rows.len())));
        }
        let column = |name: &str| {
            let message = || format!("expected the column {name} in Channel_Normal_Table; it is not there");
            normal.column(name).ok_or_else(|| Error::new(ErrorKind::MissingColumn, message()))
        };
        let mut keys = rows.numbers(&[column("Test_ID")?, column("Data_Point")?]).into_iter();
        let (ids, points) = (keys.next().unwrap_or_default(), keys.next().unwrap_or_default());
        let numeric: Vec<Column> =
            normal.columns.iter().filter(|c| !matches!(c.kind, Kind::Text | Kind::Other(_))).cloned().collect();
        let unread = normal.columns.len() - numeric.len();
        if unread > 0 {
            let message = format!("{unread} column(s) of Channel_Normal_Table hold no numbers and were left out");
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(unread));
        }
        let (auxiliary, global) = (aux::Auxiliary::read(&database, normal), info::Global::read(&database));
        let spectra = acim::Spectra::read(&database, notes);
        let dialect = info::dialect(&database);
        promises::rows(&database, notes);
        let statistics = promises::Statistics::read(&database);
        let found = series::tests(&ids, &points, notes);
        global.compare(found.iter().map(|(id, _)| *id), notes);
        let found = global.joined(found, notes);
        let mut tables = Vec::new();
        for (id, mut picked) in found {
            let mut told = Notes::new();
            series::without_repeats(&rows, &compared(&numeric), [&ids, &points], &mut picked, &mut told);
            let mut table = RawTable::new(&ARBIN, dialect);
            let inserted = spectra.place(id, &rows, &numeric, &mut picked);
            let own: Vec<f64> = match &picked {
                None => points.clone(),
                Some(picked) => {
                    picked.iter().map(|row| points.get(*row as usize).copied().unwrap_or(f64::NAN)).collect()
                }
            };
            table.run_starts = series::later_tests(&ids, picked.as_deref());
            statistics.compare(id, &own, &table.run_starts, &mut told);
            table.columns = columns(&numeric, &rows, &picked, inserted.as_ref());
            table.columns.extend(auxiliary.columns(id, global.channel(id), &own, &mut told));
            if let Some(inserted) = inserted {
                inserted.put(&mut table, &mut told);
            }
            table.packed = Some(Box::new(Series::new(rows.clone(), numeric.clone(), picked)));
            table.metadata.test_setup.test_name = Some(source.stem().to_owned());
            global.describe(id, &mut table);
            info::events(&database, id, &mut table, &mut told);
            table.part = Some(global.part(id));
            table.notes = told;
            tables.push(table);
        }
        if tables.is_empty() {
            if normal.stated > 0 {
                let message = format!(
                    "expected the {} record(s) that Channel_Normal_Table declares, found none: the file is cut before them; copy it again",
                    normal.stated
                );
                return Err(Error::new(ErrorKind::Malformed, message));
            }
            let mut table = RawTable::new(&ARBIN, dialect);
            table.empty_by_design = Some("the database declares no record: the channel was not started");
            table.metadata.test_setup.test_name = Some(source.stem().to_owned());
            global.describe_only(&mut table);
            table.columns = columns(&numeric, &rows, &None, None);
            table.packed = Some(Box::new(Series::new(rows, numeric, None)));
            tables.push(table);
        }
        if !database.has_catalog {
            let message = "the catalog of the database is lost; the tables were found by their columns";
            notes.push(Note::new(NoteCode::PartialFile, message));
        }
        workbook::name_parts(&mut tables, notes);
        Ok(tables)
    }
}

/// Columns in which a repeated record must be equal: those that end up in the output.
fn compared(numeric: &[Column]) -> Vec<&Column> {
    let is_read = |column: &&Column| {
        let found = ARBIN.find(&(ARBIN.fold)(&column.name));
        found.is_none_or(|(_, term, _)| term.role != Role::Ignored)
    };
    numeric.iter().filter(is_read).collect()
}

/// The table of records, by its name, else by its columns.
fn records(database: &Database) -> Result<&Table> {
    database.table("Channel_Normal_Table").or_else(|| database.table_with(&NEEDED)).ok_or_else(|| {
        let names = database.names();
        let have = if names.is_empty() { "no table".to_owned() } else { names.join(", ") };
        let message = format!("expected an Arbin database with Channel_Normal_Table, found {have}");
        Error::new(ErrorKind::Unsupported, message)
    })
}

/// The columns of the records. Dates are decoded at once, everything else when it is asked for.
fn columns(
    numeric: &[Column],
    rows: &jet::Rows,
    picked: &Option<Vec<u32>>,
    inserted: Option<&acim::Inserted>,
) -> Vec<RawColumn> {
    let column = |(index, column): (usize, &Column)| {
        let data = match column.name.as_str() {
            name if name.eq_ignore_ascii_case("DateTime") => {
                let days = crate::table::Packed::decode(
                    &Series::new(rows.clone(), vec![column.clone()], picked.clone()),
                    &[0],
                )
                .pop();
                let days = days.unwrap_or_default();
                RawData::Stamp(
                    days.into_iter().map(|d| crate::binary::ole_milliseconds(d).unwrap_or(NO_TIME)).collect(),
                )
            }
            name => match inserted.and_then(|inserted| inserted.column(name)) {
                Some(values) => RawData::Real(values.to_vec()),
                None => RawData::Packed(index),
            },
        };
        RawColumn { name: column.name.clone(), data }
    };
    numeric.iter().enumerate().map(column).collect()
}
