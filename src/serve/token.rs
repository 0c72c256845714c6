//! Words that nobody guesses.

use std::hash::{BuildHasher, RandomState};

/// 128 bits that the operating system's random numbers are behind, as 32 hexadecimal digits: the standard library takes the keys of
/// its hash functions from there, and what such a function gives cannot be told without them.
pub fn token() -> String {
    let keys = RandomState::new();
    [0u8, 1].map(|half| format!("{:016x}", keys.hash_one(half))).concat()
}

/// Whether two words are equal, in a time that does not tell how far they are.
pub fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_are_alike() {
        let some: HashSet<String> = (0..1000).map(|_| token()).collect();
        assert_eq!(some.len(), 1000);
        assert!(some.iter().all(|token| token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit())));
        // Each bit is set in about half of them: four standard deviations of 1,000 coins are 64.
        for bit in 0..128 {
            let set = |token: &&String| u128::from_str_radix(token, 16).unwrap() >> bit & 1 == 1;
            let count = some.iter().filter(set).count();
            assert!((400..=600).contains(&count), "bit {bit} is set in {count}");
        }
    }

    #[test]
    fn equal_is_equal() {
        assert!(is_same("ab", "ab") && !is_same("ab", "aB") && !is_same("ab", "abc") && !is_same("", "a"));
    }
}
