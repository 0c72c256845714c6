//! `.nda` and `.ndax` against Neware's own export of the same file, every column and every record
//! (docs/formats/neware.md#how-btsda-prints, docs/formats/neware.md#check-values).

use std::path::Path;

use polars::prelude::*;

use cyclerprep::note::Notes;
use cyclerprep::readers::{ReadOptions, by_id};
use cyclerprep::table::{RawData, RawTable};
use cyclerprep::{Limits, Source};

use super::{corpus, files, name};

fn read(path: &Path) -> (RawTable, Notes) {
    let source = Source::open(path, &Limits::default()).unwrap();
    let reader = if path.extension().is_some_and(|e| e == "nda") { "neware_nda" } else { "neware_ndax" };
    let mut notes = Notes::new();
    let read = by_id(reader).unwrap().read(&source, &ReadOptions::default(), &mut notes);
    (read.unwrap_or_else(|e| panic!("{}: {e}", path.display())).pop().unwrap(), notes)
}

fn ours(table: &RawTable, name: &str) -> Vec<f64> {
    let index = table.columns.iter().position(|c| c.name == name).unwrap_or_else(|| panic!("no {name}"));
    table.numbers(index).unwrap()
}

fn labels(table: &RawTable) -> Vec<String> {
    let column = table.columns.iter().find(|c| c.name == "Step Type").unwrap();
    let RawData::Label(codes, names) = &column.data else { panic!("no labels") };
    codes.iter().map(|code| names[*code as usize].clone()).collect()
}

fn theirs(frame: &DataFrame, name: &str) -> Vec<f64> {
    let column = frame.column(name).unwrap().cast(&DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|v| v.unwrap_or(f64::NAN)).collect()
}

/// Folded as BTSDA 8 and 9 spell the same status.
fn status(text: &str) -> String {
    text.to_lowercase().replace('_', " ").replace("pulse step", "pulse")
}

