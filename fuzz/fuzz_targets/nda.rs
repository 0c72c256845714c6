//! Any bytes through the reader of `.nda` files and the mapping.
#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shared::read("neware_nda", bytes.to_vec()));
