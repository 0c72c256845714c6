//! Writes `.nda` files (docs/formats/nda.md#versions-1-to-29, docs/formats/nda.md#bts-9) from the tables of the spec.

use super::cell::{Mode, Record, test};
use super::dialects::stamp;
use super::fixture::{Fixture, fixture};

type Layout = (char, usize, u64, &'static [(&'static str, &'static str)]);

/// Name, bytes, ticks of a second, fields with type and place: docs/formats/nda.md#records as it stands.
#[rustfmt::skip]
static LAYOUTS: [Layout; 11] = [
    ('A', 38, 1, &[("number", "u32@0"), ("cycle", "u32@4"), ("step", "u8@8"), ("status", "u8@9"), ("step_time", "u32@10"), ("voltage", "i32@14"), ("current", "i32@18"), ("capacity", "i64@30")]),
    ('B', 39, 1, &[("cycle", "u32@5"), ("step", "u8@10"), ("status", "u8@9"), ("step_time", "u32@11"), ("voltage", "i32@15"), ("current", "i32@19"), ("capacity", "i64@31")]),
    ('C', 43, 1, &[("number", "u32@1"), ("cycle", "u32@5"), ("step", "u8@9"), ("status", "u8@10"), ("step_time", "u32@11"), ("voltage", "i32@15"), ("current", "i32@19"), ("capacity", "i64@31")]),
    ('D', 59, 1, &[("number", "u32@1"), ("cycle", "u32@5"), ("step", "u8@9"), ("status", "u8@10"), ("step_time", "u32@11"), ("voltage", "i32@15"), ("current", "i32@19"), ("capacity", "i64@31"), ("energy", "i64@39"), ("utc", "u64@47")]),
    ('E', 60, 1, &[("number", "u32@2"), ("cycle", "u32@6"), ("step", "u8@10"), ("status", "u8@11"), ("step_time", "u32@12"), ("voltage", "i32@16"), ("current", "i32@20"), ("capacity", "i64@32"), ("energy", "i64@40"), ("utc", "u64@48")]),
    ('F', 64, 1, &[("number", "u32@2"), ("cycle", "u32@6"), ("step", "u8@10"), ("status", "u8@11"), ("step_time", "u64@12"), ("voltage", "i32@20"), ("current", "i32@24"), ("capacity", "i64@36"), ("energy", "i64@44"), ("utc", "u64@52")]),
    ('G', 69, 1000, &[("number", "u32@2"), ("cycle", "u32@6"), ("step", "u16@10"), ("status", "u8@12"), ("step_time", "u64@13"), ("voltage", "i32@21"), ("current", "i32@25"), ("capacity", "i64@37"), ("energy", "i64@45"), ("utc", "u64@53"), ("range", "i32@61")]),
    ('H', 86, 1000, &[("number", "u32@2"), ("cycle", "u32@6"), ("step", "u16@10"), ("status", "u8@12"), ("jump", "u8@13"), ("step_time", "u64@14"), ("voltage", "i32@22"), ("current", "i32@26"), ("charge", "i64@38"), ("discharge", "i64@46"), ("charge_energy", "i64@54"), ("discharge_energy", "i64@62"), ("utc", "u64@70"), ("range", "i32@78")]),
    ('I', 86, 1000, &[("number", "u32@2"), ("cycle", "u32@6"), ("step", "u16@10"), ("status", "u8@12"), ("jump", "u8@13"), ("step_time", "u64@14"), ("voltage", "i32@22"), ("current", "i32@26"), ("charge", "i64@38"), ("discharge", "i64@46"), ("charge_energy", "i64@54"), ("discharge_energy", "i64@62"), ("local", "@70"), ("range", "i32@78")]),
    ('J', 68, 1, &[("number", "u32@8"), ("cycle", "u32@12"), ("step", "u16@16"), ("status", "u8@18"), ("jump", "u8@20"), ("step_time", "u32@24"), ("voltage", "i32@28"), ("current", "i32@32"), ("charge", "i32@44"), ("discharge", "i32@48"), ("charge_energy", "i32@52"), ("discharge_energy", "i32@56"), ("utc", "u32@60")]),
    ('K', 70, 1000, &[("number", "u32@2"), ("cycle", "u32@6"), ("step", "u16@10"), ("status", "u8@12"), ("jump", "u8@65"), ("step_time", "u64@13"), ("voltage", "i32@21"), ("current", "i32@25"), ("capacity", "i64@37"), ("energy", "i64@45"), ("utc", "u64@53"), ("range", "i32@61")]),
];

/// Layout, identifier of data records, stored cycle less the true one (`None`: the field counts steps).
fn version(version: u8) -> (char, Option<u8>, Option<u32>) {
    match version {
        1 => ('A', None, None),
        2 => ('B', Some(0x00), Some(0)),
        3 | 4 => ('C', Some(0x55), None),
        6 | 8 => ('D', Some(0x55), Some(0)),
        5 | 7 => ('D', Some(0x55), Some(1)),
        9 => ('E', Some(0x55), Some(1)),
        10 => ('F', Some(0x55), None),
        11 | 12 | 13 | 15 | 18 => ('G', Some(0x55), Some(1)),
        26 | 28 | 29 => ('I', Some(0x55), Some(1)),
        19 => ('J', Some(0x55), Some(1)),
        25 | 27 => ('K', Some(0x55), None),
        _ => ('H', Some(0x55), Some(1)),
    }
}

/// 2024-03-01 08:00:00 UTC.
pub const START: u64 = 1_709_280_000;

pub fn status(mode: Mode) -> u8 {
    match mode {
        Mode::Rest => 4,
        Mode::Charge => 1,
        Mode::ConstantVoltage => 3,
        Mode::Discharge => 2,
    }
}

fn put(record: &mut [u8], field: &str, value: i64) {
    let (kind, place) = field.split_once('@').unwrap();
    let place: usize = place.parse().unwrap();
    let width: usize = kind[1..].parse::<usize>().unwrap() / 8;
    record[place..place + width].copy_from_slice(&value.to_le_bytes()[..width]);
}

pub fn poke(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// A string in a slot, with rubbish behind its NUL.
fn poke_text(bytes: &mut [u8], at: usize, text: &str, slot: usize) {
    let text = encoding_rs::GB18030.encode(text).0.into_owned();
    bytes[at..at + slot].fill(b'#');
    poke(bytes, at, &text);
    bytes[at + text.len()] = 0;
}

/// One record. `range` is the code of its current range, 500 unless a test wants another.
fn record(r: &Record, index: usize, v: u8, range: i32) -> Vec<u8> {
    let (name, id, cycle_offset) = version(v);
    let (_, size, ticks, fields) = LAYOUTS.iter().find(|(n, ..)| *n == name).unwrap();
    // Without a field of its own a record has the device's range.
    let has_range = fields.iter().any(|(what, _)| *what == "range");
    let divisor = if range == 5 && has_range { 1e4 } else { 1e2 };
    let mut out = vec![0; *size];
    let mas = |value: f64| (value * 1e3 * 3600.0 * divisor).round() as i64;
    let (is_charge, is_discharge) = (r.current > 0.0, r.mode == Mode::Discharge);
    for (what, field) in *fields {
        let value = match *what {
            "number" => index as i64 + 1,
            "cycle" => cycle_offset.map_or(i64::from(r.cycle) + 6, |less| i64::from(r.cycle) - i64::from(less)),
            "step" => i64::from(r.step),
            "status" if v == 1 => match r.mode {
                Mode::Rest => 5,
                Mode::Charge => 1,
                Mode::ConstantVoltage => 2,
                Mode::Discharge => 4,
            },
            "status" => i64::from(status(r.mode)),
            "jump" => i64::from(r.run % 256),
            "step_time" => (r.step_time * *ticks as f64).round() as i64,
            "voltage" => (r.voltage * 1e4).round() as i64,
            "current" => (r.current * 1e3 * divisor).round() as i64,
            "capacity" => mas(r.capacity),
            "energy" => mas(r.energy),
            "charge" => mas(if is_charge { r.capacity } else { 0.0 }),
            "charge_energy" => mas(if is_charge { r.energy } else { 0.0 }),
            "discharge" => -mas(if is_discharge { r.capacity } else { 0.0 }),
            "discharge_energy" => -mas(if is_discharge { r.energy } else { 0.0 }),
            "utc" => (START as f64 + r.time).floor() as i64,
            "range" => i64::from(if index.is_multiple_of(3) && range == 500 { 0 } else { range }),
            "local" => {
                let place: usize = field[1..].parse().unwrap();
                let part = |format: &str| stamp(r.time + 3600.0, format).parse::<u16>().unwrap();
                poke(&mut out, place, &part("%Y").to_le_bytes());
                let rest = ["%m", "%d", "%H", "%M", "%S"].map(|format| part(format) as u8);
                poke(&mut out, place + 2, &rest);
                continue;
            }
            _ => unreachable!(),
        };
        put(&mut out, field, value);
    }
    if let Some(id) = id {
        out[0] = id;
    }
    out
}

/// An auxiliary record of the 69- and 86-byte layouts.
fn auxiliary(size: usize, number: usize, temperature: f64) -> Vec<u8> {
    let mut out = vec![0; size];
    (out[0], out[1]) = (0x65, 3);
    poke(&mut out, 2, &(number as u32).to_le_bytes());
    let place = if size == 69 { 33 } else { 34 };
    poke(&mut out, place, &((temperature * 10.0).round() as i16).to_le_bytes());
    out
}

/// The simulated test as a file of this version.
pub fn encode(v: u8, records: &[Record]) -> Vec<u8> {
    let mut out = vec![0; 4096];
    poke(&mut out, 0, b"NEWARE20240301");
    out[14] = v;
    let mass = match v {
        0..=7 => 80,
        8 => 144,
        _ => 152,
    };
    poke(&mut out, mass, &790u32.to_le_bytes());
    poke_text(&mut out, 112, "BTS_XWJ_6.82_20081229", 30);
    // Device: its range serves records that state none.
    poke(&mut out, 1024 + 26, &500i32.to_le_bytes());
    let entry = match v {
        1..=10 => 211,
        11..=15 => 327,
        16 => 343,
        17..=28 => 383,
        _ => 503,
    };
    let information = 1200;
    poke(&mut out, information, &[17, 2, 5]);
    poke(&mut out, information + 3, &4711u32.to_le_bytes());
    let (creator, part, remarks, times) = if v <= 10 { (76, 91, 111, 36) } else { (77, 137, 227, 37) };
    // The cycler's clock is an hour ahead of UTC and two minutes late.
    poke_text(&mut out, information + times, "2024.03.01 08:58:00", 20);
    if v > 10 {
        poke_text(&mut out, information + 57, "2024-03-01 12:00:00", 20);
    }
    poke_text(&mut out, information + creator, "demo", 15);
    poke_text(&mut out, information + part, "电池 7", 20);
    poke_text(&mut out, information + remarks, "made by a simulation", 100);
    if v >= 29 {
        poke_text(&mut out, information + 383, "two cycles", 60);
        poke_text(&mut out, information + 443, "cccv.xml", 60);
    }
    let mut rows = Vec::new();
    let mut aux = Vec::new();
    for (index, r) in records.iter().enumerate() {
        let row = record(r, index, v, if index % 7 == 5 { 5 } else { 500 });
        let size = row.len();
        rows.extend(row);
        if size == 86 && (26..=29).contains(&v) {
            // Between the data records, and one of the event log.
            rows.extend(auxiliary(size, index + 1, r.temperature));
            if index == 40 {
                let mut log = vec![0; size];
                log[0] = 0xAA;
                rows.extend(log);
            }
        } else if matches!(size, 69 | 86) {
            aux.extend(auxiliary(size, index + 1, r.temperature));
        }
    }
    let mut directory = |place: usize, start: usize, size: usize| {
        poke(&mut out, place, &(start as u32).to_le_bytes());
        poke(&mut out, place + 4, &(size as u32).to_le_bytes());
    };
    directory(16, 1024, 64);
    directory(24, information, entry);
    directory(64, 4096, if v == 8 { 0 } else { rows.len() });
    if !aux.is_empty() {
        directory(72, 4096 + rows.len(), aux.len());
    }
    out.extend(rows);
    out.extend(aux);
    out
}

/// BTS 9: header with u64 directory, test information, records.
fn bts9(record_version: u16, records: &[u8], count: usize) -> Vec<u8> {
    let mut out = vec![0; 2048];
    poke(&mut out, 0, b"NEWARE20160408");
    out[14] = 130;
    poke(&mut out, 16, &record_version.to_le_bytes());
    poke(&mut out, 330, &790u32.to_le_bytes());
    poke(&mut out, 258, b"9.0.3.16616.20160408.R5");
    let information = 1100;
    let (start, end) = (START * 1_000_000, (START + 10_300) * 1_000_000);
    let size = if record_version < 19 {
        poke(&mut out, information, &7u16.to_le_bytes());
        poke(&mut out, information + 4, &(1u32 << 2 | 1 << 4 | 1 << 30).to_le_bytes());
        poke_text(&mut out, information + 12, "demo", 128);
        poke_text(&mut out, information + 140, "made by a simulation", 128);
        let tail = information + 268;
        poke(&mut out, tail, &4711u32.to_le_bytes());
        poke(&mut out, tail + 4, &start.to_le_bytes());
        poke(&mut out, tail + 12, &end.to_le_bytes());
        poke(&mut out, tail + 20, &(count as u32).to_le_bytes());
        300
    } else {
        poke(&mut out, information, &8u16.to_le_bytes());
        poke_text(&mut out, information + 8, "demo", 32);
        poke_text(&mut out, information + 40, "cell 7", 32);
        poke_text(&mut out, information + 200, "cccv.xml", 64);
        poke_text(&mut out, information + 264, "made by a simulation", 64);
        let tail = information + if record_version == 42 { 552 } else { 424 };
        poke(&mut out, tail, &4711u32.to_le_bytes());
        poke(&mut out, tail + 4, &(count as u32).to_le_bytes());
        poke(&mut out, tail + 8, &start.to_le_bytes());
        poke(&mut out, tail + 16, &end.to_le_bytes());
        600
    };
    for (place, start, size) in [(34, information, size), (82, 2048, records.len())] {
        poke(&mut out, place, &(start as u64).to_le_bytes());
        poke(&mut out, place + 8, &(size as u64).to_le_bytes());
    }
    out.extend(records);
    out
}

/// Record version 3: 88 bytes, with step markers between.
pub fn bts90(records: &[Record]) -> Vec<u8> {
    let mut rows = Vec::new();
    for (index, r) in records.iter().enumerate() {
        let mut out = vec![0; 88];
        let (charge, discharge) = if r.mode == Mode::Discharge { (0.0, -1.0) } else { (1.0, 0.0) };
        (out[4], out[6], out[7], out[9], out[10]) = (0x55, 1, 6, r.step as u8, status(r.mode));
        poke(&mut out, 16, &(index as u32 + 1).to_le_bytes());
        poke(&mut out, 28, &((r.step_time * 1e6) as u64).to_le_bytes());
        let f = |value: f64| (value as f32).to_le_bytes();
        poke(&mut out, 36, &f(r.voltage));
        poke(&mut out, 40, &f(r.current * 1e3));
        poke(&mut out, 52, &f(charge * r.capacity * 3.6e6));
        poke(&mut out, 56, &f(charge * r.energy * 3.6e6));
        poke(&mut out, 60, &f(discharge * r.capacity * 3.6e6));
        poke(&mut out, 64, &f(discharge * r.energy * 3.6e6));
        poke(&mut out, 68, &(((START as f64 + r.time) * 1e6).round() as u64).to_le_bytes());
        if r.step_time == 0.0 {
            let mut marker = vec![0; 88];
            marker[4] = 0x59;
            rows.extend(marker);
        }
        rows.extend(out);
    }
    let count = rows.len() / 88;
    bts9(3, &rows, count)
}

/// Record versions 19 and 42: total time, signed counters; 56 and 60 bytes with a temperature.
pub fn bts91(records: &[Record], size: usize) -> Vec<u8> {
    let mut rows = Vec::new();
    for (index, r) in records.iter().enumerate() {
        let mut out = vec![0; size];
        let sign = if r.mode == Mode::Discharge { -1.0 } else { 1.0 };
        (out[0], out[1], out[2], out[3]) = (0x55, 0x01, r.step as u8, status(r.mode));
        let (seconds, nanos) = (r.time.floor(), (r.time.fract() * 1e9).round());
        let u = |value: f64| (value as u32).to_le_bytes();
        let f = |value: f64| (value as f32).to_le_bytes();
        poke(&mut out, 4, &4711u32.to_le_bytes());
        poke(&mut out, 8, &(index as u32 + 1).to_le_bytes());
        poke(&mut out, 12, &u(seconds));
        poke(&mut out, 16, &u(nanos));
        poke(&mut out, 20, &f(r.current * 1e3));
        poke(&mut out, 24, &f(r.voltage));
        poke(&mut out, 28, &f(sign * r.capacity * 3.6e6));
        poke(&mut out, 32, &f(sign * r.energy * 3.6e6));
        let (cycle, clock) = if size == 60 { (52, 36) } else { (36, 44) };
        poke(&mut out, cycle, &(r.cycle - 1).to_le_bytes());
        poke(&mut out, clock, &u(START as f64 + seconds));
        poke(&mut out, clock + 4, &u(nanos));
        match size {
            56 => poke(&mut out, 52, &f(r.temperature)),
            60 => poke(&mut out, 48, &f(r.temperature)),
            _ => {}
        }
        rows.extend(out);
    }
    bts9(if size == 60 { 42 } else { 19 }, &rows, records.len())
}

/// Half of the tenth of a millivolt that older files count in.
pub const TENTH_MV: f64 = 5.01e-5;

/// The fixtures.
pub fn all() -> Vec<Fixture> {
    let records = test();
    let mut lost = encode(22, &records);
    poke(&mut lost, 64, &[0; 8]);
    let mut cut = encode(29, &records);
    cut.truncate(cut.len() - 1000);
    let mut doubtful = encode(23, &records);
    for row in doubtful[4096..].chunks_exact_mut(86) {
        poke(row, 78, &(-1000i32).to_le_bytes());
    }
    let mut unknown = encode(22, &records[..4]);
    unknown[14] = 21;
    let mut all = vec![
        fixture("neware/bts90.nda", bts90(&records)).without_gaps(),
        fixture("neware/bts91.nda", bts91(&records, 56)),
        fixture("neware/bts91_52.nda", bts91(&records, 52)),
        fixture("neware/bts91_60.nda", bts91(&records, 60)),
        fixture("neware/lost_directory.nda", lost).without_gaps().voltage(TENTH_MV),
        fixture("odd/cut_in_a_record.nda", cut),
        fixture("odd/doubtful_range.nda", doubtful),
        fixture("bad/unknown_version.nda", unknown),
        fixture("bad/no_records.nda", encode(22, &records)[..4000].to_vec()),
    ];
    let versions: [(u8, &str); 14] = [
        (1, "neware/v1.nda"),
        (2, "neware/v2.nda"),
        (3, "neware/v3.nda"),
        (5, "neware/v5.nda"),
        (8, "neware/v8.nda"),
        (9, "neware/v9.nda"),
        (10, "neware/v10.nda"),
        (11, "neware/v11.nda"),
        (16, "neware/v16.nda"),
        (19, "neware/v19.nda"),
        (22, "neware/v22.nda"),
        (25, "neware/v25.nda"),
        (26, "neware/v26.nda"),
        (29, "neware/v29.nda"),
    ];
    all.extend(
        versions.map(|(version, path)| fixture(path, encode(version, &records)).without_gaps().voltage(TENTH_MV)),
    );
    all
}
