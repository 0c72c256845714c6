//! Arbin's files beyond what every dialect shows: order, segments, streams, and what a file lost.

use crate::support::odd_arbin::{BORDER, PAUSE};
use crate::support::{cell, fixtures};
use cyclerprep::{ErrorKind, Measurement, NoteCode, PrepareOptions, Source, prepare, prepare_source};

fn read(name: &str) -> Measurement {
    prepare(fixtures().join(name), &PrepareOptions::default()).unwrap()
}

fn column(measurement: &Measurement, name: &str) -> Vec<f64> {
    let column = measurement.time_series.column(name).unwrap().cast(&polars::prelude::DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|value| value.unwrap_or(f64::NAN)).collect()
}

fn notes(measurement: &Measurement, code: NoteCode) -> Vec<&cyclerprep::Note> {
    measurement.report.notes.iter().filter(|note| note.code == code).collect()
}

#[test]
fn blocks_are_put_in_the_order_of_their_records() {
    let (blocks, ordered) = (read("arbin/blocks_CH9.csv"), read("arbin/database_CH33.csv"));
    assert!(blocks.time_series.equals(&ordered.time_series));
    assert_eq!(blocks.metadata.start_time, ordered.metadata.start_time);
    // Rows 41 to 80 stand behind the last: 40 moved back, the other 32 moved on.
    let [note] = notes(&blocks, NoteCode::RecordOrder)[..] else { panic!("{:?}", blocks.report.notes) };
    assert_eq!(note.count, Some(cell::test().len() as u64 - 40));
}

#[test]
fn the_border_of_a_segment_is_what_the_clock_passes_there() {
    let got = read("odd/paused_and_resumed_CH7.csv");
    let truth = cell::test();
    let second = truth.iter().position(|r| r.cycle == 2).unwrap();
    let time = column(&got, "Time [s]");
    // The pause takes no test time, and none of it is moved to the border.
    assert!((time[second - 1] - truth[second - 1].time).abs() < 1e-3);
    assert!((time[second] - time[second - 1] - BORDER).abs() < 2e-3, "{}", time[second] - time[second - 1]);
    assert!(time.windows(2).all(|pair| pair[1] - pair[0] < PAUSE / 1000.0));
    assert_eq!(notes(&got, NoteCode::TimeRepaired).len(), 1);
    // Record numbers begin anew behind the border: nothing was sorted or dropped.
    assert_eq!(got.report.rows_kept, truth.len());
}

#[test]
fn a_later_test_of_the_channel_is_placed_though_its_time_does_not_fall() {
    let got = read("odd/later_start.res");
    let truth = cell::test();
    for (row, (time, want)) in column(&got, "Time [s]").iter().zip(&truth).enumerate() {
        // The clock of a database has whole seconds.
        assert!((time - want.time).abs() < 1.6, "row {row} is at {time} s, should be at {} s", want.time);
    }
}

#[test]
fn a_stream_gives_records_temperatures_and_the_zone() {
    let got = read("arbin/streamed.csv");
    let truth = cell::test();
    // T_001 of each record stands a quarter of a second before it.
    for (temperature, want) in column(&got, "Temperature [degC]").iter().zip(&truth) {
        assert!((temperature - want.temperature).abs() < 1e-9);
    }
    // 2024-03-01 08:00 UTC, shown at the cycler's offset.
    assert_eq!(got.metadata.start_time.as_deref(), Some("2024-03-01T02:00:00-06:00"));
    assert_eq!(got.metadata.test_setup.channel_number.as_deref(), Some("5"));
    let [note] = notes(&got, NoteCode::RowsDropped)[..] else { panic!("{:?}", got.report.notes) };
    // One line of extended data, one of auxiliary data for each record.
    assert_eq!(note.count, Some(truth.len() as u64 + 1));
    assert_eq!(got.report.rows_kept, truth.len());
}

#[test]
fn four_columns_are_a_test_whose_steps_are_the_signs_of_the_current() {
    for name in ["odd/cut_down.csv", "odd/cut_down.xlsx"] {
        let got = read(name);
        assert_eq!(got.report.detected.maker, "Arbin");
        assert_eq!(got.time_series.height(), cell::test().len());
        assert_eq!(got.report.cycles, 1);
        // Rest, charge (constant current and voltage are one sign), rest, discharge, twice.
        assert_eq!(got.report.steps, 8, "{name}");
        assert_eq!(notes(&got, NoteCode::StepsCounted).len(), 1, "{name}");
    }
}

