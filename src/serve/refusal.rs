//! Why a request is not answered.

/// Each is a status of HTTP and a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Malformed,
    Foreign,
    Token,
    Nothing,
    Method,
    TooSlow,
    TooLong,
    Range,
    Busy,
}

impl Refusal {
    /// Code and words of the status line.
    pub fn status(self) -> &'static str {
        match self {
            Self::Malformed => "400 Bad Request",
            Self::Token => "403 Forbidden",
            Self::Nothing => "404 Not Found",
            Self::Method => "405 Method Not Allowed",
            Self::TooSlow => "408 Request Timeout",
            Self::Range => "416 Range Not Satisfiable",
            Self::Foreign => "421 Misdirected Request",
            Self::TooLong => "431 Request Header Fields Too Large",
            Self::Busy => "503 Service Unavailable",
        }
    }

    /// For whoever looks at it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Malformed => "This is no request that prep view understands.",
            Self::Foreign => "prep view answers this machine alone: open the address that it printed.",
            Self::Token => "The address lacks its token: open the one that prep view printed; each run has another.",
            Self::Nothing => "There is nothing of this name.",
            Self::Method => "Measurements are looked at here, and not changed: only GET and HEAD are answered.",
            Self::TooSlow => "The request did not come in time.",
            Self::TooLong => "The head of the request is longer than 8 kB.",
            Self::Range => "There are not so many bytes.",
            Self::Busy => "Too many requests at once: try again.",
        }
    }
}
