//! Bundles of two files that hold the same test, every column of the time series: `.mpr` and `.mpt`, `.ndax` and csv, workbook
//! and csv (docs/formats/biologic.md#comparing-with-an-export, docs/formats/neware.md#how-btsda-prints).

use std::path::{Path, PathBuf};

use cyclerprep::{Measurement, PrepareOptions, prepare};

use super::mpr::twin;
use super::{column, corpus, files, name};

/// What differs, and why. Found again, or it has to go.
#[rustfmt::skip]
static EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("yadg__vsp_ocv_with.mpt", "Temperature [degC]", "the binary file alone says what the analog input measures"),
    ("yadg__vsp_peis_with.mpt", "Temperature [degC]", "the same"),
    ("fastnda__interp-test.csv", "Timestamp from cycler", "BTSDA prints clocks in the viewer's zone"),
    ("fastnda__interp-test.csv", "Timestamp", "the same"),
];

fn names(measurement: &Measurement) -> Vec<String> {
    measurement.time_series.get_column_names().iter().map(|name| name.to_string()).collect()
}

/// How far a value may differ: a share of itself, a share of the largest of its unit, and an amount.
struct Digits {
    relative: f64,
    of_largest: f64,
    absolute: f64,
}

/// Columns that one of the two lacks, or whose values differ by more than the digits of the text.
fn differences(text: &Measurement, other: &Measurement, digits: impl Fn(&str) -> Digits) -> Vec<(String, String)> {
    let (ours, theirs) = (names(text), names(other));
    let mut found: Vec<(String, String)> = Vec::new();
    let lacks = |have: &[String], all: &[String], which: &str| {
        let lacking = all.iter().filter(|name| !have.contains(name));
        lacking.map(|name| (name.clone(), format!("only in the {which} file"))).collect::<Vec<_>>()
    };
    found.extend(lacks(&theirs, &ours, "first"));
    found.extend(lacks(&ours, &theirs, "second"));
    for column_name in ours.iter().filter(|name| theirs.contains(name)) {
        if text.time_series.column(column_name).unwrap().str().is_ok() {
            let same = text.time_series.column(column_name).unwrap() == other.time_series.column(column_name).unwrap();
            found.extend((!same).then(|| (column_name.clone(), "other texts".to_owned())));
            continue;
        }
        let (a, b) = (column(text, column_name), column(other, column_name));
        if a.len() != b.len() {
            found.push((column_name.clone(), format!("{} and {} rows", a.len(), b.len())));
            continue;
        }
        let Digits { relative, of_largest, absolute } = digits(column_name);
        let unit = column_name.rsplit(' ').next().unwrap_or_default();
        let of_unit = ours.iter().filter(|name| name.ends_with(unit)).flat_map(|name| column(text, name));
        let largest = of_unit.chain(a.iter().copied()).fold(0.0f64, |m, v| m.max(v.abs()));
        let differs = |(a, b): (&f64, &f64)| {
            a.is_nan() != b.is_nan()
                || (a - b).abs() > relative * a.abs().max(b.abs()) + absolute + (of_largest + 1e-13) * largest
        };
        let bad: Vec<usize> = a.iter().zip(&b).enumerate().filter(|(_, p)| differs(*p)).map(|(row, _)| row).collect();
        if let Some(first) = bad.first() {
            let message = format!("{} rows, first {first}: {} and {}", bad.len(), a[*first], b[*first]);
            found.push((column_name.clone(), message));
        }
    }
    found
}

fn bundle(path: &Path) -> Measurement {
    prepare(path, &PrepareOptions::default()).unwrap_or_else(|error| panic!("{}: {error}", name(path)))
}

