//! Where a body is cut into pieces, and how many lines each piece has.

use rayon::prelude::*;

use crate::text::survey::{BLOCK, Survey};

/// A piece of whole lines, and their number.
pub(super) type Piece<'a> = (&'a [u8], usize);

/// Cuts the text from `start` on behind the first line end of each block: small enough that all threads get work, large
/// enough that a piece's overhead vanishes.
pub(super) fn pieces<'a>(bytes: &'a [u8], start: usize, survey: Option<&Survey>) -> Vec<Piece<'a>> {
    let cuts = cuts(bytes, start, BLOCK);
    let pieces = cuts.iter().zip(cuts.iter().skip(1));
    let slice = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
    match survey {
        Some(survey) => {
            let line_ends: Vec<usize> = survey.0.iter().map(|block| block.line_ends as usize).collect();
            let counts = count_known(bytes, &cuts, BLOCK, &line_ends);
            pieces.zip(counts).map(|((from, to), count)| (slice(*from, *to), count)).collect()
        }
        None => {
            let pieces: Vec<&[u8]> = pieces.map(|(from, to)| slice(*from, *to)).collect();
            pieces.par_iter().map(|piece| (*piece, count_lines(piece))).collect()
        }
    }
}

/// The start, the place behind the first line end of each later block that has one, and the end.
fn cuts(bytes: &[u8], start: usize, block: usize) -> Vec<usize> {
    let mut cuts = vec![start.min(bytes.len())];
    let mut boundary = (start / block + 1) * block;
    while let Some(end) = bytes.get(boundary..).and_then(|rest| memchr::memchr(b'\n', rest)) {
        let cut = boundary + end + 1;
        cuts.push(cut);
        boundary = (cut / block + 1) * block;
    }
    cuts.push(bytes.len());
    cuts
}

/// The lines of each piece from the line ends of each block: a cut stands behind the first line end of its block, so the
/// line ends before it are those of the blocks before, and one.
fn count_known(bytes: &[u8], cuts: &[usize], block: usize, line_ends: &[usize]) -> Vec<usize> {
    let before_block: Vec<usize> = std::iter::once(0)
        .chain(line_ends.iter().scan(0, |sum, ends| {
            *sum += ends;
            Some(*sum)
        }))
        .collect();
    let before = |block: usize| before_block.get(block).or(before_block.last()).copied().unwrap_or_default();
    let (Some(&start), Some(&end)) = (cuts.first(), cuts.last()) else { return Vec::new() };
    let first = start / block;
    let in_first = bytes.get(first * block..start).map_or(0, |head| memchr::memchr_iter(b'\n', head).count());
    let unterminated = usize::from(end > start && bytes.last() != Some(&b'\n'));
    let mut ends_before: Vec<usize> = cuts.iter().map(|cut| before(cut.saturating_sub(1) / block) + 1).collect();
    if let [first_cut, .., last_cut] = ends_before.as_mut_slice() {
        *first_cut = before(first) + in_first;
        *last_cut = before(line_ends.len()) + unterminated;
    }
    ends_before.iter().zip(ends_before.iter().skip(1)).map(|(a, b)| b.saturating_sub(*a)).collect()
}

fn count_lines(piece: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', piece).count() + usize::from(!piece.is_empty() && !piece.ends_with(b"\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Pieces hold all bytes, and known line ends give the same counts as counting.
        #[test]
        fn known_line_ends_count_the_lines(text in "[ab\n]{0,60}", start in 0usize..20, block in 1usize..12) {
            let bytes = text.as_bytes();
            let start = start.min(bytes.len());
            let cuts = cuts(bytes, start, block);
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            proptest::prop_assert_eq!(pieces.concat(), &bytes[start..]);
            let line_ends: Vec<usize> =
                bytes.chunks(block).map(|block| block.iter().filter(|b| **b == b'\n').count()).collect();
            let counted: Vec<usize> = pieces.iter().map(|piece| count_lines(piece)).collect();
            proptest::prop_assert_eq!(count_known(bytes, &cuts, block, &line_ends), counted);
        }
    }
}
