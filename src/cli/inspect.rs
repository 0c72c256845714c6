//! `prep inspect`.

use std::io::Write;

use rayon::prelude::*;

use super::args::{CheckArgs, Inspect};
use super::exit::Exit;
use super::inputs;
use super::survey::{Look, Survey};
use super::voice::{json, people};
use crate::batch::{Input, pool};
use crate::error::Result;
use crate::inspect::{Inspection, anonymous, inspect};
use crate::prepare::PrepareOptions;

/// Files from which on each is told in a line.
const MANY: usize = 4;

/// Files that are looked at before they are told.
const AT_ONCE: usize = 64;

pub fn run(args: &Inspect) -> Result<Exit> {
    let options = args.read.options(&CheckArgs::default())?;
    let inputs = inputs::collect(&args.inputs)?;
    if args.anonymous {
        return shapes(&inputs, &options);
    }
    let pool = pool(args.jobs)?;
    let is_short = inputs.len() >= MANY && !args.verbose;
    let (mut exit, mut survey) = (Exit::Good, Survey::default());
    let mut document = args.json.then(|| json::Document::new("prep-inspect/1"));
    // A reader that went away is no failure.
    let mut out = std::io::stdout();
    if is_short && !args.json && !args.json_lines {
        let _ = survey.head(&mut out);
    }
    for some in inputs.chunks(AT_ONCE) {
        let look = || some.par_iter().map(|input| Look::of(input, inspect(&input.path, &options))).collect::<Vec<_>>();
        for look in pool.as_ref().map_or_else(look, |pool| pool.install(look)) {
            exit = exit.max(look.exit());
            if let Some(document) = &mut document {
                document.file(&look);
            } else if args.json_lines {
                json::line("prep-inspected/1", &look);
            } else if is_short {
                let _ = look.line(&mut out);
            } else {
                match look.result() {
                    Ok(found) => write(&mut out, found).unwrap_or_default(),
                    Err(error) => people::error_alone(error),
                }
            }
            survey.add(look);
        }
    }
    let summary = survey.summary();
    if let Some(document) = document {
        document.end(&summary);
    } else if args.json_lines {
        json::line("prep-inspect-summary/1", &summary);
    } else {
        let _ = summary.write(&mut out, inputs.len() >= MANY);
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
