//! `prep`: cycler files in, validated measurement bundles out.

use std::process::ExitCode;

fn main() -> ExitCode {
    cyclerprep::cli::main(std::env::args_os()).into()
}
