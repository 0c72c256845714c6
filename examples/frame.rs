//! From a file to a frame in the schema's columns, without transforms, steps or validation: what `prepare` begins with.
//!
//! `cargo run --release --example frame -- FILE`

use std::time::Instant;

use cyclerprep::detect::detect;
use cyclerprep::map::{self, MapOptions};
use cyclerprep::readers::ReadOptions;
use cyclerprep::{Error, ErrorKind, Limits, Notes, Result, Source};

fn main() -> Result<()> {
    let path = std::env::args().nth(1).ok_or_else(|| Error::new(ErrorKind::Options, "expected the path of a file"))?;
    let clock = Instant::now();
    let source = Source::open(&path, &Limits::default())?;
    let reader = detect(&source)?.reader;
    let mut notes = Notes::new();
    let tables = reader.read(&source, &ReadOptions::default(), &mut notes)?;
    drop(source);
    for table in tables {
        let mapped = map::to_frame(table, reader.info().maker.rules(), &MapOptions::default(), &mut notes)?;
        let frame = mapped.frame;
        #[allow(clippy::print_stdout)]
        {
            println!(
                "{} rows × {} columns by {} in {:.3} s",
                frame.height(),
                frame.width(),
                reader.info().id,
                clock.elapsed().as_secs_f64()
            );
        }
    }
    Ok(())
}
