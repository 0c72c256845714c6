//! Tables whose columns come decoded, from Parquet.

use super::ReadOptions;
use crate::error::Result;
use crate::note::{Note, NoteCode, Notes};
use crate::parquet::{self, Cells};
use crate::schema::Kind;
use crate::source::Source;
use crate::table::{RawColumn, RawData};
use crate::text::grid::NO_TIME;
use crate::text::timestamp::{self, Order};
use crate::text::{duration, number};
use crate::vocab::{Read, Role, Vocabulary};

/// All columns that hold numbers, texts or instants; others are named.
pub(crate) fn read(source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<(String, Cells)>> {
    let read = parquet::columns(&source.shared(), &options.limits)?;
    if !read.others.is_empty() {
        let list = read.others.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        let message = format!("of a type that holds neither numbers nor texts nor instants, and left out: {list}");
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(read.others.len()));
    }
    Ok(read.columns)
}

/// The same as columns of a table, with texts read as what their names say they are.
pub(crate) fn columns(read: Vec<(String, Cells)>, vocabulary: &Vocabulary, notes: &mut Notes) -> Vec<RawColumn> {
    let column = |(name, cells): (String, Cells)| {
        let term = vocabulary.find(&(vocabulary.fold)(&name)).map(|(_, term, _)| term);
        let is_instant = |role| matches!(role, Role::Column(column) if column.spec().kind == Kind::Instant);
        let data = match (cells, term) {
            (Cells::Real(values), Some(term)) if term.read == Read::Timestamp => {
                let stamp = |v: &f64| timestamp::number(*v).map_or(NO_TIME, |civil| civil.milliseconds);
                RawData::Stamp(values.iter().map(stamp).collect())
            }
            (Cells::Real(values), _) => RawData::Real(values),
            (Cells::Label(codes, names), Some(term)) if term.read != Read::Label => {
                parsed(&name, &codes, &names, term.read, notes)
            }
            (Cells::Label(codes, names), _) => RawData::Label(codes, names),
            // The schema's instants are finer than a time stamp.
            (Cells::Instant(micros), Some(term)) if is_instant(term.role) => {
                RawData::Real(micros.iter().map(|v| if *v == NO_TIME { f64::NAN } else { *v as f64 }).collect())
            }
            (Cells::Instant(micros), _) => RawData::Stamp(
                micros.iter().map(|v| if *v == NO_TIME { NO_TIME } else { v.div_euclid(1000) }).collect(),
            ),
        };
        RawColumn { name, data }
    };
    read.into_iter().map(column).collect()
}

/// Texts as numbers or instants; what is neither is null, and counted.
fn parsed(name: &str, codes: &[u32], names: &[String], read: Read, notes: &mut Notes) -> RawData {
    let number = |text: &str| number::plain(number::trim(text.as_bytes()));
    let stamp = |text: &str| {
        let parse = |order| timestamp::parse_or_number(text.as_bytes(), order);
        parse(Order::YearMonthDay).or_else(|| parse(Order::MonthDayYear)).map(|civil| civil.milliseconds)
    };
    let (mut real, mut stamps): (Vec<f64>, Vec<i64>) = (Vec::new(), Vec::new());
    for text in names {
        match read {
            Read::Timestamp => stamps.push(stamp(text).unwrap_or(NO_TIME)),
            Read::Duration => {
                real.push(number(text).or_else(|| duration::seconds(text.trim().as_bytes())).unwrap_or(f64::NAN));
            }
            _ => real.push(number(text).unwrap_or(f64::NAN)),
        }
    }
    let is_bad = |code: u32| {
        let at = code as usize;
        let is_read = stamps.get(at).is_some_and(|s| *s != NO_TIME) || real.get(at).is_some_and(|v| !v.is_nan());
        !is_read && names.get(at).is_some_and(|text| !text.trim().is_empty())
    };
    let bad = codes.iter().filter(|code| is_bad(**code)).count();
    if bad > 0 {
        let examples = (0..names.len() as u32).filter(|code| is_bad(*code)).take(3);
        let examples = examples.filter_map(|code| names.get(code as usize).cloned());
        let message = format!("{name:?}: {bad} cell(s) are texts that are not a number or an instant and became null");
        notes.push(Note::new(NoteCode::CellsUnreadable, message).count(bad).examples(examples));
    }
    if read == Read::Timestamp {
        RawData::Stamp(codes.iter().map(|code| stamps.get(*code as usize).copied().unwrap_or(NO_TIME)).collect())
    } else {
        RawData::Real(codes.iter().map(|code| real.get(*code as usize).copied().unwrap_or(f64::NAN)).collect())
    }
}