/// Panics with what differs and is no exception, and with exceptions that are none any more.
fn judge(found: &[(String, String, String)], of: impl Fn(&str) -> bool) {
    let is_known = |(file, column, _): &&(String, String, String)| {
        EXCEPTIONS.iter().any(|(known, of, _)| known == file && of == column)
    };
    let unknown: Vec<_> = found.iter().filter(|f| !is_known(f)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for (file, column, why) in EXCEPTIONS.iter().filter(|(file, ..)| of(file)) {
        let is_there = found.iter().any(|(found, of, _)| found == file && of == column);
        assert!(is_there, "{file} no longer differs in {column} ({why})");
    }
}

#[test]
fn mpr_and_mpt_become_the_same_bundle() {
    let Some(corpus) = corpus("bundles of .mpr and .mpt") else { return };
    let (mut pairs, mut found) = (0, Vec::new());
    for mpt in files(&corpus.join("biologic/mpt")).into_iter().chain(files(&corpus.join("biologic/txt"))) {
        let Some(mpr) = twin(&mpt) else { continue };
        pairs += 1;
        let (text, binary) = (bundle(&mpt), bundle(&mpr));
        // Some logs keep the channel from 0.
        let channels = [&text, &binary].map(|m| m.metadata.test_setup.channel_number.clone());
        if let [Some(text), Some(binary)] = &channels
            && text != binary
        {
            found.push((name(&mpt), "channel".to_owned(), format!("{text} and {binary}")));
        }
        // EC-Lab computes in f32 and prints 8 digits, so the last of what is computed may differ. What is charged in a step
        // is the difference of two values of a counter that runs over both sides of the whole test: each is off by half of the
        // last place of an f32 (6e-8) in the one file and by half of the eighth digit (5e-8) besides in the other.
        let of_pair = differences(&text, &binary, |column| {
            let of_largest = if column.ends_with("[A.h]") { 2.0 * (6e-8 + 5e-8) } else { 0.0 };
            Digits { relative: 3e-7, of_largest, absolute: 0.0 }
        });
        found.extend(of_pair.into_iter().map(|(column, how)| (name(&mpt), column, how)));
    }
    println!("{pairs} pairs, {} columns differ", found.len());
    assert!(pairs >= 47, "{pairs}");
    judge(&found, |file| file.ends_with(".mpt"));
}

#[test]
fn an_ndax_and_its_csv_become_the_same_bundle() {
    let Some(corpus) = corpus("bundles of .ndax and csv") else { return };
    let csv = corpus.join("neware/csv/fastnda__interp-test.csv");
    let (text, binary) = (bundle(&csv), bundle(&corpus.join("neware/ndax/fastnda__interp-test.ndax")));
    let found = differences(&text, &binary, |column| match column {
        // Printed with 4 decimals.
        "Voltage [V]" => Digits { relative: 0.0, of_largest: 0.0, absolute: 5.1e-5 },
        _ => Digits { relative: 1e-6, of_largest: 0.0, absolute: 6e-9 },
    });
    let found: Vec<_> = found.into_iter().map(|(column, how)| (name(&csv), column, how)).collect();
    judge(&found, |file| file == name(&csv));
}

/// Workbooks that have a csv of the same name.
#[test]
fn a_workbook_and_its_csv_become_the_same_bundle() {
    let Some(corpus) = corpus("bundles of workbooks and csv") else { return };
    let books = ["xlsx", "xls"].iter().flat_map(|kind| files(&corpus.join("neware").join(kind)));
    let twin = |book: &PathBuf| {
        let stem = book.file_stem().unwrap().to_string_lossy().into_owned();
        let csv = corpus.join("neware/csv").join(stem + ".csv");
        csv.is_file().then_some(csv)
    };
    let mut found = Vec::new();
    for book in books {
        let Some(csv) = twin(&book) else { continue };
        let of_pair =
            differences(&bundle(&csv), &bundle(&book), |_| Digits { relative: 1e-9, of_largest: 0.0, absolute: 0.0 });
        found.extend(of_pair.into_iter().map(|(column, how)| (name(&csv), column, how)));
    }
    judge(&found, |_| false);
}
