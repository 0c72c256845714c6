//! Output appears whole or not at all: it is written beside its target, synced, and renamed.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread::{Builder, JoinHandle};

use super::partial::{self, Partial};
use crate::error::{Error, ErrorKind, Result};

/// A function that writes a file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::bundle::WriteFile;
///
/// let write: WriteFile = Box::new(|target| target.write_all(b"a note").map_err(|e| {
///     cyclerprep::Error::new(cyclerprep::ErrorKind::Io, e.to_string())
/// }));
/// let mut file = Vec::new();
/// write(&mut file)?;
/// assert_eq!(file, b"a note");
/// # Ok(())
/// # }
/// ```
pub type WriteFile<'a> = Box<dyn FnOnce(&mut (dyn Write + Send)) -> Result<()> + Send + 'a>;

/// A file of a bundle: its name and the function that writes it.
///
/// ```
/// use cyclerprep::bundle::BundleFile;
///
/// let file: BundleFile = ("empty.txt", Box::new(|_| Ok(())));
/// assert_eq!(file.0, "empty.txt");
/// ```
pub type BundleFile<'a> = (&'a str, WriteFile<'a>);

fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |error| Error::io(what, error).in_file(path.display().to_string())
}

/// Writes the file at `path`; errors name `target`, which people know.
fn write_and_sync(path: &Path, target: &Path, write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>) -> Result<()> {
    write_unsynced(path, target, write)?.sync_all().map_err(io("cannot write", target))
}

fn write_unsynced(
    path: &Path,
    target: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
) -> Result<File> {
    let file = File::create(path).map_err(io("cannot create", target))?;
    let mut buffered = BufWriter::new(EarlySync::new(&file));
    write(&mut buffered).map_err(|error| error.in_file(target.display().to_string()))?;
    let early = buffered.into_inner().map_err(|error| io("cannot write", target)(error.into_error()))?;
    drop(early);
    Ok(file)
}

/// Bytes after which what was written is sent to the disk while the rest is still being made.
const EARLY: usize = 1 << 20;

/// A file whose pages go to the disk while the next ones are computed, so that the last sync has little to wait for.
struct EarlySync<'f> {
    file: &'f File,
    since: usize,
    helper: Option<(Sender<()>, JoinHandle<()>)>,
}

impl<'f> EarlySync<'f> {
    fn new(file: &'f File) -> Self {
        Self { file, since: 0, helper: None }
    }

    fn sync_soon(&mut self) -> std::io::Result<()> {
        if self.helper.is_none() {
            let (file, (send, receive)) = (self.file.try_clone()?, channel());
            let work = move || {
                while receive.recv().is_ok() {
                    // An error shows again, and is reported, in the sync at the end.
                    let _ = file.sync_data();
                }
            };
            self.helper = Some((send, Builder::new().spawn(work)?));
        }
        if let Some((send, _)) = &self.helper {
            let _ = send.send(());
        }
        Ok(())
    }
}

impl Write for EarlySync<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.since += written;
        if self.since >= EARLY {
            self.since = 0;
            self.sync_soon()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for EarlySync<'_> {
    fn drop(&mut self) {
        if let Some((send, helper)) = self.helper.take() {
            drop(send);
            let _ = helper.join();
        }
    }
}

/// Writes one file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::bundle::write_file_atomically;
///
/// let path = std::env::temp_dir().join("cyclerprep-atomic.txt");
/// write_file_atomically(&path, |target| target.write_all(b"whole").map_err(|e| {
///     cyclerprep::Error::new(cyclerprep::ErrorKind::Io, e.to_string())
/// }))?;
/// assert_eq!(std::fs::read(&path)?, b"whole");
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) with the path; the target is then as it was.
pub fn write_file_atomically(
    target: impl AsRef<Path>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
) -> Result<()> {
    let target = target.as_ref();
    make_parent(target)?;
    let partial = Partial::beside(target)?;
    write_and_sync(partial.path(), target, write)?;
    fs::rename(partial.path(), target).map_err(io("cannot write", target))?;
    partial.done();
    Ok(())
}

/// Writes a value as JSON for people.
///
/// # Errors
/// [`ErrorKind::Io`] with the path; the target is then as it was.
pub(crate) fn write_json(target: impl AsRef<Path>, value: &impl serde::Serialize) -> Result<()> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|e| Error::new(ErrorKind::Io, format!("cannot write JSON: {e}")))?;
    text.push(b'\n');
    write_file_atomically(target, |file| file.write_all(&text).map_err(|e| Error::io("cannot write", e)))
}

/// Files of a folder that outlive it: the receipt of an upload says what the platform has, also when the bundle is made anew.
const KEPT: [&str; 1] = ["upload.json"];