#[test]
fn binaries_are_what_btsda_exports() {
    let Some(corpus) = corpus(".nda and .ndax against BTSDA") else { return };
    let mut compared = 0;
    let failures = std::cell::RefCell::new(Vec::new());
    for path in files(&corpus.join("neware/nda")).into_iter().chain(files(&corpus.join("neware/ndax"))) {
        let reference = corpus.join("_reference").join(format!("{}.btsda.parquet", name(&path)));
        if !reference.is_file() {
            continue;
        }
        let frame = ParquetReader::new(std::fs::File::open(&reference).unwrap()).finish().unwrap();
        let (table, _) = read(&path);
        compared += 1;
        let file = name(&path);
        let check = |what: &str, got: Vec<f64>, want: Vec<f64>, absolute: f64, relative: f64| {
            if got.len() != want.len() {
                failures.borrow_mut().push(format!("{file}: {what}: {} rows, {} expected", got.len(), want.len()));
                return;
            }
            let bad: Vec<usize> = (0..got.len())
                .filter(|i| {
                    let (a, b) = (got[*i], want[*i]);
                    a.is_nan() != b.is_nan() || (a - b).abs() > absolute + relative * b.abs()
                })
                .collect();
            if let Some(first) = bad.first() {
                failures.borrow_mut().push(format!(
                    "{file}: {what}: {} differ, first at {first}: {} read, {} expected",
                    bad.len(),
                    got[*first],
                    want[*first]
                ));
            }
        };
        check("cycle", ours(&table, "Cycle Index"), theirs(&frame, "Cycle Index"), 0.0, 0.0);
        check("step", ours(&table, "Step Index"), theirs(&frame, "Step Index"), 0.0, 0.0);
        check("run", ours(&table, "Step Number"), theirs(&frame, "Step Count"), 0.0, 0.0);
        // Times are printed to 1 ms, or wrong by less than that (docs/formats/neware.md#how-btsda-prints).
        check("step time", ours(&table, "Step Time(s)"), theirs(&frame, "Time"), 1.01e-3, 0.0);
        check("total time", ours(&table, "Total Time(s)"), theirs(&frame, "Total Time"), 1.01e-3, 0.0);
        // Record versions 2 and 3 print 6 digits and 8 decimals of A.h or W.h, and energy without its sign
        // (docs/formats/neware.md#how-btsda-prints).
        let coarse = std::fs::read(&path).unwrap()[16] == 3 && file.ends_with(".nda");
        let (digits, decimals) = if coarse { (6e-6, 0.037) } else { (1e-7, 0.0) };
        let scaled = |name: &str, factor: f64| ours(&table, name).into_iter().map(|v| v * factor).collect::<Vec<_>>();
        check("current", scaled("Current(mA)", 1e3), theirs(&frame, "Current(uA)"), 0.51, digits);
        check("voltage", scaled("Voltage(V)", 1e3), theirs(&frame, "Voltage(mV)"), 0.051, 1e-7);
        let types = frame.column("Step Type").unwrap().cast(&DataType::String).unwrap();
        let types: Vec<String> = types.str().unwrap().iter().map(|v| status(v.unwrap_or(""))).collect();
        let own: Vec<String> = labels(&table).iter().map(|l| status(l)).collect();
        if types != own {
            failures.borrow_mut().push(format!("{file}: status"));
        }
        let modern = std::fs::read(&path).unwrap()[14] >= 129 && file.ends_with(".nda");
        // Some versions print whole µA and mA·s, or 7 decimals of A.h: half a unit, beside the 32 bits of the reference.
        for (single, charge, discharge, column) in [
            ("capacity", "Chg. Cap.(mAh)", "DChg. Cap.(mAh)", "Capacity(mAs)"),
            ("energy", "Chg. Energy(mWh)", "DChg. Energy(mWh)", "Energy(mWs)"),
        ] {
            let (charge, discharge) = (scaled(charge, 3600.0), scaled(discharge, 3600.0));
            let value = |i: usize| {
                let (q, d) = (charge[i], discharge[i]);
                if own[i].ends_with("dchg") {
                    if modern { -d } else { d }
                } else if own[i].ends_with("chg") {
                    q
                } else {
                    q - d
                }
            };
            let got: Vec<f64> = (0..charge.len()).map(value).collect();
            let got = if coarse && single == "energy" { got.iter().map(|e| e.abs()).collect() } else { got };
            check(single, got, theirs(&frame, column), 0.51 + decimals, digits);
        }
        let stamps = table.columns.iter().find(|c| c.name == "Date").unwrap();
        let RawData::Stamp(stamps) = &stamps.data else { panic!() };
        let dates = frame.column("Date").unwrap().cast(&DataType::Int64).unwrap();
        let dates: Vec<i64> = dates.i64().unwrap().iter().map(|v| v.unwrap_or(0)).collect();
        // The zone of the viewer is not known.
        let apart: Vec<i64> = stamps.iter().zip(&dates).map(|(a, b)| b - a).collect();
        if let Some(first) = apart.first() {
            if first % 900_000 > 1 && first.rem_euclid(900_000) < 899_999 {
                failures.borrow_mut().push(format!("{file}: zone {first} ms"));
            }
            let off = apart.iter().filter(|a| (**a - first).abs() > 1).count();
            if off > 0 {
                failures.borrow_mut().push(format!("{file}: {off} dates differ"));
            }
        }
        for column in frame.get_column_names() {
            let column = column.as_str();
            // What is 0 throughout is absent (docs/formats/ndax.md#auxiliary-channels).
            if column.starts_with('H') && theirs(&frame, column).iter().all(|v| *v == 0.0) {
                continue;
            }
            let own = match column {
                "T1" => "T1(℃)".to_owned(),
                c if c.starts_with(['T', 't']) && c.ends_with("(?)") => c.replace("(?)", "(℃)"),
                c if c.starts_with('V') && c.ends_with("(mV)") && c.len() < 8 => c.replace("(mV)", "(V)"),
                c if c.starts_with('H') => c.to_owned(),
                _ => continue,
            };
            if !table.columns.iter().any(|c| c.name == own) {
                failures.borrow_mut().push(format!(
                    "{file}: no {own} (have {:?})",
                    table.columns.iter().map(|c| &c.name).collect::<Vec<_>>()
                ));
                continue;
            }
            let factor = if column.contains("mV") { 1e3 } else { 1.0 };
            let values = ours(&table, &own).into_iter().map(|v| v * factor).collect();
            check(column, values, theirs(&frame, column), 0.051, 1e-6);
        }
    }
    println!("{compared} files");
    let failures = failures.into_inner();
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(compared >= 14, "{compared}");
}

