//! Whether one piece of a test follows another: what speaks against it, what speaks for it.

use super::{Names, Piece};

/// Clocks of two files may disagree by this much, in milliseconds.
const SLACK: i64 = 60_000;

/// Origins of one test time agree within this, in milliseconds.
const SAME_ORIGIN: i64 = 5_000;

/// How two pieces stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// The second follows the first: what speaks for it.
    With(&'static str),
    /// What speaks against it.
    Against(String),
    /// Nothing speaks for it.
    None,
}

/// What speaks against `b` as a later piece of the test of `a`, with both numbers or names.
pub(crate) fn against(a: &Piece, b: &Piece) -> Option<String> {
    let (first, second) = (a.file_name(), b.file_name());
    let differ = |what: &str, a: Option<&str>, b: Option<&str>| {
        let (a, b) = a.zip(b).filter(|(a, b)| a != b)?;
        Some(format!("{first:?} is of {what} {a:?}, {second:?} of {what} {b:?}"))
    };
    let channel = differ("channel", a.channel.as_deref(), b.channel.as_deref());
    let cell = differ("cell", a.barcode.as_deref(), b.barcode.as_deref());
    let same_cell = a.barcode.is_some() && a.barcode == b.barcode;
    let test = differ("test", a.stated_test(), b.stated_test()).filter(|_| !same_cell);
    channel.or(cell).or(test).or_else(|| {
        if let Some(((_, last), (next, _))) = a.records.zip(b.records).filter(|(a, b)| b.0 <= a.1) {
            return Some(format!(
                "the record numbers do not go on: {second:?} begins with record {next}, {first:?} ends with record {last}"
            ));
        }
        let (end, start) = a.end.or(a.start).zip(b.start).filter(|(end, start)| *end > start.saturating_add(SLACK))?;
        Some(format!("{second:?} begins at {}, before {first:?} ends at {}", clock(start), clock(end)))
    })
}

/// A clock for people, in UTC.
fn clock(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).map_or_else(|_| milliseconds.to_string(), |at| at.to_string())
}

/// Whether `b` follows `a`. `is_later` says whether its name has a larger number.
pub(super) fn link(a: &Piece, b: &Piece, names: Names, is_later: bool) -> Link {
    if let Some(why) = against(a, b) {
        return Link::Against(why);
    }
    if a.records.zip(b.records).is_some_and(|(a, b)| a.1.checked_add(1) == Some(b.0)) {
        return Link::With("the record numbers go on");
    }
    if time_goes_on(a, b) {
        return Link::With("the test time goes on");
    }
    if names == Names::Maker {
        if let Some(why) = own_run(a, b) {
            return Link::Against(why);
        }
        if is_later && a.start.zip(b.start).is_none_or(|(a, b)| a <= b.saturating_add(SLACK)) {
            return Link::With("the names that the cycler's program gave them");
        }
    }
    let same = a.channel.is_some() && a.channel == b.channel && a.identity().is_some() && a.identity() == b.identity();
    if names == Names::Numbered && same && a.end.is_some() && b.start.is_some() {
        return Link::With("the same test on the same channel, one after the other");
    }
    Link::None
}

/// Whether the test time of `b` carries on that of `a`: it has the same origin by the clocks, or where these do not tell, begins
/// where the other ends.
fn time_goes_on(a: &Piece, b: &Piece) -> bool {
    let Some((first, second)) = a.times.zip(b.times) else { return false };
    let gap = second.0 - first.1;
    if gap < -1e-6 || second.0 <= 0.0 {
        return false;
    }
    let origin = |piece: &Piece, time: f64| Some(piece.start?.saturating_sub((time * 1000.0).round() as i64));
    match origin(a, first.0).zip(origin(b, second.0)) {
        Some((a, b)) => a.abs_diff(b) <= SAME_ORIGIN.unsigned_abs(),
        None => gap <= 10.0 * a.interval().max(b.interval()).max(0.1),
    }
}

/// A test time that runs already when the file begins, since a moment after the other file ended: `b` is of a run of its own, the
/// beginning of which is another file.
fn own_run(a: &Piece, b: &Piece) -> Option<String> {
    let (time, start, end) = (b.times?.0, b.start?, a.end?);
    let origin = start.saturating_sub((time * 1000.0).round() as i64);
    let runs_already = time > (1.5 * b.interval()).max(2.0);
    (runs_already && origin > end.saturating_add(SAME_ORIGIN)).then(|| {
        format!(
            "the test time of {:?} runs since {}, after {:?} ended at {}: it is of another run",
            b.file_name(),
            clock(origin),
            a.file_name(),
            clock(end)
        )
    })
}
