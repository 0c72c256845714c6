//! Parquet of no known maker: frames of scripts, and time series of bundles (docs/formats/generic.md).
//!
//! Seen in: files that polars, pandas and pyarrow write; the tables of bundles.

use super::csv::new_table;
use super::schema::is_schema;
use super::table;
use crate::error::Result;
use crate::formats::{Format, Info, ReadOptions, Sealed, columnar};
use crate::note::Notes;
use crate::parquet::Cells;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;

static INFO: Info = Info {
    id: "generic_parquet",
    name: "Parquet with usual names",
    maker: &crate::makers::generic::GENERIC,
    extensions: &["parquet"],
    software: "polars, pandas, pyarrow, bundles",
};

/// The reader.
#[derive(Debug)]
pub(super) struct GenericParquet;

impl Sealed for GenericParquet {}

impl Format for GenericParquet {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        self.sniff_with(probe, &[])
    }

    fn sniff_with(&self, probe: &Probe<'_>, named: &[(String, String)]) -> Score {
        let names = || probe.parquet.names.iter().map(String::as_str);
        match () {
            () if names().next().is_none() => Score::no("not Parquet"),
            () if is_schema(names()) && names().any(|name| name == "Start index") => {
                Score::no("the steps of a bundle, not its rows")
            }
            () if is_schema(names()) => Score::yes(table::SCHEMA, "Parquet with the schema's own columns"),
            () => {
                let score = table::score(&table::folded(names()), named);
                Score { why: format!("Parquet: {}", score.why), ..score }
            }
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let read = columnar::read(source, options, notes)?;
        let is_schema = is_schema(read.iter().map(|(name, _)| name.as_str()));
        let mut table = new_table(source, is_schema);
        // Numbers of a clock count from 1970, in UTC.
        let clock = table::clock(read.iter().map(|(name, _)| name.as_str())).and_then(|index| read.get(index));
        if let Some((_, Cells::Real(values))) = clock.filter(|_| !is_schema) {
            let first = values.iter().find(|value| !value.is_nan());
            table.utc_offset = first.filter(|first| **first >= table::SINCE_1970).map(|_| 0);
        }
        table.columns = columnar::columns(read, table.vocabulary, notes);
        Ok(vec![table])
    }
}
