//! What is said about each file: to people, as one JSON document, or as a JSON object a line.

mod color;
mod excerpt;
pub mod json;
mod manner;
pub mod people;
mod render;
mod unread;

use manner::Detail;
pub use manner::Voice;

use crate::batch::{Record, Summary};

/// Tells the files of a run in one voice, and its end.
#[derive(Debug)]
pub struct Teller {
    voice: Voice,
    /// What a file without complaint is.
    good: &'static str,
    detail: Detail,
    document: json::Document,
    /// Of a run over many files.
    unread: Option<unread::Unread>,
}

impl Teller {
    pub fn new(voice: Voice, good: &'static str) -> Self {
        Self { voice, good, detail: Detail::Full, document: json::Document::new("prep-run/1"), unread: None }
    }

    /// So many files are going to be told.
    pub fn expect(&mut self, files: usize) {
        self.detail = Detail::for_files(files);
        let is_told = matches!(self.voice, Voice::Normal | Voice::Verbose);
        self.unread = (is_told && files > 1).then(unread::Unread::default);
    }

    pub fn record(&mut self, record: &Record) {
        self.unread.iter_mut().for_each(|unread| unread.add(record));
        match self.voice {
            Voice::JsonLines => json::line("prep-file/1", record),
            Voice::Json => self.document.file(record),
            voice => people::record(record, voice, self.detail),
        }
    }

    pub fn end(self, summary: &Summary) {
        self.unread.iter().for_each(unread::Unread::tell);
        match self.voice {
            Voice::JsonLines => json::line("prep-summary/1", summary),
            Voice::Json => self.document.end(summary),
            voice => people::end(summary, self.good, voice),
        }
    }
}
