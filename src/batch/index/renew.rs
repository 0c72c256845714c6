//! A file is written when it would change: a run that finds everything fresh waits for no disk.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Result, Write};
use std::path::Path;

use crate::bundle;
use crate::error;

/// Writes the file whole, unless it holds these bytes already.
pub(super) fn renew(path: &Path, write: impl Fn(&mut (dyn Write + Send)) -> error::Result<()>) -> error::Result<()> {
    if let Ok(file) = File::open(path) {
        let mut same = Same { file: BufReader::new(file), is_same: true };
        write(&mut same)?;
        if same.reached_the_end() {
            return Ok(());
        }
    }
    bundle::write_file_atomically(path, write)
}

/// Compares what is written with a file.
struct Same {
    file: BufReader<File>,
    is_same: bool,
}

impl Same {
    /// Whether all was the same and nothing follows.
    fn reached_the_end(mut self) -> bool {
        self.is_same && matches!(self.file.read(&mut [0]), Ok(0))
    }
}

impl Write for Same {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut rest = bytes;
        // Texts are written in thousands of pieces of a few bytes: nothing is copied to compare them.
        while self.is_same && !rest.is_empty() {
            let found = self.file.fill_buf().unwrap_or_default();
            let length = found.len().min(rest.len());
            let (some, behind) = rest.split_at(length);
            self.is_same = length > 0 && found.starts_with(some);
            self.file.consume(length);
            rest = behind;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_only_when_it_changes() {
        let path = std::env::temp_dir().join(format!("cyclerprep-{}-renew", std::process::id()));
        let long = "x".repeat(10_000);
        let modified = || std::fs::metadata(&path).unwrap().modified().unwrap();
        for text in ["", "one", "one!", "on", long.as_str()] {
            let write =
                |to: &mut (dyn Write + Send)| to.write_all(text.as_bytes()).map_err(|e| error::Error::io("x", e));
            renew(&path, write).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
            let before = modified();
            renew(&path, write).unwrap();
            assert_eq!(modified(), before, "{} bytes", text.len());
        }
        std::fs::remove_file(&path).unwrap();
    }
}
