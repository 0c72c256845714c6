//! What the encoders write, the binary readers give back: any test, every layout.

use crate::support::cell::{Mode, Record};
use crate::support::{jet, mpr, nda, ndax, res};
use cyclerprep::readers::{ReadOptions, by_id};
use cyclerprep::table::{RawData, RawTable};
use cyclerprep::{Notes, Source};
use proptest::prelude::*;

/// Any steps: mode, rows, seconds between rows, current in 10 µA.
fn tests() -> impl Strategy<Value = Vec<Record>> {
    let mode = prop_oneof![Just(Mode::Rest), Just(Mode::Charge), Just(Mode::ConstantVoltage), Just(Mode::Discharge)];
    let step = (mode, 1usize..12, 1u32..120, 1i32..400_000, 1u32..60);
    proptest::collection::vec(step, 1..8).prop_map(|steps| {
        let (mut records, mut time) = (Vec::new(), 0.0);
        for (run, (mode, rows, dt, current, volts)) in steps.into_iter().enumerate() {
            let (mut capacity, mut energy) = (0.0, 0.0);
            for k in 0..rows {
                let amperes = f64::from(current + k as i32) * 1e-5;
                let current = match mode {
                    Mode::Rest => 0.0,
                    Mode::Discharge => -amperes,
                    _ => amperes,
                };
                let voltage = f64::from(20_000 + volts * 100 + k as u32) * 1e-4;
                if k > 0 {
                    time += f64::from(dt);
                    capacity += current.abs() * f64::from(dt) / 3600.0;
                    energy += current.abs() * voltage * f64::from(dt) / 3600.0;
                }
                records.push(Record {
                    time,
                    step_time: f64::from(dt) * k as f64,
                    current,
                    voltage,
                    temperature: 25.0 + f64::from(k as u32) / 10.0,
                    step: run as u32 + 1,
                    run: run as u32 + 1,
                    cycle: run as u32 / 3 + 1,
                    mode,
                    capacity,
                    energy,
                });
            }
        }
        records
    })
}

fn read(reader: &str, bytes: Vec<u8>) -> RawTable {
    let source = Source::from_bytes("x", bytes);
    by_id(reader).unwrap().read(&source, &ReadOptions::default(), &mut Notes::new()).unwrap().remove(0)
}

/// Compares a column with what was written; `tolerance` is half of what the layout can tell apart.
fn check(table: &RawTable, name: &str, want: impl Iterator<Item = f64>, tolerance: f64) -> Result<(), TestCaseError> {
    let index = table.columns.iter().position(|c| c.name == name);
    let index = index.ok_or_else(|| TestCaseError::fail(format!("no {name}")))?;
    let got = table.numbers(index).unwrap();
    let want: Vec<f64> = want.collect();
    prop_assert_eq!(got.len(), want.len());
    for (row, (got, want)) in got.iter().zip(&want).enumerate() {
        let close = (got - want).abs() <= tolerance + 6e-8 * want.abs();
        prop_assert!(close, "{} row {}: {} read, {} written", name, row, got, want);
    }
    Ok(())
}

