//! Parquet with the facts that a reader of the file alone needs.

use std::io::Write;

use polars::prelude::{DataFrame, IntoColumn, TimeZone};
use rayon::prelude::*;

use super::ParquetFacts;
use super::row_groups::{Pages, RowGroups};
use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::put;

/// Most rows of a row group: small enough to read a window of rows, large enough to compress.
const ROW_GROUP: usize = 128 << 10;

/// Rows of each row group. Their number is even and depends on the rows alone, so that two threads finish together and the
/// file is the same on every machine.
fn group_rows(rows: usize) -> usize {
    let groups = if rows <= ROW_GROUP { 1 } else { 2 * rows.div_ceil(2 * ROW_GROUP) };
    rows.div_ceil(groups).max(1)
}

/// Writes a frame as zstd-compressed Parquet. The same frame and facts give the same bytes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Time [s]" => [0.0, 1.0])?;
/// let mut bytes = Vec::new();
/// cyclerprep::bundle::write_parquet(&frame, &Default::default(), &mut bytes)?;
/// assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) when the target cannot be written.
pub fn write_parquet(frame: &DataFrame, facts: &ParquetFacts, target: &mut (dyn Write + Send)) -> Result<()> {
    // One chunk a column, so that row groups do not depend on how the frame came about. The clone shares the rows.
    let mut frame = in_utc(frame.clone())?;
    frame.rechunk_mut();
    let mut groups = RowGroups::new(frame.schema(), facts, target)?;
    let size = group_rows(frame.height());
    let parts: Vec<DataFrame> = (0..frame.height()).step_by(size).map(|from| frame.slice(from as i64, size)).collect();
    // A few row groups at a time are encoded and compressed side by side, and written in order while the next few are made:
    // so memory holds only these.
    let mut ready: Vec<(u64, Pages)> = Vec::new();
    for window in parts.chunks(rayon::current_num_threads().max(1)).chain([&[][..]]) {
        let press = groups.press();
        let write = || ready.drain(..).try_for_each(|(rows, columns)| groups.write(rows, &columns));
        let make = || -> Result<Vec<_>> {
            window.par_iter().map(|part| Ok((part.height() as u64, press.pages(part)?))).collect()
        };
        let (written, made) = rayon::join(write, make);
        written?;
        ready = made?;
    }
    groups.finish()
}

/// The frame with its instants in UTC, which in memory go without a zone.
fn in_utc(mut frame: DataFrame) -> Result<DataFrame> {
    let name = Column::WallClock.name();
    let instants = frame.column(name).ok().and_then(|column| match column.as_materialized_series().datetime() {
        Ok(instants) if instants.time_zone().is_none() => Some(instants.clone()),
        _ => None,
    });
    if let Some(instants) = instants {
        let unit = instants.time_unit();
        put(&mut frame, instants.physical().clone().into_datetime(unit, Some(TimeZone::UTC)).into_column())?;
    }
    Ok(frame)
}

