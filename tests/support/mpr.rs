//! Writes `.mpr` files (docs/formats/mpr.md): module by module, each field where the spec has it.

use super::cell::{Mode, counters, test};
use super::fixture::{Fixture, fixture};

/// Width of a stored value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    U8,
    U16,
    U32,
    F32,
    F64,
}

/// What a file is to hold.
#[derive(Debug, Clone)]
pub struct Mpr {
    /// New module headers, else old ones with this version of the data module.
    pub old_version: Option<u32>,
    pub technique: u16,
    pub device: u8,
    /// Ids in order; flag ids have no width.
    pub ids: Vec<(u16, Option<Width>)>,
    /// One flags byte a record, where there are flag ids.
    pub flags: Vec<u8>,
    /// One value a record and id with a width.
    pub records: Vec<Vec<f64>>,
    /// Version of the software; without one there is no log module.
    pub log: Option<&'static str>,
    /// Boundaries of the loops.
    pub loops: Vec<u32>,
    /// Label of the second analog input.
    pub analog: Option<&'static str>,
    /// Whether the test controls Ewe-Ece rather than Ewe.
    pub controls_difference: bool,
}

fn poke(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// A Pascal string with the rubbish behind it that EC-Lab leaves.
fn poke_text(bytes: &mut [u8], at: usize, text: &str) {
    let text = super::dialects::windows_1252(text);
    bytes[at] = text.len() as u8;
    poke(bytes, at + 1, &text);
    bytes[at + 1 + text.len()] = b'~';
}

fn block(out: &mut Vec<u8>, version: u8, length: usize) {
    out.push(version);
    out.extend((length as u32).to_le_bytes());
    out.resize(out.len() + length, 0);
}

impl Mpr {
    fn module(&self, out: &mut Vec<u8>, short: &str, long: &str, versions: (u32, u32), data: &[u8]) {
        out.extend(b"MODULE");
        out.extend(format!("{short:10}{long:25}").as_bytes());
        let length = (data.len() as u32).to_le_bytes();
        if self.old_version.is_some() {
            out.extend(length);
            out.extend(versions.0.to_le_bytes());
        } else {
            out.extend(u32::MAX.to_le_bytes());
            out.extend(length);
            out.extend(0u32.to_le_bytes());
            out.extend(versions.1.to_le_bytes());
        }
        out.extend(b"03/01/24");
        out.extend(data);
    }

    fn settings(&self) -> Vec<u8> {
        let mut data = self.technique.to_le_bytes().to_vec();
        block(&mut data, 8, 843);
        block(&mut data, 7, 272);
        let third = data.len() + 5;
        if self.old_version.is_some() {
            block(&mut data, 5, 257)
        } else {
            block(&mut data, 8, 5078)
        }
        block(&mut data, 7, 4 + 256);
        let tail = data.len();
        data.extend([9, 0, 1, 154, 0]);
        data.resize(data.len() + 149, 0);
        data[tail + 92] = if self.controls_difference { 2 } else { 0 };
        poke_text(&mut data, 0x007, "made by a simulation\r\nsecond line, 25 °C");
        for (at, value) in
            [(0x107, 0.79f32), (0x10F, 0.001), (0x113, 0.001), (0x211, 0.001), (0x24C, 5.544), (0x25C, 2500.0)]
        {
            poke(&mut data, at, &value.to_le_bytes());
        }
        poke(&mut data, 0x11B, &1u16.to_le_bytes());
        poke_text(&mut data, 0x11E, "NMC");
        poke_text(&mut data, 0x1C0, "LP57");
        poke_text(&mut data, 0x215, "(unspecified)");
        data[0x250] = 2;
        data[0x251] = 2;
        data[0x260] = 0;
        data[third + 2] = self.device;
        data
    }

    fn log(&self, software: &str) -> Vec<u8> {
        let mut data = vec![0, 0];
        data.extend(self.technique.to_le_bytes());
        block(&mut data, 3, 417);
        data.extend([9, 0, 1, 154, 0]);
        data.resize(data.len() + 149, 0);
        if self.old_version.is_some() {
            block(&mut data, 4, 622)
        } else {
            block(&mut data, 5, 927)
        }
        data[0x009] = 7;
        poke_text(&mut data, 0x08A, "demo\0");
        poke(&mut data, 0x0AB, &21_637u32.to_le_bytes());
        // 2024-03-01 08:00:00.250 local
        poke(&mut data, 0x249, &(45_352.0 + (8.0 * 3600.0 + 0.25) / 86_400.0f64).to_le_bytes());
        poke_text(&mut data, 0x251, r"C:\Data\demo_02_GCPL_C08.mpr");
        poke_text(&mut data, 0x351, "192.0.2.1");
        poke_text(&mut data, 0x3B7, software);
        data[0x3CE] = self.device;
        poke_text(&mut data, 0x3CF, "0858");
        if self.old_version.is_none() {
            poke_text(&mut data, 0x3E9, " demo.mps");
        }
        data
    }

    fn data(&self) -> Vec<u8> {
        let mut data = (self.records.len() as u32).to_le_bytes().to_vec();
        let count = self.ids.len();
        let (wide, start, mark) = match self.old_version {
            None => (true, 1007, true),
            Some(0) => (false, 100, false),
            Some(2) => (true, 405, false),
            Some(_) => (true, 406, true),
        };
        if self.old_version.is_none() {
            data.extend((count as u16).to_le_bytes())
        } else {
            data.push(count as u8)
        }
        for (id, _) in &self.ids {
            if wide { data.extend(id.to_le_bytes()) } else { data.push(*id as u8) }
        }
        data.resize(start, 0);
        if mark {
            data[start - 1] = 1;
        }
        for (row, record) in self.records.iter().enumerate() {
            let mut values = record.iter();
            let mut flags = self.flags.get(row).copied();
            for (_, width) in &self.ids {
                let Some(width) = width else {
                    data.extend(flags.take());
                    continue;
                };
                let value = *values.next().unwrap();
                match width {
                    Width::U8 => data.push(value as u8),
                    Width::U16 => data.extend((value as u16).to_le_bytes()),
                    Width::U32 => data.extend((value as u32).to_le_bytes()),
                    Width::F32 => data.extend((value as f32).to_le_bytes()),
                    Width::F64 => data.extend(value.to_le_bytes()),
                }
            }
        }
        data
    }

    /// The file.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = b"BIO-LOGIC MODULAR FILE\x1A".to_vec();
        out.resize(48, b' ');
        out.resize(52, 0);
        self.module(&mut out, "VMP Set", "VMP settings", (0, 10), &self.settings());
        if let Some(label) = self.analog {
            let mut device = Vec::new();
            block(&mut device, 2, 438);
            poke_text(&mut device, 0x63, label);
            self.module(&mut out, "VMP ExtDev", "VMP External Device", (0, 10), &device);
        }
        self.module(&mut out, "VMP data", "VMP data", (self.old_version.unwrap_or(0), 11), &self.data());
        if let Some(software) = self.log {
            self.module(&mut out, "VMP LOG", "VMP LOG", (0, 10), &self.log(software));
        }
        if !self.loops.is_empty() {
            let mut data = (self.loops.len() as u32).to_le_bytes().to_vec();
            self.loops.iter().for_each(|b| data.extend(b.to_le_bytes()));
            data.resize(data.len() + 256, 0);
            self.module(&mut out, "VMP loop", "VMP expt. loop indexes", (0, 10), &data);
        }
        out
    }
}

