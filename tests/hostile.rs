//! Any bytes give a measurement or a typed error: no panic, no endless work.
//!
//! `CYCLERPREP_HOSTILE_FILES=FOLDER` cuts and flips the files below a folder too, up to 1 MB each.
//! `CYCLERPREP_EVERY_PREFIX=1` cuts the fixtures at every byte (a matter for a release build); by default the head at every
//! seventh and the body in larger steps.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::{files, name, xls, xlsx};
use cyclerprep::readers::{READERS, ReadOptions};
use cyclerprep::{ErrorKind, Limits, Notes, PrepareOptions, Source, prepare_source};
use rayon::prelude::*;

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
fn prefixes_of_every_fixture() {
    // The head, where the format is told, in small steps; the body at a stride that is no multiple of a row.
    let (near, far) = if std::env::var_os("CYCLERPREP_EVERY_PREFIX").is_some() { (1, 1) } else { (7, 211) };
    let folders = crate::support::good_and(&["resaved", "odd", "bad"]);
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| files(folder)).collect();
    let cuts = files.par_iter().map(|file| {
        let bytes = std::fs::read(file).unwrap();
        let head = (0..bytes.len().min(SMALL)).step_by(near);
        let body = (SMALL..bytes.len()).step_by(far);
        head.chain(body).inspect(|cut| read(&name(file), bytes[..*cut].to_vec())).count()
    });
    let cuts: usize = cuts.sum();
    assert!(cuts > files.len(), "{cuts} cuts of {} files", files.len());
    println!("{cuts} prefixes of {} files", files.len());
}

#[test]
fn byte_flips_in_every_fixture() {
    let folders = crate::support::good_and(&["resaved", "odd"]);
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| files(folder)).collect();
    files.par_iter().enumerate().for_each(|(seed, file)| {
        let mut random = random(seed as u64);
        let bytes = std::fs::read(file).unwrap();
        for _ in 0..60 {
            let mut flipped = bytes.clone();
            for _ in 0..=random() % 8 {
                let at = random() % flipped.len();
                flipped[at] = random() as u8;
            }
            read(&name(file), flipped);
        }
    });
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, found);
        } else if path.metadata().unwrap().len() <= 1 << 20 {
            found.push(path);
        }
    }
}

/// Files that the caller has, each cut at 500 places and flipped 300 times.
#[test]
fn cuts_and_flips_of_other_files() {
    let Some(folder) = std::env::var_os("CYCLERPREP_HOSTILE_FILES") else {
        eprintln!("skipped: CYCLERPREP_HOSTILE_FILES names no folder");
        return;
    };
    let mut all = Vec::new();
    below(Path::new(&folder), &mut all);
    let slowest = all.par_iter().enumerate().map(|(index, path)| {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut random = random(index as u64);
        let mut slowest = Duration::ZERO;
        let mut timed = |bytes: Vec<u8>| {
            let clock = Instant::now();
            read(&name, bytes);
            slowest = slowest.max(clock.elapsed());
        };
        (0..bytes.len()).step_by(bytes.len() / 500 + 1).for_each(|cut| timed(bytes[..cut].to_vec()));
        for _ in 0..300 {
            let mut flipped = bytes.clone();
            for _ in 0..=random() % 8 {
                let at = random() % flipped.len().max(1);
                flipped.iter_mut().skip(at).take(1).for_each(|byte| *byte = random() as u8);
            }
            timed(flipped);
        }
        (slowest, name)
    });
    let (slowest, name) = slowest.max().unwrap();
    eprintln!("{} files, the slowest variant took {slowest:?}: {name}", all.len());
    assert!(slowest < Duration::from_secs(10), "{name} hangs");
}

fn random(seed: u64) -> impl FnMut() -> usize {
    let mut seed = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as usize
    }
}

