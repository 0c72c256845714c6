//! Writes `.ndax` archives (docs/formats/ndax.md): pages, slots, bits and checksums.

use super::cell::{Mode, Record, test};
use super::dialects::stamp;
use super::fixture::{Fixture, fixture};
use super::nda::{START, TENTH_MV, poke, status};

/// An `ndc` file: records in slots; `None` leaves a slot empty.
pub fn container(kind: u8, version: u8, size: usize, slots: &[Option<Vec<u8>>], head: &[(usize, Vec<u8>)]) -> Vec<u8> {
    let (page_size, first) = if version < 5 { (512, 5) } else { (4096, 132) };
    let mut out = vec![0; page_size];
    (out[0], out[2]) = (kind, version);
    head.iter().for_each(|(place, bytes)| poke(&mut out, *place, bytes));
    let fit = ((page_size - first - 4) / size).min(8 * (first - 4));
    for chunk in slots.chunks(fit) {
        let mut page = vec![0; page_size];
        poke(&mut page, 0, &(u16::from(kind) + 1).to_le_bytes());
        poke(&mut page, 2, &(chunk.iter().flatten().count() as u16).to_le_bytes());
        for (slot, record) in chunk.iter().enumerate() {
            if let Some(record) = record {
                page[4 + slot / 8] |= 1 << (slot % 8);
                poke(&mut page, first + slot * size, record);
            }
        }
        let sum = crc32fast::hash(&page[..page_size - 4]);
        poke(&mut page, page_size - 4, &sum.to_le_bytes());
        out.extend(page);
    }
    out
}

