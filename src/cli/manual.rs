//! `prep completions` and `prep man`: made from the declaration of the command line.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;
use super::exit::Exit;
use crate::error::{Error, ErrorKind, Result};

/// Writes to stdout; a closed pipe is no reason to fail.
fn put(bytes: &[u8]) -> Exit {
    let _ = std::io::stdout().lock().write_all(bytes);
    Exit::Good
}

pub fn completions(shell: Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "prep", &mut script);
    Ok(put(&script))
}

/// One page: the command and, behind it, each of its commands.
pub fn man() -> Result<Exit> {
    let fail = |e: std::io::Error| Error::new(ErrorKind::Io, format!("cannot make the page: {e}"));
    let mut page = Vec::new();
    let mut command = Args::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(fail)?;
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        let man = clap_mangen::Man::new(part.clone().display_name(format!("prep {}", part.get_name())));
        man.render(&mut page).map_err(fail)?;
    }
    Ok(put(&page))
}
