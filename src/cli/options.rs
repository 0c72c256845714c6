//! The options of `prep convert` for other front ends: what they are called, and what a run is asked for with them.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};

use super::args::{Args, Command};
use super::convert;
use crate::batch::BatchOptions;
use crate::error::{Error, ErrorKind, Result};

/// An option as the command line declares it.
///
/// ```
/// let all = cyclerprep::cli::options();
/// let capacity = all.iter().find(|option| option.name == "capacity").unwrap();
/// assert_eq!(capacity.values, ["auto", "reported", "integrated"]);
/// assert!(capacity.takes_value && !capacity.repeats);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionSpec {
    /// Its name without the dashes in front, such as `step-identity`.
    pub name: String,
    /// The heading under which the help shows it: `Reading`, `Validation`, `Output`; none for what is said of bundles.
    pub group: Option<String>,
    /// Whether it needs a value.
    pub takes_value: bool,
    /// Whether it may be given several times.
    pub repeats: bool,
    /// The words that it takes, where they are few.
    pub values: Vec<String>,
    /// What it is for.
    pub help: String,
}

/// Every option of `prep convert`, in the order of its help.
///
/// ```
/// let names: Vec<_> = cyclerprep::cli::options().into_iter().map(|option| option.name).collect();
/// assert!(names.contains(&"timezone".to_owned()) && names.contains(&"strict".to_owned()));
/// ```
pub fn options() -> Vec<OptionSpec> {
    let command = Args::command();
    let Some(convert) = command.find_subcommand("convert") else { return Vec::new() };
    let mut all = Vec::new();
    for argument in convert.get_arguments() {
        let Some(name) = argument.get_long() else { continue };
        let action = argument.get_action();
        all.push(OptionSpec {
            name: name.to_owned(),
            group: argument.get_help_heading().map(str::to_owned),
            takes_value: action.takes_values() && argument.get_num_args().is_none_or(|count| count.min_values() > 0),
            repeats: matches!(action, clap::ArgAction::Append),
            // A switch has the values true and false, which nobody writes; hidden ones are too many.
            values: if action.takes_values() && !argument.is_hide_possible_values_set() {
                argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
            } else {
                Vec::new()
            },
            help: argument.get_help().map(ToString::to_string).unwrap_or_default(),
        });
    }
    all
}

/// What `prep convert` is asked for with these arguments, which name neither inputs nor the output.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// let options = cyclerprep::cli::batch_options(["--strict", "--timezone=Europe/Berlin"])?;
/// assert!(options.prepare.validate.strict && options.prepare.map.timezone.is_some());
/// let error = cyclerprep::cli::batch_options(["--capacity=guessed"]).unwrap_err();
/// assert_eq!(error.message(), "expected one of auto, reported, integrated for --capacity, found \"guessed\"");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] for an unknown option or value.
pub fn batch_options(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<BatchOptions> {
    let before = ["prep", "convert", "--output", "-"].map(OsString::from);
    let after = ["--", "-"].map(OsString::from);
    let all = before.into_iter().chain(args.into_iter().map(Into::into)).chain(after);
    match Args::try_parse_from(all).map_err(|usage| wrong(&usage))?.command {
        Command::Convert(args) => convert::options(&args),
        _ => Err(Error::new(ErrorKind::Options, "expected options, found a command")),
    }
}

/// What clap says of a wrong option, without its usage lines.
fn wrong(usage: &clap::Error) -> Error {
    let of = |kind: ContextKind| match usage.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(all)) if !all.is_empty() => Some(all.join(", ")),
        _ => None,
    };
    let option = of(ContextKind::InvalidArg).map(|name| name.split([' ', '=']).next().unwrap_or_default().to_owned());
    let message = match (option, of(ContextKind::InvalidValue), of(ContextKind::ValidValue)) {
        (Some(option), Some(found), Some(values)) => format!("expected one of {values} for {option}, found {found:?}"),
        (Some(option), Some(found), None) => {
            let why = std::error::Error::source(usage).map(|why| format!(": {why}")).unwrap_or_default();
            format!("expected another value for {option} than {found:?}{why}")
        }
        _ => {
            let text = usage.to_string();
            text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
    };
    Error::new(ErrorKind::Options, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_a_name_a_help_and_a_group_that_people_see() {
        for option in options() {
            assert!(!option.help.is_empty(), "{option:?}");
            assert!(option.takes_value || option.values.is_empty() || option.name == "plot", "{option:?}");
            let group = option.group.as_deref();
            assert!(group.is_none_or(|group| ["Reading", "Validation", "Output"].contains(&group)), "{option:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_usage_lines() {
        let told = |args: &[&str]| batch_options(args).unwrap_err().message().to_owned();
        assert_eq!(told(&["--nonsense"]), "unexpected argument '--nonsense' found");
        assert_eq!(
            told(&["--time-offset-fix=soon"]),
            "expected another value for --time-offset-fix than \"soon\": invalid float literal"
        );
    }
}