#[test]
fn what_a_file_lost_is_told() {
    let database = read("odd/lost_tables.res");
    let told: Vec<&str> = notes(&database, NoteCode::PartialFile).iter().map(|note| note.message.as_str()).collect();
    let says = |what: &str| told.iter().filter(|message| message.contains(what)).count();
    // Ten of 112 records have neither the temperature nor the voltage.
    assert_eq!(says("has no value for 10 of 112 record(s), the first is Data_Point 103"), 2, "{told:#?}");
    assert_eq!(says("\"Aux_Temperature_2 (C)\" is named in Aux_Global_Data_Table"), 1, "{told:#?}");
    // The statistics speak of the first record behind 20 that are missing.
    assert_eq!(says("at least 20 record(s) are missing"), 1, "{told:#?}");
    let other = notes(&database, NoteCode::SeveralTests);
    assert!(other.iter().any(|note| note.message.contains("Test_ID 2 too")), "{other:#?}");

    let workbook = read("odd/lost_sheets.xlsx");
    let told: Vec<&str> = notes(&workbook, NoteCode::PartialFile).iter().map(|note| note.message.as_str()).collect();
    assert!(told.iter().any(|message| message.contains("Channel_11 goes up to part 3, and part(s) 2")), "{told:#?}");
    assert!(told.iter().any(|message| message.contains("channel(s) 12 of the info sheet")), "{told:#?}");
    let unstarted = notes(&workbook, NoteCode::SeveralTests);
    assert!(unstarted.iter().any(|note| note.message.contains("Channel_13")), "{unstarted:#?}");
    assert_eq!(workbook.report.detected.dialect, "MITS 4 or 7 workbook");
}

#[test]
fn a_channel_that_was_not_started_is_empty_and_a_cut_file_is_not() {
    for name in ["odd/unstarted.res", "odd/unstarted.xlsx"] {
        let got = read(name);
        assert_eq!(got.report.rows_read, 0);
        let [note] = notes(&got, NoteCode::PartialFile)[..] else { panic!("{name}: {:?}", got.report.notes) };
        assert!(note.message.contains("not started"), "{}", note.message);
    }
    for name in ["bad/cut_before_records.res", "bad/header_only.csv", "bad/header_only.034"] {
        let error = prepare(fixtures().join(name), &PrepareOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{name}");
        assert!(error.message().contains("found none"), "{name}: {error}");
    }
}

#[test]
fn a_units_row_with_an_unknown_unit_is_refused() {
    let error = prepare(fixtures().join("bad/units_row.csv"), &PrepareOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownUnit);
    assert!(error.message().contains("furlong"), "{error}");
}

/// Every row says 0.05 of its unit: milliohm are a thousandth, and what nobody knows is no factor of 1.
#[test]
fn an_ac_resistance_has_a_unit_that_is_known() {
    let text = std::fs::read_to_string(fixtures().join("arbin/mits7.csv")).unwrap();
    let read = |unit: &str| {
        let header = text.replacen("Internal Resistance(Ohm)", &format!("ACR({unit})"), 1);
        let measured = |line: &str| line.strip_suffix(",0,0").map_or(line.to_owned(), |row| format!("{row},0.05,0"));
        let rows = header.lines().map(measured).collect::<Vec<_>>().join("\n");
        prepare_source(Source::from_bytes("x.csv", rows.into_bytes()), &PrepareOptions::default())
    };
    assert!(column(&read("Ohm").unwrap(), "AC resistance from cycler [Ohm]").iter().all(|r| *r == 0.05));
    assert!(
        column(&read("mOhm").unwrap(), "AC resistance from cycler [Ohm]").iter().all(|r| (*r - 5e-5).abs() < 1e-18)
    );
    assert_eq!(read("furlong").unwrap_err().kind(), ErrorKind::UnknownUnit);
}

/// A second reading of a sensor before the next record: the row has the later one, and the other is told.
#[test]
fn a_reading_that_no_row_takes_is_told() {
    let text = std::fs::read_to_string(fixtures().join("arbin/streamed.csv")).unwrap();
    let line = text.lines().find(|line| line.contains("25.00,")).unwrap();
    let text = text.replacen(line, &format!("{}\r\n{line}", line.replace("25.00", "24.00")), 1);
    let source = Source::from_bytes("x.csv", text.into_bytes());
    let twice = prepare_source(source, &PrepareOptions::default()).unwrap();
    assert_eq!(column(&twice, "Temperature [degC]")[0], 25.0);
    let told = notes(&twice, NoteCode::RowsDropped);
    assert!(told.iter().any(|note| note.count == Some(1) && note.message.contains("in no row")), "{told:#?}");
}
