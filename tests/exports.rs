//! Single rules of BioLogic's and Neware's files, each on the fixture that shows it.

use crate::support::cell::{Mode, test};
use crate::support::{biologic, fixtures, ndax, neware};
use cyclerprep::{ErrorKind, Measurement, NoteCode, PrepareOptions, Source, prepare};

fn read(path: &str) -> Measurement {
    prepare(fixtures().join(path), &PrepareOptions::default()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn column(measurement: &Measurement, name: &str) -> Vec<f64> {
    let column = measurement.time_series.column(name).unwrap().cast(&polars::prelude::DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|v| v.unwrap_or(f64::NAN)).collect()
}

fn close(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (row, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((got - want).abs() <= tolerance, "{what} in row {row}: {got}, should be {want}");
    }
}

/// The note of this code whose text holds this; its count.
fn note(measurement: &Measurement, code: NoteCode, part: &str) -> Option<u64> {
    let notes = &measurement.report.notes;
    let found = notes.iter().find(|note| note.code == code && note.message.contains(part));
    found.unwrap_or_else(|| panic!("no {} with {part:?} in {notes:#?}", code.as_str())).count
}

/// docs/formats/biologic.md#voltage
#[test]
fn a_test_that_controls_the_difference_has_it_as_its_voltage() {
    let truth: Vec<f64> = test().iter().map(|r| r.voltage).collect();
    for (file, name) in [
        ("biologic/difference.mpt", "\"Ewe-Ece/V\""),
        ("biologic/difference_computed.mpt", "computed from its two columns"),
        ("biologic/difference.mpr", "\"Ewe-Ece/V\""),
    ] {
        let m = read(file);
        // Printed with 8 digits, or stored as two singles.
        close(&column(&m, "Voltage [V]"), &truth, 1e-6, file);
        note(&m, NoteCode::VoltageChosen, name);
        // What EC-Lab computed with the electrode's voltage is not the cell's.
        let power: Vec<f64> = test().iter().map(|r| -r.current * r.voltage).collect();
        close(&column(&m, "Power [W]"), &power, 1e-5, file);
    }
    // Asked for by name, the electrode stays.
    let mut options = PrepareOptions::default();
    options.map.map.push(("Ewe/V".to_owned(), "Voltage [V]".to_owned()));
    let m = prepare(fixtures().join("biologic/difference.mpt"), &options).unwrap();
    let electrode: Vec<f64> = test().iter().map(|r| r.voltage + biologic::counter_voltage(r)).collect();
    close(&column(&m, "Voltage [V]"), &electrode, 1e-6, "the electrode");
    assert!(!m.report.notes.iter().any(|note| note.code == NoteCode::VoltageChosen));
}

#[test]
fn advice_names_columns_that_are_there() {
    let header = |more: &str| format!("time/s\tEwe/V\tI/mA\tEce/V{more}\n");
    let read = |more: &str, cell: &str| {
        let rows: String = (0..5).map(|k| format!("{k}.0\t3.0{k}\t0.5\t0.10{cell}\n")).collect();
        let source = Source::from_bytes("x.txt", (header(more) + &rows).into_bytes());
        cyclerprep::prepare_source(source, &PrepareOptions::default()).unwrap()
    };
    let without = read("", "");
    note(&without, NoteCode::VoltageChosen, "export it with Ewe-Ece/V");
    assert!(!without.report.notes.iter().any(|note| note.message.contains("--map")));
    let with = read("\tEwe-Ece/V", "\t2.9");
    note(&with, NoteCode::VoltageChosen, "`--map 'Ewe-Ece/V=Voltage [V]'`");
}

/// docs/formats/biologic.md#voltage
#[test]
fn a_voltage_of_0_beside_power_was_not_measured() {
    let records = test();
    let zeros = records.iter().enumerate().filter(|(i, r)| biologic::is_printed_as_zero(*i, r)).count();
    let m = read("odd/zero_voltage.mpt");
    assert_eq!(note(&m, NoteCode::PowerDisagrees, "exactly 0"), Some(zeros as u64));
    assert_eq!(note(&m, NoteCode::RowsDropped, "no voltage"), Some(zeros as u64));
    assert!(column(&m, "Voltage [V]").iter().all(|v| *v > 3.0));
    assert_eq!(m.time_series.height(), records.len() - zeros);
}

/// docs/formats/biologic.md#charge-and-energy
#[test]
fn the_charge_of_sequences_gives_the_current_that_increments_give() {
    let (sequences, increments) = (read("biologic/increments_of_sequences.mpt"), read("biologic/increments.mpt"));
    close(&column(&sequences, "Current [A]"), &column(&increments, "Current [A]"), 1e-9, "current");
}

/// docs/formats/biologic.md#names-of-columns
#[test]
fn blanks_and_underscores_in_names_make_no_difference() {
    let (spaced, plain) = (read("biologic/spaced_names.mpt"), read("biologic/eclab.mpt"));
    assert!(spaced.time_series.equals_missing(&plain.time_series));
}

/// docs/formats/biologic.md#lines-of-the-head
#[test]
fn what_was_changed_during_the_run_counts() {
    assert_eq!(read("biologic/eclab.mpt").report.cell.mass.as_deref(), Some("0.790 mg"));
    assert_eq!(read("biologic/changed_settings.mpt").report.cell.mass.as_deref(), Some("0.850 mg"));
}

/// docs/formats/biologic.md#damage-and-oddities, docs/formats/mpr.md#running-and-cut-files
#[test]
fn half_a_file_without_rows_is_an_error_and_an_empty_technique_is_not() {
    use cyclerprep::readers::by_id;
    for (reader, empty, half) in [
        ("biologic_mpt", "biologic/no_rows.mpt", "bad/half.mpt"),
        ("biologic_mpr", "biologic/no_rows.mpr", "bad/half.mpr"),
        ("neware_ndax", "odd/empty.ndax", "bad/half.ndax"),
    ] {
        let read = |file: &str| {
            let source = Source::open(fixtures().join(file), &Default::default()).unwrap();
            by_id(reader).unwrap().read(&source, &Default::default(), &mut Default::default())
        };
        assert!(read(empty).unwrap()[0].empty_by_design.is_some(), "{empty}");
        assert_eq!(read(half).unwrap_err().kind(), ErrorKind::Malformed, "{half}");
    }
    let full = Source::open(fixtures().join("biologic/cycling.mpr"), &Default::default()).unwrap();
    let full = by_id("biologic_mpr").unwrap().read(&full, &Default::default(), &mut Default::default()).unwrap();
    assert_eq!(full[0].empty_by_design, None);
}

/// docs/formats/biologic.md#absolute-time
#[test]
fn a_date_column_of_another_tool_is_the_clock() {
    let rows: String = (0..5).map(|k| format!("{}.0\t3.0{k}\t0.5\t2024-03-01 08:00:0{k}\n", 100 + k)).collect();
    let text = format!("time/s\tEwe/V\tI/mA\tDate\n{rows}");
    let m = cyclerprep::prepare_source(Source::from_bytes("x.txt", text.into_bytes()), &Default::default()).unwrap();
    assert_eq!(m.metadata.start_time.as_deref(), Some("2024-03-01T08:00:00+00:00"));
}

/// docs/formats/neware.md#layered-text
#[test]
fn a_layered_sheet_reads_as_the_layered_text() {
    let (book, text) = (read("neware/layered.xlsx"), read("neware/layered.csv"));
    assert!(book.time_series.equals_missing(&text.time_series));
    assert_eq!(book.report.detected.dialect, "workbook with layered sheets");
    // Lines of the sheet are rows of the report, however many lines of other kinds stand between.
    let broken = std::fs::read(fixtures().join("neware/layered.csv")).unwrap();
    let broken = String::from_utf8(broken).unwrap();
    let line = broken.lines().position(|line| line.starts_with(",,7,")).unwrap() as u64 + 1;
    let broken = broken.replacen(",,7,", ",,seven,", 1);
    let m = cyclerprep::prepare_source(Source::from_bytes("x.csv", broken.into_bytes()), &Default::default()).unwrap();
    let place = m.report.notes.iter().find(|n| n.code == NoteCode::CellsUnreadable).unwrap().place.clone().unwrap();
    assert!(place.to_string().contains(&format!("line {line}")), "{place}");
}

/// docs/formats/neware.md#values-and-times
#[test]
fn a_total_time_that_dips_at_each_step_is_mended_by_the_clock() {
    let m = read("neware/dips.csv");
    let truth: Vec<f64> = test().iter().map(|r| r.time).collect();
    close(&column(&m, "Time [s]"), &truth, 2e-6, "time");
    let steps = test().iter().skip(1).filter(|r| r.step_time == 0.0).count() as u64;
    assert_eq!(note(&m, NoteCode::TimeRepaired, "carries on behind it"), Some(steps));
}

/// docs/formats/neware.md#missing-members
#[test]
fn no_other_sensor_takes_the_place_of_a_lost_temperature() {
    let m = read("odd/lost_temperature.ndax");
    note(&m, NoteCode::PartialFile, "promises T2(℃)");
    assert!(column(&m, "Temperature [degC]").iter().all(|t| t.is_nan()));
    // A list that was lost still says how many there were.
    let mut members = ndax::members(14, &test());
    members.retain(|(name, _)| *name != "data_AUX_9_3_1.ndc");
    let xml = &mut members.iter_mut().find(|(name, _)| *name == "TestInfo.xml").unwrap().1;
    let at = memchr::memmem::find(xml, b"<Aux1").unwrap();
    xml.truncate(at);
    let source = Source::from_bytes("x.ndax", ndax::pack(&members));
    let unlisted = cyclerprep::prepare_source(source, &Default::default()).unwrap();
    assert_eq!(note(&unlisted, NoteCode::PartialFile, "promises 2 channel(s), 1 are there"), Some(1));

    let other = column(&m, "Aux T3 from cycler [degC]");
    let truth: Vec<f64> = test().iter().map(|r| r.temperature).collect();
    close(&other, &truth, 1e-5, "the other sensor");
}

/// docs/formats/neware.md#missing-members, docs/formats/nda.md#auxiliary-records
#[test]
fn what_one_part_promises_and_another_does_not_hold_is_told() {
    let rows = test().len();
    let lost = (rows - neware::HELD) as u64;
    let channel = read("odd/short_channel.ndax");
    assert_eq!(note(&channel, NoteCode::PartialFile, "T2(℃) ends at record 70"), Some(lost));
    assert_eq!(column(&channel, "Temperature [degC]").iter().filter(|t| t.is_nan()).count() as u64, lost);

    let records = read("odd/short_records.ndax");
    assert_eq!(note(&records, NoteCode::PartialFile, "data.ndc ends at record 70"), Some(lost));
    assert_eq!(records.time_series.height(), neware::HELD);

    let steps = read("odd/short_steps.ndax");
    let runs = |records: &[crate::support::cell::Record]| records.last().unwrap().run;
    let unlisted = runs(&test()) - runs(&test()[..neware::HELD]);
    assert_eq!(note(&steps, NoteCode::PartialFile, "data_step.ndc lists"), Some(u64::from(unlisted)));
    assert_eq!(steps.time_series.height(), rows);

    let sheet = read("odd/short_sheet.xlsx");
    assert_eq!(note(&sheet, NoteCode::PartialFile, "has no value for"), Some(lost));

    note(&read("odd/cut_auxiliary.nda"), NoteCode::PartialFile, "auxiliary records is cut off");
    let fewer = read("odd/fewer_records.nda");
    assert_eq!(note(&fewer, NoteCode::PartialFile, "states 112 records"), Some(lost));
}

/// docs/formats/neware.md#unpacked-archives: a set that was given a name.
#[test]
fn a_named_set_of_parts_is_one_test() {
    let records = test();
    let folder = std::env::temp_dir().join(format!("cyclerprep-{}-named-set", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let members = ndax::members(14, &records);
    for (name, bytes) in &members {
        let own = name.replacen("data", "Cell 7", 1);
        std::fs::write(folder.join(own), bytes).unwrap();
    }
    let loose = prepare(folder.join("Cell 7.ndc"), &Default::default()).unwrap();
    let packed = Source::from_bytes("x.ndax", ndax::pack(&members));
    let packed = cyclerprep::prepare_source(packed, &Default::default()).unwrap();
    assert!(loose.time_series.equals_missing(&packed.time_series));
    assert_eq!(loose.metadata.test_setup.channel_number, packed.metadata.test_setup.channel_number);
    let part = prepare(folder.join("Cell 7_runInfo.ndc"), &Default::default()).unwrap_err();
    assert_eq!(part.kind(), ErrorKind::SideFile);
    assert!(part.message().contains("\"Cell 7.ndc\" is there"), "{}", part.message());
    // A second set in the folder has its own XML files, so that those without its name belong to nobody.
    std::fs::write(folder.join("Other.ndc"), b"").unwrap();
    let loose = prepare(folder.join("Cell 7.ndc"), &Default::default()).unwrap();
    assert_eq!(loose.metadata.test_setup.channel_number, None);
    assert_eq!(loose.time_series.height(), records.len());
    std::fs::remove_dir_all(&folder).unwrap();
}

/// docs/formats/neware.md#current-ranges: the one negative range that was compared carries no doubt.
#[test]
fn a_compared_range_is_not_doubtful() {
    let doubts = |m: &Measurement| m.report.notes.iter().filter(|n| n.message.contains("--current-range")).count();
    assert_eq!(doubts(&read("odd/doubtful_range.nda")), 1);
    let mut bytes = std::fs::read(fixtures().join("odd/doubtful_range.nda")).unwrap();
    let at = memchr::memmem::find_iter(&bytes, &(-1000i32).to_le_bytes()).collect::<Vec<_>>();
    at.into_iter().for_each(|at| bytes[at..at + 4].copy_from_slice(&(-100_000_000i32).to_le_bytes()));
    let m = cyclerprep::prepare_source(Source::from_bytes("x.nda", bytes), &Default::default()).unwrap();
    assert_eq!(doubts(&m), 0);
    // 2.1 A of the simulation are 210,000 units of 10 µA, which are 1 nA each in the other range. Every seventh record was
    // written in a finer unit.
    let current = column(&m, "Current [A]");
    let discharges = |(i, r): &(usize, crate::support::cell::Record)| r.mode == Mode::Discharge && i % 7 != 5;
    let rows: Vec<(usize, crate::support::cell::Record)> = test().into_iter().enumerate().filter(discharges).collect();
    assert!(rows.len() > 20);
    for (row, r) in rows {
        assert!((current[row] + r.current / 1e4).abs() < 1e-12, "{}", current[row]);
    }
}
