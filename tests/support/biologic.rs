//! BioLogic files that each show one rule of docs/formats/biologic.md.

use std::fmt::Write;

use super::cell::{Mode, Record, test};
use super::dialects::{ECLAB_HEAD, ECLAB_NAMES, eclab, eclab_rows, exponents, windows_1252};
use super::fixture::{Fixture, fixture};
use super::mpr::{Mpr, cycling};

fn mode(r: &Record) -> u32 {
    match r.mode {
        Mode::Rest => 3,
        Mode::ConstantVoltage => 2,
        _ => 1,
    }
}

/// The counter electrode of the simulated cell against its reference.
pub fn counter_voltage(r: &Record) -> f64 {
    0.1 - 0.01 * r.current
}

fn with_control(head: &str) -> String {
    head.replace("Acquisition started on", "Potential control : Ewe-Ece\r\nAcquisition started on")
}

/// docs/formats/biologic.md#voltage: the test controls Ewe-Ece, which the text calls ` Ecell/V`.
fn difference_text() -> Vec<u8> {
    let names = "mode\tNs\ttime/s\tEwe/V\tI/mA\tcycle number\tEce/V\t Ecell/V\t";
    windows_1252(&eclab(&with_control(ECLAB_HEAD), names, |o| {
        for r in test() {
            let line = format!(
                "{}\t{}\t{:.15E}\t{:.7E}\t{:.15E}\t{:.15E}\t{:.7E}\t{:.7E}",
                mode(&r),
                r.step - 1,
                r.time,
                r.voltage + counter_voltage(&r),
                r.current * 1e3,
                f64::from(r.cycle),
                counter_voltage(&r),
                r.voltage,
            );
            writeln!(o, "{}\r", exponents(&line)).unwrap();
        }
    }))
}

/// The same without a column of the difference.
fn difference_not_exported() -> Vec<u8> {
    let text = encoding_rs::WINDOWS_1252.decode(&difference_text()).0.into_owned();
    let lines = text.lines().map(|line| match line.split('\t').count() {
        // Eight cells and the tab behind the names.
        8 | 9 => line.split('\t').take(7).collect::<Vec<_>>().join("\t"),
        _ => line.to_owned(),
    });
    windows_1252(&lines.map(|line| line + "\r\n").collect::<String>())
}

/// The binary file of such a test: `Ewe` is the working electrode, `Ece` the counter electrode.
fn difference_binary() -> Mpr {
    let mut mpr = cycling();
    mpr.controls_difference = true;
    mpr.ids.push((9, Some(super::mpr::Width::F32)));
    let ewe = mpr.column(6);
    for (record, r) in mpr.records.iter_mut().zip(test()) {
        record[ewe] = r.voltage + counter_voltage(&r);
        record.push(counter_voltage(&r));
    }
    mpr
}

/// Rows of [`zero_voltage`] whose voltage is printed as 0.
pub fn is_printed_as_zero(index: usize, r: &Record) -> bool {
    r.current != 0.0 && index % 3 == 1
}

/// docs/formats/biologic.md#voltage: a voltage printed as 0 beside the power and the current.
fn zero_voltage() -> Vec<u8> {
    windows_1252(&eclab(ECLAB_HEAD, "mode\tNs\ttime/s\t<Ewe>/V\t<I>/mA\tP/W\tcycle number\t", |o| {
        for (i, r) in test().iter().enumerate() {
            let line = format!(
                "{}\t{}\t{:.15E}\t{:.7E}\t{:.15E}\t{:.7E}\t{:.15E}",
                mode(r),
                r.step - 1,
                r.time,
                if is_printed_as_zero(i, r) { 0.0 } else { r.voltage },
                r.current * 1e3,
                r.voltage * r.current,
                f64::from(r.cycle),
            );
            writeln!(o, "{}\r", exponents(&line)).unwrap();
        }
    }))
}

/// docs/formats/biologic.md#charge-and-energy: no current; the charge since the sequence began.
fn charge_of_sequences() -> Vec<u8> {
    let records = test();
    windows_1252(&eclab(ECLAB_HEAD, "mode\tNs changes\tNs\ttime/s\tdQ/mA.h\tEwe/V\t", |o| {
        let mut charge = 0.0;
        for (i, r) in records.iter().enumerate() {
            let begins = i == 0 || records[i - 1].step != r.step;
            charge = if begins { 0.0 } else { charge };
            charge += if i == 0 { 0.0 } else { r.current * (r.time - records[i - 1].time) / 3.6 };
            let line =
                format!("1\t{}\t{}\t{:.15E}\t{charge:.15E}\t{:.7E}", u32::from(begins), r.step, r.time, r.voltage);
            writeln!(o, "{}\r", exponents(&line)).unwrap();
        }
    }))
}

/// docs/formats/biologic.md#names-of-columns: names with doubled blanks, underscores and no-break spaces.
fn spaced_names() -> Vec<u8> {
    let names = ECLAB_NAMES.replace("cycle number", "cycle  number").replace("Ns changes", "Ns_changes");
    let names = names.replace("half cycle", "half\u{a0}cycle").replace("Q charge/", "Q_charge/");
    windows_1252(&eclab(ECLAB_HEAD, &names, |o| eclab_rows(o, false)))
}

/// docs/formats/biologic.md#lines-of-the-head: the mass was corrected while the test ran.
fn changed_settings() -> Vec<u8> {
    let head = format!(
        "{ECLAB_HEAD}\r\nModify on : 03/01/2024 09:00:00\r\nMass of active material : 0.850 mg\r\nComments : weighed again\r\n"
    );
    windows_1252(&eclab(&head, ECLAB_NAMES, |o| eclab_rows(o, false)))
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let whole = cycling().encode();
    let data = memchr::memmem::find(&whole, b"MODULEVMP data").unwrap();
    vec![
        fixture("biologic/difference.mpt", difference_text()),
        // Two numbers of eight digits.
        fixture("biologic/difference_computed.mpt", difference_not_exported()).voltage(1e-6),
        // Two numbers of four bytes.
        fixture("biologic/difference.mpr", difference_binary().encode()).voltage(1e-6),
        fixture("biologic/increments_of_sequences.mpt", charge_of_sequences()).mean_current().without_cycles(),
        fixture("biologic/spaced_names.mpt", spaced_names()),
        fixture("biologic/changed_settings.mpt", changed_settings()),
        fixture("odd/zero_voltage.mpt", zero_voltage()),
        fixture("bad/half.mpt", windows_1252(&eclab(ECLAB_HEAD, ECLAB_NAMES, |_| {}))),
        // Behind the header of the module and the head of its data.
        fixture("bad/half.mpr", whole[..data + 65 + 1007].to_vec()),
    ]
}
