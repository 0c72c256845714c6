//! Any bytes through the reader of `.mpr` files and the mapping.
#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shared::read("biologic_mpr", bytes.to_vec()));
