//! Types that polars is not built for here: they pass through as the numbers that they are stored as, and get their type back.

use std::collections::BTreeMap;
use std::sync::Arc;

use cyclerprep::{Error, ErrorKind, Place, Result};
use polars_arrow::array::{Array, DictionaryArray, DictionaryKey, PrimitiveArray, Utf8Array, Utf8ViewArray};
use polars_arrow::datatypes::{ArrowDataType, Field, IntegerType, PhysicalType, TimeUnit};
use polars_arrow::types::{NativeType, PrimitiveType};

/// Columns whose type is to be restored.
pub type Kept = Arc<BTreeMap<String, ArrowDataType>>;

/// Whether a column can pass; said before anything is taken, because some types end in a panic.
pub fn check(field: &Field) -> Result<()> {
    use ArrowDataType as T;
    let is_text = |dtype: &T| matches!(dtype, T::Utf8 | T::LargeUtf8 | T::Utf8View);
    let passes = match &field.dtype {
        T::Dictionary(_, values, _) => is_text(values),
        T::Float16 => false,
        dtype if is_text(dtype) => true,
        T::Null | T::Boolean | T::Binary | T::LargeBinary | T::BinaryView => true,
        T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::UInt8 | T::UInt16 | T::UInt32 | T::UInt64 => true,
        T::Float32 | T::Float64 | T::Timestamp(..) | T::Date32 | T::Date64 | T::Duration(_) => true,
        T::Time32(_) | T::Time64(_) => true,
        _ => false,
    };
    if passes {
        return Ok(());
    }
    let message = format!(
        "expected columns of numbers, text, truth values, dates and times, found {:?} in {:?}; cast the column (decimals to \
         float64) or drop it before the call",
        field.dtype, field.name
    );
    Err(Error::new(ErrorKind::Frame, message).at(Place::Column(field.name.to_string())))
}

/// The type that stands for this one inside, when it is another.
fn stored(dtype: &ArrowDataType) -> Option<ArrowDataType> {
    use ArrowDataType as T;
    match dtype {
        // Local milliseconds are the schema's own.
        T::Timestamp(TimeUnit::Millisecond, None) => None,
        T::Timestamp(..) | T::Date64 | T::Duration(_) | T::Time64(_) => Some(T::Int64),
        T::Date32 | T::Time32(_) => Some(T::Int32),
        _ => None,
    }
}

/// The array as it is kept inside, and the type to restore.
pub fn taken(array: Box<dyn Array>) -> Result<(Box<dyn Array>, Option<ArrowDataType>)> {
    if let Some(inside) = stored(array.dtype()) {
        let outside = array.dtype().clone();
        return Ok((with_dtype(array, &inside), Some(outside)));
    }
    if let ArrowDataType::Dictionary(key, ..) = array.dtype() {
        let decoded = match key {
            IntegerType::Int8 => decoded::<i8>(&*array),
            IntegerType::Int16 => decoded::<i16>(&*array),
            IntegerType::Int32 => decoded::<i32>(&*array),
            IntegerType::Int64 => decoded::<i64>(&*array),
            IntegerType::UInt8 => decoded::<u8>(&*array),
            IntegerType::UInt16 => decoded::<u16>(&*array),
            IntegerType::UInt32 => decoded::<u32>(&*array),
            IntegerType::UInt64 => decoded::<u64>(&*array),
            _ => None,
        };
        let missing =
            || Error::new(ErrorKind::Frame, "expected categories of text, found others; cast the column to text");
        return decoded.map(|array| (array, None)).ok_or_else(missing);
    }
    Ok((array, None))
}

/// Codes and their words, as one text for each row.
fn decoded<K: DictionaryKey>(array: &dyn Array) -> Option<Box<dyn Array>> {
    let array = array.as_any().downcast_ref::<DictionaryArray<K>>()?;
    let values = array.values();
    let word = |index: usize| -> Option<&str> {
        if index >= values.len() || values.is_null(index) {
            return None;
        }
        let any = values.as_any();
        if let Some(words) = any.downcast_ref::<Utf8ViewArray>() {
            return Some(words.value(index));
        }
        if let Some(words) = any.downcast_ref::<Utf8Array<i64>>() {
            return Some(words.value(index));
        }
        any.downcast_ref::<Utf8Array<i32>>().map(|words| words.value(index))
    };
    let rows = array.keys_iter().map(|key| word(key?));
    Some(Utf8ViewArray::from_slice(rows.collect::<Vec<_>>()).boxed())
}

/// The same numbers under another type of the same width; anything else stays as it is.
pub fn with_dtype(mut array: Box<dyn Array>, dtype: &ArrowDataType) -> Box<dyn Array> {
    fn cast<T: NativeType>(array: &mut dyn Array, dtype: &ArrowDataType) -> Option<Box<dyn Array>> {
        let array = array.as_any_mut().downcast_mut::<PrimitiveArray<T>>()?;
        Some(std::mem::take(array).to(dtype.clone()).boxed())
    }
    let (from, to) = (array.dtype().to_physical_type(), dtype.to_physical_type());
    let cast = match (from, to) {
        (PhysicalType::Primitive(PrimitiveType::Int64), PhysicalType::Primitive(PrimitiveType::Int64)) => {
            cast::<i64>(&mut *array, dtype)
        }
        (PhysicalType::Primitive(PrimitiveType::Int32), PhysicalType::Primitive(PrimitiveType::Int32)) => {
            cast::<i32>(&mut *array, dtype)
        }
        _ => None,
    };
    cast.unwrap_or(array)
}

/// The word of a unit.
pub fn unit_name(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "s",
        TimeUnit::Millisecond => "ms",
        TimeUnit::Microsecond => "us",
        TimeUnit::Nanosecond => "ns",
    }
}

fn unit_of(name: &str) -> Option<TimeUnit> {
    [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond]
        .into_iter()
        .find(|unit| unit_name(*unit) == name)
}

/// A kept type in a word, for pickles.
pub fn code(dtype: &ArrowDataType) -> String {
    use ArrowDataType as T;
    match dtype {
        T::Timestamp(unit, zone) => {
            format!("timestamp:{}:{}", unit_name(*unit), zone.as_ref().map_or("", |zone| zone.as_str()))
        }
        T::Duration(unit) => format!("duration:{}", unit_name(*unit)),
        T::Time32(unit) => format!("time32:{}", unit_name(*unit)),
        T::Time64(unit) => format!("time64:{}", unit_name(*unit)),
        T::Date32 => "date32".to_owned(),
        _ => "date64".to_owned(),
    }
}

/// The type of such a word.
pub fn of_code(code: &str) -> Option<ArrowDataType> {
    use ArrowDataType as T;
    let mut words = code.splitn(3, ':');
    let (kind, unit, zone) =
        (words.next()?, words.next().and_then(unit_of), words.next().filter(|zone| !zone.is_empty()));
    Some(match kind {
        "timestamp" => T::Timestamp(unit?, zone.map(Into::into)),
        "duration" => T::Duration(unit?),
        "time32" => T::Time32(unit?),
        "time64" => T::Time64(unit?),
        "date32" => T::Date32,
        "date64" => T::Date64,
        _ => return None,
    })
}
