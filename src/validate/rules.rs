//! The rules of all checks, and the page that they make.

use super::checks;
use super::rule::Rule;

/// All rules in the order of [`IssueCode::ALL`](crate::IssueCode::ALL).
///
/// ```
/// use cyclerprep::{IssueCode, validate::RULES};
///
/// assert!(RULES.iter().map(|rule| rule.code).eq(IssueCode::ALL.iter().copied()));
/// ```
pub static RULES: &[&Rule] = &[
    &checks::current_sign::REVERSED,
    &checks::current_sign::UNSIGNED,
    &checks::current_sign::INDETERMINATE,
    &checks::time_missing::RULE,
    &checks::time_start::RULE,
    &checks::time_order::RULE,
    &checks::step_count::MISSING,
    &checks::step_count::START,
    &checks::step_count::SEQUENCE,
    &checks::cumulative::NOT_RESET,
    &checks::cumulative::DECREASED,
    &checks::few_points::RULE,
    &checks::cycle_in_step::RULE,
    &checks::time_gap::RULE,
    &checks::voltage_continuity::RULE,
    &checks::same_direction::RULE,
    &checks::exceeds_rated::RULE,
    &checks::integral_mismatch::DISCHARGE_CAPACITY,
    &checks::integral_mismatch::CHARGE_CAPACITY,
    &checks::integral_mismatch::DISCHARGE_ENERGY,
    &checks::integral_mismatch::CHARGE_ENERGY,
    &checks::columns_swapped::CAPACITY,
    &checks::columns_swapped::ENERGY,
    &checks::ocp_columns::VOLTAGE,
    &checks::ocp_columns::AXIS,
    &checks::eis_columns::RULE,
    &checks::eis_sign::RULE,
    &checks::eis_magnitude::RULE,
    &checks::row_count::RULE,
    &checks::timing::START_FUTURE,
    &checks::timing::END_FUTURE,
    &checks::timing::END_BEFORE_START,
    &checks::timing::DURATION,
];

impl Rule {
    /// The rule with this code.
    ///
    /// ```
    /// let rule = cyclerprep::validate::Rule::by_code("time_gap_too_large").expect("it is listed");
    /// assert_eq!(rule.strict, Some("time_gaps"));
    /// ```
    pub fn by_code(code: &str) -> Option<&'static Self> {
        RULES.iter().copied().find(|rule| rule.code.as_str() == code)
    }
}

/// An item of a list, in lines of the length of this repository's pages.
fn item(name: &str, text: &str) -> String {
    const WIDTH: usize = 128;
    let mut lines = vec![format!("- `{name}`:")];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("  {word}")),
        }
    }
    lines.join("\n") + "\n"
}

/// The text of docs/rules.md.
///
/// ```
/// assert!(cyclerprep::validate::rules_markdown().contains("## `time_not_monotonic`"));
/// ```
pub fn rules_markdown() -> String {
    let head = "# Validation rules\n\nWhat the validator finds, why it matters and what to do. The exact rule of each check, with its \
                numbers and payload,\nstands in [validator.md](validator.md). Generated from the checks in \
                `src/validate/checks`; a test compares, and\n`prep explain CODE` shows the same text.\n";
    let exact = |rule: &Rule| rule.markdown_with(&format!("[exact rule](validator.md#{})", rule.section));
    let rules: Vec<String> = RULES.iter().map(|rule| exact(rule)).collect();
    let notes = crate::note::NoteCode::ALL.iter().map(|code| item(code.as_str(), code.doc()));
    let errors = crate::error::ErrorKind::ALL
        .iter()
        .map(|kind| item(kind.as_str(), &format!("{} {}", kind.doc().trim(), kind.help())));
    format!(
        "{head}\n{}\n# Notes\n\nNotes never make a measurement invalid; [decisions.md](decisions.md) has the rules behind \
         them.\n\n{}\n# Errors\n\nA file with an error is not read: no table can be made.\n\n{}",
        rules.join("\n"),
        notes.collect::<String>(),
        errors.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::IssueCode;

    #[test]
    fn every_code_has_one_rule_with_all_headings() {
        assert_eq!(RULES.iter().map(|r| r.code).collect::<Vec<_>>(), IssueCode::ALL);
        for rule in RULES {
            for heading in ["**What it finds.**", "**Why it matters.**", "**What to do.**"] {
                assert_eq!(rule.doc.matches(heading).count(), 1, "{} {heading}", rule.code);
            }
            assert!(rule.strict.is_none_or(|name| super::super::STRICT_CHECK_NAMES.contains(&name)));
        }
    }
}
