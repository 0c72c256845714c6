//! A small writer of old workbooks (BIFF8 in an OLE2 file) for fixtures: numbers, texts and one date style.

use std::io::{Cursor, Write};

use super::xlsx::{Cell, Sheet};

fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&(data.len() as u16).to_le_bytes());
    out.extend_from_slice(data);
}

fn bof(out: &mut Vec<u8>, kind: u16) {
    let mut data = Vec::new();
    for word in [0x0600u16, kind, 0x0DBB, 0x07CC] {
        data.extend_from_slice(&word.to_le_bytes());
    }
    data.extend_from_slice(&[0; 8]);
    record(out, 0x0809, &data);
}

/// Length and characters, two bytes each.
fn string(text: &str, long: bool) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut data = if long { (units.len() as u16).to_le_bytes().to_vec() } else { vec![units.len() as u8] };
    data.push(1);
    units.iter().for_each(|unit| data.extend_from_slice(&unit.to_le_bytes()));
    data
}

fn sheet(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut out = Vec::new();
    bof(&mut out, 0x0010);
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let place = |style: u16| [(r as u16).to_le_bytes(), (c as u16).to_le_bytes(), style.to_le_bytes()].concat();
            match cell {
                Cell::Blank => {}
                Cell::Number(v) => record(&mut out, 0x0203, &[place(0), v.to_le_bytes().to_vec()].concat()),
                Cell::Date(v) | Cell::Hours(v) => {
                    record(&mut out, 0x0203, &[place(1), v.to_le_bytes().to_vec()].concat())
                }
                Cell::Text(text) => record(&mut out, 0x0204, &[place(0), string(text, true)].concat()),
            }
        }
    }
    record(&mut out, 0x000A, &[]);
    out
}

/// The stream of records; tests bend it before it is packed.
pub fn stream(sheets: &[Sheet]) -> Vec<u8> {
    let bodies: Vec<Vec<u8>> = sheets.iter().map(|(_, rows)| sheet(rows)).collect();
    let globals = |offsets: &[u32]| {
        let mut out = Vec::new();
        bof(&mut out, 0x0005);
        record(&mut out, 0x0042, &1200u16.to_le_bytes());
        for format in [0u16, 22] {
            let mut style = vec![0; 20];
            style[2..4].copy_from_slice(&format.to_le_bytes());
            record(&mut out, 0x00E0, &style);
        }
        for ((name, _), offset) in sheets.iter().zip(offsets) {
            record(&mut out, 0x0085, &[offset.to_le_bytes().to_vec(), vec![0, 0], string(name, false)].concat());
        }
        record(&mut out, 0x000A, &[]);
        out
    };
    let mut at = globals(&vec![0; sheets.len()]).len() as u32;
    let mut offsets = Vec::new();
    for body in &bodies {
        offsets.push(at);
        at += body.len() as u32;
    }
    [globals(&offsets), bodies.concat()].concat()
}

/// Packs a stream into an OLE2 file.
pub fn pack(stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
    file.set_modified_time("/", std::time::UNIX_EPOCH).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A workbook.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    pack(&stream(sheets))
}
