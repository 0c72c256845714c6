//! The only place that opens input files.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// A file's name and bytes. Clones share the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    name: String,
    bytes: Arc<Vec<u8>>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

/// Copying a large file out of the page cache is worth two threads.
#[cfg(unix)]
fn read(path: &Path, length: u64) -> std::io::Result<Vec<u8>> {
    use rayon::prelude::*;
    use std::os::unix::fs::FileExt;

    const PIECE: usize = 4 << 20;
    let length = usize::try_from(length).unwrap_or(0);
    let file = std::fs::File::open(path)?;
    if length < 2 * PIECE || !file.metadata()?.is_file() {
        return std::fs::read(path);
    }
    let mut bytes = vec![0; length];
    let pieces = bytes.par_chunks_mut(PIECE).enumerate();
    let done = pieces.map(|(i, piece)| file.read_exact_at(piece, (i * PIECE) as u64)).collect::<Vec<_>>();
    match done.into_iter().collect::<std::io::Result<()>>() {
        Ok(()) => Ok(bytes),
        // The file became shorter meanwhile: take what is there.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => std::fs::read(path),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn read(path: &Path, _: u64) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

impl Source {
    /// Reads a whole file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when it cannot be read, [`ErrorKind::Limit`] when it is larger than `limits.input_bytes`, and
    /// [`ErrorKind::Malformed`] when it is empty.
    pub fn open(path: impl AsRef<Path>, limits: &Limits) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let open = || -> Result<Vec<u8>> {
            let meta = std::fs::metadata(path).map_err(|e| Error::io("cannot read", e))?;
            if meta.is_dir() {
                return Err(Error::new(ErrorKind::Io, "expected a file, found a folder"));
            }
            Limits::check("size in bytes", meta.len(), limits.input_bytes)?;
            let bytes = read(path, meta.len()).map_err(|e| Error::io("cannot read", e))?;
            // A file may grow, or be a device that states no size.
            Limits::check("size in bytes", bytes.len() as u64, limits.input_bytes)?;
            Ok(bytes)
        };
        let bytes = open().map_err(|e| e.in_file(&name))?;
        Ok(Self { name, bytes: Arc::new(bytes) })
    }

    /// Bytes that are already in memory, under a name that is used for its extension and in messages.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes: Arc::new(bytes) }
    }

    /// The path as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    /// The text behind the last dot of the file's name, as written; empty without one.
    pub fn extension(&self) -> &str {
        self.file_name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The content.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content, shared.
    pub fn shared(&self) -> Arc<Vec<u8>> {
        Arc::clone(&self.bytes)
    }
}
