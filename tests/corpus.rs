//! Real files of public repositories, where they lie: `CYCLERPREP_CORPUS`, or `../shared/corpus` beside the project.

use std::path::{Path, PathBuf};

use polars::prelude::ChunkAgg;

use cyclerprep::detect::detect;
use cyclerprep::{ErrorKind, Limits, Measurement, PrepareOptions, Source, prepare};

/// The corpus, or `None` with a line that says that the test was skipped.
fn corpus(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("CYCLERPREP_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let found = named.unwrap_or(beside);
    if found.join("MANIFEST.csv").is_file() {
        return Some(found);
    }
    eprintln!("skipped: {test} needs the corpus; set CYCLERPREP_CORPUS to its folder");
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn column(measurement: &Measurement, name: &str) -> Vec<f64> {
    let column = measurement.time_series.column(name).unwrap().cast(&polars::prelude::DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|v| v.unwrap_or(f64::NAN)).collect()
}

/// Files of the dialects that are read now, with the findings that are properties of the file.
#[rustfmt::skip]
static INVALID: &[(&str, &str)] = &[
    // Impedance at a bias: the only moving charge is on impedance rows, which the reader's vote leaves out and the
    // validator's, like the platform's, does not.
    ("pyeis__ex1.mpt", "current_sign_reversed"),
    ("yadg__mb.issue_223.mpt", "current_sign_reversed"),
    ("yadg__peis.issue_149.mpt", "current_sign_reversed"),
    ("yadg__peis.mpt", "current_sign_reversed"),
    ("yadghist__peis.issue_149.mpt", "current_sign_reversed"),
    ("yadgold__peis.mpt", "current_sign_reversed"),
];

#[test]
fn every_file_of_the_text_dialects_is_prepared_or_invalid_for_a_known_reason() {
    let Some(corpus) = corpus("text dialects") else { return };
    let mut prepared = 0;
    for folder in ["maccor/txt", "biologic/mpt"] {
        for file in files(&corpus.join(folder)) {
            if name(&file) == "impedancepy__exampleDataBioLogic_MissingFreq.mpt" {
                // Its header was edited by hand and is narrower than its data: must be refused.
                assert_eq!(prepare(&file, &PrepareOptions::default()).unwrap_err().kind(), ErrorKind::Malformed);
                continue;
            }
            let measurement =
                prepare(&file, &PrepareOptions::default()).unwrap_or_else(|e| panic!("{}: {e}", name(&file)));
            let codes: Vec<&str> = measurement
                .report
                .issues
                .iter()
                .filter(|i| i.severity == cyclerprep::Severity::Error)
                .map(|i| i.code.as_str())
                .collect();
            let known: Vec<&str> =
                INVALID.iter().filter(|(file_name, _)| *file_name == name(&file)).map(|(_, code)| *code).collect();
            assert_eq!(codes, known, "{}", name(&file));
            prepared += 1;
        }
    }
    assert!(prepared >= 70, "{prepared}");
}

#[test]
fn makers_are_told_apart() {
    let Some(corpus) = corpus("detection") else { return };
    let mut seen = 0;
    for (folder, maker) in [
        ("maccor/txt", Some("Maccor")),
        ("maccor/csv", Some("Maccor")),
        ("biologic/mpt", Some("BioLogic")),
        ("biologic/txt", Some("BioLogic")),
        ("other/basytec", None),
        ("other/bdf", None),
        ("other/eis_misc", None),
        ("other/gamry", None),
        ("other/landt", None),
        ("other/novonix", None),
        ("other/pec", None),
        ("other/vdf", None),
    ] {
        for file in files(&corpus.join(folder)) {
            let source = Source::open(&file, &Limits::default()).unwrap();
            for called in [file.display().to_string(), "x".to_owned()] {
                let source = Source::from_bytes(called, source.bytes().to_vec());
                let found = detect(&source).ok().map(|best| best.reader.info().maker.name());
                assert_eq!(found, maker, "{}", name(&file));
            }
            seen += 1;
        }
    }
    assert!(seen > 90, "{seen}");
}

/// maccor.md §13: rows, first and last values as written.
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

/// neware.md §14, text files: rows, total time, voltages, the last current in mA in Neware's sign, and charged and
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
