//! Doubles of a row group as a page: laid out as a look at them tells.

use std::borrow::Cow;
use std::cell::RefCell;

use polars::prelude::PolarsResult;
use polars_parquet::write::{CompressedPage, Encoding};

use super::compress::zstd;
use super::dictionary;
use super::frame::Frame;
use super::look::{self, Layout};
use super::pages::{Column, Packed, extremes, packed};
use super::planes;

/// Fewer values are laid out in more than one way, and the shortest is taken: a look at so few tells little.
const FEW: usize = 16 << 10;
const VERY_FEW: usize = 4 << 10;
/// Little is gained for these, and tables of steps and cycles have many columns.
const NONE: usize = 1 << 10;

thread_local! {
    /// Where planes are laid out: a page after the other.
    static PLANES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The pages of a column; `values` are those of the rows that have one.
pub(super) fn pages(values: &[f64], column: &Column<'_>) -> PolarsResult<Vec<CompressedPage>> {
    let layout = if values.len() < NONE { Layout::Plain } else { look::at(values) };
    let others: &[Layout] = match values.len() {
        ..NONE | FEW.. => &[],
        ..VERY_FEW => &[Layout::Planes { noise: 0 }, Layout::Plain],
        _ => &[Layout::Plain],
    };
    let (mut best, mut length) = laid_out(layout, values, column)?;
    for other in others.iter().filter(|other| **other != layout) {
        let (pages, other) = laid_out(*other, values, column)?;
        if other < length {
            (best, length) = (pages, other);
        }
    }
    Ok(best)
}

/// The pages, and how many bytes they have.
fn laid_out(layout: Layout, values: &[f64], column: &Column<'_>) -> PolarsResult<(Vec<CompressedPage>, usize)> {
    let single = |encoding, packed: Packed| {
        let length = packed.bytes.len();
        (vec![column.data(encoding, packed, column.statistics(|| extremes(values)))], length)
    };
    match layout {
        Layout::Dictionary => {
            let Some(coded) = dictionary::doubles(values) else { return laid_out(Layout::Plain, values, column) };
            // The extremes are among the different values.
            let statistics = column.statistics(|| extremes(&coded.values));
            coded.pages(column, &plain(&coded.values), statistics)
        }
        Layout::Plain => {
            let mut bytes = column.levels()?;
            bytes.extend_from_slice(&plain(values));
            Ok(single(Encoding::Plain, packed(&bytes)?))
        }
        Layout::Planes { noise } => {
            let levels = column.levels()?;
            let size = levels.len() + 8 * values.len();
            let framed = PLANES.with_borrow_mut(|bytes| {
                if bytes.len() < 8 * values.len() {
                    bytes.resize(8 * values.len(), 0);
                }
                let bytes = &mut bytes[..8 * values.len()];
                planes::split(values, bytes);
                // The third plane is noise where three are.
                let is_noise = noise < 3 || !look::comes_again(values, &bytes[2 * values.len()..3 * values.len()]);
                if is_noise { framed(&levels, values, bytes, noise) } else { Ok(None) }
            })?;
            let Some(bytes) = framed else { return laid_out(Layout::Plain, values, column) };
            Ok(single(Encoding::ByteStreamSplit, Packed { bytes, size }))
        }
    }
}

/// The page whose low planes are noise: those are stored but for what stands still, and the rest is packed.
fn framed(levels: &[u8], values: &[f64], planes: &[u8], noise: usize) -> PolarsResult<Option<Vec<u8>>> {
    let n = values.len();
    let (low, high) = planes.split_at(noise * n);
    // Sign and exponent are often the same all the way.
    let alike = high.rchunks_exact(n.max(1)).take_while(|plane| planes::only(plane).is_some()).count();
    let (high, top) = high.split_at(high.len() - alike * n);
    let Some(mut frame) = Frame::new(levels.len() + planes.len()) else { return Ok(None) };
    frame.reserve(levels.len() + low.len() + high.len() / 2);
    frame.stored(levels);
    let still = if noise > 0 { planes::still(values) } else { Vec::new() };
    for plane in low.chunks_exact(n.max(1)) {
        let mut from = 0;
        for run in &still {
            frame.stored(&plane[from..run.start]);
            frame.repeated(plane[run.start], run.len());
            from = run.end;
        }
        frame.stored(&plane[from..]);
    }
    if !high.is_empty() && frame.packed(&zstd(high)?).is_none() {
        return Ok(None);
    }
    for plane in top.chunks_exact(n.max(1)) {
        frame.repeated(plane[0], n);
    }
    Ok(Some(frame.finish()))
}

/// Values as Parquet writes them: their bytes, lowest first.
fn plain(values: &[f64]) -> Cow<'_, [u8]> {
    if cfg!(target_endian = "little") {
        Cow::Borrowed(bytemuck::cast_slice(values))
    } else {
        Cow::Owned(values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }
}
