//! Any members of an archive through the reader of `.ndax` files and the mapping: `Ok` or a typed error.
//!
//! Bytes of a zip file are all checksums, so the members are fuzzed and packed here: three lengths, then data.ndc,
//! data_runInfo.ndc, data_step.ndc and, what is left, an auxiliary channel.
#![no_main]

mod shared;

use std::io::Write;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((lengths, mut rest)) = bytes.split_at_checked(6) else { return };
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let names = ["data.ndc", "data_runInfo.ndc", "data_step.ndc", "data_AUX_1_3_1.ndc"];
    for (k, name) in names.into_iter().enumerate() {
        let length = lengths.get(2 * k..2 * k + 2).map_or(rest.len(), |l| usize::from(l[0]) << 8 | usize::from(l[1]));
        let (member, left) = rest.split_at(length.min(rest.len()));
        rest = left;
        if zip.start_file(name, options).is_err() || zip.write_all(member).is_err() {
            return;
        }
    }
    let Ok(packed) = zip.finish() else { return };
    shared::read("neware_ndax", packed.into_inner());
});
