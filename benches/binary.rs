//! Bytes per second of the native binary formats: reading to a frame in the schema's columns.
//!
//! `CYCLERPREP_LARGE=FOLDER cargo bench --bench binary` writes a file of 200 MB in each format instead, for comparison with
//! other programs.

#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput};
use cyclerprep::map::{self, MapOptions};
use cyclerprep::readers::{self, ReadOptions};
use cyclerprep::{Notes, Source};
use support::cell::Record;
use support::{jet, long, mpr, nda, ndax, res};

/// Name of the file, id of the reader, how to write so many records, and how many make 200 MB.
type Format = (&'static str, &'static str, fn(&[Record]) -> Vec<u8>, usize);

/// The records of a file of 86-byte records alone.
fn without_auxiliary(mut bytes: Vec<u8>, rows: usize) -> Vec<u8> {
    bytes.truncate(4096 + 86 * rows);
    bytes
}

static FORMATS: [Format; 5] = [
    ("large.mpr", "biologic_mpr", |records| mpr::of(records).without(462).encode(), 5_900_000),
    ("large.nda", "neware_nda", |records| without_auxiliary(nda::encode(22, records), records.len()), 2_400_000),
    ("large9.nda", "neware_nda", |records| nda::bts91(records, 56), 3_700_000),
    ("large.ndax", "neware_ndax", |records| ndax::pack(&ndax::members(17, records)), 24_000_000),
    ("large.res", "arbin_res", |records| jet::encode(&[res::normal(&[(1, records)])], 0), 2_000_000),
];

fn main() {
    if let Some(folder) = std::env::var_os("CYCLERPREP_LARGE") {
        for (name, _, encode, rows) in FORMATS {
            let records: Vec<Record> = long::records(rows).collect();
            std::fs::write(std::path::Path::new(&folder).join(name), encode(&records)).unwrap();
        }
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("binary");
    group.sample_size(20);
    for (name, reader, encode, rows) in FORMATS {
        let records: Vec<Record> = long::records(rows / 20).collect();
        let bytes = encode(&records);
        let reader = readers::by_id(reader).unwrap();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let source = Source::from_bytes(name, bytes);
        group.bench_function(name, |b| {
            b.iter(|| {
                let notes = &mut Notes::new();
                let table = reader.read(&source, &ReadOptions::default(), notes).unwrap().remove(0);
                map::to_frame(table, reader.info().maker.rules(), &MapOptions::default(), notes).unwrap().frame.height()
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
