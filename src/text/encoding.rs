//! Which encoding a text is in: decided once for the whole file, replacements counted.
//!
//! All encodings but UTF-16 leave the bytes of digits, separators and line ends alone, so a body is split and parsed as it
//! stands; only the few cells that are shown to people are decoded.

use std::borrow::Cow;

use rayon::prelude::*;

/// The encodings that cyclers and the spreadsheets after them write.
///
/// ```
/// assert_eq!(cyclerprep::Encoding::from_label("latin1"), Some(cyclerprep::Encoding::Windows1252));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, little-endian, with or without byte order mark.
    Utf16Le,
    /// UTF-16, big-endian, with or without byte order mark.
    Utf16Be,
    /// GB18030 and its subsets GBK and GB2312.
    Gb18030,
    /// windows-1252.
    Windows1252,
}

impl Encoding {
    /// The name used in notes and on the command line.
    ///
    /// ```
    /// assert_eq!(cyclerprep::Encoding::Gb18030.name(), "gb18030");
    /// ```
    pub fn name(self) -> &'static str {
        self.inner().name()
    }

    fn inner(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        }
    }

    /// The encoding with this label (`utf-8`, `gbk`, `latin1` …).
    ///
    /// ```
    /// use cyclerprep::Encoding;
    ///
    /// assert_eq!(Encoding::from_label("gbk"), Some(Encoding::Gb18030));
    /// assert_eq!(Encoding::from_label("klingon"), None);
    /// ```
    pub fn from_label(label: &str) -> Option<Self> {
        let found = encoding_rs::Encoding::for_label(label.as_bytes())?;
        [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Gb18030, Self::Windows1252]
            .into_iter()
            .find(|e| e.inner() == found || (found == encoding_rs::GBK && *e == Self::Gb18030))
    }

    /// The text, and whether bytes had to be replaced.
    ///
    /// ```
    /// let (text, replaced) = cyclerprep::Encoding::Windows1252.decode(b"25 \xB0C");
    /// assert_eq!((text.as_ref(), replaced), ("25 °C", false));
    /// ```
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        self.inner().decode_without_bom_handling(bytes)
    }
}

/// What [`detect`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The encoding.
    pub encoding: Encoding,
    /// Bytes of byte order mark to skip.
    pub bom: usize,
    /// Whether it was chosen without proof: bytes beyond ASCII that several encodings could have written.
    pub guessed: bool,
}

/// UTF-16 without its mark: every other byte is NUL in most places, and what stands there is text throughout the head.
pub fn unmarked_utf16(bytes: &[u8]) -> Option<Encoding> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    memchr::memchr(0, head)?;
    let (units, _) = head.as_chunks::<2>();
    if units.is_empty() {
        return None;
    }
    let reads = |unit: fn([u8; 2]) -> u16| {
        let is_ascii = |c: u16| matches!(c, 0x20..=0x7E | 9 | 10 | 13);
        let ascii = units.iter().filter(|pair| is_ascii(unit(**pair))).count();
        let is_control = |c: u16| c < 0x20 && !is_ascii(c) || matches!(c, 0x7F..=0x9F | 0xFFFE | 0xFFFF);
        // Numbers and separators are most of any table.
        ascii * 2 > units.len() && !units.iter().any(|pair| is_control(unit(*pair)))
    };
    if reads(u16::from_le_bytes) {
        return Some(Encoding::Utf16Le);
    }
    reads(u16::from_be_bytes).then_some(Encoding::Utf16Be)
}

/// Decides from the mark, else UTF-16 when every other byte says so, else UTF-8 when all of it is valid, else GB18030 when it is valid and `prefer_gb` says that the
/// header then reads as Chinese, else windows-1252.
pub fn detect(bytes: &[u8], prefer_gb: impl FnOnce(&str) -> bool) -> Detected {
    let sure = |encoding, bom| Detected { encoding, bom, guessed: false };
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => return sure(Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => return sure(Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => return sure(Encoding::Utf16Be, 2),
        _ => {}
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return sure(encoding, 0);
    }
    // Most files are plain ASCII, which all threads can tell.
    let ascii = bytes.par_chunks(super::held::BLOCK).all(<[u8]>::is_ascii);
    if ascii || encoding_rs::Encoding::utf8_valid_up_to(bytes) == bytes.len() {
        return sure(Encoding::Utf8, 0);
    }
    // The head is enough to see whether the header is Chinese; cut at a line so that no character is halved.
    let head = bytes.get(..64 << 10).unwrap_or(bytes);
    let head = head.get(..memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1)).unwrap_or(head);
    let (text, broken) = Encoding::Gb18030.decode(head);
    let encoding = if !broken && prefer_gb(&text) { Encoding::Gb18030 } else { Encoding::Windows1252 };
    Detected { encoding, bom: 0, guessed: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions() {
        let d = |b: &[u8]| detect(b, |t| t.contains('电')).encoding;
        assert_eq!(d(b"abc"), Encoding::Utf8);
        assert_eq!(d("Temperature/°C".as_bytes()), Encoding::Utf8);
        assert_eq!(d(b"Temperature/\xB0C\n"), Encoding::Windows1252);
        assert_eq!(d(b"\xFF\xFEa\0"), Encoding::Utf16Le);
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for text in ["Time,电流(A)\r\n0,1\n", "a", &"0.5\t3.7\n".repeat(5000)] {
            assert_eq!(d(&utf16(text, u16::to_le_bytes)), Encoding::Utf16Le);
            assert_eq!(d(&utf16(text, u16::to_be_bytes)), Encoding::Utf16Be);
        }
        // Records of small integers are not a text.
        assert_eq!(unmarked_utf16(&[1, 0, 2, 0, 3, 0, 65, 0]), None);
        assert_eq!(unmarked_utf16(b"ab\0"), None);
        assert_eq!(d(&encoding_rs::GB18030.encode("电流(A),电压(V)\n").0), Encoding::Gb18030);
        assert_eq!(Encoding::from_label("gbk"), Some(Encoding::Gb18030));
        assert_eq!(Encoding::from_label("latin1"), Some(Encoding::Windows1252));
    }
}
