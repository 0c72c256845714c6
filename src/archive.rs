//! Archives behind a guard: what an archive says of its members is checked before anybody inflates them.

pub(crate) mod members;
pub(crate) mod stream;

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

fn broken(error: &zip::result::ZipError) -> Error {
    Error::new(ErrorKind::Malformed, format!("expected a zip archive, found a broken one: {error}"))
}

fn open(bytes: &Arc<Vec<u8>>) -> Result<ZipArchive<Cursor<Shared>>> {
    ZipArchive::new(Cursor::new(Shared(Arc::clone(bytes)))).map_err(|error| {
        // The directory stands at the end, behind a mark of its own.
        if memchr::memmem::rfind(bytes, b"PK\x05\x06").is_none() {
            let message = "expected a whole zip archive (workbooks are zip archives), found one that ends before its directory: it was cut off; copy it again";
            return Error::new(ErrorKind::Malformed, message);
        }
        broken(&error)
    })
}

fn check_ratio(name: &str, packed: u64, size: u64, limits: &Limits) -> Result<()> {
    if size <= SMALL || size / packed.max(1) <= RATIO || limits.inflated_bytes == u64::MAX {
        return Ok(());
    }
    let message = format!(
        "{name:?} in the zip archive: found {packed} bytes that inflate to {size}, allowed is a factor of {RATIO}"
    );
    Err(Error::new(ErrorKind::Limit, message))
}

/// What systems put into archives beside the files that people put there.
fn is_junk(name: &str) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
    base.is_empty() || base.starts_with("._") || matches!(base.as_str(), ".ds_store" | "thumbs.db" | "desktop.ini")
}

/// The only file of an archive.
///
/// # Errors
/// [`ErrorKind::NotATimeSeries`] for an archive of none or several files; those of [`inflate`].
pub(crate) fn only_member(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<Member> {
    let mut archive = open(bytes)?;
    Limits::check("members of the zip archive", archive.len() as u64, limits.members)?;
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| broken(&e))?;
        let name = member.name().map_err(|e| broken(&e))?.into_owned();
        if !member.is_dir() && !is_junk(&name) {
            check_ratio(&name, member.compressed_size(), member.size(), limits)?;
            found.push(name);
        }
    }
    let [name] = found.as_slice() else {
        let shown: Vec<String> = found.iter().take(5).map(|name| format!("{name:?}")).collect();
        let more = if found.len() > shown.len() { ", …" } else { "" };
        let message = format!(
            "expected a zip archive with one file, found one with {}: {}{more}; unpack it and convert the files",
            found.len(),
            shown.join(", ")
        );
        return Err(Error::new(ErrorKind::NotATimeSeries, message));
    };
    let mut members = inflate(bytes, limits, |member| member == name)?;
    members.pop().ok_or_else(|| Error::new(ErrorKind::Malformed, "expected a member of the zip archive, found none"))
}

/// A member of an archive, inflated.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Names of the members; empty when the bytes are no zip archive.
pub(crate) fn names(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Vec<String> {
    if !bytes.starts_with(b"PK") {
        return Vec::new();
    }
    let Ok(archive) = ZipArchive::new(Cursor::new(Shared(Arc::clone(bytes)))) else { return Vec::new() };
    let most = usize::try_from(limits.members).unwrap_or(usize::MAX);
    archive.file_names().take(most).flatten().map(std::borrow::Cow::into_owned).collect()
}

/// Room that is taken for a member at once, by its compressed bytes. One that grows beyond is copied, as often as it doubles.
const ROOM: u64 = 32;

/// Inflates the members whose names are wanted, each on a thread of its own. On the word of headers no more is reserved than
/// [`ROOM`] times the archive's own size.
///
/// # Errors
/// [`ErrorKind::Limit`] for members that are larger than they may be, [`ErrorKind::Malformed`] for those that are broken or lie.
pub(crate) fn inflate(bytes: &Arc<Vec<u8>>, limits: &Limits, wanted: impl Fn(&str) -> bool) -> Result<Vec<Member>> {
    let open = || open(bytes);
    let mut archive = open()?;
    Limits::check("members of the zip archive", archive.len() as u64, limits.members)?;
    let (mut total, mut members, mut left) = (0u64, Vec::new(), bytes.len() as u64);
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| broken(&e))?;
        let name = member.name().map_err(|e| broken(&e))?.into_owned();
        if wanted(&name) {
            total = total.saturating_add(member.size());
            // Members do not overlap.
            let packed = member.compressed_size().min(left);
            left -= packed;
            members.push((index, name, member.size(), member.size().min(packed.saturating_mul(ROOM))));
        }
    }
    Limits::check("inflated bytes of the zip archive", total, limits.inflated_bytes)?;
    let inflate = |archive: &mut Result<_>, (index, name, size, room): (usize, String, u64, u64)| {
        let archive: &mut ZipArchive<Cursor<Shared>> = match archive {
            Ok(archive) => archive,
            Err(error) => return Err(Error::new(error.kind(), error.message().to_owned())),
        };
        let member = archive.by_index(index).map_err(|e| broken(&e))?;
        let mut bytes = Vec::new();
        // Where there is no such room it grows, and may fit after all.
        let _ = bytes.try_reserve_exact(usize::try_from(room).unwrap_or(0));
        let read = member.take(size.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|e| members::not_inflated(&name, &e))?;
        if bytes.len() as u64 != size {
            let message = format!("{name:?} in the zip archive: expected {size} bytes, found another number");
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        Ok(Member { name, bytes })
    };
    members.into_par_iter().map_init(open, inflate).collect()
}
