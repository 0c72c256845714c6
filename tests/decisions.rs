//! Decisions that a file leaves to the reader (docs/decisions.md), each on a small test whose physics is known.

use crate::support::cell::{Mode, Record, counters, test};
use cyclerprep::{Measurement, NoteCode, PrepareOptions, Source, prepare_source};
use polars::prelude::DataType;

fn read(name: &str, text: String) -> Measurement {
    read_with(name, text, &PrepareOptions::default())
}

fn read_with(name: &str, text: String, options: &PrepareOptions) -> Measurement {
    prepare_source(Source::from_bytes(name, text.into_bytes()), options).unwrap()
}

fn column(m: &Measurement, name: &str) -> Vec<f64> {
    let column = m.time_series.column(name).unwrap().cast(&DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|v| v.unwrap_or(f64::NAN)).collect()
}

fn note(m: &Measurement, code: NoteCode) -> Option<String> {
    m.report.notes.iter().find(|note| note.code == code).map(|note| note.message.clone())
}

fn close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    for (row, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((got - want).abs() <= tolerance, "row {row}: {got}, should be {want}");
    }
}

/// One row of an Arbin csv.
struct Row {
    time: f64,
    clock: f64,
    step_time: f64,
    current: f64,
    counters: [f64; 4],
}

/// The simulated test as an Arbin csv, with each row as `change` leaves it.
fn arbin(records: &[Record], change: impl Fn(usize, &mut Row)) -> String {
    let mut out = String::from(
        "Data_Point,Date_Time,Test_Time(s),Step_Time(s),Cycle_Index,Step_Index,Current(A),Voltage(V),Charge_Capacity(Ah),\
         Discharge_Capacity(Ah),Charge_Energy(Wh),Discharge_Energy(Wh)\n",
    );
    let counted = counters(records);
    for (i, r) in records.iter().enumerate() {
        let mut row =
            Row { time: r.time, clock: r.time, step_time: r.step_time, current: r.current, counters: counted[i] };
        change(i, &mut row);
        let start = jiff::civil::date(2024, 3, 1).at(8, 0, 0, 0);
        let stamp = start.checked_add(jiff::Span::new().milliseconds((row.clock * 1000.0).round() as i64)).unwrap();
        let counter = |v: f64| if v.is_nan() { String::new() } else { format!("{v:.10}") };
        let counted: Vec<String> = row.counters.iter().map(|v| counter(*v)).collect();
        out.push_str(&format!(
            "{},{},{:.9},{:.4},{},{},{:.6},{:.6},{}\n",
            i + 1,
            stamp.strftime("%m/%d/%Y %H:%M:%S%.3f"),
            row.time,
            row.step_time,
            r.cycle,
            r.step,
            row.current,
            r.voltage,
            counted.join(",")
        ));
    }
    out
}

/// What the output has to hold of a record's counter, wherever its file kept it.
fn truth(records: &[Record], wanted: Mode) -> Vec<f64> {
    let is_wanted = |mode: Mode| match wanted {
        Mode::Discharge => mode == Mode::Discharge,
        _ => matches!(mode, Mode::Charge | Mode::ConstantVoltage),
    };
    records.iter().map(|r| if is_wanted(r.mode) { r.capacity } else { 0.0 }).collect()
}

// docs/decisions.md#current-sign

