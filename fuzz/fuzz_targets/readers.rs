//! Each reader alone, past detection; the first byte says which.
#![no_main]
use cyclerprep::map::{self, MapOptions};
use cyclerprep::readers::{READERS, ReadOptions};
use cyclerprep::{Notes, Source};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [which, rest @ ..] = bytes else { return };
    let reader = READERS[usize::from(*which) % READERS.len()];
    let notes = &mut Notes::new();
    if let Ok(tables) = reader.read(&Source::from_bytes("x", rest.to_vec()), &ReadOptions::default(), notes) {
        for table in tables {
            let _ = map::to_frame(table, reader.info().maker.rules(), &MapOptions::default(), notes);
        }
    }
});