/// Writes a folder of files; one that is there is replaced as a whole, but for the receipt of an upload. The first file is made
/// beside the others.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = std::env::temp_dir().join("cyclerprep-folder");
/// cyclerprep::bundle::write_folder_atomically(&folder, vec![("empty.txt", Box::new(|_| Ok(())))])?;
/// assert!(folder.join("empty.txt").is_file());
/// # std::fs::remove_dir_all(folder)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) with the path; the target is then as it was.
pub fn write_folder_atomically(target: impl AsRef<Path>, files: Vec<BundleFile<'_>>) -> Result<()> {
    let target = target.as_ref();
    make_parent(target)?;
    let partial = Partial::beside(target)?;
    fs::create_dir(partial.path()).map_err(io("cannot create", target))?;
    write_files(partial.path(), target, files)?;
    for name in KEPT {
        let (was, is) = (target.join(name), partial.path().join(name));
        if was.is_file() && !is.exists() {
            fs::copy(&was, &is).map_err(io("cannot keep", &was))?;
        }
    }
    let old = if target.exists() {
        let old = partial::beside(target)?;
        fs::rename(target, &old).map_err(io("cannot replace", target))?;
        Some(old)
    } else {
        None
    };
    if let Err(error) = fs::rename(partial.path(), target) {
        if let Some(old) = &old {
            let _ = fs::rename(old, target);
        }
        return Err(io("cannot write", target)(error));
    }
    partial.done();
    if let Some(old) = &old {
        fs::remove_dir_all(old).map_err(io("cannot remove the replaced", old))?;
    }
    Ok(())
}

/// Writes the files of `target` into the folder `within`. A thread waits for the disk with the others while the first, which is the
/// longest, is being made. It must not use rayon: all of rayon's threads may be waiting for it.
fn write_files(within: &Path, target: &Path, files: Vec<BundleFile<'_>>) -> Result<()> {
    let mut files = files.into_iter();
    let Some((name, first)) = files.next() else { return Ok(()) };
    if files.len() == 0 {
        return write_and_sync(&within.join(name), &target.join(name), first);
    }
    std::thread::scope(|scope| {
        let (send, written) = channel::<(File, PathBuf)>();
        let sync =
            move || written.iter().try_for_each(|(file, path)| file.sync_all().map_err(io("cannot write", &path)));
        let synced = Builder::new().spawn_scoped(scope, sync).map_err(io("cannot write", target))?;
        let others = || {
            files.try_for_each(|(name, write)| {
                let path = target.join(name);
                let file = write_unsynced(&within.join(name), &path, write)?;
                // Who takes no more has an error to tell.
                let _ = send.send((file, path));
                Ok(())
            })
        };
        let (first, others) = rayon::join(|| write_and_sync(&within.join(name), &target.join(name), first), others);
        drop(send);
        let synced = synced.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        first.and(others).and(synced)
    })
}

fn make_parent(target: &Path) -> Result<()> {
    match target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => fs::create_dir_all(parent).map_err(io("cannot create", parent)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("cyclerprep-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Files that are made on all threads, in folders that are written on all threads.
    #[test]
    fn folders_do_not_wait_for_each_other() {
        let root = scratch("folders");
        let bytes = |text: &'static [u8]| -> WriteFile<'static> {
            Box::new(move |w| {
                let (a, b) = rayon::join(|| text.to_vec(), || text.to_vec());
                w.write_all(&a).and(w.write_all(&b)).map_err(|e| Error::io("x", e))
            })
        };
        (0..8 * rayon::current_num_threads()).into_par_iter().for_each(|number| {
            let files = vec![("a", bytes(b"1")), ("b", bytes(b"2")), ("c", bytes(b"3"))];
            write_folder_atomically(root.join(number.to_string()), files).unwrap();
        });
        assert_eq!(fs::read(root.join("5/c")).unwrap(), b"33");
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_folder_appears_whole_or_not_at_all() {
        let root = scratch("folder");
        let target = root.join("a/bundle");
        let ok = |text: &'static str| -> Vec<BundleFile<'static>> {
            vec![(
                "x",
                Box::new(move |w: &mut (dyn Write + Send)| w.write_all(text.as_bytes()).map_err(|e| Error::io("x", e))),
            )]
        };
        write_folder_atomically(&target, ok("one")).unwrap();
        fs::write(target.join("upload.json"), "{}").unwrap();
        fs::write(target.join("other"), "").unwrap();
        write_folder_atomically(&target, ok("two")).unwrap();
        assert_eq!(fs::read(target.join("x")).unwrap(), b"two");
        assert_eq!(names(&target), ["upload.json", "x"]);
        let mut files = ok("three");
        files.push(("y", Box::new(|_| Err(Error::new(ErrorKind::Io, "disk full")))));
        let error = write_folder_atomically(&target, files).unwrap_err();
        assert_eq!(error.message(), "disk full");
        assert_eq!(fs::read(target.join("x")).unwrap(), b"two");
        assert_eq!(names(&root.join("a")), ["bundle"], "nothing is left beside it");
        write_file_atomically(root.join("f"), |w| w.write_all(b"z").map_err(|e| Error::io("x", e))).unwrap();
        assert_eq!(names(&root), ["a", "f"]);
        fs::remove_dir_all(&root).unwrap();
    }
}
