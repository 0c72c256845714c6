//! Errors and issues in full: code, place, the line that is meant, what to do.

use std::fmt;
use std::path::Path;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::color;
use super::excerpt::Excerpt;
use crate::batch::Failure;
use crate::error::Place;
use crate::issue::{Severity, ValidationIssue};
use crate::names::counted;
use crate::validate::Rule;

#[derive(Debug)]
struct Finding {
    code: &'static str,
    message: String,
    help: String,
    severity: miette::Severity,
    excerpt: Option<Excerpt>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Finding {}

impl Diagnostic for Finding {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (start, length) = self.excerpt.as_ref()?.span;
        Some(Box::new(std::iter::once(LabeledSpan::new(None, start, length))))
    }
}

fn draw(finding: &Finding) -> String {
    let theme = if *color::IS_WANTED { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, finding).is_err() {
        text.clone_from(&finding.message);
    }
    text.trim_end().to_owned()
}

/// Why there is no measurement of a file.
pub fn failure(error: &Failure, path: Option<&Path>) -> String {
    let excerpt = match (&error.place, path) {
        (Some(Place::Line { line, field }), Some(path)) => Excerpt::of(path, *line, *field),
        _ => None,
    };
    let place = error.place.as_ref().map(|place| format!(", at {place}")).unwrap_or_default();
    draw(&Finding {
        code: error.kind.as_str(),
        message: format!("{}{place}", counted(&error.message)),
        help: error.kind.help().to_owned(),
        severity: miette::Severity::Error,
        excerpt,
    })
}

/// A finding of the validator.
pub fn issue(issue: &ValidationIssue) -> String {
    let code = issue.code.as_str();
    let is_error = issue.severity == Severity::Error;
    draw(&Finding {
        code,
        message: counted(&issue.message),
        help: Rule::by_code(code).map(Rule::help).unwrap_or_default(),
        severity: if is_error { miette::Severity::Error } else { miette::Severity::Warning },
        excerpt: None,
    })
}
