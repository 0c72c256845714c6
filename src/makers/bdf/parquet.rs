//! The Battery Data Format as Parquet: `.bdf.parquet` (docs/formats/bdf.md).
//!
//! Seen in: an example with the first draft's terms, files of this library.

use super::rules::start_of;
use super::text::{clock_column, has_required, new_table, score};
use super::words::{BARE, BDF};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{Format, Info, ReadOptions, Sealed, columnar};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawData, RawTable};
use crate::vocab::Vocabulary;

static INFO: Info = Info {
    id: "bdf_parquet",
    name: "Battery Data Format Parquet",
    maker: &crate::makers::bdf::BDF,
    extensions: &["parquet"],
    software: "batterydf, `prep convert --bdf`, others",
};

/// The reader.
#[derive(Debug)]
pub(super) struct BdfParquet;

impl Sealed for BdfParquet {}

impl Format for BdfParquet {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        match words_of(probe.parquet.names.iter().map(String::as_str)) {
            Some(words) => {
                let score = score(0, std::ptr::eq(words, &BARE), probe.file_name);
                Score { why: score.why.replacen("line 0", "Parquet", 1), ..score }
            }
            None => Score::no("no Parquet file with the format's terms for test time, voltage and current"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let read = columnar::read(source, options, notes)?;
        let words = words_of(read.iter().map(|(name, _)| name.as_str())).ok_or_else(|| {
            let message = "expected columns with the terms for test time, voltage and current, found others";
            Error::new(ErrorKind::MissingColumn, message)
        })?;
        let mut table = new_table(source, words);
        table.columns = columnar::columns(read, words, notes);
        let first = clock_column(&table).and_then(|index| match &table.columns.get(index)?.data {
            RawData::Real(values) => values.iter().copied().find(|v| !v.is_nan()),
            _ => None,
        });
        start_of(&mut table, first);
        Ok(vec![table])
    }
}

fn words_of<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<&'static Vocabulary> {
    [&BDF, &BARE].into_iter().find(|words| has_required(names.clone(), words))
}
