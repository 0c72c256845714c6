//! `prep inspect`.

use std::io::Write;

use super::args::{CheckArgs, Inspect};
use super::exit::Exit;
use super::inputs;
use super::voice::people;
use crate::batch::{Failure, Input};
use crate::error::{ErrorKind, Result};
use crate::inspect::{Inspection, anonymous, inspect};
use crate::prepare::PrepareOptions;

pub fn run(args: &Inspect) -> Result<Exit> {
    let options = args.read.options(&CheckArgs::default())?;
    let inputs = inputs::collect(&args.inputs)?;
    if args.anonymous {
        return shapes(&inputs, &options);
    }
    let mut exit = Exit::Good;
    let mut documents = Vec::new();
    let mut out = std::io::stdout().lock();
    for input in &inputs {
        let found = inspect(&input.path, &options);
        match &found {
            Ok(found) if args.json => documents.push(serde_json::to_value(found).unwrap_or_default()),
            Ok(found) => write(&mut out, found).unwrap_or_default(),
            Err(error) => {
                let unknown =
                    matches!(error.kind(), ErrorKind::UnknownFormat | ErrorKind::NotATimeSeries | ErrorKind::SideFile);
                if input.named || !unknown {
                    exit = Exit::Failed;
                }
                if args.json {
                    let source = input.path.display().to_string();
                    let error = Failure::of(error);
                    documents.push(serde_json::json!({"source": source, "error": error}));
                } else {
                    people::error_alone(error);
                }
            }
        }
    }
    if args.json {
        let text = serde_json::to_string_pretty(&serde_json::json!({ "files": documents })).unwrap_or_default();
        // A reader that went away is no failure.
        let _ = writeln!(out, "{text}");
    }
    Ok(exit)
}

/// `--anonymous`: a file that cannot be read is what it is for, so that is no failure.
fn shapes(inputs: &[Input], options: &PrepareOptions) -> Result<Exit> {
    let shapes = inputs.iter().map(|input| anonymous(&input.path, options)).collect::<Result<Vec<_>>>()?;
    let text = serde_json::to_string_pretty(&shapes).unwrap_or_default();
    let _ = writeln!(std::io::stdout().lock(), "{text}");
    Ok(Exit::Good)
}

fn write(out: &mut impl Write, found: &Inspection) -> std::io::Result<()> {
    writeln!(out, "{}", found.source)?;
    writeln!(out, "  {} ({}), {}", found.format, found.reader, found.why)?;
    for test in &found.tests {
        if let Some(part) = &test.part {
            writeln!(out, "  part {part}")?;
        }
        writeln!(out, "  dialect: {}", test.dialect)?;
        let about = if test.rows_are_estimated { "about " } else { "" };
        writeln!(out, "  rows: {about}{}", test.rows)?;
        if let (Some(first), Some(last)) = (test.first_time, test.last_time) {
            writeln!(out, "  time: {first} s to {last} s")?;
        }
        if let Some(start) = &test.start_time {
            writeln!(out, "  start: {start}")?;
        }
        let width = test.columns.iter().map(|c| c.header.chars().count()).max().unwrap_or(0);
        for column in &test.columns {
            let target = column.target.as_deref().unwrap_or("not mapped");
            let how = column.conversion.as_deref().unwrap_or("");
            writeln!(out, "  {:width$}  → {target}{how}", column.header)?;
        }
        for (label, value) in test.facts.iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(out, "  {label}: {}", value.replace('\n', " / ").chars().take(100).collect::<String>())?;
        }
        for note in test
            .notes
            .iter()
            .filter(|note| note.code.as_str() != "columns_unmapped" && note.code.as_str() != "unit_converted")
        {
            writeln!(out, "  note {}: {}", note.code.as_str(), note.message)?;
        }
    }
    Ok(())
}
