//! Columns whose values repeat from row to row: different values once, and which of them comes when.

use std::collections::HashMap;

use polars::prelude::PolarsResult;
use polars_arrow::array::Utf8ViewArray;
use polars_arrow::bitmap::Bitmap;
use polars_parquet::parquet::statistics::ParquetStatistics;
use polars_parquet::write::{CompressedPage, Encoding};

use super::pages::{self, Column, packed};
use super::runs::{self, Run};

/// Bytes before a page, about.
const HEADER: usize = 20;

/// As many different values are never too many.
const FEW: usize = 64;

/// Runs of a column's values, and the values in the order in which they appear.
pub(super) struct Coded<V> {
    runs: Vec<Run>,
    pub(super) values: Vec<V>,
}

impl<V> Coded<V> {
    /// The pages, and how many bytes they have; `plain` are the values as Parquet writes them.
    pub(super) fn pages(
        &self,
        column: &Column<'_>,
        plain: &[u8],
        statistics: ParquetStatistics,
    ) -> PolarsResult<(Vec<CompressedPage>, usize)> {
        let mut bytes = column.levels()?;
        runs::write(&self.runs, self.values.len(), &mut bytes);
        let (values, data) = (packed(plain)?, packed(&bytes)?);
        let length = values.bytes.len() + data.bytes.len() + HEADER;
        let data = column.data(Encoding::RleDictionary, data, statistics);
        Ok((vec![pages::dictionary(values, self.values.len()), data], length))
    }
}

/// Counters; `None` where one changes with nearly every row, or hardly a value repeats.
pub(super) fn counters(numbers: &[i64]) -> Option<Coded<i64>> {
    let mut known = Known::default();
    let mut changes = 0;
    let runs = runs::of(numbers, |row| {
        changes += 1;
        let code = known.code(numbers[row] as u64);
        (changes <= FEW + row / 16).then_some(code)
    })?;
    let values: Vec<i64> = known.values.iter().map(|bits| *bits as i64).collect();
    (!values.is_empty()).then_some(Coded { runs, values })
}

/// Doubles; `None` where more than one in five is another. Equal are those whose bits are.
pub(super) fn doubles(values: &[f64]) -> Option<Coded<f64>> {
    let mut known = Known::default();
    let bits: &[u64] = bytemuck::cast_slice(values);
    let most = FEW + values.len() / 5;
    let runs = runs::of(bits, |row| {
        let code = known.code(bits[row]);
        (known.values.len() <= most).then_some(code)
    })?;
    let values: Vec<f64> = known.values.iter().map(|bits| f64::from_bits(*bits)).collect();
    (!values.is_empty()).then_some(Coded { runs, values })
}

/// Texts; `None` where hardly one repeats. `validity` tells which there are.
pub(super) fn texts<'a>(texts: &'a Utf8ViewArray, validity: Option<&Bitmap>) -> Option<Coded<&'a str>> {
    let rows: Option<Vec<usize>> = validity.map(|valid| valid.true_idx_iter().collect());
    let there = rows.as_ref().map(|rows| rows.iter().map(|row| texts.views()[*row]).collect::<Vec<_>>());
    let views = there.as_deref().unwrap_or(texts.views());
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut values = Vec::new();
    let runs = runs::of(views, |at| {
        let text = texts.value(rows.as_ref().map_or(at, |rows| rows[at]));
        let code = *known.entry(text).or_insert_with(|| {
            values.push(text);
            values.len() as u32 - 1
        });
        (values.len() <= FEW + (texts.len() / 4).max(at / 16)).then_some(code)
    })?;
    (!values.is_empty()).then_some(Coded { runs, values })
}

/// Bits that were seen, and their number.
struct Known {
    values: Vec<u64>,
    /// Bits and one more than their number, at the place that they give or behind it; at most half of the places are taken.
    table: Vec<(u64, u32)>,
}

impl Default for Known {
    fn default() -> Self {
        Self { values: Vec::new(), table: vec![(0, 0); 256] }
    }
}

impl Known {
    #[inline]
    fn code(&mut self, bits: u64) -> u32 {
        let mut at = self.place(bits);
        loop {
            match self.table[at] {
                (_, 0) => return self.insert(at, bits),
                (known, number) if known == bits => return number - 1,
                _ => at = (at + 1) & (self.table.len() - 1),
            }
        }
    }

    /// Where the search begins: the highest bits of a product with the golden ratio depend on all others.
    #[inline]
    fn place(&self, bits: u64) -> usize {
        (bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - self.table.len().trailing_zeros())) as usize
    }

    fn insert(&mut self, at: usize, bits: u64) -> u32 {
        let code = self.values.len() as u32;
        self.values.push(bits);
        self.table[at] = (bits, code + 1);
        if self.values.len() * 2 > self.table.len() {
            self.table = vec![(0, 0); 4 * self.table.len()];
            for (value, number) in self.values.iter().zip(1..) {
                let mut at = self.place(*value);
                while self.table[at].1 != 0 {
                    at = (at + 1) & (self.table.len() - 1);
                }
                self.table[at] = (*value, number);
            }
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars_arrow::array::Array;

    fn back<V: Copy>(coded: &Coded<V>) -> Vec<V> {
        coded.runs.iter().flat_map(|(code, times)| vec![coded.values[*code as usize]; *times as usize]).collect()
    }

    #[test]
    fn codes_give_the_texts_back() {
        let long = "a label that is longer than a view holds";
        let rows = [Some("CC_Chg"), Some("CC_Chg"), None, Some(long), Some("Rest"), None, Some(long), Some("CC_Chg")];
        let array = Utf8ViewArray::from_slice(rows);
        let coded = texts(&array, array.validity()).unwrap();
        assert_eq!(back(&coded), rows.into_iter().flatten().collect::<Vec<_>>());
        assert_eq!(coded.values.len(), 3);
        let many: Vec<String> = (0..1000).map(|k| k.to_string()).collect();
        assert!(texts(&Utf8ViewArray::from_slice_values(many), None).is_none());
        let none = Utf8ViewArray::from_slice([None::<&str>]);
        assert!(texts(&none, none.validity()).is_none());
    }

    #[test]
    fn codes_give_counters_back() {
        let steps: Vec<i64> = (0..3000).map(|k| [1, -4, 9, 1, 2][k / 600]).collect();
        let coded = counters(&steps).unwrap();
        assert_eq!((back(&coded), &coded.values[..]), (steps, &[1, -4, 9, 2][..]));
        assert!(counters(&(0..3000).collect::<Vec<i64>>()).is_none(), "a number a row");
        assert!(counters(&(0..3000).map(|k| k % 2).collect::<Vec<i64>>()).is_none(), "differences are shorter");
        assert!(counters(&[]).is_none());
    }

    #[test]
    fn doubles_are_told_by_their_bits() {
        let nan = f64::from_bits(0x7FF8_0000_0000_0007);
        let few = [0.0, -0.0, f64::NAN, nan, f64::INFINITY, 0.0];
        let coded = doubles(&few).unwrap();
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!((bits(&back(&coded)), coded.values.len()), (bits(&few), 5));
        let grid: Vec<f64> = (0..90_000u64).map(|k| (k * k % 9973) as f64 / 1e4).collect();
        assert!(back(&doubles(&grid).unwrap()) == grid);
        assert!(doubles(&(0..3000).map(f64::from).collect::<Vec<_>>()).is_none());
    }
}
