//! The members of an archive one by one, as they inflate: none of them is in memory as a whole.

use std::io::{Cursor, Read};
use std::sync::Arc;

use rayon::prelude::*;
use zip::ZipArchive;

use super::{Shared, broken, check_ratio, open};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// An archive whose members are as many and as large as they may be, as far as the archive says.
pub(crate) struct Members {
    bytes: Arc<Vec<u8>>,
    listed: Vec<Listed>,
}

struct Listed {
    index: usize,
    name: String,
    size: u64,
}

impl Members {
    /// Checks number and declared sizes.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] for an archive that is larger than it may be, [`ErrorKind::Malformed`] for a broken one.
    pub(crate) fn open(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<Self> {
        let mut archive = open(bytes)?;
        Limits::check("members of the zip archive", archive.len() as u64, limits.members)?;
        let (mut total, mut listed) = (0u64, Vec::new());
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(|e| broken(&e))?;
            let (size, packed) = (member.size(), member.compressed_size());
            total = total.saturating_add(size);
            Limits::check("inflated bytes of the zip archive", total, limits.inflated_bytes)?;
            check_ratio(&member.name().unwrap_or_default(), packed, size, limits)?;
            listed.push(Listed { index, name: member.name().map_err(|e| broken(&e))?.into_owned(), size });
        }
        Ok(Self { bytes: Arc::clone(bytes), listed })
    }

    /// Inflates the members that are wanted, each on a thread of its own: `visit` gets the name, the size and the bytes as they
    /// come. What it leaves is inflated into nothing, so each of these members is whole and as large as it says.
    ///
    /// # Errors
    /// Those of `visit`, and [`ErrorKind::Malformed`] for a member that is broken or lies.
    pub(crate) fn visit<T: Send>(
        &self,
        wanted: impl Fn(&str) -> bool,
        visit: impl Fn(&str, u64, &mut (dyn Read + Send)) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let inflate = |archive: &mut Result<ZipArchive<Cursor<Shared>>>, listed: &Listed| {
            let Listed { index, name, size } = listed;
            let archive = archive.as_mut().map_err(|e| Error::new(e.kind(), e.message().to_owned()))?;
            let member = archive.by_index(*index).map_err(|e| broken(&e))?;
            // A header may say less than there is.
            let mut counted = Counted { from: member.take(size.saturating_add(1)), read: 0 };
            let visited = visit(name, *size, &mut counted)?;
            std::io::copy(&mut counted, &mut std::io::sink()).map_err(|e| not_inflated(name, &e))?;
            if counted.read != *size {
                let message = format!("{name:?} in the zip archive: expected {size} bytes, found another number");
                return Err(Error::new(ErrorKind::Malformed, message));
            }
            Ok(visited)
        };
        let wanted: Vec<&Listed> = self.listed.iter().filter(|listed| wanted(&listed.name)).collect();
        wanted.into_par_iter().map_init(|| open(&self.bytes), inflate).collect()
    }
}

/// A member that cannot be inflated.
pub(crate) fn not_inflated(name: &str, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Malformed, format!("cannot inflate {name:?} of the zip archive: {error}"))
}

struct Counted<R> {
    from: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.read = self.read.saturating_add(read as u64);
        Ok(read)
    }
}