/// [`write_parquet`] into memory.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Time [s]" => [0.0, 1.0])?;
/// let bytes = cyclerprep::bundle::parquet_bytes(&frame, &Default::default())?;
/// assert_eq!(&bytes[..4], b"PAR1");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`write_parquet`].
pub fn parquet_bytes(frame: &DataFrame, facts: &ParquetFacts) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_parquet(frame, facts, &mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{Int64Chunked, NamedFrom, NewChunkedArray, ParquetReader, SerReader, Series, df};
    use proptest::prelude::*;

    #[test]
    fn the_same_frame_gives_the_same_bytes() {
        let frame = df!("Time [s]" => (0..300_000).map(f64::from).collect::<Vec<_>>()).unwrap();
        let facts = ParquetFacts(vec![("a".into(), "b".into())]);
        let (a, b) = (parquet_bytes(&frame, &facts).unwrap(), parquet_bytes(&frame, &facts).unwrap());
        assert!(a == b && a.starts_with(b"PAR1"));
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert!(alone.install(|| parquet_bytes(&frame, &facts)).unwrap() == a, "one thread or many");
    }

    fn read(bytes: Vec<u8>) -> DataFrame {
        ParquetReader::new(std::io::Cursor::new(bytes)).finish().unwrap()
    }

    /// Values by their bits: NaN is not NaN, and -0 is 0.
    fn bits(frame: &DataFrame, name: &str) -> Vec<Option<u64>> {
        frame.column(name).unwrap().f64().unwrap().iter().map(|value| value.map(f64::to_bits)).collect()
    }

    #[track_caller]
    fn comes_back(values: Vec<Option<f64>>) {
        let named = |name: &str| Series::new(name.into(), &values).into_column();
        // One column tells its extremes, the other none.
        let frame = DataFrame::new(values.len(), vec![named("Time [s]"), named("Voltage [V]")]).unwrap();
        let back = read(parquet_bytes(&frame, &Default::default()).unwrap());
        let want: Vec<Option<u64>> = values.iter().map(|value| value.map(f64::to_bits)).collect();
        assert!(bits(&back, "Time [s]") == want && bits(&back, "Voltage [V]") == want);
    }

    #[test]
    fn odd_doubles_come_back() {
        let odd = [0.0, -0.0, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE / 4.0, f64::MAX];
        comes_back(Vec::new());
        for one in odd {
            comes_back(vec![Some(one)]);
            comes_back(vec![Some(one); 70_000]);
        }
        comes_back(vec![None; 300]);
        comes_back((0..20_000).map(|k| (k % 7 > 0).then(|| odd[k % odd.len()])).collect());
    }

    /// How a column goes on: it stands still, is noise, steps evenly, or takes one of few values.
    fn piece() -> impl Strategy<Value = (u8, usize, u64)> {
        (0u8..5, 1usize..9_000, any::<u64>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn doubles_come_back(pieces in prop::collection::vec(piece(), 1..9), nulls in 0usize..4) {
            let mut state = 1u64;
            let mut values = Vec::new();
            for (kind, rows, seed) in pieces {
                state ^= seed;
                for row in 0..rows {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let noise = state >> 12;
                    let value = match kind {
                        0 => seed as f64,
                        1 => f64::from_bits(0x400C_0000_0000_0000 | noise >> 4),
                        2 => row as f64 * 0.1 + (seed % 1000) as f64,
                        3 => (noise >> 20 & 0xFFF) as f64 / 1000.0,
                        _ => f64::from_bits(state),
                    };
                    values.push((nulls == 0 || noise >> 20 & 0xFF > nulls as u64 * 40).then_some(value));
                }
            }
            comes_back(values);
        }

        #[test]
        fn whole_numbers_and_texts_come_back(
            steps in prop::collection::vec((any::<i64>(), 0u32..64, 1usize..900), 0..20),
            stays: bool,
            nulls: bool,
        ) {
            let mut number = 0i64;
            let mut numbers = Vec::new();
            for (step, width, rows) in steps {
                for row in 0..rows {
                    let moves = if stays { row == 0 } else { row % 3 < 2 };
                    number = if moves { number.wrapping_add(step >> width).wrapping_add((row as i64).pow(2) % 5) } else { number };
                    numbers.push((!nulls || row % 11 > 3).then_some(number));
                }
            }
            let texts: Vec<Option<String>> = numbers.iter().map(|n| n.map(|n| format!("label {}", n % 40))).collect();
            let counts = Int64Chunked::from_slice_options("Step count".into(), &numbers);
            let instants = counts.clone().with_name("at".into());
            let instants = instants.into_datetime(polars::prelude::TimeUnit::Microseconds, None);
            let columns = vec![counts.into_column(), instants.into_column(), Series::new("text".into(), &texts).into_column()];
            let frame = DataFrame::new(numbers.len(), columns).unwrap();
            prop_assert!(read(parquet_bytes(&frame, &Default::default()).unwrap()).equals_missing(&frame));
        }
    }
}
