//! One file in a gzip or Zstandard stream, behind the same guard as the members of a zip archive.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::{RATIO, SMALL};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// A stream that holds one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Gzip,
    Zstandard,
}

impl Stream {
    /// The stream that the bytes begin with.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            // 8 is deflate, the only method there is.
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstandard),
            _ => None,
        }
    }

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstandard => "Zstandard",
        }
    }

    /// What the stream holds.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] for a stream that inflates to more than it may, [`ErrorKind::Malformed`] for one that is broken.
    pub(crate) fn inflate(self, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
        let packed = bytes.len() as u64;
        match self {
            Self::Gzip => self.read(MultiGzDecoder::new(bytes), packed, limits),
            Self::Zstandard => {
                let decoder = zstd::stream::read::Decoder::with_buffer(bytes);
                self.read(decoder.map_err(|e| self.broken(0, &e))?, packed, limits)
            }
        }
    }

    /// Nothing is reserved on the word of a header, and the reading stops at the first limit.
    fn read(self, mut from: impl Read, packed: u64, limits: &Limits) -> Result<Vec<u8>> {
        const STRIDE: u64 = 4 << 20;
        let mut out = Vec::new();
        loop {
            let read = from.by_ref().take(STRIDE).read_to_end(&mut out).map_err(|e| self.broken(out.len(), &e))?;
            if read == 0 {
                return Ok(out);
            }
            let size = out.len() as u64;
            Limits::check(&format!("inflated bytes of the {} file", self.name()), size, limits.inflated_bytes)?;
            if size > SMALL && size / packed.max(1) > RATIO && limits.inflated_bytes != u64::MAX {
                let message = format!(
                    "a {} file: found {packed} bytes that inflate to more than {size}, allowed is a factor of {RATIO}",
                    self.name()
                );
                return Err(Error::new(ErrorKind::Limit, message));
            }
        }
    }

    fn broken(self, inflated: usize, error: &std::io::Error) -> Error {
        let name = self.name();
        let ends = error.kind() == std::io::ErrorKind::UnexpectedEof || error.to_string().contains("incomplete frame");
        let message = if ends {
            format!(
                "expected a whole {name} file, found one that ends early, behind {inflated} inflated bytes: copy it again"
            )
        } else {
            format!(
                "expected a {name} file, found a damaged one, behind {inflated} inflated bytes: {error}; copy it again"
            )
        };
        Error::new(ErrorKind::Malformed, message)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
        Stream::of(bytes).unwrap().inflate(bytes, limits)
    }

    #[test]
    fn streams_are_inflated_whole_and_joined() {
        let two = [gzip(b"first "), gzip(b"second")].concat();
        assert_eq!(read(&two, &Limits::default()).unwrap(), b"first second");
        let frames =
            [zstd::encode_all(&b"first "[..], 3).unwrap(), zstd::encode_all(&b"second"[..], 3).unwrap()].concat();
        assert_eq!(read(&frames, &Limits::default()).unwrap(), b"first second");
        assert_eq!(Stream::of(b"PK\x03\x04"), None);
    }

    #[test]
    fn a_cut_stream_and_a_bomb_are_errors() {
        let text = b"1,2,3\n".repeat(1000);
        for packed in [gzip(&text), zstd::encode_all(&text[..], 3).unwrap()] {
            for end in 4..packed.len() {
                let error = read(&packed[..end], &Limits::default()).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
            }
            let error = read(&packed[..packed.len() - 5], &Limits::default()).unwrap_err();
            assert!(error.message().contains("ends early"), "{error}");
            let few = Limits { inflated_bytes: 5999, ..Limits::default() };
            assert_eq!(read(&packed, &few).unwrap_err().kind(), ErrorKind::Limit);
        }
        let bomb = gzip(&vec![b'0'; 100 << 20]);
        assert_eq!(read(&bomb, &Limits::default()).unwrap_err().kind(), ErrorKind::Limit);
        assert_eq!(read(&bomb, &Limits::none()).unwrap().len(), 100 << 20);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(tail: Vec<u8>) {
            for head in [&[0x1F, 0x8B, 8][..], &[0x28, 0xB5, 0x2F, 0xFD]] {
                let _ = read(&[head, &tail].concat(), &Limits::default());
            }
        }
    }
}