/// Every reader on every file, past detection.
#[test]
fn readers_stand_files_that_are_not_theirs() {
    for file in crate::support::good_and(&["resaved", "odd", "bad"]).into_iter().flat_map(files) {
        let source = Source::from_bytes(name(&file), std::fs::read(&file).unwrap());
        for reader in READERS.iter() {
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
    let path = crate::support::fixtures().join("neware/flat.csv");
    let mut limits = Limits::default();
    limits.input_bytes = 10;
    assert_eq!(Source::open(path, &limits).unwrap_err().kind(), ErrorKind::Limit);
}

fn kind(called: &str, bytes: Vec<u8>) -> Result<(), ErrorKind> {
    prepare_source(Source::from_bytes(called, bytes), &PrepareOptions::default()).map(|_| ()).map_err(|e| e.kind())
}

/// A small Arbin sheet with this XML instead of its second row.
fn with_cells(cells: &str) -> Vec<(String, String)> {
    let header = ["Test_Time(s)", "Step_Index", "Cycle_Index", "Current(A)", "Voltage(V)"];
    let rows = vec![header.map(xlsx::t).to_vec(), [0.0, 1.0, 1.0, 1.0, 4.0].map(xlsx::Cell::Number).to_vec()];
    let mut members = xlsx::members(&[("Channel_1".to_owned(), rows)]);
    for (name, body) in &mut members {
        if name.ends_with("sheet1.xml") {
            *body = body.replace("</sheetData>", &format!("{cells}</sheetData>"));
        }
    }
    members
}

#[test]
fn crafted_workbooks_are_refused() {
    let stored = |members: &[(String, String)]| xlsx::pack(members, zip::CompressionMethod::Stored);
    assert_eq!(kind("x.xlsx", stored(&with_cells(""))), Ok(()));
    // Few strings that are used often are nothing special.
    let mut members = with_cells("");
    for (name, body) in &mut members {
        if name.ends_with("sharedStrings.xml") {
            *body = body.replace(" count=\"5\"", " count=\"49656\"");
            assert!(body.contains("49656"));
        }
    }
    assert_eq!(kind("x.xlsx", stored(&members)), Ok(()));
    // A string table that says it holds four thousand million strings.
    let mut members = with_cells("");
    for (name, body) in &mut members {
        if name.ends_with("sharedStrings.xml") {
            *body = body.replace("uniqueCount=\"5\"", "uniqueCount=\"4000000000\"");
        }
    }
    assert_eq!(kind("x.xlsx", stored(&members)), Err(ErrorKind::Limit));
    // Cells far to the right, in many rows; one cell far down alone is a million blank lines and no harm.
    let far: String = (3..4000).map(|row| format!("<row r=\"{row}\"><c r=\"EZZ{row}\"><v>1</v></c></row>")).collect();
    assert_eq!(kind("x.xlsx", stored(&with_cells(&far))), Err(ErrorKind::Limit));
    let beyond = "<row r=\"3\"><c r=\"XFD3\"><v>1</v></c></row>";
    assert_eq!(kind("x.xlsx", stored(&with_cells(beyond))), Err(ErrorKind::Limit));
    let deep = "<row r=\"1048576\"><c r=\"A1048576\"><v>20</v></c></row>";
    assert_eq!(kind("x.xlsx", stored(&with_cells(deep))), Ok(()));
    // A member that inflates to a thousand times its size.
    let mut members = with_cells("");
    members.push(("xl/media/image1.bmp".to_owned(), " ".repeat(100 << 20)));
    assert_eq!(kind("x.xlsx", xlsx::pack(&members, zip::CompressionMethod::Deflated)), Err(ErrorKind::Limit));
    // A header that says less than there is.
    let mut packed = xlsx::pack(&with_cells(&" ".repeat(5000)), zip::CompressionMethod::Deflated);
    let size = (with_cells(&" ".repeat(5000))[5].1.len() as u32).to_le_bytes();
    while let Some(at) = memchr::memmem::find(&packed, &size) {
        packed[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    assert!(matches!(kind("x.xlsx", packed), Err(ErrorKind::Malformed)));
}

#[test]
fn crafted_old_workbooks_are_refused() {
    let sheets = vec![("Detail_1_1_1".to_owned(), vec![vec![xlsx::t("Record Index")]])];
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let bent = |more: Vec<u8>| {
        let mut stream = xls::stream(&sheets);
        let end = stream.len() - 4;
        stream.splice(end..end, more);
        xls::pack(&stream)
    };
    // Two cells in opposite corners of 65 536 × 65 536.
    let corner = record(0x0203, &[&[0xFF, 0xFF, 0xFF, 0xFF, 0, 0][..], &1f64.to_le_bytes()].concat());
    assert_eq!(kind("x.xls", bent(corner)), Err(ErrorKind::Limit));
    let strings = record(0x00FC, &[&u32::MAX.to_le_bytes()[..], &u32::MAX.to_le_bytes()].concat());
    assert_eq!(kind("x.xls", bent(strings)), Err(ErrorKind::Limit));
    // A sheet that begins far behind the end: the library would slice there.
    let mut far = xls::stream(&sheets);
    let name = memchr::memmem::find(&far, &[0x85, 0]).unwrap();
    far[name + 4..name + 8].copy_from_slice(&16_036_549u32.to_le_bytes());
    assert_eq!(kind("x.xls", xls::pack(&far)), Err(ErrorKind::Malformed));
    let other = {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        file.create_stream("/WordDocument").unwrap();
        file.into_inner().into_inner()
    };
    assert_eq!(kind("x.xls", other), Err(ErrorKind::Unsupported));
}
