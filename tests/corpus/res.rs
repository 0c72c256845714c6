//! `.res` against dumps of its tables by mdbtools, every column and row, and the reference numbers of
//! docs/formats/arbin.md#check-values.

use std::io::Read;
use std::path::Path;

use cyclerprep::note::Notes;
use cyclerprep::readers::{ReadOptions, by_id};
use cyclerprep::table::{RawData, RawTable};
use cyclerprep::{Limits, NoteCode, Source};

use super::{corpus, files, name};

fn read(source: &Source) -> (Vec<RawTable>, Notes) {
    let mut notes = Notes::new();
    let read = by_id("arbin_res").unwrap().read(source, &ReadOptions::default(), &mut notes);
    (read.unwrap_or_else(|e| panic!("{}: {e}", source.name())), notes)
}

/// Names and columns of a dump of numbers.
fn dump(path: &Path) -> (Vec<String>, Vec<Vec<f64>>) {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let names: Vec<String> = lines.next().unwrap().split(',').map(|n| n.trim_matches('"').to_owned()).collect();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    (names, columns)
}

fn ours(table: &RawTable, name: &str) -> Vec<f64> {
    let index = table.columns.iter().position(|c| c.name == name).unwrap_or_else(|| panic!("no {name}"));
    match &table.columns[index].data {
        // Back to OLE days.
        RawData::Stamp(stamps) => stamps.iter().map(|ms| *ms as f64 / 86_400_000.0 + 25_569.0).collect(),
        _ => table.numbers(index).unwrap(),
    }
}

#[test]
fn res_is_what_mdbtools_dumps() {
    let Some(corpus) = corpus(".res against mdbtools") else { return };
    let (mut compared, mut cells) = (0, 0);
    for path in files(&corpus.join("arbin/res")) {
        let reference = corpus.join("_reference").join(format!("{}.Channel_Normal_Table.csv.gz", name(&path)));
        let (names, columns) = dump(&reference);
        let (tables, notes) = read(&Source::open(&path, &Limits::default()).unwrap());
        assert_eq!(tables.len(), 1);
        assert!(notes.iter().all(|n| n.code != NoteCode::PartialFile), "{}: {notes:?}", name(&path));
        // The dump has the rows as they lie.
        let point = names.iter().position(|n| n == "Data_Point").unwrap();
        let mut order: Vec<usize> = (0..columns[point].len()).collect();
        order.sort_by(|a, b| columns[point][*a].total_cmp(&columns[point][*b]));
        for (column, values) in names.iter().zip(&columns) {
            let got = ours(&tables[0], column);
            assert_eq!(got.len(), values.len(), "{} {column}", name(&path));
            for (row, at) in order.iter().enumerate() {
                let (a, b) = (got[row], values[*at]);
                // Singles are printed with 8 digits, doubles with 16; dates are whole milliseconds.
                let tolerance = if column == "DateTime" { 1e-8 } else { 6e-8 * b.abs() };
                assert!((a - b).abs() <= tolerance, "{} {column} row {row}: {a} read, {b} dumped", name(&path));
                cells += 1;
            }
        }
        compared += 1;
        let auxiliary = corpus.join("_reference").join(format!("{}.Auxiliary_Table.csv.gz", name(&path)));
        if auxiliary.is_file() {
            let (names, columns) = dump(&auxiliary);
            let at = |name: &str| names.iter().position(|n| n == name).unwrap();
            let points = ours(&tables[0], "Data_Point");
            let temperature = ours(&tables[0], "Aux_Temperature_1 (C)");
            assert!(columns[at("Data_Type")].iter().all(|t| *t == 1.0));
            for (point, value) in columns[at("Data_Point")].iter().zip(&columns[at("X")]) {
                let row = points.iter().position(|p| p == point).unwrap();
                assert!((temperature[row] - value).abs() <= 6e-8 * value.abs());
                cells += 1;
            }
        }
    }
    println!("{compared} files, {cells} cells");
    assert!(compared >= 5);
}

