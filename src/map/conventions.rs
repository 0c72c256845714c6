//! How a maker's programs write files, as far as the shared code must know.

/// The habits of a maker's programs.
#[derive(Debug)]
pub(crate) struct Conventions {
    /// The order of rows.
    pub(crate) rows: RowOrder,
    /// What the first row's clock says of the start.
    pub(crate) start: StartClock,
    /// How numbered auxiliary channels are called.
    pub(crate) auxiliary: AuxiliaryNames,
    /// Whether a loop counter that changes begins a step.
    pub(crate) loops_begin_steps: bool,
    /// Whether some of the maker's exports write millivolts under a header that says volts: then they are corrected.
    pub(crate) volts_may_be_milli: bool,
}

impl Conventions {
    /// Rows as written, a start that the first row's clock tells, and nothing that needs to be set right.
    pub(crate) const PLAIN: Self = Self {
        rows: RowOrder::AsWritten,
        start: StartClock::FirstRow,
        auxiliary: AuxiliaryNames::InWords,
        loops_begin_steps: false,
        volts_may_be_milli: false,
    };
}

/// The order of a file's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowOrder {
    /// As written.
    AsWritten,
    /// By record number: the maker's programs write them in another order at times.
    ByRecord,
    /// By record number, as long as each stands for one record: a later part of a test may count anew.
    ByRecordUnlessItRestarts,
}

/// What the first row's clock says of the start of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartClock {
    /// It is the start.
    FirstRow,
    /// The first row is one logging interval into the test, so its test time is taken off. A clock of whole seconds is worth
    /// less than the header's start.
    FirstRowLessItsTime,
}

/// Names of numbered auxiliary channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuxiliaryNames {
    /// `Temperature 2 [degC]`, `Aux voltage 1 [V]`.
    InWords,
    /// `Aux T2 from cycler [degC]`, `Aux V1 from cycler [V]`: the cycler's own letters.
    ByLetter,
}
