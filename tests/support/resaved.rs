//! The simulated test after it went through people's programs: other encodings, line ends, spellings of numbers, wrappers.

use std::fmt::Write;

use super::cell::{Mode, test};
use super::dialects::{self, broken, clock, neware_mode, stamp, text};
use super::fixture::{Fixture, fixture};

/// A fixture of another file.
fn of(path: &str) -> Vec<u8> {
    dialects::all().into_iter().find(|fixture| fixture.path == path).unwrap().bytes
}

fn string(path: &str) -> String {
    let bytes = of(path);
    String::from_utf8(bytes).unwrap_or_else(|e| encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned())
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// gzip with blocks that are stored, so that the bytes are the same whatever library packs them.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(0xFFFF).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(crc32fast::hash(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

/// Zstandard with blocks that are stored.
pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    // One segment, its size in four bytes, no checksum.
    let mut out = vec![0x28, 0xB5, 0x2F, 0xFD, 0b1010_0000];
    out.extend((bytes.len() as u32).to_le_bytes());
    let mut blocks = bytes.chunks(1 << 16).peekable();
    while let Some(block) = blocks.next() {
        let head = (block.len() as u32) << 3 | u32::from(blocks.peek().is_none());
        out.extend(&head.to_le_bytes()[..3]);
        out.extend(block);
    }
    out
}

/// A zip archive of stored members.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A flat Neware table in mA: how a number, a duration and a date are written is the caller's.
fn neware(separator: &str, number: impl Fn(f64, usize) -> String, span: impl Fn(f64) -> String, date: &str) -> String {
    let names =
        ["DataPoint", "Cycle Index", "Step Index", "Step Type", "Time", "Total Time", "Current(mA)", "Voltage(V)"];
    let mut out = format!("{}\r\n", [&names[..], &["Capacity(mAh)", "Date"]].concat().join(separator));
    for (i, r) in test().iter().enumerate() {
        let cells = [
            (i + 1).to_string(),
            r.cycle.to_string(),
            r.step.to_string(),
            neware_mode(r.mode).to_owned(),
            span(r.step_time),
            span(r.time),
            number(r.current * 1e3, 4),
            number(r.voltage, 5),
            number(r.capacity * 1e3, 4),
            stamp(r.time, date),
        ];
        write!(out, "{}\r\n", cells.join(separator)).unwrap();
    }
    out
}

/// `1234.5` → `1 234,5` with the given marks.
fn grouped(value: f64, digits: usize, group: &str, decimal: &str) -> String {
    let plain = format!("{:.digits$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap();
    let groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|c| std::str::from_utf8(c).unwrap()).collect();
    format!("{}{}{decimal}{fraction}", if value < 0.0 { "-" } else { "" }, groups.join(group))
}

/// `0 days 00:01:00` and, where there is a fraction, six digits of it: as pandas prints a duration.
fn pandas(seconds: f64) -> String {
    let ms = (seconds * 1000.0).round() as u64;
    let days =
        format!("{} days {:02}:{:02}:{:02}", ms / 86_400_000, ms / 3_600_000 % 24, ms / 60_000 % 60, ms / 1000 % 60);
    if ms.is_multiple_of(1000) { days } else { format!("{days}.{:06}", ms % 1000 * 1000) }
}

fn plain(value: f64, digits: usize) -> String {
    format!("{value:.digits$}")
}

/// Lines that people put before a table.
const ABOVE: &str = "# exported for the review\nOperator,Jane\nCell,12 (3.0 V to 4.2 V, 2 A)\n\n";

/// EC-Lab's names, and two tabs behind them although the rows have one more number.
fn unnamed_column() -> Vec<u8> {
    text(|o| {
        o.push_str("mode\ttime/s\tEwe/V\tI/mA\tNs\thalf cycle\t\t\r\n");
        let half = |i: u32| i - 1;
        for r in test() {
            let mode = if r.mode == Mode::Rest { 3 } else { 1 };
            let (ns, half) = ((r.run - 1) % 5, half(r.cycle) * 2 + u32::from(r.step == 5));
            writeln!(o, "{mode}\t{:.4}\t{:.5}\t{:.4}\t{ns}\t{half}\t7\r", r.time, r.voltage, r.current * 1e3).unwrap();
        }
    })
}

/// A program that prints three digits of an exponent and was stopped behind the second.
fn cut_in_an_exponent() -> Vec<u8> {
    let row = |k: u32| format!("{:.6E}\t{:.7E}\t-1.2500000E-001\r\n", f64::from(k * 10), 3.5 - 0.001 * f64::from(k));
    let whole = format!("time/s\tEwe/V\tI/mA\r\n{}", (1..=20).map(row).collect::<String>());
    whole.trim_end().strip_suffix('1').unwrap().as_bytes().to_vec()
}

