//! The command line as a function, so that other front ends can call it: arguments in, exit code out.

mod args;
mod choices;
mod config;
mod convert;
mod exit;
mod explain;
mod formats;
mod inputs;
mod inspect;
mod interrupt;
mod manual;
mod opened;
mod opener;
mod options;
#[cfg(feature = "platform")]
mod platform;
mod plot;
mod progress;
mod survey;
mod validate;
mod values;
mod view;
mod voice;

use std::ffi::OsString;
use std::sync::Once;

use clap::Parser;

use crate::error::{ErrorKind, Result};
use crate::guard;
use exit::Exit;
pub use explain::explain;
pub use inputs::expand;
pub use options::{OptionSpec, batch_options, options};
use voice::people;

/// Runs `prep` with these arguments, the program's own name first, and returns its exit code: 0 all good, 1 something is
/// invalid, 2 something could not be read or the call was wrong, 130 interrupted.
///
/// It writes to stdout and stderr, and while it converts it listens to Ctrl-C: the first lets what has begun finish. Only
/// after a second one it returns before its work ended, and what it was writing is removed: end the process then.
///
/// ```
/// let folder = std::env::temp_dir().join("cyclerprep-command");
/// let out = folder.to_string_lossy();
/// assert_eq!(cyclerprep::cli::main(["prep", "convert", "fixtures/neware/flat.csv", "-o", &out, "-q"]), 0);
/// assert!(folder.join("flat.csv/report.json").is_file());
/// assert_eq!(cyclerprep::cli::main(["prep", "explain", "no_such_code"]), 2);
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
pub fn main(args: impl IntoIterator<Item = impl Into<OsString>>) -> u8 {
    let given: Vec<OsString> = args.into_iter().map(Into::into).collect();
    silence_guarded_panics();
    let outcome = interrupt::watch(move || match config::arguments(given) {
        Ok(arguments) => match args::Args::try_parse_from(arguments) {
            Ok(args) => tell(run(args)),
            Err(usage) => {
                // Help and versions come this way too; a reader that went away is no failure.
                let _ = usage.print();
                if usage.use_stderr() { Exit::Failed } else { Exit::Good }
            }
        },
        Err(error) => tell(Err(error)),
    });
    tell(outcome).into()
}

/// An error of the run as a whole is told on its own.
fn tell(outcome: Result<Exit>) -> Exit {
    outcome.unwrap_or_else(|error| {
        people::error_alone(&error);
        if error.kind() == ErrorKind::Interrupted { Exit::Interrupted } else { Exit::Failed }
    })
}

/// A caught panic of a library is told as the file's error, not twice.
fn silence_guarded_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !guard::is_guarded() {
                usual(info);
            }
        }));
    });
}

fn run(args: args::Args) -> Result<Exit> {
    match args.command {
        args::Command::Convert(convert) => convert::run(&convert),
        args::Command::Validate(validate) => validate::run(&validate),
        args::Command::Inspect(inspect) => inspect::run(&inspect),
        args::Command::Plot(plot) => plot::run(&plot),
        args::Command::View(view) => view::run(&view),
        #[cfg(feature = "platform")]
        args::Command::Upload(upload) => platform::upload(&upload),
        #[cfg(feature = "platform")]
        args::Command::Fetch(fetch) => platform::fetch(&fetch),
        #[cfg(feature = "platform")]
        args::Command::Platform(platform) => platform::records(&platform),
        args::Command::Explain(explain) => explain::run(&explain),
        args::Command::Formats(formats) => formats::run(&formats),
        args::Command::Completions { shell } => manual::completions(shell),
        args::Command::Man => manual::man(),
    }
}
