//! Pages of a column of a row group, with what stands around the values.

use polars::prelude::PolarsResult;
use polars_arrow::bitmap::Bitmap;
use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::page::{CompressedDictPage, DataPageHeader, DataPageHeaderV1};
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::parquet::schema::types::PrimitiveType;
use polars_parquet::parquet::statistics::{ParquetStatistics, PrimitiveStatistics};
use polars_parquet::parquet::types::NativeType;
use polars_parquet::write::{CompressedDataPage, CompressedPage, Encoding, Version, write_def_levels};

use super::compress::zstd;

/// A column of a row group that is one page of values, and a dictionary before it where it has one.
pub(super) struct Column<'a> {
    pub(super) kind: &'a PrimitiveType,
    pub(super) rows: usize,
    pub(super) validity: Option<&'a Bitmap>,
    /// Whether the smallest and largest value are told.
    pub(super) is_filtered: bool,
}

/// Bytes of a page, packed, and how many they were.
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    pub(super) size: usize,
}

/// Packs bytes with zstd.
pub(super) fn packed(bytes: &[u8]) -> PolarsResult<Packed> {
    Ok(Packed { bytes: zstd(bytes)?, size: bytes.len() })
}

impl Column<'_> {
    /// What a page begins with: which rows have a value.
    pub(super) fn levels(&self) -> PolarsResult<Vec<u8>> {
        let mut levels = Vec::new();
        let is_optional = self.kind.field_info.repetition == Repetition::Optional;
        write_def_levels(&mut levels, is_optional, self.validity, self.rows, Version::V1)?;
        Ok(levels)
    }

    /// How many rows have no value, and between which the values are, where that is told.
    pub(super) fn statistics<T: NativeType>(&self, extremes: impl FnOnce() -> Option<(T, T)>) -> ParquetStatistics {
        let extremes = if self.is_filtered { extremes() } else { None };
        let statistics = PrimitiveStatistics {
            primitive_type: self.kind.clone(),
            null_count: Some(self.validity.map_or(0, Bitmap::unset_bits) as i64),
            distinct_count: None,
            min_value: extremes.map(|(least, _)| least.norm_min()),
            max_value: extremes.map(|(_, most)| most.norm_max()),
        };
        statistics.serialize()
    }

    /// The page of the values.
    pub(super) fn data(&self, encoding: Encoding, packed: Packed, statistics: ParquetStatistics) -> CompressedPage {
        let header = DataPageHeaderV1 {
            num_values: self.rows as i32,
            encoding: encoding.into(),
            definition_level_encoding: Encoding::Rle.into(),
            repetition_level_encoding: Encoding::Rle.into(),
            statistics: Some(statistics),
        };
        let descriptor = Descriptor { primitive_type: self.kind.clone(), max_def_level: 0, max_rep_level: 0 };
        CompressedPage::Data(CompressedDataPage::new(
            DataPageHeader::V1(header),
            CowBuffer::Owned(packed.bytes),
            Compression::Zstd,
            packed.size,
            descriptor,
            self.rows,
        ))
    }
}

/// The page of so many different values.
pub(super) fn dictionary(packed: Packed, values: usize) -> CompressedPage {
    let bytes = CowBuffer::Owned(packed.bytes);
    CompressedPage::Dict(CompressedDictPage::new(bytes, Compression::Zstd, packed.size, values, false))
}

#[expect(clippy::eq_op, reason = "NaN is what does not equal itself")]
fn is_odd<T: PartialOrd>(value: &T) -> bool {
    value != value
}

/// The smallest and the largest; what is neither (NaN) is both.
pub(super) fn extremes<T: NativeType + PartialOrd>(values: &[T]) -> Option<(T, T)> {
    let first = *values.first()?;
    // Without a branch for each value: first whether there is one, then which.
    if values.iter().fold(false, |odd, value| odd | is_odd(value)) {
        return values.iter().find(is_odd).map(|odd| (*odd, *odd));
    }
    let less = |a: T, b: T| if a < b { a } else { b };
    let more = |a: T, b: T| if a > b { a } else { b };
    // Four at a time, so that they do not wait for each other.
    let (mut least, mut most) = ([first; 4], [first; 4]);
    let fours = values.chunks_exact(4);
    let rest = fours.remainder();
    for four in fours {
        for lane in 0..4 {
            least[lane] = less(four[lane], least[lane]);
            most[lane] = more(four[lane], most[lane]);
        }
    }
    let least = least.into_iter().chain(rest.iter().copied()).reduce(less)?;
    let most = most.into_iter().chain(rest.iter().copied()).reduce(more)?;
    Some((least, most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_extremes_are_found(values in prop::collection::vec(-9i64..9, 1..30), odd in 0usize..60) {
            let sorted = { let mut sorted = values.clone(); sorted.sort_unstable(); sorted };
            prop_assert_eq!(extremes(&values), Some((sorted[0], sorted[sorted.len() - 1])));
            let mut doubles: Vec<f64> = values.iter().map(|value| *value as f64).collect();
            prop_assert_eq!(extremes(&doubles), Some((sorted[0] as f64, sorted[sorted.len() - 1] as f64)));
            if odd < doubles.len() {
                doubles[odd] = f64::NAN;
                let (least, most) = extremes(&doubles).unwrap();
                prop_assert!(least.is_nan() && most.is_nan());
            }
        }
    }
}
