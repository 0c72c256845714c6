//! A Parquet file, row group by row group: encoded from rows, or taken over from another file as it is.

use std::borrow::Cow;
use std::io::{Cursor, Write};
use std::sync::PoisonError;

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    ArrowDataType, CompatLevel, DataFrame, ParquetCompression, ParquetWriter, PolarsError, PolarsResult, Schema,
    SchemaExt, StatisticsOptions,
};
use polars_arrow::array::{Array, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::types::NativeType;
use polars_parquet::read::{ColumnChunkMetadata, FileMetadata, PageReader};
use polars_parquet::write::{
    CompressedPage, DynIter, Encoding, KeyValue, Page, ParquetType, Version, WriteOptions, ZstdLevel, array_to_columns,
    array_to_pages, get_dtype_encoding, schema_to_metadata_key, to_nested,
};

use super::pages::{self, extremes, packed};
use super::{ParquetFacts, compress, delta, dictionary, doubles};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Column;

/// The compressed pages of a row group, column by column.
pub(crate) type Pages = Vec<Vec<CompressedPage>>;

fn fail(error: PolarsError) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write Parquet: {error}")).because(error)
}

/// The facts, behind the columns' types as Arrow programs are to read them: plain texts. Lists of the text views that polars has
/// in memory are more than pandas takes.
fn metadata(schema: &Schema, facts: &ParquetFacts) -> Vec<KeyValue> {
    let types = schema_to_metadata_key(&schema.to_arrow(CompatLevel::oldest()));
    let facts = facts.0.iter().map(|(key, value)| KeyValue { key: key.clone(), value: Some(value.clone()) });
    std::iter::once(types).chain(facts).collect()
}

/// A Parquet file that is being written.
pub(crate) struct RowGroups<W: Write> {
    writer: BatchedWriter<W>,
    metadata: Vec<KeyValue>,
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
            .batched(schema)
            .map_err(fail)?;
        let fields = writer.parquet_schema().fields().to_vec();
        Ok(Self { writer, metadata, press: Press { fields, options } })
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
        let mut writer = self.writer.get_writer().lock().unwrap_or_else(PoisonError::into_inner);
        writer.end(Some(self.metadata)).map(|_| ()).map_err(fail)
    }
}

/// Makes the pages of row groups.
#[derive(Clone)]
pub(crate) struct Press {
    /// The columns as the file states them.
    fields: Vec<ParquetType>,
    options: WriteOptions,
}

impl Press {
    /// Whether a file has the same columns: then its pages can be those of this file.
    pub(crate) fn has_columns_of(&self, file: &FileMetadata) -> bool {
        self.fields == file.schema().fields()
    }

    /// The pages of these rows, which are in one piece; of the first columns when there are no others.
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

/// So few texts are a few; of a quarter of them none is told to repeat.
const FEW: usize = 64;

/// The compressed pages of one row group, column by column. The writer would compress them one after the other while it
/// writes.
fn pages(part: &DataFrame, fields: &[ParquetType], options: WriteOptions) -> PolarsResult<Pages> {
    let mut columns = Vec::new();
    for batch in part.iter_chunks(CompatLevel::newest(), false) {
        for ((array, field), name) in batch.columns().iter().zip(fields).zip(part.get_column_names()) {
            let column = Column::from_name(name);
            let is_filtered = column.is_some_and(|column| FILTERED.contains(&column));
            match own_pages(array.as_ref(), field, is_filtered) {
                Some(pages) => columns.push(pages?),
                None => columns.extend(general_pages(array.as_ref(), field, is_filtered, options)?),
            }
        }
    }
    Ok(columns)
}

/// Doubles, whole numbers and labels, which is nearly all; `None` for other columns.
fn own_pages(array: &dyn Array, field: &ParquetType, is_filtered: bool) -> Option<PolarsResult<Vec<CompressedPage>>> {
    let ParquetType::PrimitiveType(kind) = field else { return None };
    let validity = array.validity().filter(|valid| valid.unset_bits() > 0);
    let column = pages::Column { kind, rows: array.len(), validity, is_filtered };
    if let Some(doubles) = array.as_any().downcast_ref::<PrimitiveArray<f64>>() {
        return Some(doubles::pages(&there(doubles, validity), &column));
    }
    if let Some(texts) = array.as_any().downcast_ref::<Utf8ViewArray>().filter(|texts| texts.len() > FEW) {
        let coded = dictionary::texts(texts, validity)?;
        let plain = coded.values.iter().flat_map(|text| [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat());
        let statistics = column.statistics(|| None::<(i64, i64)>);
        return Some(coded.pages(&column, &plain.collect::<Vec<u8>>(), statistics).map(|(pages, _)| pages));
    }
    let numbers = array.as_any().downcast_ref::<PrimitiveArray<i64>>()?;
    let is_count = *numbers.dtype() == ArrowDataType::Int64;
    let numbers = there(numbers, validity);
    // Instants hardly ever stand still, and a dictionary is a page more.
    let coded = if is_count && numbers.len() > FEW / 4 { dictionary::counters(&numbers) } else { None };
    Some(match coded {
        Some(coded) => {
            let plain: Vec<u8> = coded.values.iter().flat_map(|number| number.to_le_bytes()).collect();
            coded.pages(&column, &plain, column.statistics(|| extremes(&coded.values))).map(|(pages, _)| pages)
        }
        None => column.levels().and_then(|mut bytes| {
            delta::write(&numbers, &mut bytes);
            let statistics = column.statistics(|| extremes(&numbers));
            Ok(vec![column.data(Encoding::DeltaBinaryPacked, packed(&bytes)?, statistics)])
        }),
    })
}

/// The values of the rows that have one.
fn there<'a, T: NativeType>(array: &'a PrimitiveArray<T>, validity: Option<&Bitmap>) -> Cow<'a, [T]> {
    match validity {
        Some(_) => Cow::Owned(array.non_null_values_iter().collect()),
        None => Cow::Borrowed(array.values()),
    }
}

/// Columns of any type, as polars writes them.
fn general_pages(
    array: &dyn Array,
    field: &ParquetType,
    is_filtered: bool,
    mut options: WriteOptions,
) -> PolarsResult<Pages> {
    options.statistics.min_value = is_filtered;
    options.statistics.max_value = is_filtered;
    let encodings = match array.dtype() {
        // A few texts, or none: what a dictionary of them would save is not worth to look for.
        ArrowDataType::Utf8View if array.len() <= FEW || array.null_count() == array.len() => vec![Encoding::Plain],
        // Numbers of records step by little.
        ArrowDataType::UInt32 => vec![Encoding::DeltaBinaryPacked],
        other => get_dtype_encoding(other),
    };
    let columns = encoded(array, field, options, &encodings)?;
    let compress = |page: PolarsResult<Page>| compress::compress(page?, options.compression);
    columns.into_iter().map(|pages| pages.map(compress).collect()).collect()
}

/// The pages of a column before they are compressed; of a nested one there may be several columns.
fn encoded(
    array: &dyn Array,
    field: &ParquetType,
    options: WriteOptions,
    encodings: &[Encoding],
) -> PolarsResult<Vec<DynIter<'static, PolarsResult<Page>>>> {
    // A column that is not nested has no leaves to look for. The general way does, and for a column without a value it has
    // polars make eight megabytes of zeros.
    if let (ParquetType::PrimitiveType(kind), [encoding]) = (field, encodings)
        && let [nested] = &to_nested(array, field)?[..]
    {
        return Ok(vec![array_to_pages(array, kind.clone(), nested, options, *encoding)?]);
    }
    array_to_columns(array.to_boxed(), field.clone(), options, encodings)
}
