//! `prep view`: a page in a file, or served to a browser of this machine.

use std::io::Write;
use std::path::Path;

use super::args::{CheckArgs, View};
use super::exit::Exit;
use super::opened::{self, Opened, Table, each_part};
use super::opener;
use super::voice::people;
use crate::bundle::Report;
use crate::error::{Error, ErrorKind, Result};
use crate::page::{Page, ServedPage};
use crate::prepare::{PrepareOptions, prepare_all};
use crate::serve::Server;
use crate::source::Source;

pub fn run(args: &View) -> Result<Exit> {
    let options = args.read.options(&CheckArgs::default())?;
    match &args.output {
        Some(output) => write(args, output, &options)?,
        None => serve(args, &options)?,
    }
    Ok(Exit::Good)
}

fn write(args: &View, output: &Path, options: &PrepareOptions) -> Result<()> {
    let is_page = output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html"));
    if !is_page {
        let message = format!("expected a page's name that ends in .html, found {:?}", output.display());
        return Err(Error::new(ErrorKind::Options, message));
    }
    match opened::open(&args.input, options)? {
        Opened::Table(table) => of_table(&table)?.write(output),
        Opened::File(source) => of_cycler_file(source, output, options),
    }
}

/// A bundle's report tells what was found; a table alone has none.
fn of_table(table: &Table) -> Result<Page> {
    let (title, report) = told(table);
    Page::new(title, &table.time_series, &table.steps, &table.cycles, report.as_ref())
        .map_err(|error| error.in_file(table.path.display().to_string()))
}

fn told(table: &Table) -> (String, Option<Report>) {
    let report = table.report();
    (report.as_ref().map_or_else(|| table.title(), Report::title), report)
}

/// A measurement that is not valid gets its page too: it is the one to look at.
fn of_cycler_file(source: Source, output: &Path, options: &PrepareOptions) -> Result<()> {
    each_part(source, output, options, |measurement, target| measurement.page()?.write(target))
}

/// Answers until Ctrl-C. The address stands on stdout, alone, for who reads it with a program.
fn serve(args: &View, options: &PrepareOptions) -> Result<()> {
    let pages = match opened::open(&args.input, options)? {
        Opened::Table(table) => {
            let (title, report) = told(&table);
            let page = ServedPage::new(title, table.time_series, &table.steps, &table.cycles, report.as_ref());
            vec![page.map_err(|error| error.in_file(table.path.display().to_string()))?]
        }
        Opened::File(source) => {
            let page = |cell: crate::Measurement| {
                ServedPage::new(cell.report.title(), cell.time_series, &cell.steps, &cell.cycles, Some(&cell.report))
            };
            prepare_all(source, options)?.into_iter().map(page).collect::<Result<_>>()?
        }
    };
    let server = Server::new(pages, args.port)?;
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{}", server.address()).and_then(|()| stdout.flush());
    drop(stdout);
    people::say("this machine alone is answered, and who knows the address; Ctrl-C ends it");
    if !args.no_open {
        opener::open(&server.address_to_open());
    }
    server.run()
}