#[test]
fn four_steps_that_swing_overrule_an_instrument_and_two_do_not() {
    let records = test();
    let negated = |records: &[Record]| read("x.csv", arbin(records, |_, row| row.current = -row.current));
    let whole = negated(&records);
    let currents: Vec<f64> = records.iter().map(|r| 0.0 - r.current).collect();
    close(&column(&whole, "Current [A]"), &currents, 1e-9);
    assert!(note(&whole, NoteCode::SignChanged).unwrap().contains("Arbin"), "the format's own sign comes first");
    let said: Vec<&str> = whole.report.notes.iter().map(|note| note.message.as_str()).collect();
    assert!(said.iter().any(|m| m.contains("of them move the voltage by 50 mV or more, which outweighs")), "{said:?}");

    let is_kept = |r: &Record| r.cycle == 1 && r.mode != Mode::ConstantVoltage;
    let cycle: Vec<Record> = records.into_iter().filter(is_kept).collect();
    let kept = negated(&cycle);
    let currents: Vec<f64> = cycle.iter().map(|r| r.current).collect();
    close(&column(&kept, "Current [A]"), &currents, 1e-9);
    let said = note(&kept, NoteCode::SignVote).unwrap();
    assert!(said.contains("2 of them move the voltage by 50 mV") && said.contains("was kept"), "{said}");
    // The check of the platform still objects, and says that this was kept and how to pass it.
    let issue = &kept.report.issues[0];
    assert_eq!(issue.code.as_str(), "current_sign_reversed");
    assert!(
        issue.message.contains("`sign_vote`") && issue.message.contains("--allow current_sign_reversed"),
        "{issue}"
    );
}

/// A reduction whose voltage relaxes upwards while it goes on (nucleation), as EC-Lab writes it.
#[test]
fn plating_stays_a_discharge() {
    let mut text = String::from("mode\ttime/s\tcontrol/mA\tEwe/V\tI/mA\tdq/mA.h\n");
    for k in 0..60 {
        let volts = -0.05 - 0.15 * (-f64::from(k) / 6.0).exp();
        let dq = if k == 0 { 0.0 } else { -1.0 / 3600.0 };
        text.push_str(&format!("1\t{k}.0\t-1.0\t{volts:.6}\t-1.0\t{dq:.9}\n"));
    }
    let m = read("x.mpt", text);
    assert!(column(&m, "Current [A]").iter().all(|i| *i == 1e-3));
    assert!(note(&m, NoteCode::SignVote).is_some());
    // 59 s of 1 mA.
    assert!((column(&m, "Discharge capacity [A.h]")[59] - 59e-3 / 3600.0).abs() < 1e-9);
}

// docs/decisions.md#which-one-is-used

/// Pulses between the records: the counters hold them, the rows do not.
#[test]
fn a_counter_that_counts_between_the_records_is_kept() {
    // A hold whose current decays within each interval of 10 min: i(t) = exp(-t/120 s) A after each record, printed as 0.01 A.
    // The counter gains 120 A.s·(1 − exp(−5)) = 119.2 A.s an interval, the trapezoid 0.01 · 600 = 6 A.s; 20 steady intervals
    // of 10 s before that show that both mean the same.
    let mut text = String::from(
        "Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),Charge_Capacity(Ah),Discharge_Capacity(Ah)\n",
    );
    let (mut t, mut q) = (0.0, 0.0);
    let mut push = |t: f64, step: u32, i: f64, q: f64| text.push_str(&format!("{t},{step},1,{i},4.0,{q:.9},0\n"));
    for k in 0..21 {
        if k > 0 {
            t += 10.0;
            q += 10.0 / 3600.0;
        }
        push(t, 1, 1.0, q);
    }
    for k in 0..10 {
        t += 600.0;
        q += if k == 0 { 0.0 } else { 119.191 / 3600.0 };
        push(t, 2, if k % 2 == 0 { 0.01 } else { 0.012 }, q);
    }
    let m = read("x.csv", text);
    let got = column(&m, "Charge capacity [A.h]");
    assert!((got[20] - 200.0 / 3600.0).abs() < 1e-8 && (got[30] - 9.0 * 119.191 / 3600.0).abs() < 1e-8, "{got:?}");
    let said = note(&m, NoteCode::ReportedCapacityDisagrees).unwrap();
    assert!(said.contains("is kept, because in 20 intervals of steady current"), "{said}");
    assert!(note(&m, NoteCode::CapacityIntegrated).is_none());
}

