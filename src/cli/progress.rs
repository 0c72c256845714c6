//! How far the work is: on a terminal a bar, elsewhere nothing.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::inputs::Input;

/// Names of current files that are shown.
const SHOWN: usize = 3;

#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    /// Asking the bar takes its lock, which [`suspend`](Self::suspend) holds.
    is_shown: bool,
    files: usize,
    current: Mutex<BTreeSet<PathBuf>>,
}

impl Progress {
    /// A bar over the bytes of all inputs, when people are watching and there is something to wait for.
    pub fn new(inputs: &[Input], wanted: bool) -> Self {
        let size = |input: &Input| std::fs::metadata(&input.path).map_or(0, |meta| meta.len());
        let total: u64 = inputs.iter().map(size).sum();
        let is_long = inputs.len() > 20 || total > 50 << 20;
        let is_shown = wanted && is_long && std::io::stderr().is_terminal();
        let bar = if is_shown {
            ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        let files = inputs.len();
        let style = ProgressStyle::with_template(
            "{bar:24} {prefix} files, {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left  {wide_msg}",
        );
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_prefix(format!("0/{files}"));
        bar.set_length(total.max(1));
        if is_shown {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        Self { bar, is_shown, files, current: Mutex::new(BTreeSet::new()) }
    }

    pub fn begin(&self, path: &Path) {
        self.change(|current| {
            current.insert(path.to_path_buf());
        });
    }

    pub fn end(&self, path: &Path, bytes: u64) {
        self.change(|current| {
            current.remove(path);
        });
        if self.is_shown {
            self.bar.inc(bytes);
        }
    }

    /// So many files are told.
    pub fn told(&self, files: usize) {
        if self.is_shown {
            self.bar.set_prefix(format!("{files}/{}", self.files));
        }
    }

    fn change(&self, change: impl FnOnce(&mut BTreeSet<PathBuf>)) {
        if !self.is_shown {
            return;
        }
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut current);
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.bar.set_message(current.iter().take(SHOWN).map(name).collect::<Vec<_>>().join(", "));
    }

    /// Writes lines without tearing the bar.
    pub fn suspend(&self, write: impl FnOnce()) {
        if self.is_shown { self.bar.suspend(write) } else { write() }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
