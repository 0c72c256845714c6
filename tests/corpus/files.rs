//! Every file of the four makers: detection, and what becomes of it; texts and workbooks beside what is known of them.

use std::path::{Path, PathBuf};

use polars::prelude::ChunkAgg;

use cyclerprep::detect::detect;
use cyclerprep::{ErrorKind, Limits, PrepareOptions, Source, prepare};

use super::{column, corpus, files, name};

/// Why the voltage speaks against a sign that is the instrument's and stays (docs/decisions.md#current-sign): the finding of the
/// platform's check is then a property of the file.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Reason {
    /// Plating or another electrode reaction: the voltage relaxes against the current within a single step.
    OneStepRelaxes,
    /// A cyclic voltammogram: the voltage is driven, the current follows.
    DrivenVoltage,
    /// Holds without an answer of 50 mV.
    Holds,
    /// The only moving charge is on impedance rows, which the reader's vote leaves out and the validator's, like the platform's,
    /// does not.
    ChargeOnImpedanceRows,
}

#[rustfmt::skip]
static INVALID: &[(&str, Reason)] = &[
    ("cheminfo__noHeader.mpt", Reason::Holds),
    ("cheminfo__test.mpr", Reason::Holds),
    ("cheminfo__test.mpt", Reason::Holds),
    ("navani__00_test_02_MB_C01.mpr", Reason::OneStepRelaxes),
    ("yadg__cp.mpr", Reason::OneStepRelaxes),
    ("yadg__cp.mpt", Reason::OneStepRelaxes),
    ("yadg__cva.issue_202.mpr", Reason::DrivenVoltage),
    ("yadg__cva.issue_202.mpt", Reason::DrivenVoltage),
    ("yadg__mb.issue_223.mpr", Reason::ChargeOnImpedanceRows),
    ("yadg__mb.issue_223.mpt", Reason::ChargeOnImpedanceRows),
    ("yadgold__cp.mpr", Reason::OneStepRelaxes),
    ("yadgold__cp.mpt", Reason::OneStepRelaxes),
];

/// Folders, with the number of files that must be prepared.
static FOLDERS: &[(&str, &str, usize)] = &[
    ("maccor/txt", "Maccor", 14),
    ("maccor/csv", "Maccor", 3),
    ("maccor/eis_txt", "Maccor", 1),
    ("biologic/mpt", "BioLogic", 50),
    ("biologic/txt", "BioLogic", 7),
    ("biologic/csv", "BioLogic", 1),
    ("arbin/csv", "Arbin", 7),
    ("arbin/xlsx", "Arbin", 4),
    ("neware/csv", "Neware", 3),
    ("neware/txt", "Neware", 1),
    ("neware/xls", "Neware", 1),
    ("neware/xlsx", "Neware", 2),
    ("biologic/mpr", "BioLogic", 75),
    ("neware/nda", "Neware", 6),
    ("neware/ndax", "Neware", 12),
    ("arbin/res", "Arbin", 5),
];

/// Files that are known and hold no rows of a test.
static SIDE_FILES: &[&str] = &["_Metadata.csv", "_GlobalInfo.CSV"];

fn is_side_file(path: &Path) -> bool {
    SIDE_FILES.iter().any(|end| name(path).ends_with(end))
}

#[test]
fn every_file_is_prepared_or_invalid_for_a_known_reason() {
    let Some(corpus) = corpus("all dialects") else { return };
    for (folder, _, least) in FOLDERS {
        let mut prepared = 0;
        for file in files(&corpus.join(folder)) {
            let read = prepare(&file, &PrepareOptions::default());
            if name(&file) == "impedancepy__exampleDataBioLogic_MissingFreq.mpt" {
                // Its header was edited by hand and is narrower than its data: must be refused.
                assert_eq!(read.unwrap_err().kind(), ErrorKind::Malformed);
                continue;
            }
            if is_side_file(&file) {
                assert_eq!(read.unwrap_err().kind(), ErrorKind::SideFile, "{}", name(&file));
                continue;
            }
            let measurement = read.unwrap_or_else(|e| panic!("{}: {e}", name(&file)));
            let codes: Vec<&str> = measurement
                .report
                .issues
                .iter()
                .filter(|i| i.severity == cyclerprep::Severity::Error)
                .map(|i| i.code.as_str())
                .collect();
            let reason = INVALID.iter().find(|(file_name, _)| *file_name == name(&file)).map(|(_, reason)| *reason);
            let known: &[&str] = if reason.is_some() { &["current_sign_reversed"] } else { &[] };
            assert_eq!(codes, known, "{}", name(&file));
            // Where a vote was held against the instrument, the finding says so.
            let is_told = measurement.report.issues.iter().any(|i| i.message.contains("`sign_vote`"));
            assert_eq!(is_told, reason.is_some_and(|r| r != Reason::ChargeOnImpedanceRows), "{}", name(&file));
            prepared += 1;
        }
        assert!(prepared >= *least, "{folder}: {prepared}");
    }
}

