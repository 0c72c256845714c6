//! `prep`: cycler files in, validated measurement bundles out.

mod args;
mod batch;
mod config;
mod convert;
mod excerpt;
mod exit;
mod explain;
mod formats;
mod index;
mod inputs;
mod inspect;
mod manual;
mod page;
mod plot;
mod progress;
mod render;
mod report;
mod validate;

use std::process::ExitCode;

use clap::Parser;

/// Columns come and go by the megabyte; this allocator keeps their pages instead of giving each back to the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A caught panic of a library is told as the file's error, not twice.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !cyclerprep::guard::is_guarded() {
            usual(info);
        }
    }));
    let outcome = match config::arguments(std::env::args_os().collect()) {
        Ok(arguments) => run(args::Args::parse_from(arguments)),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            report::error_alone(&error);
            exit::Exit::Failed.into()
        }
    }
}

fn run(args: args::Args) -> cyclerprep::Result<exit::Exit> {
    match args.command {
        args::Command::Convert(convert) => convert::run(&convert),
        args::Command::Validate(validate) => validate::run(&validate),
        args::Command::Inspect(inspect) => inspect::run(&inspect),
        args::Command::Plot(plot) => plot::run(&plot),
        args::Command::Explain(explain) => explain::run(&explain),
        args::Command::Formats(formats) => formats::run(&formats),
        args::Command::Completions { shell } => manual::completions(shell),
        args::Command::Man => manual::man(),
    }
}