/// Current in letters: nothing is left of the test.
fn words_for_numbers() -> Vec<u8> {
    broken(
        "Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)",
        &["0,1,1,one,4.0", "10,1,1,two,3.99", "20,1,1,three,3.98", "30,1,1,0,3.97", "40,1,1,,3.96"],
    )
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let date = "%Y-%m-%d %H:%M:%S";
    let flat = of("neware/flat.csv");
    let summary = format!(
        "{}\nAverage,,,,,,0.01,3.5\nMax:,,,,,,2,3.75\nMin:,,,,,,-2.1,3.15\n",
        string("neware/flat.csv").trim_end()
    );
    let mits7 = string("arbin/mits7.csv");
    let zoned: String = mits7
        .lines()
        .map(|line| match line.split_once(',') {
            // `03-01-2024 08:00:00.000` in a zone of its own.
            Some((when, rest)) if when.starts_with("03-01-2024 ") => {
                format!("2024-03-01T{}+01:00,{rest}\n", &when[11..])
            }
            _ => format!("{line}\n"),
        })
        .collect();
    vec![
        fixture("resaved/maccor_utf16.txt", [&[0xFF, 0xFE][..], &utf16(&string("maccor/flat_line.034"), u16::to_le_bytes)].concat()),
        fixture("resaved/maccor_lines_above.034", [ABOVE.as_bytes(), &of("maccor/flat_line.034")].concat()),
        fixture("resaved/biologic_utf16_unmarked.mpt", utf16(&string("biologic/eclab.mpt"), u16::to_be_bytes)),
        fixture("resaved/biologic_lines_above.mpt", [ABOVE.as_bytes(), &of("biologic/eclab.mpt")].concat()),
        fixture("resaved/biologic_unnamed_column.txt", unnamed_column()),
        fixture("resaved/arbin_old_mac.csv", format!("sep=,\r{}", mits7.replace('\n', "\r")).into_bytes()),
        fixture("resaved/arbin_iso_zone.csv", zoned.into_bytes()),
        fixture("resaved/arbin_exponents.csv", exponents(&mits7)),
        fixture("resaved/neware_packed.csv.gz", gzip(&flat)),
        fixture("resaved/neware_packed.csv.zst", zstandard(&flat)),
        fixture("resaved/neware_packed.zip", zip(&[("a folder/flat.csv", &flat), ("__MACOSX/._flat.csv", b"\0\x05\x16\x07")])),
        fixture("resaved/neware_thousands_blank.csv", neware(";", |v, d| grouped(v, d, "\u{a0}", ","), clock, date).into_bytes()),
        fixture("resaved/neware_thousands_apostrophe.csv", neware(",", |v, d| grouped(v, d, "’", "."), clock, date).into_bytes()),
        fixture("resaved/neware_timedelta.csv", neware(",", plain, pandas, "%Y-%m-%dT%H:%M:%SZ").into_bytes()),
        fixture("resaved/neware_decimal_comma_clock.csv", neware(";", |v, d| plain(v, d).replace('.', ","), |s| clock(s).replace('.', ","), "%-m/%-d/%Y %-I:%M:%S\u{202f}%p").into_bytes()),
        fixture("resaved/neware_summary_rows.csv", summary.into_bytes()),
        fixture("odd/cut_in_an_exponent.txt", cut_in_an_exponent()),
        fixture("odd/cut_in_a_number.csv", broken("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)", &["0,1,1,1,4.000", "10,1,1,1,3.990", "20,1,1,1,3.980", "30,1,1,1,3.97"]).trim_ascii_end().to_vec()),
        fixture("odd/row_names.csv", broken("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)", &["\"1\",0,1,1,1,4.000", "\"2\",10,1,1,1,3.990", "\"3\",20,1,1,1,3.980"])),
        fixture("bad/words_for_numbers.csv", words_for_numbers()),
        fixture("bad/pointer.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n".to_vec()),
        fixture("bad/page.xls", b"\n<!DOCTYPE html>\n<html><body><table><tr><td>Test Time</td></tr></table></body></html>\n".to_vec()),
        fixture("bad/~$records.xlsx", [&b"\x06Jane D"[..], &[b' '; 48], &[6, 0], &utf16(&format!("{:<54}", "Jane D"), u16::to_le_bytes)].concat()),
        fixture("bad/cut.csv.gz", { let mut cut = gzip(&flat); cut.truncate(3000); cut }),
        fixture("bad/cut.xlsx", { let mut cut = super::books::all().into_iter().find(|fixture| fixture.path == "neware/records.xlsx").unwrap().bytes; cut.truncate(cut.len() / 2); cut }),
        fixture("bad/two_files.zip", zip(&[("a.csv", &flat), ("b.csv", &flat)])),
    ]
}

/// Other spellings of the same numbers: a plus, three digits of exponent, Fortran's letter, another minus.
fn exponents(table: &str) -> Vec<u8> {
    let cell = |(i, cell): (usize, &str)| match (i, cell.parse::<f64>()) {
        (1, Ok(value)) => format!("+{value:.10e}").replace('e', "e0").replace("e0-", "e-0"),
        (5, Ok(value)) => format!("{value:.9E}").replace('E', "D"),
        (6, Ok(value)) => cell.replacen('-', "\u{2212}", usize::from(value < 0.0)),
        _ => cell.to_owned(),
    };
    let line = |line: &str| line.split(',').enumerate().map(cell).collect::<Vec<_>>().join(",") + "\n";
    table.lines().map(line).collect::<String>().into_bytes()
}
