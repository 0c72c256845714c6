//! Libraries that may panic on bytes that nobody thought of: their panic becomes an error of the file.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

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
    DEPTH.get() > 0
}

/// Runs foreign code; `None` when it panicked.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    DEPTH.set(DEPTH.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
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
}
