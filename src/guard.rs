//! Libraries that may panic on bytes that nobody thought of: their panic becomes an error of the file.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Guarded work in the whole process.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// How the threads are called to which polars hands parts of its work: a panic there comes back to the thread that asked.
const HANDED_ON: &str = "polars-";

/// Whether this thread is inside a library whose panics are caught. A program's panic hook may stay silent then: the error
/// says what happened.
///
/// ```
/// let usual = std::panic::take_hook();
/// std::panic::set_hook(Box::new(move |info| {
///     if !cyclerprep::guard::is_guarded() {
///         usual(info);
///     }
/// }));
/// assert!(!cyclerprep::guard::is_guarded(), "no library is at work here");
/// ```
pub fn is_guarded() -> bool {
    let is_handed_on = || std::thread::current().name().is_some_and(|name| name.starts_with(HANDED_ON));
    DEPTH.get() > 0 || AT_WORK.load(Ordering::Relaxed) > 0 && is_handed_on()
}

/// Runs foreign code; `None` when it panicked.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    DEPTH.set(DEPTH.get() + 1);
    AT_WORK.fetch_add(1, Ordering::Relaxed);
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    AT_WORK.fetch_sub(1, Ordering::Relaxed);
    DEPTH.set(DEPTH.get() - 1);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_the_guard_ends_with_it() {
        assert_eq!(guarded(|| assert!(is_guarded())), Some(()));
        assert_eq!(guarded(|| [1][std::hint::black_box(1)]), None);
        assert!(!is_guarded());
    }

    #[test]
    fn work_that_is_handed_on_is_guarded_with_its_caller() {
        let there = |name: &str| {
            let thread = std::thread::Builder::new().name(name.to_owned());
            thread.spawn(is_guarded).unwrap().join().unwrap()
        };
        assert_eq!(guarded(|| (there("polars-0"), there("another"))), Some((true, false)));
    }
}