const FLAGS: [(u16, Option<Width>); 6] = [(1, None), (2, None), (3, None), (21, None), (31, None), (65, None)];

/// The simulated test as galvanostatic cycling: time, voltage, current, signed charge, half cycle, temperature.
pub fn cycling() -> Mpr {
    of(&test())
}

/// Any test in the same columns.
pub fn of(records: &[super::cell::Record]) -> Mpr {
    use Width::{F32, F64, U16, U32};
    let sums = counters(records);
    let half_of = |step: u32, cycle: u32| 2 * (cycle - 1) + u32::from(step == 5);
    let mut ids = FLAGS.to_vec();
    let values = [(131, U16), (4, F64), (5, F32), (6, F32), (8, F32), (467, F64), (468, U32), (462, F32)];
    ids.extend(values.map(|(id, width)| (id, Some(width))));
    let (mut flags, mut rows, mut base) = (Vec::new(), Vec::new(), [0.0; 4]);
    for (i, r) in records.iter().enumerate() {
        let mode = match r.mode {
            Mode::Rest => 3,
            Mode::ConstantVoltage => 2,
            _ => 1,
        };
        let first = i == 0 || records[i - 1].step != r.step;
        let last = i + 1 == records.len();
        flags.push(mode | u8::from(r.current > 0.0) << 2 | u8::from(first) << 5 | u8::from(last) << 6);
        let half = half_of(r.step, r.cycle);
        if i > 0 && half_of(records[i - 1].step, records[i - 1].cycle) != half {
            base = sums[i - 1];
        }
        let q = (sums[i][0] - base[0]) - (sums[i][1] - base[1]);
        let current = r.current * 1e3;
        rows.push(vec![
            f64::from(r.step - 1),
            120.0 + r.time,
            current,
            r.voltage,
            current,
            q * 1e3,
            f64::from(half),
            r.temperature,
        ]);
    }
    Mpr {
        old_version: None,
        technique: 0x04,
        device: 5,
        ids,
        flags,
        records: rows,
        log: Some("11.50"),
        loops: Vec::new(),
        analog: None,
        controls_difference: false,
    }
}