#[test]
fn a_counter_that_the_steady_current_contradicts_gives_way() {
    let records = test();
    let m = read("x.csv", arbin(&records, |_, row| row.counters[0] *= 1000.0));
    close(&column(&m, "Charge capacity [A.h]"), &truth(&records, Mode::Charge), 1e-4);
    let said = note(&m, NoteCode::CapacityIntegrated).unwrap();
    assert!(said.contains("The integral is used, because in"), "{said}");
    let is_said = |said: &str| m.report.notes.iter().any(|n| n.code == NoteCode::UnitDoubt && n.message.contains(said));
    assert!(is_said("1000 times"), "{:?}", m.report.notes);
    // Nobody but the caller keeps it then.
    let mut options = PrepareOptions::default();
    options.capacity = cyclerprep::transform::CapacitySource::Reported;
    let m = read_with("x.csv", arbin(&records, |_, row| row.counters[0] *= 1000.0), &options);
    let kilo: Vec<f64> = truth(&records, Mode::Charge).iter().map(|q| q * 1000.0).collect();
    close(&column(&m, "Charge capacity [A.h]"), &kilo, 1e-5);
}

/// Three wrong rows of the current are no word against a counter of a hundred.
#[test]
fn a_few_wrong_rows_leave_the_counter_and_are_named() {
    let records = test();
    let m = read("x.csv", arbin(&records, |i, row| row.current = if i == 12 { 400.0 } else { row.current }));
    close(&column(&m, "Charge capacity [A.h]"), &truth(&records, Mode::Charge), 1e-8);
    let named: Vec<String> =
        m.report.notes.iter().filter(|n| n.code == NoteCode::CurrentDisagrees).map(|n| n.message.clone()).collect();
    assert!(named.iter().any(|m| m.contains("row 12 (") && m.contains("row 13 (")), "{:?}", m.report.notes);
}

#[test]
fn a_counter_that_grows_without_a_current_is_kept_and_one_that_stands_is_not() {
    let records = test();
    let m = read("x.csv", arbin(&records, |_, row| row.current = 0.0));
    close(&column(&m, "Charge capacity [A.h]"), &truth(&records, Mode::Charge), 1e-8);
    assert!(note(&m, NoteCode::ReportedCapacityDisagrees).unwrap().contains("while the current is 0 throughout"));

    let m = read("x.csv", arbin(&records, |_, row| row.counters = [0.0; 4]));
    close(&column(&m, "Charge capacity [A.h]"), &truth(&records, Mode::Charge), 1e-6);
    assert!(note(&m, NoteCode::CapacityIntegrated).unwrap().contains("the counter stands still"));
}

/// A half cycle ends inside a step: the counter falls to what it gained since (docs/decisions.md#reported-pair).
#[test]
fn resets_inside_a_step_lose_nothing() {
    let records = test();
    let counted = counters(&records);
    // Set back at the 9th row of the first charge (row 13), where the next interval's gain is shown.
    let m = read(
        "x.csv",
        arbin(&records, |i, row| {
            if i >= 13 {
                row.counters[0] -= counted[12][0];
            }
        }),
    );
    close(&column(&m, "Charge capacity [A.h]"), &truth(&records, Mode::Charge), 1e-8);
    assert!(note(&m, NoteCode::CapacityIntegrated).is_none(), "{:?}", m.report.notes);
}

/// What flowed up to the first value of a step is not lost, and told.
#[test]
fn blank_counters_at_the_beginning_of_a_step_are_filled() {
    let records = test();
    let is_blank = |i: usize| i > 0 && i < records.len() && records[i].run != records[i - 1].run;
    let m = read(
        "x.csv",
        arbin(&records, |i, row| {
            if is_blank(i) {
                row.counters = [f64::NAN; 4];
            }
        }),
    );
    close(&column(&m, "Charge capacity [A.h]"), &truth(&records, Mode::Charge), 1e-6);
    assert!(note(&m, NoteCode::CapacityIntegrated).unwrap().contains("at the beginning of a step have no value"));
}

/// BioLogic's increments are the counter, and a current that was made from them is not integrated back.
#[test]
fn increments_are_never_integrated_back() {
    // 100 s intervals with 1, 9, 1, 9 … A.s of charge: the trapezoid of dq/dt smears them, their sum does not.
    let mut text = String::from("mode\ttime/s\tdq/mA.h\tEwe/V\n");
    let mut sum = 0.0;
    for k in 0..41 {
        let charge = if k == 0 {
            0.0
        } else if k % 2 == 0 {
            9.0
        } else {
            1.0
        };
        sum += charge;
        text.push_str(&format!("1\t{}\t{:.12}\t{:.6}\n", 100 * k, charge / 3.6, 3.5 + 0.001 * sum));
    }
    let m = read("x.mpt", text);
    let got = column(&m, "Charge capacity [A.h]");
    assert!((got[40] - 200.0 / 3600.0).abs() < 1e-9, "{}", got[40]);
    assert!(note(&m, NoteCode::ReportedCapacityDisagrees).is_none());
}

