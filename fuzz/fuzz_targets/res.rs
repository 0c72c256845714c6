//! Any bytes through the reader of `.res` files and the mapping.
#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shared::read("arbin_res", bytes.to_vec()));
