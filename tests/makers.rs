//! Single rules of the files of Novonix, BaSyTec, Landt, PEC, Bitrode, Digatron, Repower and of the Voltaiq data format, each on
//! the fixture that shows it.

use crate::support::fixtures;
use cyclerprep::detect::{Candidate, candidates};
use cyclerprep::{ErrorKind, Measurement, NoteCode, PrepareOptions, Source, prepare, prepare_source};

fn read(path: &str) -> Measurement {
    prepare(fixtures().join(path), &PrepareOptions::default()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(path: &str) -> String {
    String::from_utf8_lossy(&std::fs::read(fixtures().join(path)).unwrap()).into_owned()
}

fn read_text(text: String) -> Result<Measurement, cyclerprep::Error> {
    prepare_source(Source::from_bytes("cell.csv", text.into_bytes()), &PrepareOptions::default())
}

fn has(measurement: &Measurement, code: NoteCode, part: &str) -> bool {
    measurement.report.notes.iter().any(|note| note.code == code && note.message.contains(part))
}

fn last(measurement: &Measurement, column: &str) -> f64 {
    let column = measurement.time_series.column(column).unwrap().cast(&polars::prelude::DataType::Float64).unwrap();
    column.f64().unwrap().last().unwrap()
}

/// docs/formats/novonix.md#steps, docs/formats/novonix.md#metadata
#[test]
fn novonix_keeps_a_charge_and_its_hold_in_one_step() {
    for path in ["novonix/quoted.csv", "novonix/plain.csv"] {
        let m = read(path);
        // Rest, charge with hold, rest, discharge; twice.
        assert_eq!(m.steps.height(), 8, "{path}");
        assert_eq!(m.metadata.start_time.as_deref(), Some("2024-03-01T08:00:00+00:00"), "{path}");
    }
    let m = read("novonix/plain.csv");
    let setup = &m.metadata.test_setup;
    assert_eq!((setup.channel_number.as_deref(), setup.barcode_comment.as_deref()), (Some("1"), Some("0229")));
    assert_eq!((setup.instrument.as_deref(), setup.notes.as_deref()), (Some("Novonix UHPC"), Some("two cycles")));
    assert_eq!((m.report.cell.mass.as_deref(), m.report.cell.area.as_deref()), (Some("2.140 g"), None));
    let m = read("novonix/quoted.csv");
    assert!(has(&m, NoteCode::RowsRagged, "in quotes"));
    assert_eq!(m.metadata.test_setup.notes, None, "nobody entered a description");
    // Places count the lines of the preamble.
    let plain = text("novonix/plain.csv");
    let header = plain.lines().position(|line| line.starts_with("Date and Time")).unwrap() + 1;
    let error = read_text(plain.replace("Current (A)", "Current (furlong)")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownUnit);
    assert_eq!(error.place(), Some(&cyclerprep::Place::Line { line: header as u64, field: Some(6) }));
}

/// docs/formats/novonix.md#layout: the names stand behind a protocol that is longer than what detection looks at.
#[test]
fn novonix_is_known_before_its_protocol_ends() {
    let whole = text("novonix/plain.csv");
    let long = whole.replace("[End Protocol]", &format!("{}\n[End Protocol]", "{\"StepType\":3},".repeat(8000)));
    assert!(long.len() > 100_000);
    assert!(read_text(long).unwrap().time_series.equals_missing(&read("novonix/plain.csv").time_series));
}

/// docs/formats/basytec.md#separators, docs/formats/basytec.md#counters
#[test]
fn basytec_reads_one_test_from_every_separator() {
    let tabs = read("basytec/seconds.txt");
    assert_eq!(tabs.steps.height(), 10);
    // Its count of cycles rises one record late.
    assert!(has(&tabs, NoteCode::CyclesCounted, "2 record(s) at which a step begins show the cycle 0"));
    for path in ["basytec/hours.txt", "basytec/blanks.txt"] {
        let m = read(path);
        assert_eq!(m.steps.height(), 10, "{path}");
        assert_eq!(m.metadata.start_time.as_deref(), Some("2024-03-01T08:00:00+00:00"), "{path}: the day first");
        assert!(
            (last(&m, "Discharge capacity [A.h]") - last(&tabs, "Discharge capacity [A.h]")).abs() < 1e-6,
            "{path}"
        );
    }
    let setup = &tabs.metadata.test_setup;
    assert_eq!((setup.channel_number.as_deref(), setup.cell_label.as_deref()), (Some("14"), Some("cell 7")));
    // 0 is no resistance; the last step discharges.
    assert_eq!(last(&tabs, "DC resistance [Ohm]"), 0.04);
    // What is divided by a mass keeps its own name.
    assert!(read("basytec/hours.txt").time_series.column("I[A/kg]").is_ok());
    // A counter that counts down from 0 is what was discharged.
    let (mut down, mut rows) = (String::new(), 0);
    for line in text("basytec/blanks.txt").lines() {
        let mut cells: Vec<String> = line.split(' ').map(str::to_owned).collect();
        if cells.len() == 13 {
            cells[10] = format!("-{}", cells[10]);
            rows += 1;
        }
        down += &format!("{}\n", cells.join(" "));
    }
    assert_eq!(rows, 112);
    let down = read_text(down).unwrap();
    assert!(has(&down, NoteCode::SignChanged, "counts down from 0"));
    assert!((last(&down, "Discharge capacity [A.h]") - last(&tabs, "Discharge capacity [A.h]")).abs() < 1e-6);
}

/// docs/formats/basytec.md#csv-files
#[test]
fn basytec_csv_has_its_day_from_the_file_beside_it() {
    let m = read("basytec/six_columns.csv");
    assert_eq!(m.metadata.start_time.as_deref(), Some("2024-03-01T00:00:00+00:00"));
    // Charge and hold are of one type.
    assert_eq!(m.steps.height(), 8);
}

/// What stands beside the rows is named, and so is what to convert.
#[test]
fn files_beside_the_rows_are_refused_by_name() {
    let meta = prepare(fixtures().join("basytec/six_columns_meta.txt"), &PrepareOptions::default()).unwrap_err();
    assert_eq!(meta.kind(), ErrorKind::SideFile);
    assert!(meta.to_string().contains("six_columns.csv"), "{meta}");
    let cycles = read_text("Cycle,CapC/mAh,CapD/mAh,Efficiency/%\n1,2.7,3.0,90.6\n".to_owned()).unwrap_err();
    assert_eq!(cycles.kind(), ErrorKind::SideFile);
}

/// docs/formats/landt.md#records, docs/formats/landt.md#counters
#[test]
fn landt_counts_records_under_another_name() {
    let (csv, book) = (read("landt/export.csv"), read("landt/workbook.xlsx"));
    assert!((last(&csv, "Discharge capacity [A.h]") - last(&book, "Discharge capacity [A.h]")).abs() < 1e-6);
    assert_eq!((csv.steps.height(), book.steps.height()), (10, 10));
    assert_eq!(csv.metadata.test_setup.cell_label.as_deref(), Some("cell 7"));
    // A sensor that is not there has no column.
    assert!(csv.time_series.column("Temperature 2 [degC]").is_err());
    assert!(last(&csv, "Temperature [degC]") > 20.0);
    // A channel's number is no record number.
    let fixed: Vec<String> = text("landt/export.csv")
        .lines()
        .map(|line| match line.split_once(',') {
            Some((first, rest)) if first.bytes().all(|b| b.is_ascii_digit()) && !first.is_empty() => {
                format!("5,{rest}")
            }
            _ => line.to_owned(),
        })
        .collect();
    let fixed = read_text(fixed.join("\n")).unwrap();
    assert!(!has(&fixed, NoteCode::RecordOrder, ""));
    assert!(fixed.time_series.equals_missing(&csv.time_series));
}

/// docs/formats/pec.md#several-cells, docs/formats/pec.md#metadata
#[test]
fn pec_refuses_several_cells_with_their_places() {
    let error = prepare(fixtures().join("bad/two_cells_pec.csv"), &PrepareOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.message().contains("4711/1/ACT4/014/1 and 4711/2/ACT4/014/2"), "{error}");
    assert!(error.message().contains("export each cell to a file of its own"), "{error}");
    let m = read("pec/export.csv");
    let setup = &m.metadata.test_setup;
    assert_eq!(
        (setup.channel_number.as_deref(), setup.barcode_comment.as_deref()),
        (Some("ACT4/014/1"), Some("0229_1"))
    );
    assert_eq!(m.report.cell.capacity.as_deref(), Some("2500 mAh"));
    // The 28th of February above the rows tells that 03/01 is the first of March.
    assert_eq!(m.metadata.start_time.as_deref(), Some("2024-03-01T08:00:00+00:00"));
    assert!(!has(&m, NoteCode::StartTimeAssumed, "cannot be told apart"));
}

/// docs/formats/bitrode.md#columns
#[test]
fn bitrode_keeps_rows_that_are_marked() {
    let m = read("bitrode/plain.csv");
    assert_eq!(m.time_series.height(), 112);
    assert_eq!(m.time_series.column("Exclude").unwrap().str().unwrap().get(7), Some("Yes"));
    assert!(m.time_series.column("Loop 2 from cycler").is_ok());
    let unknown = text("bitrode/units.csv").replace("Current, mA", "Current, furlong");
    assert_eq!(read_text(unknown).unwrap_err().kind(), ErrorKind::UnknownUnit);
    // Where nobody states a unit, the one that was taken is told.
    assert!(has(&m, NoteCode::UnitAssumed, "\"Current\" in A, "));
    assert!(!read("bitrode/units.csv").report.notes.has(NoteCode::UnitAssumed));
}

/// docs/formats/digatron.md#rows, docs/formats/digatron.md#units-behind-a-hash
#[test]
fn digatron_drops_messages_and_takes_instants_for_times() {
    let m = read("digatron/row_of_units.csv");
    assert!(has(&m, NoteCode::RowsDropped, "messages of the cycler's log"));
    assert_eq!(m.metadata.test_setup.cell_label.as_deref(), Some("cell 7"));
    let german = read("digatron/german.txt");
    assert_eq!(german.metadata.start_time.as_deref(), Some("2024-03-01T08:00:00+00:00"), "the day first");
    let hashed = read("digatron/hashed.csv");
    assert!(has(&hashed, NoteCode::TimeRepaired, "the differences of the time stamps were used"));
    assert!(!has(&hashed, NoteCode::StartTimeAssumed, ""), "the file states its offset");
    let unknown = text("digatron/hashed.csv").replace("Current#A", "Current#V");
    assert_eq!(read_text(unknown).unwrap_err().kind(), ErrorKind::UnknownUnit);
}

/// docs/formats/repower.md#time
#[test]
fn repower_is_not_neware_and_its_time_is_what_its_values_tell() {
    for path in ["repower/seconds.csv", "repower/hours.csv"] {
        let source = Source::open(fixtures().join(path), &Default::default()).unwrap();
        let of_makers = |c: &&Candidate| c.score.points > 0 && c.reader.info().maker.name() != "Generic";
        let all = candidates(&source);
        let claims: Vec<&str> = all.iter().filter(of_makers).map(|c| c.reader.info().id).collect();
        assert_eq!(claims, ["repower_csv"], "{path}");
    }
    assert!(has(&read("repower/seconds.csv"), NoteCode::TimeRepaired, "the sum of the step times was used"));
    assert_eq!(last(&read("repower/seconds.csv"), "DC resistance [Ohm]"), 0.04);
}

/// docs/formats/voltaiq.md#metadata, docs/formats/voltaiq.md#columns
#[test]
fn voltaiq_shows_the_start_where_the_test_was_run() {
    let m = read("voltaiq/vdf.csv");
    // 13:00 in UTC is 8:00 in New York before the clocks change on 10 March.
    assert_eq!(m.metadata.start_time.as_deref(), Some("2024-03-01T08:00:00-05:00"));
    assert_eq!(m.metadata.test_setup.cycler, None, "the format is no cycler");
    assert_eq!(m.time_series.height(), 112);
    assert!(has(&m, NoteCode::RowsDropped, "repeat the row before"));
    assert!(m.time_series.column("LDC SENSOR").is_ok());
    let behind = text("voltaiq/vdf.csv").replace("Timezone: America/New_York", "Timezone: +01:00");
    assert_eq!(read_text(behind).unwrap().metadata.start_time.as_deref(), Some("2024-03-01T14:00:00+01:00"));
}

/// docs/formats/pec.md#several-cells
#[test]
fn pec_refuses_cells_that_alternate() {
    let plain = text("pec/export.csv");
    let mut rows: Vec<String> = plain.lines().map(str::to_owned).collect();
    let header = rows.iter().position(|line| line.contains("Total Time")).unwrap();
    let names: Vec<&str> = plain.lines().nth(header).unwrap().split(',').collect();
    let position = names.iter().position(|name| name.trim_matches('"') == "Position").unwrap();
    let of_other = |row: &str| {
        let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        cells[position] = "77".to_owned();
        cells.join(",")
    };
    rows[header + 5] = of_other(&rows[header + 5]);
    let one = read_text(rows.join("\n")).unwrap();
    assert!(has(&one, NoteCode::DamagedFile, "a single row says"));
    rows[header + 9] = of_other(&rows[header + 9]);
    assert_eq!(read_text(rows.join("\n")).unwrap_err().kind(), ErrorKind::Malformed);
}

/// docs/formats/basytec.md: a word less is a cell less, not a date without its time of day.
#[test]
fn basytec_keeps_a_short_row_in_its_columns() {
    let plain = text("basytec/blanks.txt");
    let mut rows: Vec<String> = plain.lines().map(str::to_owned).collect();
    let at = rows.iter().position(|line| line.starts_with("~Time")).unwrap() + 10;
    let (kept, _) = rows[at].trim_end().rsplit_once(' ').unwrap();
    rows[at] = kept.to_owned();
    let whole = read("basytec/blanks.txt");
    let short = read_text(rows.join("\n")).unwrap();
    let voltage = |m: &Measurement| m.time_series.column("Voltage [V]").unwrap().f64().unwrap().get(9);
    assert_eq!(voltage(&short), voltage(&whole));
    assert!(has(&short, NoteCode::RowsRagged, ""));
}
