//! `--config FILE`: the options of a TOML file as if they stood on the command line before the others.

use std::ffi::OsString;

use crate::error::{Error, ErrorKind, Result};

/// The arguments with those of the configuration file put behind the command's name. Single options given twice are taken
/// from the command line; lists of both are joined.
pub fn arguments(given: Vec<OsString>) -> Result<Vec<OsString>> {
    let text = |a: &OsString| a.to_string_lossy().into_owned();
    let Some(at) = given.iter().position(|a| text(a) == "--config" || text(a).starts_with("--config=")) else {
        return Ok(given);
    };
    let path = match text(&given[at]).strip_prefix("--config=") {
        Some(path) => path.to_owned(),
        None => given.get(at + 1).map(text).unwrap_or_default(),
    };
    let fail = |what: String| Error::new(ErrorKind::Options, format!("cannot use the configuration {path:?}: {what}"));
    let content = std::fs::read_to_string(&path).map_err(|e| fail(e.to_string()))?;
    let table: toml::Table = content.parse().map_err(|e: toml::de::Error| fail(e.message().to_owned()))?;
    let mut more: Vec<OsString> = Vec::new();
    for (key, value) in table {
        let flag = format!("--{}", key.replace('_', "-"));
        let named = given.iter().map(text).any(|a| a == flag || a.starts_with(&format!("{flag}=")));
        match value {
            toml::Value::Boolean(true) if !named => more.push(flag.into()),
            toml::Value::Boolean(_) => {}
            toml::Value::Array(items) => {
                for item in items {
                    more.push(
                        format!("{flag}={}", plain(&item).ok_or_else(|| fail(format!("{key} holds a table")))?).into(),
                    );
                }
            }
            // `[map]` and `[constant]`: name = target.
            toml::Value::Table(pairs) => {
                for (name, target) in pairs {
                    let target = plain(&target).ok_or_else(|| fail(format!("{key}.{name} is no text or number")))?;
                    more.push(format!("{flag}={name}={target}").into());
                }
            }
            value if !named => {
                let value = plain(&value).ok_or_else(|| fail(format!("{key} is no text or number")))?;
                more.push(format!("{flag}={value}").into());
            }
            _ => {}
        }
    }
    // Behind the program's and the command's name.
    let mut all = given;
    let behind = 2.min(all.len());
    all.splice(behind..behind, more);
    Ok(all)
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}
