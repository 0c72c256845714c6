//! Pages of a Parquet file, compressed.

use std::cell::RefCell;
use std::io;

use polars::prelude::PolarsResult;
use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::page::{CompressedDictPage, DataPageHeader};
use polars_parquet::write::{self as page, CompressedDataPage, CompressedPage, CompressionOptions, Page};
use zstd::bulk::Compressor;

/// The same for every page, so that a thread can keep what it compresses with.
pub(super) const LEVEL: i32 = 1;

thread_local! {
    /// To set a compressor up asks the processor what it can, which a virtual machine answers in some twenty microseconds: more
    /// than most pages of a small file take.
    static ZSTD: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses a page with zstd. The bytes are those that the general way gives.
pub(super) fn compress(page: Page, options: CompressionOptions) -> PolarsResult<CompressedPage> {
    let general = |page| Ok(page::compress(page, Vec::new(), options)?);
    match page {
        Page::Data(data) if matches!(data.header(), DataPageHeader::V1(_)) => {
            let Some(rows) = data.num_rows() else { return general(Page::Data(data)) };
            let bytes = CowBuffer::Owned(zstd(data.buffer())?);
            let (header, size) = (data.header().clone(), data.buffer().len());
            let page = CompressedDataPage::new(header, bytes, options.into(), size, data.descriptor, rows);
            Ok(CompressedPage::Data(page))
        }
        Page::Dict(dict) => {
            let bytes = CowBuffer::Owned(zstd(&dict.buffer)?);
            let size = dict.buffer.len();
            let page = CompressedDictPage::new(bytes, options.into(), size, dict.num_values, dict.is_sorted);
            Ok(CompressedPage::Dict(page))
        }
        page => general(page),
    }
}

/// Packs bytes into a frame of their own.
pub(super) fn zstd(bytes: &[u8]) -> io::Result<Vec<u8>> {
    ZSTD.with_borrow_mut(|zstd| {
        let zstd = match zstd {
            Some(zstd) => zstd,
            None => zstd.insert(Compressor::new(LEVEL)?),
        };
        zstd.compress(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars_parquet::parquet::page::DictPage;
    use polars_parquet::write::ZstdLevel;

    #[test]
    fn pages_are_compressed_as_they_are_in_the_general_way() {
        let options = CompressionOptions::Zstd(ZstdLevel::try_new(LEVEL).ok());
        for size in [0, 10, 5_000, 300_000, 20] {
            let text: Vec<u8> = (0..size).map(|k: u64| (k * k % 251) as u8).collect();
            let page = || Page::Dict(DictPage::new(CowBuffer::Owned(text.clone()), 1, false));
            let (ours, general) =
                (compress(page(), options).unwrap(), page::compress(page(), Vec::new(), options).unwrap());
            assert_eq!(format!("{ours:?}"), format!("{general:?}"));
        }
    }
}
