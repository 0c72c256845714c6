//! How far the work is: on a terminal a bar, elsewhere nothing.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::batch::Input;

/// Names of current files that are shown.
const SHOWN: usize = 3;

#[derive(Debug)]
pub struct Progress {
    is_wanted: bool,
    /// There is one when people are watching and there is something to wait for.
    bar: Option<ProgressBar>,
    files: usize,
    told: usize,
    current: BTreeSet<PathBuf>,
}

impl Progress {
    pub fn new(is_wanted: bool) -> Self {
        let is_wanted = is_wanted && std::io::stderr().is_terminal();
        Self { is_wanted, bar: None, files: 0, told: 0, current: BTreeSet::new() }
    }

    /// A bar over the bytes of all inputs.
    pub fn expect(&mut self, inputs: &[Input]) {
        if !self.is_wanted {
            return;
        }
        let total: u64 = inputs.iter().map(size).sum();
        self.files = inputs.len();
        if self.files <= 20 && total <= 50 << 20 {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(total.max(1)), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(
            "{bar:24} {prefix} files, {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left  {wide_msg}",
        );
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_prefix(format!("0/{}", self.files));
        bar.enable_steady_tick(Duration::from_millis(250));
        self.bar = Some(bar);
    }

    pub fn begin(&mut self, input: &Input) {
        if let Some(bar) = &self.bar {
            self.current.insert(input.path.clone());
            bar.set_message(self.names());
        }
    }

    pub fn end(&mut self, input: &Input) {
        if let Some(bar) = &self.bar {
            self.current.remove(&input.path);
            bar.set_message(self.names());
            bar.inc(size(input));
        }
    }

    /// One more file is told: its lines are written without tearing the bar.
    pub fn told(&mut self, write: impl FnOnce()) {
        let Some(bar) = &self.bar else { return write() };
        bar.suspend(write);
        self.told += 1;
        bar.set_prefix(format!("{}/{}", self.told, self.files));
        if self.told == self.files {
            bar.finish_and_clear();
        }
    }

    fn names(&self) -> String {
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.current.iter().take(SHOWN).map(name).collect::<Vec<_>>().join(", ")
    }

    pub fn finish(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}

fn size(input: &Input) -> u64 {
    std::fs::metadata(&input.path).map_or(0, |meta| meta.len())
}
