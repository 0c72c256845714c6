//! The only place that opens input files.

mod beside;
mod disk;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;

use crate::archive::{self, stream::Stream};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::sheet::Workbook;
use crate::text::held::{BLOCK, ReadAt, Text};
use beside::Beside;
pub use beside::{Family, SideFacts};
pub(crate) use beside::{hash_of, instant};
use disk::Disk;

/// A file's name and bytes. Clones share the bytes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Source, prepare_source};
///
/// let source = Source::open("fixtures/neware/flat.csv", &Default::default())?;
/// let cell = prepare_source(source, &Default::default())?;
/// assert!(cell.is_valid());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Source {
    name: String,
    /// All of them, or the ends of a large text.
    bytes: Text,
    /// Where the file lies, when it was opened from a disk.
    path: Option<PathBuf>,
    is_excerpt: bool,
    /// Name of the file inside, when it was unwrapped.
    inner: Option<String>,
    limits: Limits,
    /// Opened once, however many readers look at it.
    workbook: Arc<OnceLock<Opened>>,
    /// What was looked for beside it.
    beside: Beside,
    /// When it was last modified, before it was read.
    modified: Option<SystemTime>,
    /// How many bytes more it had when it had been read.
    grown: u64,
}

type Opened = std::result::Result<Mutex<Workbook>, (ErrorKind, String)>;

/// Largest side file that is looked at, in bytes.
const SIDE_FILE: u64 = 1 << 20;

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

/// Copying a large file out of the page cache is worth two threads.
fn read(path: &Path, length: u64) -> std::io::Result<Vec<u8>> {
    use rayon::prelude::*;

    let length = usize::try_from(length).unwrap_or(0);
    if !disk::IS_SUPPORTED || length < 8 * BLOCK {
        return std::fs::read(path);
    }
    let Some(file) = Disk::open(path)? else { return std::fs::read(path) };
    let mut bytes = vec![0; length];
    let read_block = |(i, block): (usize, &mut [u8])| file.read_at(block, (i * BLOCK) as u64);
    let done: std::io::Result<Vec<usize>> = bytes.par_chunks_mut(BLOCK).enumerate().map(read_block).collect();
    // The file may have become shorter meanwhile: take what is there.
    if done?.into_iter().sum::<usize>() == length { Ok(bytes) } else { std::fs::read(path) }
}

/// Texts from this size on are read in pieces.
const LARGE: u64 = 4 << 20;

/// How much of the head and the tail of a large text is in memory.
const HEAD: usize = 1 << 20;
const TAIL: usize = 256 << 10;

/// The ends of a large text; `None` for other files.
fn ends(path: &Path, size: u64) -> std::io::Result<Option<Text>> {
    if !disk::IS_SUPPORTED || size < LARGE {
        return Ok(None);
    }
    let Some(file) = Disk::open(path)? else { return Ok(None) };
    let (mut head, mut tail) = (vec![0; HEAD], vec![0; TAIL]);
    let is_text = file.read_at(&mut head, 0)? == HEAD && is_text(&head);
    if !is_text || file.read_at(&mut tail, size - TAIL as u64)? < TAIL {
        return Ok(None);
    }
    let (Some(last), Some(first)) = (memchr::memrchr(b'\n', &head), memchr::memchr(b'\n', &tail)) else {
        return Ok(None);
    };
    head.truncate(last + 1);
    Ok(Some(Text::ends(Box::new(file), size, head, tail.get(first + 1..).unwrap_or_default())))
}

/// Whether a file begins as a text does whose bytes are parsed as they stand.
fn is_text(head: &[u8]) -> bool {
    let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let binary = memchr::memchr(0, head.get(..4096).unwrap_or(head)).is_some();
    !(utf16 || binary || head.starts_with(b"PK") || head.starts_with(b"PAR1") || Stream::of(head).is_some())
}

/// Names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?.flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

impl Source {
    /// Reads a whole file.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let source = cyclerprep::Source::open("fixtures/neware/flat.csv", &Default::default())?;
    /// assert_eq!((source.file_name(), source.extension()), ("flat.csv", "csv"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when it cannot be read, [`ErrorKind::Limit`] when it is larger than `limits.input_bytes`, and
    /// [`ErrorKind::Malformed`] when it is empty.
    pub fn open(path: impl AsRef<Path>, limits: &Limits) -> Result<Self> {
        Self::opened(path.as_ref(), limits, false)
    }