/// docs/formats/nda.md: what BTSDA shows of a test whose current is recorded too sparsely for the trapezoid.
#[test]
fn a_neware_counter_ends_as_btsda_says() {
    let Some(corpus) = corpus("BTSDA's capacity") else { return };
    let m = prepare(corpus.join("neware/nda/fastnda__2-1-6_61_07005012.nda"), &PrepareOptions::default()).unwrap();
    let discharged = column(&m, "Discharge capacity [A.h]");
    let last = discharged.last().copied().unwrap();
    assert!((last - 0.29987).abs() < 1e-4, "{last}");
}

/// The maker of a file in `other`, by its folder or its name.
fn other_maker(file: &Path) -> Option<&'static str> {
    let path = file.to_string_lossy();
    let known = [
        ("/basytec/", "BaSyTec"),
        ("/bdf/", "Battery Data Format"),
        ("/gamry/", "Gamry"),
        ("/landt/", "Landt"),
        ("/novonix/", "Novonix"),
        ("/pec/", "PEC"),
        ("/vdf/", "Voltaiq"),
        // Saved by Scribner's program, whatever its name says.
        ("DataAutolab.txt", "Scribner"),
        ("DataCHInstruments.txt", "CHI"),
        ("DataPowersuite.txt", "Princeton"),
        ("DataVersaStudio.par", "Princeton"),
        ("DataZPlot.z", "Scribner"),
    ];
    known.iter().find(|(part, _)| path.contains(part)).map(|(_, maker)| *maker)
}

#[test]
fn makers_are_told_apart() {
    let Some(corpus) = corpus("detection") else { return };
    let mut folders: Vec<(String, Option<&str>)> =
        FOLDERS.iter().map(|(folder, maker, _)| ((*folder).to_owned(), Some(*maker))).collect();
    let mut other: Vec<PathBuf> = std::fs::read_dir(corpus.join("other")).unwrap().map(|e| e.unwrap().path()).collect();
    other.sort();
    folders.extend(other.iter().map(|path| (format!("other/{}", name(path)), None)));
    let mut seen = 0;
    for (folder, maker) in folders {
        for file in files(&corpus.join(&folder)) {
            let expected = if is_side_file(&file) { None } else { maker.or(other_maker(&file)) };
            let source = Source::open(&file, &Limits::default()).unwrap();
            for called in [file.display().to_string(), "x".to_owned()] {
                let source = Source::from_bytes(called, source.bytes().to_vec());
                // What no maker claims may be a table under usual names.
                let found = detect(&source).ok().map(|best| best.reader.info().maker.name());
                let found = found.filter(|found| *found != "Generic");
                assert_eq!(found, expected, "{}", name(&file));
            }
            seen += 1;
        }
    }
    assert!(seen > 110, "{seen}");
}

fn close(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (row, (got, want)) in got.iter().zip(want).enumerate() {
        let equal = (got - want).abs() <= tolerance || (got.is_nan() && want.is_nan());
        assert!(equal, "{what} in row {row}: {got}, should be {want}");
    }
}

/// A workbook and the csv of the same test: equal to the digits that the csv prints.
#[test]
fn an_arbin_workbook_equals_its_csv() {
    let Some(corpus) = corpus("Arbin twins") else { return };
    let read = |path: &str| prepare(corpus.join(path), &PrepareOptions::default()).unwrap();
    let book = read("arbin/xlsx/navani__bs542_004_gr_li_50ua_50mv_1v_191020_Channel_11.xlsx");
    let csv = read("arbin/csv/datalab__test.csv");
    for (what, tolerance) in [
        ("Time [s]", 6e-4),
        ("Current [A]", 6e-10),
        ("Voltage [V]", 6e-10),
        ("Step count", 0.0),
        ("Cycle count", 0.0),
        ("Step from cycler", 0.0),
        ("Cycle from cycler", 0.0),
        ("Charge capacity [A.h]", 2e-9),
        ("Discharge capacity [A.h]", 2e-9),
    ] {
        close(&column(&book, what), &column(&csv, what), tolerance, what);
    }
}

