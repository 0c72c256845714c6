//! `prep plot`.

use std::path::Path;

use super::args::{CheckArgs, Plot};
use super::exit::Exit;
use super::opened::{self, Opened, Table, each_part};
use crate::error::Result;
use crate::plot::{Format, Picture};
use crate::prepare::PrepareOptions;
use crate::source::Source;

pub fn run(args: &Plot) -> Result<Exit> {
    Format::of_path(&args.output)?;
    let options = args.read.options(&CheckArgs::default())?;
    match opened::open(&args.input, &options)? {
        Opened::Table(table) => of_table(&table)?.write(&args.output)?,
        Opened::File(source) => of_cycler_file(source, &args.output, &options)?,
    }
    Ok(Exit::Good)
}

fn of_table(table: &Table) -> Result<Picture> {
    let (rows, steps, cycles) = (table.time_series.height(), table.steps.height(), table.cycles.height());
    let subtitle = format!("{rows} rows, {steps} steps, {cycles} cycles");
    let picture = Picture::new(table.title(), subtitle, &table.time_series, &table.steps, &table.cycles);
    let marked = |picture: Picture| match table.report() {
        Some(report) => picture.marked(&report, &table.time_series),
        None => Ok(picture),
    };
    picture.and_then(marked).map_err(|error| error.in_file(table.path.display().to_string()))
}

fn of_cycler_file(source: Source, output: &Path, options: &PrepareOptions) -> Result<()> {
    each_part(source, output, options, |measurement, target| measurement.picture()?.write(target))
}