    /// The same, but that a large text stays on the disk until it is parsed, piece by piece; only its ends are in memory.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub(crate) fn open_in_pieces(path: impl AsRef<Path>, limits: &Limits) -> Result<Self> {
        Self::opened(path.as_ref(), limits, true)
    }

    fn opened(path: &Path, limits: &Limits, in_pieces: bool) -> Result<Self> {
        let name = path.display().to_string();
        let open = || -> Result<_> {
            let meta = std::fs::metadata(path).map_err(|e| Error::io("cannot read", e))?;
            if meta.is_dir() {
                return Err(Error::new(ErrorKind::Io, "expected a file, found a folder"));
            }
            Limits::check("size in bytes", meta.len(), limits.input_bytes)?;
            let ends = if in_pieces { ends(path, meta.len()).map_err(|e| Error::io("cannot read", e))? } else { None };
            let text = match ends {
                Some(ends) => ends,
                None => Text::from(read(path, meta.len()).map_err(|e| Error::io("cannot read", e))?),
            };
            // A file may grow, or be a device that states no size.
            Limits::check("size in bytes", text.length(), limits.input_bytes)?;
            let after = std::fs::metadata(path).ok().filter(|_| meta.is_file()).map_or(0, |meta| meta.len());
            let grown = after.saturating_sub(meta.len());
            Ok((text, meta.modified().ok().filter(|_| meta.is_file()), grown))
        };
        let (bytes, modified, grown) = open().map_err(|e| e.in_file(&name))?;
        let source = Self::from_bytes(name, Vec::new());
        Ok(Self { path: Some(path.to_path_buf()), bytes, limits: limits.clone(), modified, grown, ..source })
    }

    /// The same with all of its bytes in memory.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub(crate) fn whole(self) -> Result<Self> {
        match &self.path {
            Some(path) if !self.bytes.is_whole() => {
                let Self { bytes, modified, grown, .. } = Self::open(path, &self.limits)?;
                Ok(Self { bytes, modified, grown, ..self })
            }
            _ => Ok(self),
        }
    }

    /// The head and the tail of a large text file, cut at lines, or any other file whole; and the file's size.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (source, size) = cyclerprep::Source::open_ends("fixtures/neware/flat.csv", &Default::default())?;
    /// assert_eq!(source.bytes().len() as u64, size, "a small file is read whole");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_ends(path: impl AsRef<Path>, limits: &Limits) -> Result<(Self, u64)> {
        use std::io::{Read, Seek, SeekFrom};

        const HEAD: u64 = 4 << 20;
        const TAIL: u64 = 256 << 10;
        let path = path.as_ref();
        let name = path.display().to_string();
        let size = std::fs::metadata(path).map_or(0, |meta| if meta.is_file() { meta.len() } else { 0 });
        let ends = || -> std::io::Result<Option<Vec<u8>>> {
            let mut file = File::open(path)?;
            let mut bytes = Vec::new();
            (&mut file).take(HEAD).read_to_end(&mut bytes)?;
            if !is_text(&bytes) {
                return Ok(None);
            }
            // A text whose lines end otherwise is read whole.
            let Some(end) = memchr::memrchr(b'\n', &bytes) else { return Ok(None) };
            bytes.truncate(end + 1);
            file.seek(SeekFrom::End(-(TAIL as i64)))?;
            let mut tail = Vec::new();
            file.read_to_end(&mut tail)?;
            let whole_lines = memchr::memchr(b'\n', &tail).map_or(tail.len(), |end| end + 1);
            bytes.extend_from_slice(tail.get(whole_lines..).unwrap_or_default());
            Ok(Some(bytes))
        };
        if size > 2 * HEAD
            && let Some(bytes) = ends().map_err(|e| Error::io("cannot read", e).in_file(&name))?
        {
            let source = Self::from_bytes(name, bytes);
            let (path, limits) = (Some(path.to_path_buf()), limits.clone());
            return Ok((Self { path, limits, is_excerpt: true, ..source }, size));
        }
        let source = Self::open(path, limits)?;
        let size = source.bytes.len() as u64;
        Ok((source, size))
    }

    /// Bytes that are already in memory, under a name that is used for its extension and in messages.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let source = cyclerprep::Source::from_bytes("cell.034", b"Rec#".to_vec());
    /// assert_eq!((source.stem(), source.bytes().len()), ("cell", 4));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let (bytes, workbook) = (bytes.into(), Arc::default());
        Self {
            name: name.into(),
            bytes,
            path: None,
            is_excerpt: false,
            inner: None,
            limits: Limits::default(),
            workbook,
            beside: Beside::default(),
            modified: None,
            grown: 0,
        }
    }

    /// The file in a gzip or Zstandard stream; `None` when it is none.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] when it inflates to more than it may, [`ErrorKind::Malformed`] when the stream is broken,
    /// [`ErrorKind::NotATimeSeries`] when it holds an archive.
    pub(crate) fn streamed(&self) -> Result<Option<Self>> {
        let Some(stream) = Stream::of(&self.bytes) else { return Ok(None) };
        let bytes = stream.inflate(&self.bytes, &self.limits)?;
        if bytes.get(257..262) == Some(b"ustar") {
            let message = "expected one file, found a tar archive; unpack it and convert the files";
            return Err(Error::new(ErrorKind::NotATimeSeries, message));
        }
        let name = self.file_name();
        let is_wrapper =
            |extension: &&str| ["gz", "gzip", "zst", "zstd"].iter().any(|e| extension.eq_ignore_ascii_case(e));
        let inner =
            name.rsplit_once('.').filter(|(_, extension)| is_wrapper(extension)).map_or(name, |(inner, _)| inner);
        Ok(Some(self.holding(inner.to_owned(), bytes)))
    }

    /// The only file of a zip archive; `None` when it is none.
    ///
    /// # Errors
    /// Those of [`archive::only_member`].
    pub(crate) fn unzipped(&self) -> Result<Option<Self>> {
        if !self.bytes.starts_with(b"PK\x03\x04") {
            return Ok(None);
        }
        let member = archive::only_member(&self.shared(), &self.limits)?;
        let inner = member.name.rsplit(['/', '\\']).next().unwrap_or(&member.name).to_owned();
        Ok(Some(self.holding(inner, member.bytes)))
    }

    /// The same file, unwrapped: it lies where the wrapper lies.
    fn holding(&self, inner: String, bytes: Vec<u8>) -> Self {
        let (path, limits, beside) = (self.path.clone(), self.limits.clone(), self.beside.clone());
        let (modified, grown, inner) = (self.modified, self.grown, Some(inner));
        Self { path, limits, beside, modified, grown, inner, ..Self::from_bytes(self.name.clone(), bytes) }
    }

    /// The name without what says how the file is stored: what a measurement is called.
    pub(crate) fn title(&self) -> &str {
        let outer = self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name);
        let stem = outer.rsplit_once('.').map_or(outer, |(stem, _)| stem);
        // `cell.csv.gz` is called as `cell.csv` is.
        let of_inner = format!(".{}", self.extension());
        match stem.len().checked_sub(of_inner.len()).and_then(|at| stem.split_at_checked(at)) {
            Some((title, tail)) if self.inner.is_some() && tail.eq_ignore_ascii_case(&of_inner) => title,
            _ => stem,
        }
    }

    /// The same file, held to these limits from here on.
    #[must_use]
    pub(crate) fn held_to(self, limits: &Limits) -> Self {
        if self.limits == *limits {
            return self;
        }
        // A workbook that was opened under other limits is opened again.
        Self { limits: limits.clone(), workbook: Arc::default(), ..self }
    }

    /// The file opened as a workbook, by one reader at a time.
    ///
    /// # Errors
    /// Those of [`Workbook::open`].
    pub(crate) fn workbook(&self) -> Result<MutexGuard<'_, Workbook>> {
        let open = || {
            let opened = Workbook::open(self.shared(), &self.limits);
            opened.map(Mutex::new).map_err(|e| (e.kind(), e.message().to_owned()))
        };
        match self.workbook.get_or_init(open) {
            // A reader that panicked left the workbook as it was: it only reads.
            Ok(workbook) => Ok(workbook.lock().unwrap_or_else(PoisonError::into_inner)),
            Err((kind, message)) => Err(Error::new(*kind, message.clone())),
        }
    }

    /// Names of the members of a zip archive; empty for other files.
    pub(crate) fn members(&self) -> Vec<String> {
        archive::names(&self.bytes.shared(), &self.limits)
    }

    /// The files of the same folder that are of the family and wanted, as far as the limits allow; a name in memory has no folder.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] when they are too many or too large together, [`ErrorKind::Io`] when one cannot be read.
    pub(crate) fn siblings(&self, family: Family, wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, Vec<u8>)>> {
        let Some(folder) = self.folder() else { return Ok(Vec::new()) };
        let names = names(folder).map_err(|e| Error::io("cannot list the folder of", e))?;
        let (mut found, mut total) = (Vec::new(), 0u64);
        for name in names.iter().filter(|name| family.takes(name) && wanted(name)) {
            let path = folder.join(name);
            let facts = SideFacts::at(name, &path);
            let Some(length) = facts.bytes else { continue };
            total = total.saturating_add(length);
            Limits::check("files beside this one", found.len() as u64 + 1, self.limits.members)?;
            Limits::check("bytes of the files beside this one", total, self.limits.inflated_bytes)?;
            let bytes = std::fs::read(path).map_err(|e| Error::io("cannot read a file beside", e))?;
            self.beside.add(facts.holding(&bytes));
            found.push((name.clone(), bytes));
        }
        self.beside.set_family(family.among(&names));
        Ok(found)
    }

    /// Where it lies; a name in memory has no folder.
    fn folder(&self) -> Option<&Path> {
        let folder = self.path.as_ref()?.parent()?;
        // A bare file name has an empty parent.
        Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    }

    /// Names of the files in the same folder, sorted; none for a name in memory.
    pub(crate) fn neighbours(&self) -> Vec<String> {
        self.folder().and_then(|folder| names(folder).ok()).unwrap_or_default()
    }

    /// The bytes of a small file of this name in the same folder, if there is one; a name in memory has no folder.
    pub(crate) fn side_file(&self, file_name: &str) -> Option<Vec<u8>> {
        let path = self.path.as_ref()?.with_file_name(file_name);
        let facts = SideFacts::at(file_name, &path);
        let bytes = facts.bytes.filter(|length| *length <= SIDE_FILE).and_then(|_| std::fs::read(&path).ok());
        self.beside.add(match &bytes {
            Some(bytes) => facts.holding(bytes),
            None => facts,
        });
        bytes
    }

    /// The first bytes of a file of this name in the same folder.
    pub(crate) fn head_beside(&self, file_name: &str, bytes: usize) -> Option<Vec<u8>> {
        use std::io::Read;

        let file = File::open(self.path.as_ref()?.with_file_name(file_name)).ok()?;
        let mut head = Vec::new();
        file.take(bytes as u64).read_to_end(&mut head).ok()?;
        Some(head)
    }

    /// Another source is read with this one.
    pub(crate) fn read_with(&self, other: &Self) {
        if let Some(path) = &other.path {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            self.beside.add(SideFacts::at(path.to_string_lossy(), &path).holding(&other.bytes));
        }
    }

    /// What was looked for beside it until now.
    pub(crate) fn beside(&self) -> (Vec<SideFacts>, Option<Family>) {
        self.beside.facts()
    }

    /// When it was last modified before it was read, in UTC.
    pub(crate) fn modified(&self) -> Option<String> {
        self.modified.and_then(instant)
    }

    /// How many bytes it grew while it was read; of a text that is read in pieces, until now.
    pub(crate) fn grown(&self) -> u64 {
        match &self.path {
            Some(path) if !self.bytes.is_whole() => {
                std::fs::metadata(path).map_or(0, |meta| meta.len().saturating_sub(self.bytes.length()))
            }
            _ => self.grown,
        }
    }

    /// Whether these are only the head and the tail of the file.
    pub(crate) fn is_excerpt(&self) -> bool {
        self.is_excerpt
    }

    /// The path as it was given.
    ///
    /// ```
    /// use cyclerprep::Source;
    ///
    /// let source = Source::from_bytes("runs/cell.034", b"Rec#".to_vec());
    /// assert_eq!(source.name(), "runs/cell.034");
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last part of the path; of an unwrapped file the name inside.
    ///
    /// ```
    /// use cyclerprep::Source;
    ///
    /// let source = Source::from_bytes("runs/cell.034", b"Rec#".to_vec());
    /// assert_eq!(source.file_name(), "cell.034");
    /// ```
    pub fn file_name(&self) -> &str {
        self.inner.as_deref().unwrap_or(&self.name).rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    /// The file's name without the last dot and what follows it.
    ///
    /// ```
    /// use cyclerprep::Source;
    ///
    /// let source = Source::from_bytes("runs/cell.034", b"Rec#".to_vec());
    /// assert_eq!(source.stem(), "cell");
    /// ```
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The text behind the last dot of the file's name, as written; empty without one.
    ///
    /// ```
    /// use cyclerprep::Source;
    ///
    /// let source = Source::from_bytes("runs/cell.034", b"Rec#".to_vec());
    /// assert_eq!(source.extension(), "034");
    /// ```
    pub fn extension(&self) -> &str {
        self.file_name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The content.
    ///
    /// ```
    /// use cyclerprep::Source;
    ///
    /// let source = Source::from_bytes("runs/cell.034", b"Rec#".to_vec());
    /// assert_eq!(source.bytes(), b"Rec#");
    /// ```
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content as a text.
    pub(crate) fn text(&self) -> Text {
        self.bytes.clone()
    }

    /// The content, shared.
    pub(crate) fn shared(&self) -> Arc<Vec<u8>> {
        self.bytes.shared()
    }
}
