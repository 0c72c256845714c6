//! A file that is read at any place, whoever else reads it.

use std::fs::File;
use std::io::{ErrorKind, Result};
use std::path::Path;

use crate::text::held::ReadAt;

/// Whether this system can.
pub(super) const IS_SUPPORTED: bool = cfg!(any(unix, windows));

/// An open file.
#[derive(Debug)]
pub(super) struct Disk(File);

impl Disk {
    /// Opens it; `None` where it is no ordinary file.
    pub(super) fn open(path: &Path) -> Result<Option<Self>> {
        let file = File::open(path)?;
        Ok(file.metadata()?.is_file().then_some(Self(file)))
    }
}

impl ReadAt for Disk {
    fn read_at(&self, block: &mut [u8], at: u64) -> Result<usize> {
        let mut done = 0;
        while let Some(rest) = block.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match once(&self.0, rest, at + done as u64) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

#[cfg(unix)]
fn once(file: &File, block: &mut [u8], at: u64) -> Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, block, at)
}

#[cfg(windows)]
fn once(file: &File, block: &mut [u8], at: u64) -> Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, block, at)
}

#[cfg(not(any(unix, windows)))]
fn once(_: &File, _: &mut [u8], _: u64) -> Result<usize> {
    Err(ErrorKind::Unsupported.into())
}
