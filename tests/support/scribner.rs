//! The spectrum as ZPlot saves it (docs/formats/scribner.md).

use std::fmt::Write;

use super::dialects::text;
use super::dialects_text::spectrum;
use super::fixture::{Fixture, fixture};

/// docs/formats/scribner.md#zplot-2: settings, the names, `End Comments`.
fn zplot() -> Vec<u8> {
    text(|o| {
        o.push_str("ZPLOT2 ASCII\r\n  Measured Data, ZPlot:       3.2c\r\n  Experiment Type:            Sweep Frequency, Control Voltage\r\n");
        o.push_str("  Date:                       3-21-2024\r\n  Time:                       08:00:00\r\n  Open Circuit Potential (V): 3.7000\r\n");
        o.push_str("  Begin User Comments:        0\r\n  End User Comments:          0\r\n  Begin Pstat/Gstat:          1287\r\n  End Pstat/Gstat:            1287\r\n");
        o.push_str("  Begin Information:          Cell Information\r\n    Surface Area:             2\r\n  End Information:            Cell Information\r\n");
        write!(o, "  Data Points:                {}\r\n", spectrum().len()).unwrap();
        o.push_str("  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\r\nEnd Comments\r\n");
        for (k, (f, re, im)) in spectrum().into_iter().enumerate() {
            write!(
                o,
                "{f:.6E}\t1.0000E-02\t0.0000E+00\t{:.6E}\t{re:.4E}\t{im:.4E}\t0.0000E+00\t0\t3\r\n",
                0.7 * k as f64 + 2.67
            )
            .unwrap();
        }
    })
}

/// docs/formats/scribner.md#older-files: everything quoted but the rows, the names in one cell.
fn z60w() -> Vec<u8> {
    text(|o| {
        o.push_str("\u{feff}\"Z60W Data File: Version 1.1\"\r\n\"\"\r\n\"\"\r\n0,2,0,1,0.1,10000\r\n");
        write!(o, "{}\r\n", spectrum().len()).unwrap();
        o.push_str("\"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\r\n");
        for (f, re, im) in spectrum() {
            write!(o, "{f},0,0,0,{re},{im},0,0,0\r\n").unwrap();
        }
    })
}

/// docs/formats/scribner.md#older-files: no line names the columns.
fn without_names() -> Vec<u8> {
    text(|o| {
        o.push_str("\"ZPlot2 ASCII\"\r\nSoftware: ZPlot\r\nEnd Comments\r\n");
        for (k, (f, re, im)) in spectrum().into_iter().enumerate() {
            write!(o, "{f:.4E},  0.0000E+00,  0.0000E+00,  {k}.0,  {re:.6E}, {im:.6E}, 0, 0, 1\r\n").unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let sweep = "an impedance sweep alone";
    vec![
        fixture("scribner/zplot.z", zplot()).other(sweep),
        fixture("scribner/z60w.txt", z60w()).other(sweep),
        fixture("scribner/without_names.z", without_names()).other(sweep),
    ]
}
