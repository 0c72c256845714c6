//! How much is said, and to whom.

use crate::cli::args::OutputArgs;

/// How much is said, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Quiet,
    Normal,
    Verbose,
    Json,
    JsonLines,
}

impl Voice {
    pub fn of(args: &OutputArgs) -> Self {
        match (args.json, args.quiet, args.verbose) {
            _ if args.json_lines => Self::JsonLines,
            (true, ..) => Self::Json,
            (_, true, _) => Self::Quiet,
            (_, _, true) => Self::Verbose,
            _ => Self::Normal,
        }
    }
}

/// How a finding is told: in full, or in a line each when there are many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Full,
    Short,
}

impl Detail {
    /// Files up to which findings are told in full.
    const FEW: usize = 3;

    pub fn for_files(files: usize) -> Self {
        if files <= Self::FEW { Self::Full } else { Self::Short }
    }
}
