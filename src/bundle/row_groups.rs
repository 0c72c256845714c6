//! A Parquet file, row group by row group: encoded from rows, or taken over from another file as it is.

use std::io::{Cursor, Write};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    ArrowDataType, CompatLevel, DataFrame, KeyValueMetadata, ParquetCompression, ParquetWriter, PolarsError,
    PolarsResult, Schema, SchemaExt, StatisticsOptions,
};
use polars_parquet::read::{ColumnChunkMetadata, PageReader};
use polars_parquet::write::{
    CompressedPage, Encoding, Page, ParquetType, Version, WriteOptions, ZstdLevel, array_to_columns,
    get_dtype_encoding, schema_to_metadata_key,
};

use super::{ParquetFacts, compress, dictionary};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Column;

/// The compressed pages of a row group, column by column.
pub(crate) type Pages = Vec<Vec<CompressedPage>>;

fn fail(error: PolarsError) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write Parquet: {error}")).because(error)
}

/// The facts, behind the columns' types as Arrow programs are to read them: plain texts. Lists of the text views that polars has
/// in memory are more than pandas takes.
pub(crate) fn metadata(schema: &Schema, facts: &ParquetFacts) -> KeyValueMetadata {
    let types = schema_to_metadata_key(&schema.to_arrow(CompatLevel::oldest()));
    let types = types.value.map(|value| (types.key, value));
    KeyValueMetadata::from_static(types.into_iter().chain(facts.0.iter().cloned()).collect())
}

/// A Parquet file that is being written.
pub(crate) struct RowGroups<W: Write> {
    writer: BatchedWriter<W>,
    press: Press,
}

impl<W: Write> RowGroups<W> {
    /// Begins a file with columns of these names and types.
    pub(crate) fn new(schema: &Schema, facts: &ParquetFacts, target: W) -> Result<Self> {
        let metadata = metadata(schema, facts);
        let compression = ParquetCompression::Zstd(ZstdLevel::try_new(compress::LEVEL).ok());
        let statistics = StatisticsOptions::default();
        let options =
            WriteOptions { statistics, compression: compression.into(), version: Version::V1, data_page_size: None };
        let mut writer = ParquetWriter::new(target)
            .with_compression(compression)
            .with_statistics(statistics)
            .with_key_value_metadata(Some(metadata))
            .batched(schema)
            .map_err(fail)?;
        let fields = writer.parquet_schema().fields().to_vec();
        Ok(Self { writer, press: Press { fields, options } })
    }

    /// What makes pages for this file; threads may use it while the file is written.
    pub(crate) fn press(&self) -> Press {
        self.press.clone()
    }

    /// Writes a row group.
    pub(crate) fn write(&mut self, rows: u64, pages: &Pages) -> Result<()> {
        self.writer.write_row_group(rows, pages).map_err(fail)
    }

    /// Writes what stands at the end of a file.
    pub(crate) fn finish(self) -> Result<()> {
        self.writer.finish().map(|_| ()).map_err(fail)
    }
}

/// Makes the pages of row groups.
#[derive(Clone)]
pub(crate) struct Press {
    fields: Vec<ParquetType>,
    options: WriteOptions,
}

impl Press {
    /// The pages of these rows, which are in one piece.
    pub(crate) fn pages(&self, rows: &DataFrame) -> Result<Pages> {
        pages(rows, &self.fields, self.options).map_err(fail)
    }
}

/// The pages of a column as they are in another file; `bytes` are those of the column.
pub(crate) fn pages_as_they_are(bytes: Vec<u8>, column: &ColumnChunkMetadata) -> PolarsResult<Vec<CompressedPage>> {
    let most = bytes.len().max(1 << 20) * 64;
    let mut reader = PageReader::new(Cursor::new(bytes.into()), column, Vec::new(), most);
    let mut pages: Vec<CompressedPage> = reader.read_dict()?.map(CompressedPage::Dict).into_iter().collect();
    for page in reader {
        let mut page = page?;
        if let CompressedPage::Data(data) = &mut page {
            // No column is nested: a row is a value or a null, and both are counted.
            data.num_rows = Some(data.num_values());
        }
        pages.push(page);
    }
    Ok(pages)
}

/// Columns by which people pick rows: only these carry the smallest and largest value of each page.
static FILTERED: &[Column] = &[Column::Time, Column::StepCount, Column::CycleCount, Column::CycleFromCycler];

/// The compressed pages of one row group, column by column. The writer would compress them one after the other while it
/// writes.
fn pages(part: &DataFrame, fields: &[ParquetType], options: WriteOptions) -> PolarsResult<Pages> {
    let mut columns = Vec::new();
    for batch in part.iter_chunks(CompatLevel::newest(), false) {
        for ((array, field), name) in batch.columns().iter().zip(fields).zip(part.get_column_names()) {
            let column = Column::from_name(name);
            let is_filtered = column.is_some_and(|column| FILTERED.contains(&column));
            let mut options = options;
            options.statistics.min_value = is_filtered;
            options.statistics.max_value = is_filtered;
            let codes = dictionary::of(array.as_ref()).map(|codes| codes.boxed());
            let encodings = match array.dtype() {
                _ if codes.is_some() => vec![Encoding::RleDictionary],
                // Floats never get a dictionary; trying one would count the different values of each page first.
                ArrowDataType::Float64 => vec![Encoding::Plain],
                // Numbers of records and stamps step by little: their differences are next to no bytes.
                ArrowDataType::Int64 | ArrowDataType::Timestamp(..) => vec![Encoding::DeltaBinaryPacked],
                other => get_dtype_encoding(other),
            };
            for pages in array_to_columns(codes.as_ref().unwrap_or(array), field.clone(), options, &encodings)? {
                let compress = |page: PolarsResult<Page>| compress::compress(page?, options.compression);
                columns.push(pages.map(compress).collect::<PolarsResult<Vec<_>>>()?);
            }
        }
    }
    Ok(columns)
}
