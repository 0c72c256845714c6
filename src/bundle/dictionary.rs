//! Texts that repeat, as codes. A cycler's labels stand still over many rows, so most rows cost one comparison; the general
//! way hashes every row.

use std::collections::HashMap;

use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::{ArrowDataType, IntegerType};

/// A column of texts as codes and distinct texts in the order in which they appear; `None` for other columns, and where
/// hardly a text repeats.
pub(super) fn of(array: &dyn Array) -> Option<DictionaryArray<u32>> {
    let texts = array.as_any().downcast_ref::<Utf8ViewArray>()?;
    let mut distinct: Vec<&str> = Vec::new();
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut codes: Vec<u32> = Vec::new();
    codes.reserve_exact(texts.len());
    let mut last = None;
    for (row, view) in texts.views().iter().enumerate() {
        let code = match last {
            Some((seen, code)) if seen == view => code,
            _ if texts.is_null(row) => {
                // Hidden by the null; any code does.
                codes.push(0);
                continue;
            }
            _ => {
                let text = texts.get(row)?;
                let code = *known.entry(text).or_insert_with(|| {
                    distinct.push(text);
                    distinct.len() as u32 - 1
                });
                if distinct.len() > 64 + texts.len() / 4 {
                    return None;
                }
                last = Some((view, code));
                code
            }
        };
        codes.push(code);
    }
    if distinct.is_empty() {
        return None;
    }
    let keys = PrimitiveArray::from_vec(codes).with_validity(texts.validity().cloned());
    let values = Utf8ViewArray::from_slice_values(&distinct).boxed();
    let dtype = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(ArrowDataType::Utf8View), false);
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
}