impl Mpr {
    pub fn column(&self, id: u16) -> usize {
        self.ids.iter().filter(|(_, width)| width.is_some()).position(|(known, _)| *known == id).unwrap()
    }

    /// Another id for one of the columns, of the same width.
    fn rename(mut self, from: u16, to: u16) -> Self {
        self.ids.iter_mut().filter(|(id, _)| *id == from).for_each(|(id, _)| *id = to);
        self
    }

    /// The same without one of the columns.
    pub fn without(mut self, id: u16) -> Self {
        let column = self.column(id);
        self.ids.retain(|(known, _)| *known != id);
        self.records.iter_mut().for_each(|r| {
            r.remove(column);
        });
        self
    }

    /// The charge since the previous record instead of a current.
    fn increments(mut self) -> Self {
        let (time, current) = (self.column(4), self.column(8));
        let mut before = None;
        for record in &mut self.records {
            let dt = before.replace(record[time]).map_or(0.0, |before| record[time] - before);
            record[current] *= dt / 3600.0;
        }
        for (id, width) in self.ids.iter_mut().filter(|(id, _)| *id == 8) {
            (*id, *width) = (7, Some(Width::F64));
        }
        self
    }
}

/// An impedance sweep of a resistor and a capacitor.
fn sweep() -> Mpr {
    use Width::F32;
    let ids: Vec<(u16, Option<Width>)> = [(1, None), (3, None)]
        .into_iter()
        .chain([32, 37, 38, 36, 35].map(|id| (id, Some(F32))))
        .chain([(4, Some(Width::F64)), (77, Some(F32)), (76, Some(F32)), (473, Some(F32))])
        .collect();
    let row = |k: i32| {
        let f = 10f64.powf(5.5 - f64::from(k) / 4.0);
        let x = 2.0 * std::f64::consts::PI * f * 0.05 * 2e-3;
        let (re, im) = (0.02 + 0.05 / (1.0 + x * x), -0.05 * x / (1.0 + x * x));
        let phase = im.atan2(re).to_degrees();
        vec![f, re, -im, re.hypot(im), phase, 1000.0 + 3.0 * f64::from(k), 3.7, 0.0, 0.25]
    };
    let records: Vec<Vec<f64>> = (0..24).map(row).collect();
    let flags = (0..24).map(|k| if k == 23 { 0x42 } else { 0x02 }).collect();
    Mpr { ids, flags, records, technique: 0x1D, ..cycling() }
}

