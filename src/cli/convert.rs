//! `prep convert`: a front end of [`batch`](crate::batch).

use std::ops::ControlFlow;

use super::args::Convert;
use super::exit::Exit;
use super::inputs;
use super::interrupt;
use super::progress::Progress;
use super::voice::{Teller, Voice, people::count};
use crate::batch::{BatchOptions, Event, convert_all, convert_to_file};
use crate::error::{Error, ErrorKind, Result};
use crate::measurement::BundleOptions;

pub fn run(args: &Convert) -> Result<Exit> {
    let options = options(args)?;
    let paths = inputs::paths(&args.inputs)?;
    interrupt::listen()?;
    let voice = Voice::of(&args.output_args);
    let mut progress = Progress::new(!args.output_args.no_progress && !args.output_args.quiet);
    let (mut teller, mut exit) = (Teller::new(voice, "prepared"), Exit::Good);
    let tell = |event: Event<'_>| {
        match event {
            Event::Found(inputs) => {
                progress.expect(inputs);
                teller.expect(inputs.len());
            }
            Event::Started(input) => progress.begin(input),
            Event::Ended(input) => progress.end(input),
            Event::Done { records, .. } => progress.told(|| {
                for record in records {
                    teller.record(record);
                    exit = exit.max(Exit::of(record));
                }
            }),
        }
        if interrupt::is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let summary = if args.output.extension().is_some_and(|e| e == "parquet") {
        convert_to_file(&paths, &args.output, &options, tell)
    } else {
        convert_all(&paths, &args.output, &options, tell)
    };
    progress.finish();
    let summary = summary?;
    teller.end(&summary);
    if summary.left > 0 {
        let message = format!("stopped with {} left; the same command goes on from here", count(summary.left, "file"));
        return Err(Error::new(ErrorKind::Interrupted, message));
    }
    Ok(exit)
}

pub fn options(args: &Convert) -> Result<BatchOptions> {
    let mut prepare = args.read.options(&args.check)?;
    prepare.timings = args.timings;
    Ok(BatchOptions {
        prepare,
        bundle: BundleOptions { picture: args.plot, page: args.pages, bdf: args.bdf },
        force: args.force,
        keep: args.keep,
        keep_invalid: args.keep_invalid,
        join: args.join,
        jobs: args.output_args.jobs,
    })
}
