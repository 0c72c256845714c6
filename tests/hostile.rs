//! Any bytes give a measurement or a typed error: no panic, no endless work.

mod support;

use cyclerprep::readers::{READERS, ReadOptions};
use cyclerprep::{ErrorKind, Limits, Notes, PrepareOptions, Source, prepare_source};
use support::{files, name};

/// A file is worth reading in full up to this size; above it, cuts are taken in steps.
const SMALL: usize = 3000;

fn read(called: &str, bytes: Vec<u8>) {
    match prepare_source(Source::from_bytes(called, bytes), &PrepareOptions::default()) {
        Ok(measurement) => assert_eq!(measurement.time_series.height(), measurement.report.rows_kept),
        Err(error) => {
            assert!(!error.message().is_empty());
            assert_eq!(error.file(), Some(called));
        }
    }
}

#[test]
fn every_prefix_of_every_fixture() {
    for folder in ["maccor", "biologic", "arbin", "neware", "odd", "bad"] {
        for file in files(folder) {
            let bytes = std::fs::read(&file).unwrap();
            // The head, where the format is told, byte by byte; the body at a stride that is no multiple of a row.
            let head = (0..bytes.len().min(SMALL)).step_by(7);
            let body = (SMALL..bytes.len()).step_by(211);
            for cut in head.chain(body) {
                read(&name(&file), bytes[..cut].to_vec());
            }
        }
    }
}

#[test]
fn byte_flips_in_every_fixture() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as usize
    };
    for folder in ["maccor", "biologic", "arbin", "neware", "odd"] {
        for file in files(folder) {
            let bytes = std::fs::read(&file).unwrap();
            for _ in 0..60 {
                let mut flipped = bytes.clone();
                for _ in 0..=random() % 8 {
                    let at = random() % flipped.len();
                    flipped[at] = random() as u8;
                }
                read(&name(&file), flipped);
            }
        }
    }
}

/// Every reader on every file, past detection.
#[test]
fn readers_stand_files_that_are_not_theirs() {
    for file in ["maccor", "biologic", "arbin", "neware", "odd", "bad"].iter().flat_map(|folder| files(folder)) {
        let source = Source::from_bytes(name(&file), std::fs::read(&file).unwrap());
        for reader in READERS {
            let _ = reader.read(&source, &ReadOptions::default(), &mut Notes::new());
        }
    }
}

#[test]
fn limits_hold_at_each_entry() {
    let csv = |columns: usize| {
        let extra: String = (0..columns).map(|i| format!(",x{i}")).collect();
        format!("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V){extra}\n0,1,1,1,4\n10,1,1,1,3.9\n")
            .into_bytes()
    };
    let mut options = PrepareOptions::default();
    let kind = |options: &PrepareOptions, bytes: Vec<u8>| {
        prepare_source(Source::from_bytes("x.csv", bytes), options).map(|_| ()).map_err(|e| e.kind())
    };
    assert_eq!(kind(&options, csv(10)), Ok(()));
    assert_eq!(kind(&options, csv(5000)), Err(ErrorKind::Limit));
    options.read.limits.rows = 1;
    assert_eq!(kind(&options, csv(0)), Err(ErrorKind::Limit));
    options.read.limits = Limits::none();
    assert_eq!(kind(&options, csv(5000)), Ok(()));
    let path = support::fixtures().join("neware/flat.csv");
    let mut limits = Limits::default();
    limits.input_bytes = 10;
    assert_eq!(Source::open(path, &limits).unwrap_err().kind(), ErrorKind::Limit);
}
