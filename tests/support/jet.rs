//! Writes Access databases of the Jet 4 kind (docs/formats/res.md#pages), small ones that mdbtools reads too: a header, a
//! catalog, tables
//! of numbers and short texts, usage maps.

use std::collections::BTreeMap;

/// Bytes of a page.
pub const PAGE: usize = 4096;

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    U8,
    I16,
    I32,
    F32,
    F64,
    Text,
    /// Always empty here.
    Ole,
}

impl Kind {
    fn is_variable(self) -> bool {
        matches!(self, Self::Text | Self::Ole)
    }

    fn code(self) -> u8 {
        match self {
            Self::U8 => 2,
            Self::I16 => 3,
            Self::I32 => 4,
            Self::F32 => 6,
            Self::F64 => 7,
            Self::Text => 10,
            Self::Ole => 11,
        }
    }

    fn width(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
            Self::Text | Self::Ole => 0,
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Number(f64),
    Text(String),
}

/// A table with its rows.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<(&'static str, Kind)>,
    pub rows: Vec<Vec<Cell>>,
}

fn row(columns: &[(&str, Kind)], cells: &[Cell]) -> Vec<u8> {
    let mut out = (columns.len() as u16).to_le_bytes().to_vec();
    for ((_, kind), cell) in columns.iter().zip(cells) {
        let value = if let Cell::Number(value) = cell { *value } else { 0.0 };
        match kind {
            Kind::U8 => out.push(value as u8),
            Kind::I16 => out.extend((value as i16).to_le_bytes()),
            Kind::I32 => out.extend((value as i32).to_le_bytes()),
            Kind::F32 => out.extend((value as f32).to_le_bytes()),
            Kind::F64 => out.extend(value.to_le_bytes()),
            Kind::Text | Kind::Ole => {}
        }
    }
    let texts: Vec<&Cell> =
        columns.iter().zip(cells).filter(|((_, kind), _)| kind.is_variable()).map(|(_, cell)| cell).collect();
    if !texts.is_empty() {
        let mut places = Vec::new();
        for text in &texts {
            places.push(out.len() as u16);
            if let Cell::Text(text) = text {
                // One byte a character where that is possible.
                if text.is_ascii() {
                    out.extend([0xFF, 0xFE]);
                    out.extend(text.bytes());
                } else {
                    text.encode_utf16().for_each(|unit| out.extend(unit.to_le_bytes()));
                }
            }
        }
        places.push(out.len() as u16);
        places.iter().rev().for_each(|place| out.extend(place.to_le_bytes()));
        out.extend((texts.len() as u16).to_le_bytes());
    }
    let mut mask = vec![0u8; columns.len().div_ceil(8)];
    for (i, cell) in cells.iter().enumerate() {
        if *cell != Cell::Null {
            mask[i / 8] |= 1 << (i % 8);
        }
    }
    out.extend(mask);
    out
}

/// Rows on data pages. `None` is a slot without a row.
fn data_pages(owner: u32, rows: &[Option<Vec<u8>>]) -> Vec<Vec<u8>> {
    let mut pages = Vec::new();
    let mut page = Page::new(owner);
    for row in rows {
        let length = row.as_ref().map_or(0, Vec::len);
        if page.free() < length + 2 {
            pages.push(page.finish());
            page = Page::new(owner);
        }
        page.push(row.as_deref());
    }
    pages.push(page.finish());
    pages
}

struct Page {
    bytes: Vec<u8>,
    slots: Vec<u16>,
    end: usize,
}

impl Page {
    fn new(owner: u32) -> Self {
        let mut bytes = vec![0; PAGE];
        (bytes[0], bytes[1]) = (1, 1);
        bytes[4..8].copy_from_slice(&owner.to_le_bytes());
        Self { bytes, slots: Vec::new(), end: PAGE }
    }

    fn free(&self) -> usize {
        self.end - 14 - 2 * self.slots.len()
    }

    fn push(&mut self, row: Option<&[u8]>) {
        let Some(row) = row else {
            // Deleted.
            return self.slots.push(self.end as u16 | 0xC000);
        };
        self.end -= row.len();
        self.bytes[self.end..self.end + row.len()].copy_from_slice(row);
        self.slots.push(self.end as u16);
    }

    fn finish(mut self) -> Vec<u8> {
        let free = self.free() as u16;
        self.bytes[2..4].copy_from_slice(&free.to_le_bytes());
        self.bytes[12..14].copy_from_slice(&(self.slots.len() as u16).to_le_bytes());
        for (k, slot) in self.slots.iter().enumerate() {
            self.bytes[14 + 2 * k..16 + 2 * k].copy_from_slice(&slot.to_le_bytes());
        }
        self.bytes
    }
}

