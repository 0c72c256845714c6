//! When a request is sent once more, and after which pause.

use std::time::{Duration, SystemTime};

/// The longest pause that is waited; a server that asks for more is told to the caller instead.
pub(super) const LONGEST: Duration = Duration::from_secs(120);

/// What became of one attempt that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missed {
    /// The server answered with this status and, perhaps, asked to wait.
    Status(u16, Option<Duration>),
    /// The connection broke, or nobody answered in time.
    Broken,
}

/// The pause before the next attempt; `None` when there must be none. `is_safe`: the request may be repeated without knowing
/// whether it took effect.
pub(super) fn pause(missed: Missed, is_safe: bool, done: u32, attempts: u32, first: Duration) -> Option<Duration> {
    if done >= attempts {
        return None;
    }
    let grown = first.saturating_mul(1 << done.saturating_sub(1).min(10)).min(LONGEST);
    match missed {
        Missed::Broken => is_safe.then_some(grown),
        Missed::Status(502..=504, wait) if is_safe => Some(wait.unwrap_or(grown)).filter(|pause| *pause <= LONGEST),
        // A request that was turned away did nothing; without a time to wait for, it is a quota, and a POST is not repeated.
        Missed::Status(429, Some(wait)) => Some(wait).filter(|pause| *pause <= LONGEST),
        Missed::Status(429, None) => is_safe.then_some(grown),
        Missed::Status(..) => None,
    }
}

/// `Retry-After`: seconds, or a date.
pub(super) fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let date: SystemTime = date.timestamp().into();
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_a_post_is_not_repeated_blindly() {
        let first = Duration::from_millis(500);
        let wait = |missed, is_safe, done| pause(missed, is_safe, done, 5, first).map(|pause| pause.as_millis());
        assert_eq!(
            [1, 2, 3, 4, 5].map(|done| wait(Missed::Broken, true, done)),
            [Some(500), Some(1000), Some(2000), Some(4000), None]
        );
        assert_eq!(wait(Missed::Broken, false, 1), None);
        assert_eq!(wait(Missed::Status(503, None), false, 1), None);
        assert_eq!(wait(Missed::Status(503, Some(Duration::from_secs(3))), true, 1), Some(3000));
        assert_eq!(wait(Missed::Status(429, Some(Duration::from_secs(3))), false, 1), Some(3000));
        assert_eq!(wait(Missed::Status(429, None), false, 1), None);
        assert_eq!(wait(Missed::Status(429, Some(Duration::from_secs(86_400))), true, 1), None);
        assert_eq!(wait(Missed::Status(404, None), true, 1), None);
    }

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770);
        assert_eq!(retry_after(" 7 ", now), Some(Duration::from_secs(7)));
        // 06:49:37 that day is 784 111 777 s after 1970.
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("soon", now), None);
    }
}
