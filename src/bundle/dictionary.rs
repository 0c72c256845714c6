//! What repeats from row to row, as codes. A cycler's labels and counters of steps stand still over many rows, so most rows cost
//! one comparison; the general way hashes every label and packs every counter.

use std::collections::HashMap;
use std::hash::Hash;

use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{ArrowDataType, IntegerType};

/// A column of texts or counters as codes and distinct values in the order in which they appear; `None` for other columns, and
/// where hardly a value repeats.
pub(super) fn of(array: &dyn Array) -> Option<DictionaryArray<u32>> {
    if let Some(texts) = array.as_any().downcast_ref::<Utf8ViewArray>() {
        let views = texts.views();
        let text = |row: usize| texts.get(row).unwrap_or_default();
        let (codes, first) = codes(views, texts.validity(), text, texts.len() / 4)?;
        let distinct: Vec<&str> = first.into_iter().map(text).collect();
        return dictionary(codes, texts.validity(), Utf8ViewArray::from_slice_values(&distinct).boxed());
    }
    // Instants have the same numbers in memory; they hardly ever stand still.
    let counts = array.as_any().downcast_ref::<PrimitiveArray<i64>>().filter(|a| *a.dtype() == ArrowDataType::Int64)?;
    let values = counts.values();
    let (codes, first) = codes(values, counts.validity(), |row| values[row], 0)?;
    let distinct: Vec<i64> = first.into_iter().map(|row| values[row]).collect();
    dictionary(codes, counts.validity(), PrimitiveArray::from_vec(distinct).boxed())
}

/// The code of each row and the first row of each code. `marks` are equal only where values are; `value` is looked up where a mark
/// differs from the one before. No more than a few dozen and `most` different ones are taken, and no value that changes with nearly
/// every row.
fn codes<M: PartialEq, V: Hash + Eq>(
    marks: &[M],
    validity: Option<&Bitmap>,
    value: impl Fn(usize) -> V,
    most: usize,
) -> Option<(Vec<u32>, Vec<usize>)> {
    let mut known: HashMap<V, u32> = HashMap::new();
    let mut first = Vec::new();
    let mut codes: Vec<u32> = Vec::new();
    codes.reserve_exact(marks.len());
    let mut last: Option<(&M, u32)> = None;
    let mut changes = 0;
    for (row, mark) in marks.iter().enumerate() {
        let code = match last {
            Some((seen, code)) if seen == mark => code,
            // Hidden by the null; any code does.
            _ if validity.is_some_and(|valid| !valid.get_bit(row)) => 0,
            _ => {
                let code = *known.entry(value(row)).or_insert_with(|| {
                    first.push(row);
                    first.len() as u32 - 1
                });
                changes += 1;
                if first.len() > FEW + most.max(row / 16) || (most == 0 && changes > FEW + row / 16) {
                    return None;
                }
                last = Some((mark, code));
                code
            }
        };
        codes.push(code);
    }
    (!first.is_empty()).then_some((codes, first))
}

/// As many different values are never too many.
const FEW: usize = 64;

fn dictionary(codes: Vec<u32>, validity: Option<&Bitmap>, values: Box<dyn Array>) -> Option<DictionaryArray<u32>> {
    let keys = PrimitiveArray::from_vec(codes).with_validity(validity.cloned());
    let dtype = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(values.dtype().clone()), false);
    DictionaryArray::try_new(dtype, keys, values).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_give_the_texts_back() {
        let long = "a label that is longer than a view holds";
        let texts = [Some("CC_Chg"), Some("CC_Chg"), None, Some(long), Some("Rest"), None, Some(long), Some("CC_Chg")];
        let dictionary = of(&Utf8ViewArray::from_slice(texts)).unwrap();
        let values = dictionary.values().as_any().downcast_ref::<Utf8ViewArray>().unwrap();
        let back: Vec<Option<&str>> = dictionary.keys().iter().map(|k| k.map(|k| values.value(*k as usize))).collect();
        assert_eq!(back, texts);
        assert_eq!(values.len(), 3);
        let many: Vec<String> = (0..1000).map(|k| k.to_string()).collect();
        assert!(of(&Utf8ViewArray::from_slice_values(many)).is_none());
        assert!(of(&Utf8ViewArray::from_slice([None::<&str>])).is_none());
        assert!(of(&PrimitiveArray::from_vec(vec![1u32])).is_none());
    }

    #[test]
    fn codes_give_counters_back() {
        let steps: Vec<Option<i64>> =
            (0..3000).map(|k| if k % 700 == 5 { None } else { Some([1, -4, 9, 1, 2][k / 600]) }).collect();
        let dictionary = of(&PrimitiveArray::<i64>::from(steps.clone())).unwrap();
        let values = dictionary.values().as_any().downcast_ref::<PrimitiveArray<i64>>().unwrap();
        let back: Vec<Option<i64>> = dictionary.keys().iter().map(|k| k.map(|k| values.value(*k as usize))).collect();
        assert_eq!(back, steps);
        assert_eq!(values.values().as_slice(), [1, -4, 9, 2]);
        let records: Vec<i64> = (0..3000).collect();
        assert!(of(&PrimitiveArray::from_vec(records)).is_none(), "a number a row");
        let swinging: Vec<i64> = (0..3000).map(|k| k % 2).collect();
        assert!(of(&PrimitiveArray::from_vec(swinging)).is_none(), "packed numbers are shorter");
        let instants = PrimitiveArray::from_vec(vec![5i64; 9]);
        let unit = polars_arrow::datatypes::TimeUnit::Microsecond;
        assert!(of(&instants.to(ArrowDataType::Timestamp(unit, None))).is_none());
    }
}