/// The archive of some members.
pub fn pack(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in members {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A field at a place.
struct Row(Vec<u8>);

impl Row {
    fn new(size: usize) -> Self {
        Self(vec![0; size])
    }
    fn u8(mut self, at: usize, value: u32) -> Self {
        self.0[at] = value as u8;
        self
    }
    fn u16(mut self, at: usize, value: u32) -> Self {
        poke(&mut self.0, at, &(value as u16).to_le_bytes());
        self
    }
    fn u32(mut self, at: usize, value: u32) -> Self {
        poke(&mut self.0, at, &value.to_le_bytes());
        self
    }
    fn i32(mut self, at: usize, value: f64) -> Self {
        poke(&mut self.0, at, &(value.round() as i32).to_le_bytes());
        self
    }
    fn i16(mut self, at: usize, value: f64) -> Self {
        poke(&mut self.0, at, &(value.round() as i16).to_le_bytes());
        self
    }
    fn i64(mut self, at: usize, value: f64) -> Self {
        poke(&mut self.0, at, &(value.round() as i64).to_le_bytes());
        self
    }
    fn f32(mut self, at: usize, value: f64) -> Self {
        poke(&mut self.0, at, &(value as f32).to_le_bytes());
        self
    }
    fn local(mut self, at: usize, seconds: f64) -> Self {
        let part = |format: &str| stamp(seconds, format).parse::<u16>().unwrap();
        poke(&mut self.0, at, &part("%Y").to_le_bytes());
        let rest = ["%m", "%d", "%H", "%M", "%S"].map(|format| part(format) as u8);
        poke(&mut self.0, at + 2, &rest);
        self
    }
}

fn sides(r: &Record) -> (f64, f64) {
    if r.mode == Mode::Discharge { (0.0, 1.0) } else { (1.0, 0.0) }
}

/// Versions 1 to 5: everything in one record.
fn whole(version: u8, r: &Record, index: usize) -> Vec<u8> {
    let (size, number, cycle, step, jump, time, v) = match version {
        5 => (87, 1, 5, 9, Some(11), 16, 24),
        2 | 4 => (94, 8, 12, 16, Some(18), 23, 31),
        _ => (83, 8, 12, 16, None, 20, 28),
    };
    let (charge, discharge) = sides(r);
    let range = if index % 5 == 2 { 5 } else { 500 };
    let scale = if range == 5 { 1e4 } else { 1e2 };
    let mas = 3.6e6 * scale;
    let mut row = Row::new(size)
        .u8(0, 0x55)
        .u32(number, index as u32 + 1)
        .u32(cycle, r.cycle - 1)
        .u8(step, r.step)
        .u8(step + 1, u32::from(status(r.mode)))
        .i64(time, r.step_time * 1e3)
        .i32(v, r.voltage * 1e4)
        .i32(v + 4, r.current * 1e3 * scale)
        .i64(v + 12, charge * r.capacity * mas)
        .i64(v + 20, discharge * r.capacity * mas)
        .i64(v + 28, charge * r.energy * mas)
        .i64(v + 36, discharge * r.energy * mas)
        .local(v + 44, r.time)
        .i32(v + 51, f64::from(range));
    if let Some(jump) = jump {
        row = row.u8(jump, r.run % 256);
    }
    row.0
}

/// An anchor of runInfo. Scale and place of the fields depend on the version.
fn run_info(version: u8, r: &Record, index: usize) -> Vec<u8> {
    let (size, interval) = match version {
        8 => (42, 26),
        9 => (45, 29),
        11 | 12 => (47, 29),
        13 | 14 => (55, 29),
        _ => (100, 29),
    };
    let counters = if matches!(version, 16 | 9 | 11 | 13) { 3.6e6 } else { 1.0 };
    let (charge, discharge) = sides(r);
    let dt = match r.mode {
        Mode::Charge | Mode::Discharge => 120_000.0,
        _ => 60_000.0,
    };
    let row = Row::new(size)
        .u32(0, (r.step_time * 1e3) as u32)
        .f32(5, charge * r.capacity * counters)
        .f32(9, -discharge * r.capacity * counters)
        .f32(13, charge * r.energy * counters)
        .f32(17, -discharge * r.energy * counters)
        .i32(interval, dt)
        .u32(interval + 4, (START as f64 + r.time).floor() as u32)
        .u32(interval + 8, r.run)
        .u32(interval + 12, index as u32 + 1);
    if size > 45 { row.u16(45, (r.time.fract() * 1e3) as u32).0 } else { row.0 }
}

fn step(version: u8, r: &Record, index: usize) -> Vec<u8> {
    let size = if matches!(version, 16 | 17) { 100 } else { 37 };
    let row = Row::new(size).u32(0, r.cycle - 1).u32(4, r.step).u8(24, u32::from(status(r.mode)));
    row.i64(25, r.time * 1e3).u32(33, index as u32 + 1).0
}

fn xml(version: u8, channels: &str) -> Vec<(&'static str, Vec<u8>)> {
    let count = channels.matches("<Aux").count();
    let encode = |text: String| encoding_rs::GB18030.encode(&text).0.into_owned();
    let declaration = r#"<?xml version="1.0" encoding="GB2312"?>"#;
    let test = format!(
        r#"{declaration}<root><config type="TestInfo" version="{version}"><TestInfo DevType="24" DevID="46" UnitID="1" ChlID="5" TestID="60" CurrRange="500" VoltRange="5" SN="电池 7" StepName="cccv.xml" StartTime="2024-03-01 08:58:00" EndTime="2024-03-01 12:00:00" Barcode="ABC-7" Remark="made by a simulation" AuxCount="{count}">{channels}</TestInfo></config></root>"#
    );
    let step = format!(
        r#"{declaration}<root><config type="Step"><Head_Info><Creator Value="demo"/><SCQ Value="790"/><MultCap Value="9000000"/><Start_Step Value="1"/></Head_Info></config></root>"#
    );
    let versions = format!(
        r#"{declaration}<root><config type="VersionInfo"><ZwjVersion SvrVer="BTSServer 8.0.0.480" CurrClientVer="BTSClient 8.0.0.478" ZwjVersion="27.11" MainXwjVer="1.2"/></config></root>"#
    );
    vec![("TestInfo.xml", encode(test)), ("Step.xml", encode(step)), ("VersionInfo.xml", encode(versions))]
}

/// Channels as the test information lists them: the cell's temperature, and what the chamber was set to.
pub const TEMPERATURE: &str = r#"<Aux1 AuxID="2" RealChlID="9" ChlType="103" TypeID="1"/>"#;
pub const SET_TEMPERATURE: &str = r#"<Aux2 AuxID="1" RealChlID="9" ChlType="335" TypeID="1"/>"#;

fn is_anchor(records: &[Record], i: usize) -> bool {
    let last = records.get(i + 1).is_none_or(|next| next.run != records[i].run);
    let first = i == 0 || records[i - 1].run != records[i].run;
    first || last || i.is_multiple_of(4)
}

/// The test with every record in runInfo.
pub fn anchored(version: u8, records: &[Record]) -> Vec<(&'static str, Vec<u8>)> {
    let mut members = members(version, records);
    for (name, bytes) in &mut members {
        if *name == "data_runInfo.ndc" {
            let rows: Vec<_> = records.iter().enumerate().map(|(i, r)| Some(run_info(version, r, i))).collect();
            *bytes = container(18, version, rows[0].as_ref().unwrap().len(), &rows, &[]);
        }
    }
    members
}

/// The simulated test with the main file of this version.
pub fn members(version: u8, records: &[Record]) -> Vec<(&'static str, Vec<u8>)> {
    let rows = || records.iter().enumerate();
    let starts = || rows().filter(|(i, r)| *i == 0 || records[i - 1].run != r.run);
    // Those that members follow for, below.
    let listed = match version {
        1 | 3 | 6 | 7 | 15 => String::new(),
        8 | 12 | 14 | 17 => format!("{TEMPERATURE}{SET_TEMPERATURE}"),
        _ => TEMPERATURE.to_owned(),
    };
    let mut members = xml(version, &listed);
    let some = |f: &dyn Fn(usize, &Record) -> Vec<u8>| rows().map(|(i, r)| Some(f(i, r))).collect::<Vec<_>>();
    let steps = || starts().map(|(i, r)| Some(step(version, r, i))).collect::<Vec<_>>();
    match version {
        1..=5 => {
            let size = whole(version, &records[0], 0).len();
            members.push(("data.ndc", container(1, version, size, &some(&|i, r| whole(version, r, i)), &[])));
            if size > 83 {
                let (number, v) = if version == 5 { (1, 24) } else { (8, 31) };
                let aux = |i: usize, r: &Record| {
                    let row = Row::new(size).u8(0, 0x74).u32(number, i as u32 + 1);
                    row.i16(v + 10, r.temperature * 10.0).i16(v + 12, 250.0).0
                };
                // Named by the channel's AuxID alone; the list says temperature.
                members.push(("20240301_085800_1_2.ndc", container(5, version, size, &some(&aux), &[])));
            }
        }
        6 => {
            let row = |_: usize, r: &Record| {
                let (charge, discharge) = sides(r);
                let row = Row::new(38).u32(0, (r.step_time * 1e3) as u32).f32(5, r.voltage).f32(9, r.current);
                let row = row.f32(13, charge * r.capacity).f32(17, discharge * r.capacity);
                let row = row.f32(21, charge * r.energy).f32(25, discharge * r.energy);
                row.u32(30, (START as f64 + r.time) as u32).u32(34, r.run).0
            };
            members.push(("data.ndc", container(1, 6, 38, &some(&row), &[])));
            members.push(("data_step.ndc", container(7, 6, 37, &steps(), &[])));
        }
        7 => {
            let codes = [1, 6, 7, 8, 9, 10, 12, 13, 14, 17, 18, 19, 20, 21];
            let row = |i: usize, r: &Record| {
                let (charge, discharge) = sides(r);
                let row = Row::new(67).u8(0, 1).u32(1, i as u32 + 1).u32(5, r.cycle - 1).u8(9, r.step);
                let row = row.u8(10, u32::from(status(r.mode))).u8(11, r.run % 256).i64(12, r.step_time * 1e3);
                let row = row.i32(20, r.voltage * 1e4).i32(24, r.current * 1e3);
                let row = row.i64(28, charge * r.capacity * 3.6e6).i64(36, discharge * r.capacity * 3.6e6);
                row.i64(44, charge * r.energy * 3.6e6).i64(52, discharge * r.energy * 3.6e6).local(60, r.time).0
            };
            let head = codes.iter().enumerate().map(|(k, code)| (13 + 4 * k, i32::to_le_bytes(*code).to_vec()));
            members.push(("data.ndc", container(1, 7, 67, &some(&row), &head.collect::<Vec<_>>())));
        }
        15 => {
            let row = |i: usize, r: &Record| {
                let (charge, discharge) = sides(r);
                let (seconds, nanos) = (r.time.floor(), (r.time.fract() * 1e9).round());
                let row = Row::new(76).u8(2, r.step).u8(3, u32::from(status(r.mode))).u32(8, i as u32 + 1);
                let row = row.u32(12, seconds as u32).u32(16, nanos as u32).f32(20, r.current * 1e3).f32(24, r.voltage);
                let row = row.u32(36, (START as f64 + seconds) as u32).u32(40, nanos as u32);
                let row = row.u32(44, r.step_time as u32).f32(52, charge * r.capacity * 3.6e6);
                let row = row.f32(56, discharge * r.capacity * 3.6e6).f32(60, charge * r.energy * 3.6e6);
                row.f32(64, discharge * r.energy * 3.6e6).0
            };
            let mut head = vec![(516, 76u32.to_le_bytes().to_vec())];
            for (k, (axis, place)) in [(15, 36), (65, 44), (5, 52), (6, 56), (8, 60), (9, 64)].into_iter().enumerate() {
                let item = [&i32::to_le_bytes(axis)[..], &[1], &i32::to_le_bytes(place)].concat();
                head.push((520 + 9 * k, item));
            }
            members.push(("data.ndc", container(1, 15, 76, &some(&row), &head)));
        }
        _ => {
            let small = matches!(version, 16 | 9 | 11 | 13);
            let row = |_: usize, r: &Record| {
                let (v, i) = if small { (1e4, 1e3) } else { (1.0, 1.0) };
                Row::new(8).f32(0, r.voltage * v).f32(4, r.current * i).0
            };
            members.push(("data.ndc", container(1, version, 8, &some(&row), &[])));
            let anchors = rows().filter(|(i, _)| is_anchor(records, *i)).map(|(i, r)| Some(run_info(version, r, i)));
            let anchors: Vec<Option<Vec<u8>>> = anchors.collect();
            let size = anchors[0].as_ref().unwrap().len();
            members.push(("data_runInfo.ndc", container(18, version, size, &anchors, &[])));
            let size = step(version, &records[0], 0).len();
            members.push(("data_step.ndc", container(7, version, size, &steps(), &[])));
            if small && version != 11 {
                let aux = |_: usize, r: &Record| Row::new(7).u8(0, 0x65).i16(5, r.temperature * 10.0).0;
                members.push(("data_AUX_9_3_1.ndc", container(5, version, 7, &some(&aux), &[])));
            } else if version == 11 {
                let aux = |i: usize, r: &Record| {
                    Row::new(88).u8(0, 0x74).u32(1, i as u32 + 1).u8(5, 2).i16(35, r.temperature * 10.0).0
                };
                members.push(("data_AUX_9_3_1.ndc", container(5, version, 88, &some(&aux), &[])));
            } else {
                let aux = |_: usize, r: &Record| Row::new(4).f32(0, r.temperature).0;
                members.push(("data_AUX_9_3_1.ndc", container(5, version, 4, &some(&aux), &[])));
                let set = |_: usize, _: &Record| Row::new(4).f32(0, 25.0).0;
                members.push(("data_AUX_9_235_1.ndc", container(5, version, 4, &some(&set), &[])));
            }
        }
    }
    members
}

/// The fixtures.
pub fn all() -> Vec<Fixture> {
    let records = test();
    let versions: [(u8, &str); 14] = [
        (1, "neware/ndc1.ndax"),
        (2, "neware/ndc2.ndax"),
        (4, "neware/ndc4.ndax"),
        (5, "neware/ndc5.ndax"),
        (6, "neware/ndc6.ndax"),
        (7, "neware/ndc7.ndax"),
        (8, "neware/ndc8.ndax"),
        (9, "neware/ndc9.ndax"),
        (11, "neware/ndc11.ndax"),
        (12, "neware/ndc12.ndax"),
        (14, "neware/ndc14.ndax"),
        (15, "neware/ndc15.ndax"),
        (16, "neware/ndc16.ndax"),
        (17, "neware/ndc17.ndax"),
    ];
    let made = versions.map(|(version, path)| {
        let made = fixture(path, pack(&members(version, &records)));
        match version {
            1 | 2 | 4 | 5 => made.without_gaps().voltage(TENTH_MV),
            // Whole milliamperes.
            7 => made.without_gaps().voltage(TENTH_MV).current(5.01e-4),
            // The one version with the time since the start.
            15 => made,
            _ => made.without_gaps(),
        }
    });
    let mut all = Vec::from(made);
    let pick = |version: u8, keep: &dyn Fn(&str) -> bool| {
        let members: Vec<_> = members(version, &records).into_iter().filter(|(name, _)| keep(name)).collect();
        pack(&members)
    };
    let mut counted = members(17, &records);
    let config = br#"<?xml version="1.0" encoding="utf-8"?><root><config CycleMode="1"/></root>"#.to_vec();
    counted.push(("NdaxConfig.xml", config));
    let mut broken = members(14, &records);
    broken.retain(|(name, _)| *name != "TestInfo.xml");
    broken.push(("TestInfo.xml", b"<?xml version=\"1.0\" encoding=\"GB2312\"?><root><config><TestInfo DevID=\"1\" UnitID=\"2\" ChlID=\"3\" Remark=\"\xFF\xFEcut\"/><bro".to_vec()));
    let data = broken.iter_mut().find(|(name, _)| *name == "data.ndc").unwrap();
    let last = data.1.len() - 2000;
    data.1[last] ^= 0x40;
    // The first records stand before the first anchor; a record and its slot are missing.
    let mut gaps = members(14, &records);
    for (name, bytes) in &mut gaps {
        let anchors = records.iter().enumerate().filter(|(i, _)| *i >= 2 && (is_anchor(&records, *i) || *i == 2));
        if *name == "data_runInfo.ndc" {
            let slots: Vec<_> = anchors.map(|(i, r)| Some(run_info(14, r, i))).collect();
            *bytes = container(18, 14, 55, &slots, &[]);
        } else if *name == "data.ndc" {
            let row = |(i, r): (usize, &Record)| (i != 50).then(|| Row::new(8).f32(0, r.voltage).f32(4, r.current).0);
            *bytes = container(1, 14, 8, &records.iter().enumerate().map(row).collect::<Vec<_>>(), &[]);
        }
    }
    all.extend([
        fixture("neware/counted_cycles.ndax", pack(&counted)).without_gaps(),
        fixture("neware/broken_xml.ndax", pack(&broken)).without_gaps(),
        fixture("odd/gaps.ndax", pack(&gaps)),
        fixture("odd/empty.ndax", pack(&[("data.ndc", container(1, 14, 8, &[], &[]))])),
        fixture("bad/no_times.ndax", pick(14, &|name| name != "data_runInfo.ndc")),
        fixture("bad/no_steps.ndax", pick(16, &|name| name != "data_step.ndc")),
        fixture("bad/unknown_version.ndax", pack(&[("data.ndc", container(1, 10, 8, &[Some(vec![0; 8])], &[]))])),
    ]);
    all
}