fn definition(table: &Table, system: bool, map: (u32, u8)) -> Vec<u8> {
    let mut out = vec![0; 63];
    (out[0], out[1]) = (2, 1);
    let texts = table.columns.iter().filter(|(_, kind)| kind.is_variable()).count();
    out[16..20].copy_from_slice(&(table.rows.len() as u32).to_le_bytes());
    out[40] = if system { 0x53 } else { 0x4E };
    let count = (table.columns.len() as u16).to_le_bytes();
    out[41..43].copy_from_slice(&count);
    out[43..45].copy_from_slice(&(texts as u16).to_le_bytes());
    out[45..47].copy_from_slice(&count);
    let pointer = map.0 << 8 | u32::from(map.1);
    out[55..59].copy_from_slice(&pointer.to_le_bytes());
    out[59..63].copy_from_slice(&(map.0 << 8 | u32::from(map.1 + 1)).to_le_bytes());
    let (mut fixed, mut variable) = (0u16, 0u16);
    for (number, (_, kind)) in table.columns.iter().enumerate() {
        let mut column = vec![0; 25];
        column[0] = kind.code();
        column[5..7].copy_from_slice(&(number as u16).to_le_bytes());
        column[9..11].copy_from_slice(&(number as u16).to_le_bytes());
        column[15] = if kind.is_variable() { 2 } else { 3 };
        column[7..9].copy_from_slice(&variable.to_le_bytes());
        column[21..23].copy_from_slice(&fixed.to_le_bytes());
        let length = if kind.is_variable() { 500 } else { kind.width() as u16 };
        column[23..25].copy_from_slice(&length.to_le_bytes());
        if kind.is_variable() {
            variable += 1;
        } else {
            fixed += kind.width() as u16;
        }
        out.extend(column);
    }
    for (name, _) in &table.columns {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        out.extend((units.len() as u16).to_le_bytes());
        out.extend(units);
    }
    out.extend([0xFF, 0xFF]);
    let length = out.len() as u32;
    out[8..12].copy_from_slice(&length.to_le_bytes());
    assert!(out.len() <= PAGE, "a definition of one page");
    out.resize(PAGE, 0);
    out
}

/// RC4 of zeros with the key that Jet 4 masks its header with.
fn mask() -> [u8; 128] {
    let key = [0xC7u8, 0xDA, 0x39, 0x6B];
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0u8;
    for i in 0..256 {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0u8, 0u8);
    std::array::from_fn(|_| {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        state[usize::from(state[usize::from(i)].wrapping_add(state[usize::from(j)]))]
    })
}

/// A usage map: the pages as bits, or places of pages of bits.
fn usage(pages: &[u32], bitmaps: &[u32]) -> Vec<u8> {
    if bitmaps.is_empty() {
        let first = pages.first().copied().unwrap_or(0);
        let mut out = vec![0];
        out.extend(first.to_le_bytes());
        let mut bits = vec![0u8; 64];
        pages.iter().for_each(|page| bits[((page - first) / 8) as usize] |= 1 << ((page - first) % 8));
        out.extend(bits);
        return out;
    }
    let mut out = vec![1];
    (0..17).for_each(|k| out.extend(bitmaps.get(k).copied().unwrap_or(0).to_le_bytes()));
    out
}

/// Pages that one page of bits covers.
const COVERED: usize = (PAGE - 4) * 8;

/// A database of these tables. `deleted` leaves a slot without a row behind every so many rows; 0 leaves none.
pub fn encode(tables: &[Table], deleted: usize) -> Vec<u8> {
    let mut file = BTreeMap::new();
    let mut header = vec![0; PAGE];
    header[..4].copy_from_slice(&[0, 1, 0, 0]);
    header[4..19].copy_from_slice(b"Standard Jet DB");
    header[0x14] = 1;
    // Nothing is encrypted: the masked part of the header is the mask itself.
    header[0x18..0x18 + 128].copy_from_slice(&mask());
    file.insert(0u32, header);
    file.insert(1, vec![0; PAGE]);
    let catalog_columns = vec![
        ("Id", Kind::I32),
        ("ParentId", Kind::I32),
        ("Name", Kind::Text),
        ("Type", Kind::I16),
        ("Flags", Kind::I32),
        ("LvProp", Kind::Ole),
    ];
    let definitions: Vec<u32> = (0..tables.len() as u32).map(|k| 4 + k).collect();
    let mut catalog = Table { name: "MSysObjects", columns: catalog_columns, rows: Vec::new() };
    for (table, page) in tables.iter().zip(&definitions) {
        let n = |value: f64| Cell::Number(value);
        catalog.rows.push(vec![
            n(f64::from(*page)),
            n(251_658_241.0),
            Cell::Text(table.name.to_owned()),
            n(1.0),
            n(0.0),
            Cell::Null,
        ]);
    }
    // Page 3 and, if there are many tables, later ones hold the usage maps.
    let mut next = 4 + tables.len() as u32;
    let mut maps = Page::new(0);
    let mut put = |table: &Table, system: bool, page: u32, next: &mut u32, file: &mut BTreeMap<u32, Vec<u8>>| {
        let mut rows: Vec<Option<Vec<u8>>> = Vec::new();
        for (k, cells) in table.rows.iter().enumerate() {
            rows.push(Some(row(&table.columns, cells)));
            if deleted > 0 && k % deleted == deleted - 1 {
                rows.push(None);
            }
        }
        let mut own = Vec::new();
        for bytes in data_pages(page, &rows) {
            own.push(*next);
            file.insert(*next, bytes);
            *next += 1;
        }
        let mut bitmaps = Vec::new();
        if own.last().unwrap() - own[0] >= 512 {
            for k in 0..=(own.last().unwrap() / COVERED as u32) {
                let mut bits = vec![0u8; PAGE];
                (bits[0], bits[1]) = (5, 1);
                for page in own.iter().filter(|page| **page / COVERED as u32 == k) {
                    let bit = *page as usize % COVERED;
                    bits[4 + bit / 8] |= 1 << (bit % 8);
                }
                bitmaps.push(*next);
                file.insert(*next, bits);
                *next += 1;
            }
        }
        let slot = maps.slots.len() as u8;
        maps.push(Some(&usage(&own, &bitmaps)));
        maps.push(Some(&usage(&[], &[])));
        file.insert(page, definition(table, system, (3, slot)));
    };
    put(&catalog, true, 2, &mut next, &mut file);
    for (table, page) in tables.iter().zip(&definitions) {
        put(table, false, *page, &mut next, &mut file);
    }
    file.insert(3, maps.finish());
    file.into_values().flatten().collect()
}