type Check = (&'static str, [f64; 4], [f64; 3], [f64; 4], f64);

/// The check values of docs/formats/neware.md#check-values: rows, step runs, cycle, total time, first and last voltage,
/// last current, sums over the
/// steps of the last values of the counters, clock of the first record.
#[rustfmt::skip]
static CHECKS: &[Check] = &[
    ("2-1-6_61_07005012.nda", [15567.0, 1.0, 1.0, 3602.11755], [4.029788, 3.966784, -1699.85], [0.0, 299.8615, 0.0, 1203.351], 1461068461.483),
    ("SINTEF__G20M7_BTS91.nda", [17587.0, 6.0, 1.0, 175734.132999691], [3.3067, 3.138426, 0.0], [3838.768, 3716.034, 14942.31, 14220.91], 1766393064.885),
    ("TestFile.nda", [6670.0, 11.0, 3.0, 72373.26], [3.881992, 4.158703, 0.0], [11626.12, 9596.814, 43934.09, 32712.53], 1716796973.970),
    ("nda_v22.nda", [1380.0, 3.0, 1.0, 41298.9], [1.8105, 2.4001, 10.44], [118.4414, 0.0, 257.7492, 0.0], 1444793310.0),
    ("nda_v8.nda", [21.0, 2.0, 1.0, 543.0], [2.1217, 1.7469, -2.297], [0.0, 0.3081808, 0.0, 0.6208692], 1442376523.0),
    ("new_nda_file.nda", [439.0, 6.0, 1.0, 721.6], [-0.0911, -0.0951, 0.0], [0.0006965278, 0.0070745, 5.952778e-05, 0.0007025556], 1585135010.0),
    ("21_10_7_85.ndax", [141.0, 1.0, 1.0, 140.0], [-3.572494e-05, -6.055075e-06, 0.0], [0.0; 4], 1762358211.786),
    ("46_1_5_60_bts16.ndax", [84.0, 4.0, 1.0, 80.0], [2.900084, 2.884816, 0.0], [16.68153, 16.6408, 50.34152, 47.905], 1758706195.074),
    ("BTS85-36-6-5-110-20240424.ndax", [699677.0, 45.0, 15.0, 692462.7], [1.964854, 3.159157, 0.06639063], [19.40186, 18.89424, 61.73043, 53.38625], 1714978738.797),
    ("TESTCELL0001-Test_Data_Collection_Ndc17.ndax", [80.0, 5.0, 1.0, 75.0], [3.587182, 3.586053, 0.0], [4.166538, 4.16653, 15.0357, 14.86918], 1758723656.575),
    ("Unit27_Example_Corrupt.ndax", [301.0, 1.0, 1.0, 300.0], [2.982991, 2.982875, 0.0], [0.0; 4], 1731933825.422),
    ("Unit27_Example_Data_File.ndax", [301.0, 1.0, 1.0, 300.0], [2.982991, 2.982875, 0.0], [0.0; 4], 1731933825.422),
    ("interp-test.ndax", [333.0, 1.0, 1.0, 1800.0], [0.0002101111, 0.0002155607, 0.0], [0.0; 4], 1750148799.383),
    ("scrubbed_ndc2.ndax", [28.0, 4.0, 1.0, 664.4], [-3.3883, -3.3579, 0.0], [0.0; 4], 1695897585.0),
    ("20260302_IFE_BTS85_2_9_8_1.ndax", [252951.0, 5.0, 1.0, 252946.0], [0.2069546, 4.748331, 1.935565], [1418.757, 0.0, 6144.428, 0.0], 1772187453.977),
    ("test.ndax", [1464.0, 4.0, 1.0, 43800.0], [3.4666, 1.8105, 0.0], [0.5930392, 0.6254508, 2.545015, 1.876608], 1706819063.0),
    ("filetype14-0.ndax", [67.0, 1.0, 1.0, 655.4], [0.003346035, 0.003312732, 0.0], [0.0; 4], 1743778179.550),
];

#[test]
fn binaries_have_their_check_values() {
    let Some(corpus) = corpus("check values of Neware's binaries") else { return };
    let mut seen = 0;
    for path in files(&corpus.join("neware/nda")).into_iter().chain(files(&corpus.join("neware/ndax"))) {
        let own = name(&path);
        let Some((file, counts, ends, sums, clock)) =
            CHECKS.iter().find(|(file, ..)| own.ends_with(&format!("__{file}")))
        else {
            assert!(own.contains("empty"), "{own} has no check values");
            assert!(ours(&read(&path).0, "Voltage(V)").is_empty());
            continue;
        };
        seen += 1;
        let (table, _) = read(&path);
        let run = ours(&table, "Step Number");
        let last_of = |name: &str| {
            let values = ours(&table, name);
            (0..run.len()).filter(|i| run.get(i + 1) != Some(&run[*i])).map(|i| values[i]).sum::<f64>()
        };
        let (voltage, last) = (ours(&table, "Voltage(V)"), run.len() - 1);
        let got = [
            run.len() as f64,
            1.0 + run.windows(2).filter(|w| w[0] != w[1]).count() as f64,
            ours(&table, "Cycle Index")[last],
            ours(&table, "Total Time(s)")[last],
            voltage[0],
            voltage[last],
            ours(&table, "Current(mA)")[last],
            last_of("Chg. Cap.(mAh)"),
            last_of("DChg. Cap.(mAh)"),
            last_of("Chg. Energy(mWh)"),
            last_of("DChg. Energy(mWh)"),
        ];
        let want: Vec<f64> = counts.iter().chain(ends).chain(sums).copied().collect();
        for (k, (got, want)) in got.iter().zip(&want).enumerate() {
            // The table has 7 digits, counts and total times are exact.
            let tolerance = if k < 4 { 1e-9 } else { 6e-7 * want.abs() };
            assert!((got - want).abs() <= tolerance, "{file}: value {k}: {got} read, {want} in the table");
        }
        let RawData::Stamp(stamps) = &table.columns.iter().find(|c| c.name == "Date").unwrap().data else { panic!() };
        assert!((stamps[0] as f64 / 1000.0 - clock).abs() < 1e-3, "{file}: clock {} for {clock}", stamps[0]);
    }
    assert_eq!(seen, CHECKS.len());
}

/// docs/formats/neware.md#check-values: the flat export holds the same rows as the binary, to the last digit.
#[test]
fn an_export_and_its_binary_become_the_same_measurement() {
    let Some(corpus) = corpus("interp-test") else { return };
    let csv = files(&corpus.join("neware/csv")).into_iter().find(|p| name(p).contains("interp-test"));
    let Some(csv) = csv else { return eprintln!("no interp-test.csv in the corpus") };
    let binary = files(&corpus.join("neware/ndax")).into_iter().find(|p| name(p).contains("interp-test")).unwrap();
    let prepare = |path: &Path| cyclerprep::prepare(path, &Default::default()).unwrap();
    let (text, binary) = (prepare(&csv), prepare(&binary));
    for column in ["Time [s]", "Current [A]", "Voltage [V]", "Step count", "Cycle count"] {
        let (a, b) = (super::column(&text, column), super::column(&binary, column));
        assert_eq!(a.len(), b.len());
        for (row, (a, b)) in a.iter().zip(&b).enumerate() {
            assert!((a - b).abs() <= 5.1e-5, "{column} row {row}: {a} in the csv, {b} in the binary");
        }
    }
}
