//! The simulated test and its spectrum as a CHI workstation exports them (docs/formats/chi.md).

use std::fmt::Write;

use super::cell::test;
use super::dialects::text;
use super::dialects_text::spectrum;
use super::fixture::{Fixture, fixture};

fn head(technique: &str, settings: &str) -> String {
    format!(
        "Mar. 1, 2024   08:00:00\r\n{technique}\r\nFile: c:\\data\\demo.bin\r\nData Source:  Experiment\r\nInstrument Model:  CHI660E\r\n\
         Header: \r\nNote: demo cell 7\r\n\r\n{settings}\r\n\r\n"
    )
}

/// `3.70000e+0`
fn e(value: f64) -> String {
    let text = format!("{value:.5e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}

/// docs/formats/chi.md#columns: one mark stands for two.
fn impedance() -> Vec<u8> {
    text(|o| {
        o.push_str(&head("A.C. Impedance", "Init E (V) = 3.7\r\nHigh Frequency (Hz) = 1e+4\r\nAmplitude (V) = 0.005"));
        o.push_str("Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg\r\n\r\n");
        for (f, re, im) in spectrum() {
            let (modulus, phase) = (re.hypot(im), im.atan2(re).to_degrees());
            write!(o, "{}, {}, {}, {}, {phase:.1}\r\n", e(f), e(re), e(im), e(modulus)).unwrap();
        }
    })
}

/// docs/formats/chi.md#sign: a cathodic current, which discharges, is positive.
fn series() -> Vec<u8> {
    text(|o| {
        o.push_str(&head("Multi-Current Steps", "Number of Cycles = 2"));
        o.push_str("Time/sec, Potential/V, Current/A\r\n\r\n");
        for r in test() {
            let time = format!("{:.6e}", r.time).replace('e', "e+");
            write!(o, "{time}, {}, {}\r\n", e(r.voltage), e(0.0 - r.current)).unwrap();
        }
    })
}

/// docs/formats/chi.md#other-techniques: no current.
fn potential_only() -> Vec<u8> {
    text(|o| {
        o.push_str(&head("Chronopotentiometry", "Cathodic Current (A) = 0.002\r\nAnodic Current (A) = 0.002"));
        o.push_str("Time/sec, Potential/V\r\n\r\n1.000e-1, 3.701e+0\r\n2.000e-1, 3.702e+0\r\n3.000e-1, 3.703e+0\r\n");
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("chi/impedance.txt", impedance()).other("an impedance sweep alone"),
        fixture("chi/series.txt", series()).without_cycles().without_steps(),
        fixture("bad/potential_only.txt", potential_only()).other("time and potential without a current"),
    ]
}
