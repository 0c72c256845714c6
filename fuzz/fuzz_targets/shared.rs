//! What the targets of single readers share.

use cyclerprep::readers::{ReadOptions, by_id};
use cyclerprep::{Notes, Source, map};

/// Bytes through a reader, every column, and the mapping: `Ok` or a typed error.
pub fn read(reader: &str, bytes: Vec<u8>) {
    let source = Source::from_bytes("x", bytes);
    let notes = &mut Notes::new();
    let reader = by_id(reader).unwrap();
    let Ok(tables) = reader.read(&source, &ReadOptions::default(), notes) else { return };
    for table in tables {
        for column in 0..table.columns.len() {
            table.numbers(column);
        }
        let _ = map::to_frame(table, reader.info().maker.rules(), &Default::default(), notes);
    }
}