// docs/decisions.md#time

#[test]
fn a_test_time_in_another_unit_is_rescaled() {
    let records = test();
    let seconds: Vec<f64> = records.iter().map(|r| r.time).collect();
    for (unit, name) in [(86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes"), (1e-3, "ms")] {
        let m = read("x.csv", arbin(&records, |_, row| row.time /= unit));
        // Nine digits of a day are 0.1 ms.
        close(&column(&m, "Time [s]"), &seconds, 1e-3);
        let said = note(&m, NoteCode::TimeRepaired).unwrap();
        assert!(said.contains(&format!("is in {name}, not in s")) && said.contains("the counters"), "{said}");
        close(&column(&m, "Charge capacity [A.h]"), &truth(&records, Mode::Charge), 1e-8);
        assert!(note(&m, NoteCode::StepTimeDisagrees).is_none() && note(&m, NoteCode::ClockDisagrees).is_none());
    }
}

#[test]
fn a_row_of_the_start_state_gets_its_time_from_who_carries_on() {
    let records = test();
    let seconds: Vec<f64> = records.iter().map(|r| r.time).collect();
    // Its test time alone fell; then its clock as well, and the step time is left.
    for clock_falls in [false, true] {
        let text = arbin(&records, |i, row| {
            if i == 20 {
                row.time = 0.0;
                row.clock = if clock_falls { 0.0 } else { row.clock };
            }
        });
        let m = read("x.csv", text);
        close(&column(&m, "Time [s]"), &seconds, 1e-3);
        let said = note(&m, NoteCode::TimeRepaired).unwrap();
        assert!(said.contains("the first is 0 s after"), "{said}");
    }
}

// docs/decisions.md#data-types

#[test]
fn a_spectrum_is_a_measurement_of_impedance() {
    let mut text = String::from("freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\ttime/s\t<Ewe>/V\t<I>/mA\n");
    for k in 0..30 {
        let f = 10f64.powf(5.0 - f64::from(k) / 5.0);
        // 10 mOhm in series with 20 mOhm beside 1 F; held at a potential, so that a decaying current flows.
        let w = std::f64::consts::TAU * f * 0.02;
        let (re, im) = (0.01 + 0.02 / (1.0 + w * w), 0.02 * w / (1.0 + w * w));
        text.push_str(&format!("{f}\t{re}\t{im}\t{k}\t0.4\t{}\n", 0.4 - 0.01 * f64::from(k)));
    }
    for text in
        [text.clone(), text.lines().map(|l| l.split('\t').take(3).collect::<Vec<_>>().join("\t") + "\n").collect()]
    {
        let m = read("x.mpt", text);
        assert_eq!((m.report.data_type.as_ref(), m.report.issues.len()), ("eis", 0), "{:?}", m.report.issues);
        assert!(note(&m, NoteCode::SignVote).is_none());
    }
}

#[test]
fn a_curve_without_time_names_the_option_that_reads_it() {
    let mut text = String::from("Ewe/V\tCapacity/mA.h\n");
    (0..50).for_each(|k| text.push_str(&format!("{:.4}\t{:.4}\n", 4.1 - 0.01 * f64::from(k), 0.1 * f64::from(k))));
    let source = || Source::from_bytes("x.txt", text.clone().into_bytes());
    let error = prepare_source(source(), &PrepareOptions::default()).unwrap_err();
    assert!(error.message().contains("--data-type ocp"), "{error}");
    let mut options = PrepareOptions::default();
    options.validate.data_type = cyclerprep::validate::DataType::Ocp;
    let m = prepare_source(source(), &options).unwrap();
    assert_eq!((m.report.data_type.as_ref(), m.report.issues.len()), ("ocp", 0), "{:?}", m.report.issues);
    assert_eq!(m.time_series.get_column_names(), ["Voltage [V]", "Step count", "Cycle count", "Capacity [A.h]"]);
    assert!((column(&m, "Capacity [A.h]")[49] - 4.9e-3).abs() < 1e-12);
}

// docs/decisions.md#short-steps

#[test]
fn short_steps_join_when_asked() {
    let mut records = test();
    // An end marker behind the first charge, in a step of its own.
    let at = records.iter().position(|r| r.step == 3).unwrap();
    records.insert(at, Record { step: 9, time: records[at].time - 0.2, step_time: 0.0, ..records[at - 1] });
    let text = || arbin(&records, |_, _| {});
    let kept = read("x.csv", text());
    assert_eq!(kept.report.steps, 11);
    let mut options = PrepareOptions::default();
    options.short_steps = cyclerprep::transform::ShortSteps::Join;
    let joined = read_with("x.csv", text(), &options);
    assert_eq!((joined.report.steps, joined.report.rows_kept), (10, kept.report.rows_kept));
    let said = note(&joined, NoteCode::ShortStepsJoined).unwrap();
    assert!(said.contains("1 step of one row") && said.contains(&format!("row {at}")), "{said}");
}

/// Every fourth value of the charge counter is 0: too many for single cells. Where the counter is wanted all the same, the cells
/// are set between their neighbours, and that is said.
#[test]
fn cells_of_a_counter_that_is_wanted_are_set_with_a_word() {
    let mut options = PrepareOptions::default();
    options.capacity = cyclerprep::transform::CapacitySource::Reported;
    let m = read_with(
        "x.csv",
        arbin(&test(), |i, row| {
            if i % 4 == 0 {
                row.counters[0] = 0.0
            }
        }),
        &options,
    );
    let told = note(&m, NoteCode::ReportedCapacityDisagrees).unwrap();
    assert!(told.contains("cell(s) leave the counter") && told.contains("set between their neighbours"), "{told}");
}

/// 100 minutes at 174 µA, of which a cycler of coarse channels prints `0.0002`, and its counter.
fn coarse(printed: &str, counts: f64) -> Measurement {
    let mut out = String::from("time/s,voltage/V,current/A,charge capacity/Ah,discharge capacity/Ah\n");
    for minute in 0..=100 {
        let (volts, counted) = (3.9 - 0.004 * f64::from(minute), counts * f64::from(minute) / 60.0);
        out.push_str(&format!("{},{volts:.4},{printed},0.0000000,{counted:.7}\n", 60 * minute));
    }
    read("coarse.csv", out)
}

/// docs/decisions.md#which-one-is-used
#[test]
fn an_integral_is_no_better_than_the_last_digit_of_the_current() {
    let last = |m: &Measurement| column(m, "Discharge capacity [A.h]")[100];
    // 2e-4 A stands for 1.5e-4 to 2.5e-4 A, so a counter of 1.74e-4 A contradicts nothing.
    let m = coarse("0.0002", 1.74e-4);
    assert!((last(&m) - 2.9e-4).abs() < 1e-7, "{}", last(&m));
    let told = note(&m, NoteCode::ReportedCapacityDisagrees).unwrap();
    assert!(
        told.contains("The counter is kept") && told.contains("last printed digit of the current leaves"),
        "{told}"
    );
    assert!(m.report.notes.has(NoteCode::ReportedEnergyDisagrees) || !m.report.notes.has(NoteCode::CapacityIntegrated));
    // Two more digits leave nothing open, nor does half a digit explain twice as much, nor a counter that stands.
    for (printed, counts) in [("0.000200", 1.74e-4), ("0.0002", 3.5e-4), ("0.0002", 0.0)] {
        let m = coarse(printed, counts);
        assert!((last(&m) - 2e-4 * 100.0 / 60.0).abs() < 1e-9, "{printed} {counts}: {}", last(&m));
        assert!(m.report.notes.has(NoteCode::CapacityIntegrated));
    }
}
