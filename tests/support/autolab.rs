//! The simulated test and its spectrum as NOVA exports them (docs/formats/autolab.md).

use std::fmt::Write;

use super::cell::test;
use super::dialects::text;
use super::dialects_text::spectrum;
use super::fixture::{Fixture, fixture};

/// docs/formats/autolab.md#columns: the negated imaginary part and phase, decimal commas.
fn impedance() -> Vec<u8> {
    let points = text(|o| {
        o.push_str("Index;Frequency (Hz);Z' (Ω);-Z'' (Ω);Z (Ω);-Phase (°);Time (s)\r\n");
        for (k, (f, re, im)) in spectrum().into_iter().enumerate() {
            let (modulus, phase) = (re.hypot(im), im.atan2(re).to_degrees());
            write!(o, "{};{f};{re};{};{modulus:.9};{:.6};{}\r\n", k + 1, 0.0 - im, 0.0 - phase, 2.5 * k as f64 + 1.0)
                .unwrap();
        }
    });
    String::from_utf8(points).unwrap().replace('.', ",").into_bytes()
}

/// docs/formats/autolab.md#columns: a series, whose scans are the cycles.
fn series() -> Vec<u8> {
    text(|o| {
        o.push_str("Scan\tIndex\tTime (s)\tWE(1).Potential (V)\tWE(1).Current (A)\r\n");
        for (i, r) in test().iter().enumerate() {
            write!(o, "{}\t{}\t{}\t{}\t{}\r\n", r.cycle, i + 1, r.time, r.voltage, r.current).unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("autolab/impedance.txt", impedance()).other("an impedance sweep alone"),
        fixture("autolab/series.txt", series()).without_steps(),
    ]
}
