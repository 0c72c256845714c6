//! The witnesses: silent on every undamaged test, and a planted fault is told with its row.

use crate::support::doubts::Table;
use cyclerprep::{Note, NoteCode, Place, PrepareOptions, Source, prepare_all};
use proptest::prelude::*;

/// What a witness alone says.
const WITNESSES: &[NoteCode] = &[
    NoteCode::CurrentDisagrees,
    NoteCode::SingleRowLeaps,
    NoteCode::StepNumbersDoubt,
    NoteCode::ScaleDoubt,
    NoteCode::TimeGap,
    NoteCode::FirstRecord,
    NoteCode::PowerDisagrees,
    NoteCode::ClockDisagrees,
    NoteCode::StepTimeDisagrees,
    NoteCode::UnitDoubt,
];

fn notes(name: &str, bytes: Vec<u8>) -> Vec<Note> {
    let all = prepare_all(Source::from_bytes(name, bytes), &PrepareOptions::default()).unwrap();
    all.into_iter().flat_map(|m| m.report.notes).collect()
}

/// Whether a note of this code names this row.
fn names(notes: &[Note], code: NoteCode, row: usize) -> bool {
    notes.iter().any(|note| note.code == code && note.place == Some(Place::Row(row as u64)))
}

#[test]
fn undamaged_tests_are_passed_in_silence() {
    for file in crate::support::GOOD.iter().flat_map(|folder| crate::support::files(folder)) {
        let name = crate::support::name(&file);
        // What these show is one of the faults: a part alone, and millivolts.
        if ["_Wb_2", "_Wb_3", "millivolts"].iter().any(|other| name.contains(other)) {
            continue;
        }
        let said = notes(&name, std::fs::read(&file).unwrap());
        let said: Vec<&Note> = said.iter().filter(|note| WITNESSES.contains(&note.code)).collect();
        assert!(said.is_empty(), "{name}: {said:#?}");
    }
}

/// Rows of the first CC charge of the simulated test, without its ends: 5 rows rest, then 18 rows of 2 A.
fn charging() -> impl Strategy<Value = usize> {
    7usize..21
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// 2 A by every other row, and 2 A·2 min by both counters: whatever else one cell says stands alone. A smaller current leaves
    /// the counter within what the rows on both sides allow; then the rows around tell it.
    #[test]
    fn a_wrong_current_is_told(row in charging(), factor in prop_oneof![0.0f64..0.85, 1.15f64..50.0]) {
        let table = Table::arbin().with(row, "Current(A)", format!("{:.6}", 2.0 * factor));
        let said = notes("x.csv", table.bytes());
        let is_told = [NoteCode::CurrentDisagrees, NoteCode::SingleRowLeaps].iter().any(|code| names(&said, *code, row));
        prop_assert!(is_told, "{:?}", said);
    }

    #[test]
    fn a_current_that_is_zero_while_the_counter_moves_is_told(row in charging(), rows in 2usize..4) {
        let table = (row..row + rows).fold(Table::arbin(), |table, row| table.with(row, "Current(A)", "0.000000"));
        // The interval between two zeros is the first that no current explains.
        prop_assert!(names(&notes("x.csv", table.bytes()), NoteCode::CurrentDisagrees, row + 1));
    }

    #[test]
    fn a_current_against_its_label_is_told(row in charging()) {
        let current = Table::neware().number(row, "Current(A)");
        let table = Table::neware().with(row, "Current(A)", format!("{:.6}", -current));
        prop_assert!(names(&notes("x.csv", table.bytes()), NoteCode::CurrentDisagrees, row));
    }

    /// The voltage rises by some millivolts a row, so a tenth of a volt that comes and goes is no answer of the cell.
    #[test]
    fn a_voltage_that_leaves_and_returns_is_told(row in charging(), leap in prop_oneof![-3.0f64..-0.3, 0.3f64..40.0]) {
        let voltage = Table::arbin().number(row, "Voltage(V)");
        let table = Table::arbin().with(row, "Voltage(V)", format!("{:.6}", voltage + leap));
        prop_assert!(names(&notes("x.csv", table.bytes()), NoteCode::SingleRowLeaps, row));
    }

    #[test]
    fn a_step_number_that_the_step_time_contradicts_is_told(row in charging()) {
        let table = Table::maccor().with(row, "Step", "9");
        prop_assert!(names(&notes("x.034", table.bytes()), NoteCode::StepNumbersDoubt, row));
    }

    /// The row's power is 2 A × V.
    #[test]
    fn a_power_that_is_not_the_product_is_told(row in charging(), factor in prop_oneof![0.0f64..0.8, 1.3f64..100.0]) {
        let power = Table::neware().number(row, "Power(W)");
        let table = Table::neware().with(row, "Power(W)", format!("{:.6}", power * factor));
        prop_assert!(names(&notes("x.csv", table.bytes()), NoteCode::PowerDisagrees, row));
    }

    /// Rows are two minutes apart; a minute more in one row is none of the clock or the step time.
    #[test]
    fn a_time_that_leaves_clock_and_step_time_is_told(row in charging(), late in 65.0f64..110.0) {
        let time = Table::arbin().number(row, "Test_Time(s)");
        let table = Table::arbin().with(row, "Test_Time(s)", format!("{:.4}", time + late));
        let said = notes("x.csv", table.bytes());
        prop_assert!(names(&said, NoteCode::ClockDisagrees, row) && names(&said, NoteCode::StepTimeDisagrees, row));
    }

    #[test]
    fn a_first_record_that_is_not_the_first_is_told(lost in 2usize..40) {
        let said = notes("x.034", Table::maccor().without(0..lost).bytes());
        let note = said.iter().find(|note| note.code == NoteCode::FirstRecord).unwrap();
        prop_assert_eq!(note.count, Some(lost as u64));
    }
}

