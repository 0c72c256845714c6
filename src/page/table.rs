//! Columns on their way into the page: their packed texts, and what the page has to know to unpack them.

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::pack::{Coded, code, deflate};
use crate::error::Result;

/// Digits of the largest value that are kept of a column whose values are no decimal numbers: a 32-bit number has no more.
const DIGITS: i32 = 8;

/// Of a time more are kept: samples follow each other in milliseconds after months.
const TIME_DIGITS: i32 = 11;

/// A column before it is packed.
pub struct Column {
    /// How the page's script calls it.
    pub key: &'static str,
    /// Its values.
    pub values: Vec<f64>,
}

impl Column {
    fn code(&self) -> Coded {
        code(&self.values, if self.key == "time" { TIME_DIGITS } else { DIGITS })
    }
}

/// The packed columns of a page; each is an element of its own.
#[derive(Debug, Default)]
pub struct Blobs(pub Vec<String>);

impl Blobs {
    /// Packs a long table, a blob for each column; what comes back tells of each column by its key where it is, its power of ten,
    /// and whether it is exact.
    pub fn add(&mut self, columns: &[Column]) -> Result<Value> {
        let packed = columns.par_iter().map(|column| {
            let coded = column.code();
            deflate(&coded.bytes).map(|text| (coded, text))
        });
        let mut told = Map::new();
        for (column, (coded, text)) in columns.iter().zip(packed.collect::<Result<Vec<_>>>()?) {
            told.insert(column.key.to_owned(), about(self.0.len(), 0, &coded));
            self.0.push(text);
        }
        Ok(told.into())
    }

    /// Packs a short table, all columns in one blob: a browser takes a while to begin with each.
    pub fn add_together(&mut self, columns: &[Column]) -> Result<Value> {
        let (mut told, mut bytes) = (Map::new(), Vec::new());
        for column in columns {
            let coded = column.code();
            told.insert(column.key.to_owned(), about(self.0.len(), bytes.len(), &coded));
            bytes.extend(coded.bytes);
        }
        self.0.push(deflate(&bytes)?);
        Ok(told.into())
    }
}

fn about(blob: usize, from: usize, coded: &Coded) -> Value {
    json!({
        "blob": blob, "from": from, "to": from + coded.bytes.len(), "power": coded.power, "exact": coded.is_exact,
    })
}

#[cfg(test)]
mod tests {
    use super::super::pack::tests::{decode, inflate};
    use super::*;

    #[test]
    fn columns_of_one_blob_are_told_apart() {
        let mut blobs = Blobs(vec!["before".to_owned()]);
        let columns = [Column { key: "a", values: vec![1.0, 2.5] }, Column { key: "b", values: vec![-300.0; 3] }];
        let told = blobs.add_together(&columns).unwrap();
        let bytes = inflate(&blobs.0[1]);
        for column in columns {
            let about = &told[column.key];
            let at = |key: &str| about[key].as_u64().unwrap() as usize;
            let power = about["power"].as_i64().unwrap() as i32;
            assert_eq!((at("blob"), decode(&bytes[at("from")..at("to")], power)), (1, column.values));
        }
    }
}
