//! Labels of the direction that are no maker's own.

use crate::vocab::Direction;

/// Words of labels, in lower case. Discharge is asked first.
static DISCHARGE: &[&str] = &["d", "dch", "dchg", "dischg", "dis", "discharge", "discharging", "entladen", "entladung"];
static CHARGE: &[&str] = &["c", "cha", "chg", "charge", "charging", "laden", "ladung"];
static NEITHER: &[&str] =
    &["", "r", "s", "p", "o", "rest", "resting", "pause", "pau", "idle", "ocv", "ocp", "wait", "end", "stop", "ruhe"];

pub(super) fn direction(text: &str) -> Direction {
    let lower = text.trim().to_lowercase();
    let has = |words: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    match () {
        () if has(DISCHARGE) => Direction::Discharge,
        () if has(CHARGE) => Direction::Charge,
        () if has(NEITHER) => Direction::Neither,
        () => Direction::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_label_tell() {
        for (label, meant) in [
            ("CC_DChg", Direction::Discharge),
            ("CCCV charge", Direction::Charge),
            ("Charging", Direction::Charge),
            ("Rest", Direction::Neither),
            ("", Direction::Neither),
            ("GITT 3", Direction::Unknown),
        ] {
            assert_eq!(direction(label), meant, "{label}");
        }
    }
}