/// Rows 61 to 78 are the second charge: where some of them say discharge, the charge counter still moves.
#[test]
fn currents_that_are_turned_are_told_by_the_counters() {
    let table = (64..70).fold(Table::arbin(), |table, row| {
        let current = table.number(row, "Current(A)");
        table.with(row, "Current(A)", format!("{:.6}", -current))
    });
    // Between row 63 and row 64 anything may have happened.
    let said = notes("x.csv", table.bytes());
    assert!(names(&said, NoteCode::CurrentDisagrees, 65), "{said:?}");
}

/// 2 A in the last row of a step (22), before and after, and 2.1 A in the first of the discharge (38), behind a rest: the counter
/// shows no other between the row and the next one inside the step.
#[test]
fn a_wrong_current_at_the_border_of_a_step_is_told() {
    for (row, current) in [(22, 5.0), (22, 14.0), (22, 0.2), (22, -2.0), (38, 2.1), (38, -21.0)] {
        let table = Table::arbin().with(row, "Current(A)", format!("{current:.6}"));
        let said = notes("x.csv", table.bytes());
        assert!(names(&said, NoteCode::CurrentDisagrees, row), "{row} {current}: {said:?}");
    }
}

/// From the middle of a rest (row 35) to the middle of the discharge (row 45): the step time says that it began before.
#[test]
fn a_step_whose_first_rows_are_missing_is_told() {
    let said = notes("x.csv", Table::arbin().without(35..45).bytes());
    assert!(names(&said, NoteCode::TimeGap, 35), "{said:?}");
}

/// Rows 5 to 22 are step 2 and rows 23 to 32 step 3, whose step time goes on from row 23 to row 24.
#[test]
fn a_step_number_that_stands_out_where_a_step_begins_is_told() {
    let said = notes("x.034", Table::maccor().with(23, "Step", 4).bytes());
    assert!(names(&said, NoteCode::StepNumbersDoubt, 24), "{said:?}");
}

/// Every step begins within a second of the one before, but one that begins a day later, and no clock knows of that day.
#[test]
fn a_day_between_two_steps_is_told() {
    let late = |table: Table| {
        (56..112).fold(table, |table, row| {
            let time = table.number(row, "Test (Sec)");
            table.with(row, "Test (Sec)", format!("{:.2}", time + 86_400.0))
        })
    };
    let said = notes("x.034", late(Table::maccor().named("DPt Time", "Remark")).bytes());
    assert!(names(&said, NoteCode::TimeGap, 56), "{said:?}");
}

#[test]
fn a_cycle_number_that_skips_is_told() {
    // The second cycle begins with row 56.
    let table = (56..112).fold(Table::arbin(), |table, row| table.with(row, "Cycle_Index", 4));
    assert!(names(&notes("x.csv", table.bytes()), NoteCode::StepNumbersDoubt, 56));
}

#[test]
fn a_step_number_that_is_no_whole_number_is_a_cell_that_cannot_be_read() {
    for cell in ["3.2115", "-4"] {
        let said = notes("x.csv", Table::arbin().with(9, "Step_Index", cell).bytes());
        let note = said.iter().find(|note| note.code == NoteCode::CellsUnreadable).unwrap();
        assert_eq!((note.count, &note.examples[..]), (Some(1), &[cell.to_owned()][..]));
        assert_eq!(note.place, Some(Place::Record(10)));
    }
}

/// A step has 18 rows, two minutes apart; without one of them four minutes pass.
#[test]
fn a_row_that_is_missing_in_a_steady_step_is_told() {
    for row in 7..21 {
        let said = notes("x.csv", Table::arbin().without(row..row + 1).bytes());
        assert!(names(&said, NoteCode::TimeGap, row), "{said:?}");
    }
}

/// From the middle of the charge (row 12) to the middle of the discharge (row 45): the counters moved and no row shows it.
#[test]
fn charge_that_passes_between_two_steps_is_told() {
    assert!(names(&notes("x.csv", Table::arbin().without(12..45).bytes()), NoteCode::TimeGap, 12));
}

#[test]
fn a_blank_where_a_counter_begins_is_told() {
    let said = notes("x.csv", Table::arbin().with(5, "Charge_Capacity(Ah)", "").bytes());
    assert!(names(&said, NoteCode::CellsUnreadable, 5));
}

#[test]
fn a_voltage_without_scale_is_doubted() {
    let said = notes("x.csv", Table::arbin().named("Voltage(V)", "Voltage(mV)").bytes());
    assert!(said.iter().any(|note| note.code == NoteCode::ScaleDoubt));
}

/// Rows every second, then twenty minutes of 2 A without one.
#[test]
fn a_gap_in_which_current_flows_is_told() {
    let mut csv = String::from("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n");
    for k in 0..60 {
        let time = f64::from(k) + if k < 40 { 0.0 } else { 1200.0 };
        csv.push_str(&format!("{time:.3},1,1,2.0,{:.6}\n", 3.2 + time * 1e-4));
    }
    assert!(names(&notes("x.csv", csv.into_bytes()), NoteCode::TimeGap, 40));
}
