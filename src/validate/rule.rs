//! A code with everything that is said of it, declared beside its check.

use crate::issue::{IssueCode, Severity};

/// A code with everything that is said of it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::validate::Rule;
///
/// let rule = Rule::by_code("current_sign_reversed").unwrap();
/// println!("{}", rule.help());
/// assert!(rule.strict.is_none(), "it is always on");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The code.
    pub code: IssueCode,
    /// Whether it makes a measurement invalid.
    pub severity: Severity,
    /// The strict check that it belongs to; `None` = always on.
    pub strict: Option<&'static str>,
    /// Its heading in docs/validator.md, where the exact rule stands, as an anchor.
    pub section: &'static str,
    /// What it finds, why it matters, what to do.
    pub doc: &'static str,
}

/// Declares a rule: its doc comment is the text that `prep explain` and docs/rules.md show.
macro_rules! rule {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:ident, $severity:ident, $strict:expr, $section:literal;)+) => {
        $(pub(in crate::validate) static $name: $crate::validate::Rule = $crate::validate::Rule {
            code: $crate::issue::IssueCode::$code,
            severity: $crate::issue::Severity::$severity,
            strict: $strict,
            section: $section,
            doc: concat!($($doc, "\n"),+),
        };)+
    };
}
pub(super) use rule;

impl Rule {
    /// What to do: the last paragraph of the documentation.
    ///
    /// ```
    /// let rule = cyclerprep::validate::Rule::by_code("step_count_missing").expect("it is listed");
    /// assert!(rule.help().contains("set_step_count"));
    /// ```
    pub fn help(&self) -> String {
        let help = self.doc.split_once("**What to do.**").map_or("", |(_, help)| help);
        help.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The documentation as Markdown with the code as its heading.
    ///
    /// ```
    /// let rule = cyclerprep::validate::Rule::by_code("step_count_missing").expect("it is listed");
    /// assert!(rule.markdown().starts_with("## `step_count_missing`"));
    /// ```
    pub fn markdown(&self) -> String {
        self.markdown_with(&format!("docs/validator.md#{}", self.section))
    }

    /// The documentation with this reference to the exact rule.
    pub(super) fn markdown_with(&self, exact: &str) -> String {
        let severity = if self.severity == Severity::Error { "error" } else { "warning" };
        let mode = self.strict.map_or("always on".to_owned(), |name| format!("strict check `{name}`"));
        let doc: Vec<&str> = self.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        format!("## `{}`\n\n{severity}, {mode}, {exact}\n\n{}\n", self.code, doc.join("\n").trim())
    }
}
