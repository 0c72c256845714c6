//! The widest registers of the processor. A program for all of its kind may use no more than the oldest ones have, so the loops
//! that most rows go through exist twice, and the processor is asked which of them it can run.

#[cfg(target_arch = "x86_64")]
use fearless_simd::{Level, Simd};

/// Does the work with the widest registers there are. What it gives is the same: only what is inlined into it is made anew, and no
/// order of sums changes.
#[inline(always)]
pub(crate) fn widest<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if let Some(wide) = Level::new().as_avx2() {
        return wide.vectorize(work);
    }
    work()
}
