//! Exit codes: 0 all good, 1 something is invalid, 2 something could not be read or the call was wrong, 130 the
//! user stopped the run. The highest wins.

use crate::batch::{Record, Status};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Good,
    Invalid,
    Failed,
    Interrupted,
}

impl From<Exit> for u8 {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Good => 0,
            Exit::Invalid => 1,
            Exit::Failed => 2,
            Exit::Interrupted => 130,
        }
    }
}

impl Exit {
    pub fn of(record: &Record) -> Self {
        match record.status {
            Status::Invalid => Self::Invalid,
            Status::Skipped if record.is_invalid() => Self::Invalid,
            Status::Unreadable => Self::Failed,
            Status::Unknown if record.named => Self::Failed,
            _ => Self::Good,
        }
    }
}