/// What every Neware file says, to the digits that its layout has.
fn check_neware(table: &RawTable, records: &[Record], volts: f64, milliamperes: f64) -> Result<(), TestCaseError> {
    check(table, "DataPoint", (1..=records.len()).map(|n| n as f64), 0.0)?;
    check(table, "Step Index", records.iter().map(|r| f64::from(r.step)), 0.0)?;
    check(table, "Step Number", records.iter().map(|r| f64::from(r.run)), 0.0)?;
    check(table, "Step Time(s)", records.iter().map(|r| r.step_time), 1e-9)?;
    check(table, "Total Time(s)", records.iter().map(|r| r.time), 1e-9)?;
    check(table, "Voltage(V)", records.iter().map(|r| r.voltage), volts)?;
    check(table, "Current(mA)", records.iter().map(|r| r.current * 1e3), milliamperes)?;
    let side =
        |charge: bool| move |r: &Record| if (r.mode == Mode::Discharge) != charge { r.capacity * 1e3 } else { 0.0 };
    check(table, "Chg. Cap.(mAh)", records.iter().map(side(true)), 1e-5)?;
    check(table, "DChg. Cap.(mAh)", records.iter().map(side(false)), 1e-5)?;
    let RawData::Label(codes, names) = &table.columns.iter().find(|c| c.name == "Step Type").unwrap().data else {
        return Err(TestCaseError::fail("no labels"));
    };
    for (record, code) in records.iter().zip(codes) {
        let want = match record.mode {
            Mode::Rest => "Rest",
            Mode::Charge => "CC_Chg",
            Mode::ConstantVoltage => "CV_Chg",
            Mode::Discharge => "CC_DChg",
        };
        prop_assert_eq!(&names[*code as usize], want);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nda(records in tests()) {
        for version in [8u8, 11, 16, 19, 22, 25, 29] {
            check_neware(&read("neware_nda", nda::encode(version, &records)), &records, 1e-9, 1e-9)?;
        }
        check_neware(&read("neware_nda", nda::bts90(&records)), &records, 0.0, 0.0)?;
        for size in [52, 56, 60] {
            check_neware(&read("neware_nda", nda::bts91(&records, size)), &records, 0.0, 0.0)?;
        }
    }

    #[test]
    fn ndax(records in tests()) {
        for version in [1u8, 2, 5] {
            check_neware(&read("neware_ndax", ndax::pack(&ndax::members(version, &records))), &records, 1e-9, 1e-9)?;
        }
    }

    /// Between anchors times and counters are computed, so the anchors decide: here every record is one.
    #[test]
    fn ndax_of_two_numbers(records in tests()) {
        for version in [8u8, 9, 14, 16, 17] {
            let packed = ndax::pack(&ndax::anchored(version, &records));
            check_neware(&read("neware_ndax", packed), &records, 0.0, 0.0)?;
        }
    }

    #[test]
    fn mpr(records in tests()) {
        for old_version in [None, Some(2), Some(3)] {
            let table = read("biologic_mpr", mpr::Mpr { old_version, ..mpr::of(&records) }.encode());
            check(&table, "time/s", records.iter().map(|r| r.time + 120.0), 0.0)?;
            check(&table, "Ewe/V", records.iter().map(|r| r.voltage), 0.0)?;
            check(&table, "I/mA", records.iter().map(|r| r.current * 1e3), 0.0)?;
            check(&table, "Ns", records.iter().map(|r| f64::from(r.step - 1)), 0.0)?;
            check(&table, "cycle number", records.iter().map(|r| f64::from(r.cycle - 1)), 0.0)?;
        }
    }

    #[test]
    fn res(records in tests(), deleted in 0usize..5) {
        let table = read("arbin_res", jet::encode(&[res::normal(&[(1, &records)])], deleted));
        check(&table, "Data_Point", (1..=records.len()).map(|n| n as f64), 0.0)?;
        check(&table, "Test_Time", records.iter().map(|r| r.time + 1.0), 0.0)?;
        check(&table, "Voltage", records.iter().map(|r| r.voltage), 0.0)?;
        check(&table, "Current", records.iter().map(|r| r.current), 0.0)?;
        check(&table, "Step_Index", records.iter().map(|r| f64::from(r.step)), 0.0)?;
    }
}

/// docs/formats/ndax.md#members: an archive that was unpacked reads as the archive does.
#[test]
fn unpacked_archives() {
    let records = crate::support::cell::test();
    let folder = std::env::temp_dir().join(format!("cyclerprep-{}-unpacked", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let members = ndax::members(14, &records);
    for (name, bytes) in &members {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let loose = cyclerprep::prepare(folder.join("data.ndc"), &Default::default()).unwrap();
    let packed =
        cyclerprep::prepare_source(Source::from_bytes("x.ndax", ndax::pack(&members)), &Default::default()).unwrap();
    assert!(loose.time_series.equals_missing(&packed.time_series));
    assert_eq!(loose.metadata.start_time, packed.metadata.start_time);
    assert!(loose.report.notes.iter().any(|note| note.code == cyclerprep::NoteCode::FilesJoined));
    let part = cyclerprep::prepare(folder.join("data_step.ndc"), &Default::default()).unwrap_err();
    assert_eq!(part.kind(), cyclerprep::ErrorKind::SideFile);
    std::fs::remove_dir_all(&folder).unwrap();
}