/// Two readouts by another program of EC-Lab exports: time, voltage and current.
#[test]
fn biologic_equals_an_independent_readout() {
    let Some(corpus) = corpus("BioLogic readouts") else { return };
    for (technique, current) in [("ca", "I/mA"), ("cv", "<I>/mA")] {
        let ours = prepare(
            corpus.join(format!("biologic/mpt/unitpackage__eclab_{technique}.mpt")),
            &PrepareOptions::default(),
        )
        .unwrap();
        let path = corpus.join(format!("_reference/unitpackage__eclab_{technique}.mpt.expected.csv"));
        let text = std::fs::read_to_string(path).unwrap();
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let rows: Vec<Vec<f64>> =
            lines.map(|l| l.split(',').map(|c| c.parse().unwrap_or(f64::NAN)).collect()).collect();
        let theirs = |name: &str| -> Vec<f64> {
            let at = header.iter().position(|h| *h == name).unwrap();
            rows.iter().map(|row| row[at]).collect()
        };
        let time = theirs("time/s");
        let since: Vec<f64> = time.iter().map(|t| t - time[0]).collect();
        close(&column(&ours, "Time [s]"), &since, 1e-9, "time");
        close(&column(&ours, "Voltage [V]"), &theirs("Ewe/V"), 0.0, "voltage");
        // The sign is ours to settle; the size is theirs.
        let sizes = |values: Vec<f64>| values.into_iter().map(f64::abs).collect::<Vec<_>>();
        let milli: Vec<f64> = theirs(current).iter().map(|i| i / 1000.0).collect();
        close(&sizes(column(&ours, "Current [A]")), &sizes(milli), 1e-15, "current");
    }
}

/// docs/formats/neware.md#check-values: a layered export.
#[test]
fn layered_neware_reference_numbers() {
    let Some(corpus) = corpus("layered Neware") else { return };
    let file = corpus.join("neware/csv/cellpy__nw_regular_export_ife_example.csv");
    let m = prepare(file, &PrepareOptions::default()).unwrap();
    let (time, voltage) = (column(&m, "Time [s]"), column(&m, "Voltage [V]"));
    let (runs, cycles) = (column(&m, "Step run from cycler"), column(&m, "Cycle from cycler"));
    let last = time.len() - 1;
    assert_eq!((time.len(), runs[last], cycles[last]), (9295, 81.0, 20.0));
    assert!((time[last] - 100_543.0).abs() < 1e-3, "{}", time[last]);
    assert_eq!((voltage[0], voltage[last]), (4.3185, 4.1544));
    let sum = |name: &str| 1000.0 * m.steps.column(name).unwrap().f64().unwrap().sum().unwrap();
    assert!((sum("Charge capacity [A.h]") - 5713.218).abs() < 0.01, "{}", sum("Charge capacity [A.h]"));
    assert!((sum("Discharge capacity [A.h]") - 5946.632).abs() < 0.01, "{}", sum("Discharge capacity [A.h]"));
}

/// docs/formats/maccor.md#spectrum-files: all points, first one as published.
#[test]
fn maccor_spectrum_reference_numbers() {
    let Some(corpus) = corpus("Maccor spectrum") else { return };
    let file = corpus.join("maccor/eis_txt/beep__maccor_test_file_4267-66-6519.EDA0001.041");
    let m = prepare(file, &PrepareOptions::default()).unwrap();
    let get = |name: &str| column(&m, name);
    assert_eq!(m.time_series.height(), 60);
    assert_eq!(
        (get("Frequency [Hz]")[0], get("Z_Re [Ohm]")[0], get("Z_Im [Ohm]")[0]),
        (999_999.0, 0.773446, -0.849201)
    );
    let modulus: Vec<f64> = get("Z_Re [Ohm]").iter().zip(get("Z_Im [Ohm]")).map(|(re, im)| re.hypot(im)).collect();
    close(&get("Z_Mod [Ohm]"), &modulus, 1e-4, "modulus");
}

