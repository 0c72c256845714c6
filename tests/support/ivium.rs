//! The simulated test and its spectrum as IviumSoft exports them (docs/formats/ivium.md).

use std::fmt::Write;

use super::cell::test;
use super::dialects::text;
use super::dialects_text::spectrum;
use super::fixture::{Fixture, fixture};

/// docs/formats/ivium.md#columns.
fn impedance() -> Vec<u8> {
    text(|o| {
        o.push_str("freq. /Hz\tZ1 /ohm\tZ2 /ohm\r\n");
        for (f, re, im) in spectrum() {
            write!(o, "{f}\t{re}\t{im}\r\n").unwrap();
        }
    })
}

/// docs/formats/ivium.md#columns: a current in mA.
fn series() -> Vec<u8> {
    text(|o| {
        o.push_str("time /s\tE /V\tI /mA\r\n");
        for r in test() {
            write!(o, "{}\t{}\t{:.4}\r\n", r.time, r.voltage, r.current * 1e3).unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("ivium/impedance.txt", impedance()).other("an impedance sweep alone"),
        fixture("ivium/series.txt", series()).without_cycles().without_steps(),
    ]
}
