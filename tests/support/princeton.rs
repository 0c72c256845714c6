//! The simulated test and its spectrum as VersaStudio and PowerSuite save them (docs/formats/princeton.md).

use std::fmt::Write;

use super::cell::test;
use super::dialects::text;
use super::dialects_text::spectrum;
use super::fixture::{Fixture, fixture};

const NAMES: &str = "Type=2\r\nVersion=3\r\nDefinition=Segment #, Point #, E(V), I(A), Elapsed Time(s), ADC Sync Input(V), Current Range, Status, E Applied(V), Frequency(Hz), E Real, E Imag, I Real, I Imag, Z Real, Z Imag, E2 Status, E2(V), E2 Real, E2 Imag, Z2 Real, Z2 Imag, ActionId, AC Amplitude, 0\r\n";

fn head(action: &str, format: &str) -> String {
    format!(
        "<Application>\r\nName=VersaStudio\r\nVersion=2.52.3.0\r\n</Application>\r\n\r\n<Action0>\r\nMeasured Open Circuit=3.700 V\r\n\
         Mass (g)=0\r\nWorking Electrode Area (cm2)=1\r\nName=Common\r\nComment=demo cell 7\r\n</Action0>\r\n\r\n\
         <Instrument>\r\nType=VersaSTAT4\r\nModel=-400\r\nSN=00007\r\n</Instrument>\r\n\r\n\
         <Experiment>\r\nTimeAcquired=8:00:00 AM\r\nDateAcquired=Friday, March 1, 2024\r\n{format}</Experiment>\r\n\r\n\
         <Action1>\r\nSegments=1\r\nName={action}\r\n</Action1>\r\n\r\n"
    )
}

/// docs/formats/princeton.md#segments: a segment a step, the columns of an impedance are 0.
fn series() -> Vec<u8> {
    text(|o| {
        o.push_str(&head("Constant Current", ""));
        let records = test();
        let mut point = 0;
        for (i, r) in records.iter().enumerate() {
            let is_first = i == 0 || records[i - 1].run != r.run;
            if is_first {
                point = 0;
                write!(o, "<Segment{}>\r\n{NAMES}", r.run).unwrap();
            }
            let (run, v, c, t) = (r.run - 1, r.voltage, r.current, r.time);
            write!(o, "{run},{point},{v},{c},{t},-0.0024,5,53,0,0,0,0,0,0,0,0,0,0,0,0,0,0,{run},0\r\n").unwrap();
            point += 1;
            if records.get(i + 1).is_none_or(|next| next.run != r.run) {
                write!(o, "</Segment{}>\r\n\r\n", r.run).unwrap();
            }
        }
        o.push_str("<Graph1>\r\nType=Unknown\r\nXAxisName=Time (s)\r\n</Graph1>\r\n");
    })
}

/// docs/formats/princeton.md#segments.
fn impedance() -> Vec<u8> {
    text(|o| {
        o.push_str(&head("Potentiostatic EIS", ""));
        write!(o, "<Segment1>\r\n{NAMES}").unwrap();
        for (k, (f, re, im)) in spectrum().into_iter().enumerate() {
            let time = 0.4 * k as f64 + 1.8;
            write!(
                o,
                "0,{k},3.7,-3.28E-06,{time:.3},-0.0024,5,53,0,{f},0.01,0.01,0.2,0.1,{re},{im},0,0,0,0,0,0,1,0.02\r\n"
            )
            .unwrap();
        }
        o.push_str("</Segment1>\r\n");
    })
}

/// docs/formats/princeton.md#powersuite: no units, and two returns before each line's end.
fn powersuite() -> Vec<u8> {
    text(|o| {
        o.push_str("Frequency\t Zre\t Zimg\t\r\r\n");
        for (f, re, im) in spectrum().into_iter().rev() {
            write!(o, "{f}\t {re}\t {im}\t\r\r\n").unwrap();
        }
    })
}

/// docs/formats/princeton.md#segments: the data stand in another file.
fn binary() -> Vec<u8> {
    head("Constant Current", "DataFormat=Binary\r\n").into_bytes()
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("princeton/series.par", series()).without_cycles(),
        fixture("princeton/impedance.par", impedance()).other("an impedance sweep alone"),
        fixture("princeton/powersuite.txt", powersuite()).other("an impedance sweep alone"),
        fixture("bad/binary.par", binary()).other("the head of a file whose data stand elsewhere"),
    ]
}
