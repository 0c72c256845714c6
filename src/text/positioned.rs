//! Reading at a place of a file, whoever else reads it.

use std::fs::File;
use std::io::{ErrorKind, Result};

/// Whether this system can.
pub const IS_SUPPORTED: bool = cfg!(any(unix, windows));

/// Fills the block from a place on, or as far as the file goes; gives how far.
pub fn read_at(file: &File, block: &mut [u8], at: u64) -> Result<usize> {
    let mut done = 0;
    while let Some(rest) = block.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match once(file, rest, at + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
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
