//! The whole way: detection, reading, transforms, validation.
#![no_main]
use cyclerprep::{PrepareOptions, Source, prepare_source};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = prepare_source(Source::from_bytes("x", bytes.to_vec()), &PrepareOptions::default());
});
