//! `prep view`.

use std::path::Path;

use super::args::{CheckArgs, View};
use super::exit::Exit;
use super::opened::{self, Opened, Table, with_part};
use super::voice::people;
use crate::bundle::Report;
use crate::error::{Error, ErrorKind, Result};
use crate::page::Page;
use crate::prepare::{PrepareOptions, prepare_all};
use crate::source::Source;

pub fn run(args: &View) -> Result<Exit> {
    let is_page = args.output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html"));
    if !is_page {
        let message = format!("expected a page's name that ends in .html, found {:?}", args.output.display());
        return Err(Error::new(ErrorKind::Options, message));
    }
    let options = args.read.options(&CheckArgs::default())?;
    match opened::open(&args.input, &options)? {
        Opened::Table(table) => of_table(&table)?.write(&args.output)?,
        Opened::File(source) => of_cycler_file(source, &args.output, &options)?,
    }
    Ok(Exit::Good)
}

/// A bundle's report tells what was found; a table alone has none.
fn of_table(table: &Table) -> Result<Page> {
    let report = table.bundle.as_deref().and_then(|bundle| Report::read(bundle).ok());
    let title = report.as_ref().map_or_else(|| table.title(), Report::title);
    Page::new(title, &table.time_series, &table.steps, &table.cycles, report.as_ref())
        .map_err(|error| error.in_file(table.path.display().to_string()))
}

/// A measurement that is not valid gets its page too: it is the one to look at.
fn of_cycler_file(source: Source, output: &Path, options: &PrepareOptions) -> Result<()> {
    let measurements = prepare_all(source, options)?;
    let several = measurements.len() > 1;
    for measurement in measurements {
        let target = match &measurement.report.part {
            Some(part) if several => with_part(output, part),
            _ => output.to_path_buf(),
        };
        measurement.page()?.write(&target).map_err(|error: Error| error.in_file(target.display().to_string()))?;
        if several {
            people::say(&format!("wrote {}", target.display()));
        }
    }
    Ok(())
}
