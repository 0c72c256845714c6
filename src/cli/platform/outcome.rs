//! What became of each bundle, for people and for programs.

use std::path::PathBuf;

use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::voice::people::{self, count};
use crate::error::{Error, ErrorKind};
use crate::platform::{PlatformError, Uploaded};

/// One bundle of a run.
#[derive(Debug, Serialize)]
pub struct Outcome {
    pub bundle: PathBuf,
    /// `created`, `completed`, `extended`, `skipped`, `would_send`, `invalid`, `failed`.
    pub status: &'static str,
    pub name: Option<String>,
    pub cell_instance_id: Option<String>,
    pub measurement_id: Option<String>,
    pub rows: usize,
    pub error: Option<Failed>,
}

#[derive(Debug, Serialize)]
pub struct Failed {
    pub kind: ErrorKind,
    /// The platform's word, where it refused.
    pub code: Option<String>,
    pub existing_id: Option<String>,
    pub message: String,
}

impl Outcome {
    pub fn sent(bundle: PathBuf, sent: Uploaded) -> Self {
        Self {
            bundle,
            status: sent.status.as_str(),
            name: Some(sent.receipt.name),
            cell_instance_id: Some(sent.receipt.cell_instance_id),
            measurement_id: sent.receipt.measurement_id,
            rows: sent.receipt.rows,
            error: None,
        }
    }

    pub fn would_send(bundle: PathBuf, name: &str, rows: usize) -> Self {
        let name = Some(name.to_owned());
        Self { bundle, status: "would_send", name, cell_instance_id: None, measurement_id: None, rows, error: None }
    }

    pub fn failed(bundle: PathBuf, error: PlatformError) -> Self {
        let is_invalid = matches!(error, PlatformError::Invalid(_));
        let code = error.api().map(|error| error.code.as_str().to_owned());
        let existing_id = match &error {
            PlatformError::Differs { id, .. } => Some(id.clone()),
            error => error.api().and_then(|error| error.existing_id.clone()),
        };
        let message = error.to_string();
        let kind = if is_invalid { ErrorKind::Frame } else { Error::from(error).kind() };
        let error = Some(Failed { kind, code, existing_id, message });
        let status = if is_invalid { "invalid" } else { "failed" };
        Self { bundle, status, name: None, cell_instance_id: None, measurement_id: None, rows: 0, error }
    }

    pub fn exit(&self) -> Exit {
        match self.status {
            "invalid" => Exit::Invalid,
            "failed" => Exit::Failed,
            _ => Exit::Good,
        }
    }

    pub fn tell(&self, is_quiet: bool) {
        if let Some(error) = &self.error {
            people::say(&format!("{} {}: {}", self.status, self.bundle.display(), error.message));
        } else if !is_quiet {
            let id = self.measurement_id.as_ref().map(|id| format!(" → {id}")).unwrap_or_default();
            people::say(&format!("{} {}: {}{id}", self.status, self.bundle.display(), count(self.rows, "row")));
        }
    }
}

/// How many bundles had which status.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    created: usize,
    completed: usize,
    extended: usize,
    skipped: usize,
    would_send: usize,
    invalid: usize,
    failed: usize,
    /// Bundles that an interrupted run did not come to.
    pub left: usize,
    pub bytes: u64,
    pub seconds: f64,
}

impl Summary {
    pub fn add(&mut self, outcome: &Outcome) {
        let place = match outcome.status {
            "created" => &mut self.created,
            "completed" => &mut self.completed,
            "extended" => &mut self.extended,
            "skipped" => &mut self.skipped,
            "would_send" => &mut self.would_send,
            "invalid" => &mut self.invalid,
            _ => &mut self.failed,
        };
        *place += 1;
    }

    pub fn tell(&self) {
        let all = [
            (self.created, "created"),
            (self.completed, "completed"),
            (self.extended, "extended"),
            (self.skipped, "skipped"),
            (self.would_send, "would be sent"),
            (self.invalid, "invalid"),
            (self.failed, "failed"),
            (self.left, "left"),
        ];
        let words: Vec<_> =
            all.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
        people::say(&format!("{}, {} bytes sent, {:.1} s", words.join(", "), self.bytes, self.seconds));
    }
}
