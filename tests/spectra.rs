//! What a spectrum shows of itself, and rules of the files that hold nothing else (docs/decisions.md#witnesses,
//! docs/formats/scribner.md, docs/formats/gamry.md).

use crate::support::fixtures;
use cyclerprep::{ErrorKind, Measurement, NoteCode, PrepareOptions, Source, prepare_source};

/// Fixtures with the simulated spectrum.
const SPECTRA: [&str; 6] = [
    "scribner/zplot.z",
    "scribner/z60w.txt",
    "chi/impedance.txt",
    "gamry/impedance.dta",
    "ivium/impedance.txt",
    "princeton/powersuite.txt",
];

fn text(path: &str) -> String {
    let bytes = std::fs::read(fixtures().join(path)).unwrap();
    // What is no UTF-8 stands in the preamble.
    bytes.iter().map(|b| char::from(*b)).collect()
}

fn read(name: &str, text: &str) -> Result<Measurement, cyclerprep::Error> {
    let bytes = text.chars().map(|c| c as u8).collect();
    prepare_source(Source::from_bytes(name, bytes), &PrepareOptions::default())
}

fn said(m: &Measurement, code: NoteCode) -> Option<&str> {
    m.report.notes.iter().find(|note| note.code == code).map(|note| note.message.as_str())
}

/// The text with its rows, which follow a line that `names` is part of, changed by `change`, which gets their number.
fn changed(path: &str, names: &str, change: impl Fn(usize, Vec<String>) -> Vec<String>) -> String {
    let text = text(path);
    let mut row = None;
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let is_row =
            row.is_some() && line.trim_start_matches(['\t', ' ', '"']).starts_with(|c: char| c.is_ascii_digit());
        if !is_row {
            row = row.or(line.contains(names).then_some(0));
            out.push_str(line);
            continue;
        }
        let separator = if line.contains('\t') { "\t" } else { "," };
        let end = line.len() - line.trim_end().len();
        let cells = line[..line.len() - end].split(separator).map(str::to_owned).collect();
        let cells = change(row.unwrap_or_default(), cells);
        row = row.map(|row| row + 1);
        if !cells.is_empty() {
            out.push_str(&cells.join(separator));
            out.push_str(&line[line.len() - end..]);
        }
    }
    out
}

#[test]
fn spectra_of_a_cell_contradict_nothing() {
    for path in SPECTRA {
        let m = read(path, &text(path)).unwrap();
        for code in [NoteCode::ImpedanceDisagrees, NoteCode::SingleRowLeaps, NoteCode::RecordOrder] {
            assert_eq!(said(&m, code), None, "{path}");
        }
    }
}

#[test]
fn what_contradicts_a_spectrum_is_told() {
    let negated = |cell: &str| cell.strip_prefix('-').map_or_else(|| format!("-{cell}"), str::to_owned);
    let zplot = |change: &dyn Fn(usize, &mut Vec<String>)| {
        let text = changed("scribner/zplot.z", "Z'(a)", |row, mut cells| {
            change(row, &mut cells);
            cells
        });
        read("cell.z", &text).unwrap()
    };
    let m = zplot(&|_, cells| cells[5] = negated(&cells[5]));
    assert!(said(&m, NoteCode::ImpedanceDisagrees).unwrap().contains("logarithmic Hilbert transform"));
    let m = zplot(&|row, cells| {
        if row == 12 {
            cells[4] = "2.0000E-1".to_owned();
        }
    });
    assert!(said(&m, NoteCode::SingleRowLeaps).unwrap().contains("first row 12"), "{:?}", m.report.notes);
    let m = zplot(&|row, cells| {
        if row == 12 {
            cells[0] = "1.000000E4".to_owned();
        }
    });
    assert!(said(&m, NoteCode::RecordOrder).unwrap().contains("turns back or stands in 1 row(s)"));
    let m = zplot(&|row, cells| {
        if row == 12 {
            cells[5] = "0.0000E+0".to_owned();
        }
    });
    assert!(said(&m, NoteCode::ImpedanceDisagrees).unwrap().contains("exactly 0 in 1 point(s)"));
    let infinite = changed("scribner/zplot.z", "Z'(a)", |row, mut cells| {
        if row == 3 {
            cells[4] = "1e400".to_owned();
        }
        cells
    });
    assert_eq!(read("cell.z", &infinite).unwrap_err().kind(), ErrorKind::Implausible);
}

#[test]
fn zplot_is_read_by_its_names_and_counts_its_points() {
    let points = |m: &Measurement| m.time_series.height();
    let whole = read("cell.z", &text("scribner/zplot.z")).unwrap();
    // Names in another order are still names.
    let names = "Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange";
    let turned = "Ampl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\tFreq(Hz)";
    let text_turned = changed("scribner/zplot.z", "Z'(a)", |_, mut cells| {
        cells.rotate_left(1);
        cells
    });
    let m = read("cell.z", &text_turned.replace(names, turned)).unwrap();
    assert!(m.time_series.equals_missing(&whole.time_series));
    // The older form: thousands in quotes, and the number of points above the names.
    let z60w = read("cell.txt", &text("scribner/z60w.txt")).unwrap();
    assert_eq!(said(&z60w, NoteCode::DamagedFile), None);
    let quoted = text("scribner/z60w.txt").replace("\n10000,", "\n\"10,000\",");
    assert_ne!(quoted, text("scribner/z60w.txt"));
    assert!(read("cell.txt", &quoted).unwrap().time_series.equals_missing(&z60w.time_series));
    let short = changed("scribner/z60w.txt", "Z'(a)", |row, cells| if row == 7 { Vec::new() } else { cells });
    let m = read("cell.txt", &short).unwrap();
    assert_eq!((points(&m) + 1, points(&whole)), (points(&z60w), points(&z60w)));
    assert!(said(&m, NoteCode::DamagedFile).unwrap().contains("promises 25 point(s) and has 24"));
}

#[test]
fn a_point_without_a_frequency_is_no_step_of_its_own() {
    let lost = changed("gamry/impedance.dta", "Zreal", |row, mut cells| {
        if row == 5 {
            cells[3] = "NaN".to_owned();
        }
        cells
    });
    let (m, whole) = (read("cell.dta", &lost).unwrap(), read("cell.dta", &text("gamry/impedance.dta")).unwrap());
    assert_eq!((m.time_series.height() + 1, m.steps.height()), (whole.time_series.height(), whole.steps.height()));
    let is_told =
        |note: &cyclerprep::Note| note.message.contains("1 row(s) were dropped: an impedance and no frequency");
    assert!(m.report.notes.iter().any(is_told));
}
