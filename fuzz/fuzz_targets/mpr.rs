//! Any bytes through the reader of `.mpr` files and the mapping: `Ok` or a typed error.
#![no_main]

use cyclerprep::readers::{ReadOptions, by_id};
use cyclerprep::{Notes, Source, map};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let source = Source::from_bytes("x.mpr", bytes.to_vec());
    let notes = &mut Notes::new();
    let Ok(tables) = by_id("biologic_mpr").unwrap().read(&source, &ReadOptions::default(), notes) else { return };
    for table in tables {
        for column in 0..table.columns.len() {
            table.numbers(column);
        }
        let _ = map::to_frame(table, &Default::default(), notes);
    }
});
