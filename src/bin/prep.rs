//! `prep`: cycler files in, validated measurement bundles out.

use std::process::ExitCode;

/// Columns come and go by the megabyte; this allocator keeps their pages instead of giving each back to the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cyclerprep::cli::main(std::env::args_os()).into()
}
