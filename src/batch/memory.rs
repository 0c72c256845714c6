//! How much memory the files in work may need together.

/// What files in work may need together. One that needs more than all of it is worked on alone.
const BUDGET: u64 = 4 << 30;

/// Memory that a file needs for each of its bytes, and what it needs whatever its size.
const PER_BYTE: u64 = 5;
const LEAST: u64 = 4 << 20;

/// Memory that is given to files and taken back.
#[derive(Debug)]
pub(super) struct Memory {
    used: u64,
    files: usize,
    most_files: usize,
}

impl Memory {
    pub(super) fn for_threads(threads: usize) -> Self {
        Self { used: 0, files: 0, most_files: 2 * threads }
    }

    /// What a file of this size needs.
    pub(super) fn need(size: u64) -> u64 {
        size.saturating_mul(PER_BYTE).saturating_add(LEAST).min(BUDGET)
    }

    /// Whether there was enough for one more file.
    pub(super) fn take(&mut self, need: u64) -> bool {
        let is_full = self.used + need > BUDGET || self.files >= self.most_files;
        if self.is_in_use() && is_full {
            return false;
        }
        self.used += need;
        self.files += 1;
        true
    }

    pub(super) fn give_back(&mut self, need: u64) {
        self.used -= need;
        self.files -= 1;
    }

    /// Whether any file is in work.
    pub(super) fn is_in_use(&self) -> bool {
        self.files > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_worked_on_alone_and_small_ones_side_by_side() {
        let (mut memory, large, small) = (Memory::for_threads(2), Memory::need(u64::MAX), Memory::need(0));
        assert!(memory.take(large) && !memory.take(small));
        memory.give_back(large);
        assert!(!memory.is_in_use());
        // Two for each thread, so that one is ready when another ends.
        assert_eq!((0..9).filter(|_| memory.take(small)).count(), 4);
        assert!(!memory.take(large));
    }
}
