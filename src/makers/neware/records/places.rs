//! Where the data records of a file are: in one run, or among others.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::binary::BLOCK;

/// Records of one length that hold data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Places {
    /// From this byte on, so many without a gap.
    Run(usize, usize),
    /// Each by its first byte: with others between them, or in several parts.
    List(Vec<usize>),
}

impl Places {
    /// Looks through the parts of a file; a record that is cut off at the end of a part is none.
    pub(crate) fn new(
        bytes: &[u8],
        parts: &[Range<usize>],
        size: usize,
        is_data: impl Fn(&[u8]) -> bool + Sync + Send,
    ) -> Self {
        let block = |part: &Range<usize>| bytes.get(part.clone()).unwrap_or_default();
        // Mostly all are data, which all threads find out at once.
        if let [one] = parts
            && block(one).par_chunks_exact(size).with_min_len(BLOCK).all(&is_data)
        {
            return Self::Run(one.start, block(one).len() / size);
        }
        let records = parts.iter().flat_map(|part| {
            block(part).chunks_exact(size).enumerate().map(|(k, record)| (part.start + k * size, record))
        });
        Self::List(records.filter(|(_, record)| is_data(record)).map(|(place, _)| place).collect())
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Run(_, count) => *count,
            Self::List(places) => places.len(),
        }
    }

    /// Some records in a row: as they lie, or copied together from among others.
    pub(crate) fn records<'b>(&self, bytes: &'b [u8], first: usize, most: usize, size: usize) -> Cow<'b, [u8]> {
        let count = most.min(self.len().saturating_sub(first));
        match self {
            Self::Run(start, _) => {
                let start = start + first * size;
                Cow::Borrowed(bytes.get(start..start + count * size).unwrap_or_default())
            }
            Self::List(places) => {
                let mut copied = Vec::new();
                for place in places.iter().skip(first).take(count) {
                    copied.extend_from_slice(bytes.get(*place..*place + size).unwrap_or_default());
                }
                Cow::Owned(copied)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_among_others() {
        let is_data = |record: &[u8]| record[0] == 1;
        let bytes = [9, 1, 5, 1, 6, 0, 7, 1, 8, 9];
        let run = Places::new(&bytes, std::slice::from_ref(&(1..5)), 2, is_data);
        assert_eq!((&run, &*run.records(&bytes, 1, 9, 2)), (&Places::Run(1, 2), &[1, 6][..]));
        let list = Places::new(&bytes, std::slice::from_ref(&(1..10)), 2, is_data);
        assert_eq!((&list, &*list.records(&bytes, 1, 2, 2)), (&Places::List(vec![1, 3, 7]), &[1, 6, 1, 8][..]));
    }
}