/// The fixtures.
pub fn all() -> Vec<Fixture> {
    let open_circuit = || {
        let mut ocv = cycling();
        ocv.technique = 0x0B;
        ocv.ids = vec![(1, None), (3, None), (4, Some(Width::F64)), (6, Some(Width::F32))];
        ocv.records = (0..20).map(|k| vec![f64::from(k) * 30.0, 3.6 + 1e-4 * f64::from(k)]).collect();
        ocv.flags = (0..20).map(|k| if k == 19 { 0x43 } else { 0x03 }).collect();
        ocv
    };
    let old = |version| Mpr { old_version: Some(version), log: Some("11.12"), ..cycling() };
    let mut cut = cycling().encode();
    // In the middle of the sixtieth record.
    let record = 1 + 2 + 8 + 4 + 4 + 4 + 8 + 4 + 4;
    let log = memchr::memmem::find(&cut, b"MODULEVMP LOG").unwrap();
    cut.truncate(log - record * (cycling().records.len() - 60) + 11);
    let mut empty = open_circuit();
    (empty.records, empty.flags, empty.technique) = (Vec::new(), Vec::new(), 0x1C);
    let running = Mpr { log: None, flags: cycling().flags.iter().map(|f| f & 0xBF).collect(), ..cycling() };
    // Two runs of the technique: everything from the second cycle on belongs to the second.
    let mut loops = cycling();
    let half = loops.records.len() as u32 / 2;
    loops.loops = vec![0, half, loops.records.len() as u32];
    loops.flags[half as usize - 1] |= 0x40;
    let mut both_unknown = cycling().rename(8, 2001);
    both_unknown = both_unknown.rename(131, 2002);
    vec![
        fixture("biologic/cycling.mpr", cycling().encode()),
        fixture("biologic/cycling_old.mpr", old(3).encode()),
        fixture("biologic/cycling_oldest.mpr", Mpr { old_version: Some(2), log: Some("10.40"), ..cycling() }.encode()),
        fixture("biologic/increments.mpr", Mpr { old_version: Some(3), ..cycling().increments() }.encode())
            .mean_current(),
        fixture("biologic/bcs.mpr", Mpr { device: 26, log: Some("1.79"), ..cycling() }.encode()),
        fixture(
            "biologic/analog_temperature.mpr",
            Mpr { analog: Some("Temperatur/°C"), ..cycling().rename(462, 17) }.encode(),
        ),
        fixture("biologic/loops.mpr", loops.encode()),
        fixture("biologic/running.mpr", running.encode()),
        fixture("biologic/unknown_id.mpr", cycling().rename(462, 2000).encode()),
        fixture("biologic/impedance.mpr", sweep().encode()).other("an impedance sweep between two steps"),
        fixture("biologic/open_circuit.mpr", open_circuit().encode()).other("an open circuit"),
        fixture("biologic/no_rows.mpr", empty.encode()).other("no records"),
        fixture("odd/cut_in_a_record.mpr", cut),
        fixture("bad/unknown_ids.mpr", both_unknown.encode()),
        fixture("bad/settings_only.mpr", cycling().encode()[..2000].to_vec()),
        fixture("bad/no_data.mpr", {
            let whole = cycling().encode();
            whole[..memchr::memmem::find(&whole, b"MODULEVMP data").unwrap()].to_vec()
        }),
        fixture("bad/no_voltage.mpr", cycling().without(6).encode()),
    ]
}
