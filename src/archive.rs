//! Zip archives behind a guard: what an archive says of its members is checked before anybody inflates them.

use std::io::{Cursor, Read};
use std::sync::Arc;

use rayon::prelude::*;
use zip::ZipArchive;

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// A member may be this much larger than its compressed bytes; sheets of a cycler reach 10 to 30.
const RATIO: u64 = 200;

/// Below this size the ratio does not matter.
const SMALL: u64 = 64 << 20;

/// Bytes that a reader may hold and share.
#[derive(Debug, Clone)]
pub(crate) struct Shared(pub(crate) Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Checks every member of a zip archive: number, declared sizes, and that no member inflates to more than it declares.
///
/// # Errors
/// [`ErrorKind::Limit`] for an archive that is larger than it may be, [`ErrorKind::Malformed`] for one that is broken or lies.
pub(crate) fn check(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<()> {
    let open = || ZipArchive::new(Cursor::new(Shared(Arc::clone(bytes)))).map_err(|e| broken(&e));
    let mut archive = open()?;
    Limits::check("members of the zip archive", archive.len() as u64, limits.members)?;
    let mut total = 0u64;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| broken(&e))?;
        let (size, packed) = (member.size(), member.compressed_size());
        total = total.saturating_add(size);
        Limits::check("inflated bytes of the zip archive", total, limits.inflated_bytes)?;
        if size > SMALL && size / packed.max(1) > RATIO && limits.inflated_bytes != u64::MAX {
            let message = format!(
                "{:?} in the zip archive: found {packed} bytes that inflate to {size}, allowed is a factor of {RATIO}",
                member.name().unwrap_or_default()
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        members.push((index, size));
    }
    // A header may say less than there is, so each member is inflated once into nothing.
    members.into_par_iter().try_for_each_init(open, |archive, (index, size)| {
        let archive = archive.as_mut().map_err(|e| Error::new(e.kind(), e.message().to_owned()))?;
        let member = archive.by_index(index).map_err(|e| broken(&e))?;
        let name = member.name().map_err(|e| broken(&e))?.into_owned();
        let found = std::io::copy(&mut member.take(size.saturating_add(1)), &mut std::io::sink()).map_err(|e| {
            Error::new(ErrorKind::Malformed, format!("cannot inflate {name:?} of the zip archive: {e}"))
        })?;
        if found != size {
            let message = format!("{name:?} in the zip archive: expected {size} bytes, found another number");
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        Ok(())
    })
}

fn broken(error: &zip::result::ZipError) -> Error {
    Error::new(ErrorKind::Malformed, format!("expected a zip archive, found a broken one: {error}"))
}