/// docs/formats/maccor.md#compared: rows, first and last values as written.
#[test]
fn maccor_reference_numbers() {
    let Some(corpus) = corpus("Maccor reference numbers") else { return };
    #[rustfmt::skip]
    let cases: &[(&str, usize, f64, f64, f64)] = &[
        // file, rows, duration in s, first and last voltage
        ("cellpyhist__maccor_001.txt", 6704, 183_171.57, 3.4625, 3.55131),
        ("beep__PreDiag_000229_000229_truncated.034", 4061, 82_621.28, 3.459_220_26, 4.180_209_05),
        ("mdftoolkit__example_hppc.062", 1241, 855.6645 * 60.0, 3.432_974_75, 3.413_443_2),
        ("cellpy__maccor_two.txt", 213, 212.0 * 60.0, 0.1377, 0.1490),
    ];
    for (file, rows, duration, first, last) in cases {
        let m = prepare(corpus.join("maccor/txt").join(file), &PrepareOptions::default()).unwrap();
        let (time, voltage) = (column(&m, "Time [s]"), column(&m, "Voltage [V]"));
        assert_eq!(time.len(), *rows, "{file}");
        assert!((time[rows - 1] - duration).abs() < 0.02, "{file}: {}", time[rows - 1]);
        assert_eq!((voltage[0], voltage[rows - 1]), (*first, *last), "{file}");
    }
}

/// A decimal comma changes nothing.
#[test]
fn decimal_comma_twins_are_equal() {
    let Some(corpus) = corpus("decimal comma twins") else { return };
    let read = |file: &str| prepare(corpus.join("biologic/mpt").join(file), &PrepareOptions::default()).unwrap();
    let (point, comma) = (read("yadg__mb.issue_95.mpt"), read("yadg__mb.issue_95.de.mpt"));
    assert!(point.time_series.equals_missing(&comma.time_series));
}

/// docs/formats/neware.md#check-values, text files: rows, total time, voltages, the last current in mA in Neware's sign,
/// and charged and
/// discharged mA.h.
#[test]
fn neware_reference_numbers() {
    let Some(corpus) = corpus("Neware reference numbers") else { return };
    let m = prepare(corpus.join("neware/csv/cellpy__neware_uio.csv"), &PrepareOptions::default()).unwrap();
    let (time, voltage, current) = (column(&m, "Time [s]"), column(&m, "Voltage [V]"), column(&m, "Current [A]"));
    assert_eq!(time.len(), 9065);
    assert!((time[9064] - 518_538.0).abs() <= 1.0, "{}", time[9064]);
    assert_eq!((voltage[0], voltage[9064]), (2.917, 0.4251));
    assert!((current[9064].abs() - 0.000_991_71).abs() < 5e-9);
    let sum = |name: &str| m.steps.column(name).unwrap().f64().unwrap().sum().unwrap();
    assert!((sum("Charge capacity [A.h]") - 0.017_768_75).abs() < 2e-6, "{}", sum("Charge capacity [A.h]"));
    assert!((sum("Discharge capacity [A.h]") - 0.020_744_08).abs() < 2e-6, "{}", sum("Discharge capacity [A.h]"));
}

/// A test that was copied while it ran: each copy is the one before and what came since.
#[test]
fn growing_copies_of_a_running_test_agree() {
    let Some(corpus) = corpus("growing copies") else { return };
    let stages: Vec<PathBuf> =
        files(&corpus.join("biologic/mpr")).into_iter().filter(|p| name(p).starts_with("aurora__file_2025")).collect();
    assert_eq!(stages.len(), 4);
    let read: Vec<_> = stages.iter().map(|path| prepare(path, &PrepareOptions::default()).unwrap()).collect();
    for pair in read.windows(2) {
        let before = column(&pair[0], "Voltage [V]");
        let after = column(&pair[1], "Voltage [V]");
        assert!(before.len() < after.len() && after.starts_with(&before), "{} and {} rows", before.len(), after.len());
        assert_eq!(pair[0].metadata.test_setup.cycler, pair[1].metadata.test_setup.cycler);
    }
}
