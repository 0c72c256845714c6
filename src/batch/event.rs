//! What a run tells while it goes on.

use super::record::Record;
use super::walk::Input;

/// What a run tells while it goes on. First [`Found`](Self::Found), then, for each input that is begun,
/// [`Started`](Self::Started) and [`Ended`](Self::Ended) as they happen, and [`Done`](Self::Done) in the order of the inputs.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use std::ops::ControlFlow;
/// use cyclerprep::batch::{BatchOptions, Event, convert_all};
///
/// let out = std::env::temp_dir().join("cyclerprep-event");
/// let mut heard = Vec::new();
/// convert_all(&["fixtures/neware/flat.csv"], &out, &BatchOptions::default(), |event| {
///     heard.push(match event {
///         Event::Found(inputs) => format!("{} file", inputs.len()),
///         Event::Started(input) => format!("{} began", input.relative.display()),
///         Event::Done { input, .. } => format!("{} is told", input.relative.display()),
///         _ => return ControlFlow::Continue(()),
///     });
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(heard, ["1 file", "flat.csv began", "flat.csv is told"]);
/// # std::fs::remove_dir_all(out).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// All inputs, before the first is begun.
    Found(&'a [Input]),
    /// Work on an input began.
    Started(&'a Input),
    /// Work on an input ended.
    Ended(&'a Input),
    /// What became of an input.
    Done {
        /// The input.
        input: &'a Input,
        /// A record for each test that the input holds; one when it could not be read.
        records: &'a [Record],
    },
}
