//! Exit codes: 0 all good, 1 something is invalid, 2 something could not be read or the call was wrong. The highest wins.

use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Good,
    Invalid,
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Good => 0,
            Exit::Invalid => 1,
            Exit::Failed => 2,
        })
    }
}