/// File, rows, step runs, last cycle, first and last test time, current and voltage, sums of current and voltage.
type Check = (&'static str, usize, usize, f64, [f64; 3], [f64; 3], [f64; 2]);

#[rustfmt::skip]
static CHECKS: &[Check] = &[
    ("20160805_test001_45_cc_01.res", 10261, 103, 18.0, [300.010482, 0.0, 3.0976174], [859077.240634, -3.0420697e-4, 0.2940689], [-0.117138, 5506.6441]),
    ("20210210_FC_01_cc_01.res", 7218, 19, 3.0, [5.008961, 0.0, 3.0511653], [318961.785120, 0.0, 3.3192697], [0.026018, 23818.8101]),
    ("aux_one_x_dx.res", 7235, 2, 1.0, [1.005300, 0.0, 3.7395005], [7233.911808, 0.049995568, 4.200007], [5744.023343, 29326.7836]),
    ("mits7-0.res", 8, 1, 1.0, [20.0004, 0.0, 0.13026524], [141.264096, 0.0, 0.13092709], [0.0, 1.0451]),
    ("arbin_example.res", 2150, 17, 5.0, [0.072595, 0.0, 3.8591957], [345733.389457, 0.0, 3.872108], [-0.003753, 8396.2283]),
];

#[test]
fn res_files_have_their_reference_numbers() {
    let Some(corpus) = corpus("reference numbers of .res files") else { return };
    for path in files(&corpus.join("arbin/res")) {
        let own = name(&path);
        let found = CHECKS.iter().find(|(file, ..)| own.ends_with(&format!("__{file}")));
        let (file, rows, runs, cycle, first, last, sums) = found.unwrap_or_else(|| panic!("{own} has no numbers"));
        let (tables, _) = read(&Source::open(&path, &Limits::default()).unwrap());
        let columns =
            ["Test_Time", "Current", "Voltage", "Step_Index", "Cycle_Index"].map(|name| ours(&tables[0], name));
        let [time, current, voltage, step, cycles] = &columns;
        let changes = (1..time.len()).filter(|i| step[*i] != step[i - 1] || cycles[*i] != cycles[i - 1]).count() + 1;
        assert_eq!((time.len(), changes, cycles[time.len() - 1]), (*rows, *runs, *cycle), "{file}");
        for (row, want) in [(0, first), (time.len() - 1, last)] {
            for (got, want) in [time[row], current[row], voltage[row]].iter().zip(want) {
                assert!(
                    (got - want).abs() <= 6e-7 + 6e-8 * want.abs(),
                    "{file} row {row}: {got} read, {want} in the table"
                );
            }
        }
        for (got, want) in [current.iter().sum::<f64>(), voltage.iter().sum::<f64>()].iter().zip(sums) {
            assert!((got - want).abs() <= 6e-5, "{file}: sum {got} read, {want} in the table");
        }
    }
}

/// A database that was cut anywhere behind its first pages gives what is there and says what is missing.
#[test]
fn cut_databases_say_what_is_missing() {
    let Some(corpus) = corpus("cut .res files") else { return };
    let path = files(&corpus.join("arbin/res")).into_iter().find(|p| name(p).contains("FC_01_cc_01")).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let mut with_rows = 0;
    for part in 3..20 {
        let cut = whole[..whole.len() * part / 20].to_vec();
        let source = Source::from_bytes("cut.res", cut);
        let read = by_id("arbin_res").unwrap().read(&source, &ReadOptions::default(), &mut Notes::new());
        let Ok(tables) = read else { continue };
        let rows = ours(&tables[0], "Data_Point").len();
        let (_, notes) = self::read(&source);
        let says = notes.iter().any(|n| n.code == NoteCode::PartialFile && n.message.contains("of 7218 declared"));
        assert!(rows == 7218 || says, "{part}/20: {rows} rows, {notes:?}");
        with_rows += usize::from(rows > 0);
    }
    assert!(with_rows >= 14, "{with_rows}");
}
