//! What people do to a file on its way does not change what is read from it, whoever made it.

use crate::support::resaved::{gzip, zip, zstandard};
use crate::support::{GOOD, files, fixtures, name};
use cyclerprep::{ErrorKind, Measurement, PrepareOptions, Source, prepare_source};

fn read(called: &str, bytes: &[u8]) -> Result<Measurement, ErrorKind> {
    prepare_source(Source::from_bytes(called, bytes.to_vec()), &PrepareOptions::default()).map_err(|e| e.kind())
}

fn fixture(path: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(path)).unwrap()
}

/// The fixtures that are text, decoded.
fn texts() -> Vec<(String, Vec<u8>, String)> {
    let mut texts = Vec::new();
    for file in GOOD.iter().flat_map(|folder| files(folder)) {
        let (called, bytes) = (name(&file), std::fs::read(&file).unwrap());
        let binary = ["mpr", "nda", "ndax", "res", "xls", "xlsx", "gz", "parquet"];
        let is_binary = binary.iter().any(|e| called.ends_with(&format!(".{e}")));
        if !is_binary {
            let other = if called.contains("gb18030") { encoding_rs::GB18030 } else { encoding_rs::WINDOWS_1252 };
            let text = std::str::from_utf8(&bytes).map_or_else(|_| other.decode(&bytes).0.into_owned(), str::to_owned);
            texts.push((called, bytes, text.trim_start_matches('\u{feff}').to_owned()));
        }
    }
    assert!(texts.len() > 30, "{}", texts.len());
    texts
}

#[test]
fn every_text_is_read_however_it_was_saved() {
    for (called, bytes, text) in texts() {
        let want = read(&called, &bytes).unwrap_or_else(|kind| panic!("{called}: {kind:?}"));
        let le = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        let lines = text.replace("\r\n", "\n");
        let above = "# exported by hand\n\nCell,12\n";
        let ways = [
            ("UTF-16 LE with a mark", le(&format!("\u{feff}{text}"))),
            ("UTF-16 BE with a mark", be(&format!("\u{feff}{text}"))),
            ("UTF-16 LE", le(&text)),
            ("UTF-16 BE", be(&text)),
            ("CR", lines.replace('\n', "\r").into_bytes()),
            ("CR in UTF-16", le(&lines.replace('\n', "\r"))),
            ("sep=", format!("sep=,\r\n{text}").into_bytes()),
            ("lines above", format!("{above}{text}").into_bytes()),
            ("gzip", gzip(&bytes)),
            ("Zstandard", zstandard(&bytes)),
            ("zip", zip(&[("a/b.csv", &bytes)])),
            ("gzip in zip", zip(&[("b.csv.gz", &gzip(&bytes))])),
        ];
        for (way, bytes) in ways {
            let got = read(&called, &bytes).unwrap_or_else(|kind| panic!("{called}, {way}: {kind:?}"));
            assert!(got.time_series.equals_missing(&want.time_series), "{called}, {way}");
            assert_eq!(got.metadata.start_time, want.metadata.start_time, "{called}, {way}");
        }
    }
}

#[test]
fn binary_files_and_workbooks_may_be_packed_too() {
    for called in ["neware/ndc11.ndax", "biologic/cycling.mpr", "arbin/cycling.res", "maccor/workbook.xlsx"] {
        let bytes = fixture(called);
        let want = read(called, &bytes).unwrap();
        for packed in [gzip(&bytes), zip(&[("inner", &bytes)])] {
            assert!(read(called, &packed).unwrap().time_series.equals_missing(&want.time_series), "{called}");
        }
    }
}

#[test]
fn a_measurement_is_called_as_the_outer_file_is() {
    let flat = fixture("neware/flat.csv");
    let called = |name: &str, bytes: &[u8]| read(name, bytes).unwrap().metadata.name;
    assert_eq!(called("runs/cell_7.csv.gz", &gzip(&flat)), "cell_7");
    assert_eq!(called("cell_7.gz", &gzip(&flat)), "cell_7");
    assert_eq!(called("cell.7.csv", &gzip(&flat)), "cell.7");
    assert_eq!(called("cell_7.csv.zip", &zip(&[("export.csv", &flat)])), "cell_7");
    assert_eq!(called("cell_7.zip", &zip(&[("export.csv", &flat)])), "cell_7");
}

#[test]
fn what_cannot_be_unwrapped_is_an_error_of_its_own_kind() {
    let flat = fixture("neware/flat.csv");
    let kind = |bytes: &[u8]| read("x.csv", bytes).map(|_| ()).unwrap_err();
    assert_eq!(kind(&zip(&[("a.csv", &flat), ("b.csv", &flat)])), ErrorKind::NotATimeSeries);
    let mut tar = vec![0; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    assert_eq!(kind(&gzip(&tar)), ErrorKind::NotATimeSeries);
    assert_eq!(kind(&(0..5).fold(flat.clone(), |bytes, _| gzip(&bytes))), ErrorKind::Limit);
    let mut options = PrepareOptions::default();
    options.read.limits.inflated_bytes = 1000;
    for bytes in [gzip(&flat), zstandard(&flat), zip(&[("a.csv", &flat)])] {
        let path = std::env::temp_dir().join(format!("cyclerprep-limit-{}-{}", std::process::id(), bytes.len()));
        std::fs::write(&path, bytes).unwrap();
        let read = Source::open(&path, options.limits()).and_then(|source| prepare_source(source, &options));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read.unwrap_err().kind(), ErrorKind::Limit);
    }
}
