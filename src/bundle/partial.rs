//! What is being written and has no name yet: hidden beside its target, removed when it does not get there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// Everything that this process is writing.
static LIVE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Names of hidden outputs end with it.
const END: &str = ".partial";

/// An output of another machine, or of one that cannot be asked, is left alone for this long.
const FOREIGN: Duration = Duration::from_secs(7 * 86_400);

/// Name of this machine, as far as it is known: folders may be shared.
static HOST: LazyLock<String> = LazyLock::new(|| {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name: String = name.trim().chars().filter(|c| c.is_ascii_alphanumeric()).take(32).collect();
    if name.is_empty() { "host".to_owned() } else { name }
});

/// A path beside the target that nobody else uses. It begins with a dot, so that a folder walk passes it over, and names the
/// machine and the process.
pub(super) fn beside(target: &Path) -> Result<PathBuf> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name =
        target.file_name().ok_or_else(|| Error::new(ErrorKind::Io, "expected an output path that ends in a name"))?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!(".{}.{}-{}-{number}{END}", name.to_string_lossy(), *HOST, std::process::id());
    Ok(target.with_file_name(name))
}

/// An output that is removed when it is dropped before it is done.
pub(super) struct Partial(Option<PathBuf>);

impl Partial {
    pub(super) fn beside(target: &Path) -> Result<Self> {
        let path = beside(target)?;
        LIVE.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        Ok(Self(Some(path)))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or(Path::new(""))
    }

    /// It has its name now.
    pub(super) fn done(mut self) {
        if let Some(path) = self.0.take() {
            LIVE.lock().unwrap_or_else(PoisonError::into_inner).remove(&path);
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            remove(path);
            LIVE.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
        }
    }
}

/// The first error is the one that is reported; a leftover is hidden and harmless.
fn remove(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// Removes everything that this process is writing: for a program that has to stop at once.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// let bundle = std::env::temp_dir().join("cyclerprep-example-stopped");
/// # let _ = std::fs::remove_dir_all(&bundle);
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// cell.write_bundle(&bundle)?;
/// // In the handler of a signal, before the process ends:
/// cyclerprep::bundle::remove_partials();
/// assert!(bundle.join("report.json").is_file(), "what is whole stays");
/// # let _ = std::fs::remove_dir_all(&bundle);
/// # Ok(())
/// # }
/// ```
pub fn remove_partials() {
    // Files that are made meanwhile lie in a folder that is removed again.
    for path in LIVE.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        remove(path);
        remove(path);
    }
}

/// Removes what processes left below a folder that were killed while they wrote; those that run are left alone. Returns how
/// many there were.
///
/// ```
/// let folder = std::env::temp_dir().join("cyclerprep-nothing-here");
/// assert_eq!(cyclerprep::bundle::remove_stale(&folder), 0);
/// ```
pub fn remove_stale(folder: impl AsRef<Path>) -> usize {
    let Ok(entries) = fs::read_dir(folder.as_ref()) else { return 0 };
    let mut removed = 0;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') && name.ends_with(END) {
            if is_stale(&name, &path) {
                remove(&path);
                removed += 1;
            }
        } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !path.join("report.json").is_file() {
            removed += remove_stale(&path);
        }
    }
    removed
}

fn is_stale(name: &str, path: &Path) -> bool {
    let owner = name.strip_suffix(END).and_then(|name| name.rsplit_once('.')).map(|(_, owner)| owner.to_owned());
    let mut owner = owner.as_deref().unwrap_or_default().split('-');
    let (host, process) = (owner.next().unwrap_or_default(), owner.next().and_then(|id| id.parse::<u32>().ok()));
    if let (true, Some(process), true) = (host == *HOST, process, Path::new("/proc/self").exists()) {
        return process != std::process::id() && !is_running(process);
    }
    let age = path.metadata().and_then(|meta| meta.modified()).ok().and_then(|at| at.elapsed().ok());
    age.is_some_and(|age| age > FOREIGN)
}

/// A process that has ended may still have an entry, until its parent asks what became of it.
fn is_running(process: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = state.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let root = std::env::temp_dir().join(format!("cyclerprep-{}-stale", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("below")).unwrap();
        // No process has this number.
        let dead = root.join(format!("below/.cell.034.{}-4294967294-0.partial", *HOST));
        let alive = root.join(format!(".cell.034.{}-{}-0.partial", *HOST, std::process::id()));
        let foreign = root.join(".cell.034.elsewhere-7-0.partial");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join("steps.parquet"), b"x").unwrap();
        fs::create_dir(&alive).unwrap();
        fs::create_dir(&foreign).unwrap();
        assert_eq!(remove_stale(&root), usize::from(cfg!(target_os = "linux")));
        assert_eq!((alive.exists(), foreign.exists()), (true, true));
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn an_output_is_removed_unless_it_is_done() {
        let target = std::env::temp_dir().join(format!("cyclerprep-{}-partial", std::process::id()));
        let partial = Partial::beside(&target).unwrap();
        let path = partial.path().to_owned();
        fs::write(&path, b"x").unwrap();
        assert!(LIVE.lock().unwrap().contains(&path));
        drop(partial);
        assert!(!path.exists() && !LIVE.lock().unwrap().contains(&path));
    }
}
