//! A zstd frame (RFC 8878) whose blocks are put together here: what no compressor makes smaller is stored as it is, what stands
//! still is a byte and how often, and zstd packs what lies between. Any reader of zstd unpacks it.

/// A block holds no more.
const BLOCK: usize = 128 << 10;

/// Kinds of blocks, where their header has them.
const STORED: u32 = 0;
const REPEATED: u32 = 1 << 1;

/// A frame that is being put together.
pub(super) struct Frame {
    bytes: Vec<u8>,
    /// Where the header of the last block stands.
    last: Option<usize>,
    has_packed: bool,
}

impl Frame {
    /// Begins a frame that unpacks to `size` bytes; `None` for more than a page can have.
    pub(super) fn new(size: usize) -> Option<Self> {
        let size = u32::try_from(size).ok()?;
        let mut bytes = Vec::new();
        // Its number; a single segment, whose size is told in four bytes.
        bytes.extend_from_slice(&[0x28, 0xB5, 0x2F, 0xFD, 0b1010_0000]);
        bytes.extend_from_slice(&size.to_le_bytes());
        Some(Self { bytes, last: None, has_packed: false })
    }

    /// Room for so many bytes more.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve_exact(bytes);
    }

    fn header(&mut self, kind: u32, size: usize) {
        self.last = Some(self.bytes.len());
        let header = kind | (size as u32) << 3;
        self.bytes.extend_from_slice(&header.to_le_bytes()[..3]);
    }

    /// Bytes as they are.
    pub(super) fn stored(&mut self, bytes: &[u8]) {
        for block in bytes.chunks(BLOCK) {
            self.header(STORED, block.len());
            self.bytes.extend_from_slice(block);
        }
    }

    /// One byte, many times.
    pub(super) fn repeated(&mut self, byte: u8, mut times: usize) {
        while times > 0 {
            let here = times.min(BLOCK);
            self.header(REPEATED, here);
            self.bytes.push(byte);
            times -= here;
        }
    }

    /// The blocks of a frame that zstd made. They count on being the first that zstd made in their frame: so this can be done once.
    /// `None` where they cannot be taken over.
    pub(super) fn packed(&mut self, frame: &[u8]) -> Option<()> {
        let (descriptor, has_dictionary_or_checksum) = (*frame.get(4)?, 0b0000_0111);
        if self.has_packed || descriptor & has_dictionary_or_checksum != 0 {
            return None;
        }
        self.has_packed = true;
        let is_single = descriptor & 0b0010_0000 != 0;
        let size_field = match descriptor >> 6 {
            0 => usize::from(is_single),
            power => 1 << power,
        };
        let mut at = 5 + usize::from(!is_single) + size_field;
        loop {
            let [a, b, c] = *frame.get(at..)?.first_chunk()?;
            let header = u32::from_le_bytes([a, b, c, 0]);
            let size = if header & 0b110 == REPEATED { 1 } else { header as usize >> 3 };
            self.last = Some(self.bytes.len());
            self.bytes.extend_from_slice(&[a & !1, b, c]);
            self.bytes.extend_from_slice(frame.get(at + 3..at + 3 + size)?);
            at += 3 + size;
            if header & 1 == 1 {
                return Some(());
            }
        }
    }

    /// The frame with its last block marked.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.last.is_none() {
            self.header(STORED, 0);
        }
        if let Some(byte) = self.last.and_then(|at| self.bytes.get_mut(at)) {
            *byte |= 1;
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unpacked(frame: &[u8], most: usize) -> Vec<u8> {
        // In one go and as a stream: readers do either.
        let bytes = zstd::bulk::decompress(frame, most).unwrap();
        assert!(zstd::decode_all(frame).unwrap() == bytes);
        bytes
    }

    #[test]
    fn an_empty_frame_is_one() {
        assert_eq!(unpacked(&Frame::new(0).unwrap().finish(), 10), b"");
    }

    #[test]
    fn blocks_are_no_longer_than_they_may_be() {
        let noise: Vec<u8> = (0..300_000u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let mut frame = Frame::new(700_000).unwrap();
        frame.stored(&noise);
        frame.repeated(7, 400_000);
        let back = unpacked(&frame.finish(), 700_000);
        assert!(back[..300_000] == noise && back[300_000..].iter().all(|b| *b == 7));
    }

    #[test]
    fn what_zstd_made_is_taken_once() {
        let packed = zstd::bulk::compress(b"abcabcabcabc", 1).unwrap();
        let mut frame = Frame::new(24).unwrap();
        assert!(frame.packed(&packed).is_some() && frame.packed(&packed).is_none());
        assert!(Frame::new(12).unwrap().packed(&packed[..packed.len() - 1]).is_none());
        assert!(Frame::new(12).unwrap().packed(b"no zstd").is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever lies before and behind, what zstd packed comes back: words that repeat at distances that zstd writes in short.
        #[test]
        fn pieces_come_back_in_their_order(
            before in prop::collection::vec(any::<u8>(), 0..500),
            words in prop::collection::vec(0u8..6, 1..40_000),
            level in 1..5,
            byte: u8,
            times in 0usize..300_000,
        ) {
            let middle: Vec<u8> = words.iter().flat_map(|word| [b'a', *word, b'b', word.wrapping_mul(37), 0, 0, 0]).collect();
            let mut frame = Frame::new(2 * before.len() + 2 * times + middle.len()).unwrap();
            frame.stored(&before);
            frame.repeated(byte, times);
            frame.packed(&zstd::bulk::compress(&middle, level).unwrap()).unwrap();
            frame.repeated(byte, times);
            frame.stored(&before);
            let still = vec![byte; times];
            let all = [&before[..], &still[..], &middle[..], &still[..], &before[..]].concat();
            prop_assert!(unpacked(&frame.finish(), all.len()) == all);
        }
    }
}
