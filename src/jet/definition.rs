//! What a table consists of: its columns and how many rows it says it has.

use super::{DEFINITION, PAGE};
use crate::binary::at;

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    U8,
    I16,
    I32,
    F32,
    F64,
    Text,
    /// Known to exist and not read: memo, OLE object, money and others.
    Other(u8),
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Its bit in a row's mask.
    pub(crate) number: usize,
    /// Its place among the columns of variable width.
    pub(crate) variable: usize,
    /// Its place in the fixed part; `None` for variable width.
    pub(crate) offset: Option<usize>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// Page of the definition, which data pages name as their owner.
    pub(crate) page: u32,
    /// Rows that the definition states.
    pub(crate) stated: u32,
    pub(crate) columns: Vec<Column>,
}

/// Pages of one definition; Access has at most 255 columns a table, which fit in a few.
const CHAIN: usize = 64;

/// Places in a page of a definition: the next page of the chain, and where a later page goes on.
const NEXT_PAGE: usize = 4;
const LATER_BODY: usize = 8;

/// Places in the definition. Behind it stand the indexes, then a descriptor for each column, then their names.
const ROWS: usize = 16;
const COLUMNS: usize = 45;
const INDEXES: usize = 51;
const HEAD: usize = 63;
const INDEX: usize = 12;
const DESCRIPTOR: usize = 25;

/// Places in a descriptor, which begins with the type.
const NUMBER: usize = 5;
const VARIABLE: usize = 7;
const FLAGS: usize = 15;
const OFFSET: usize = 21;

impl Table {
    /// The column of this name, without case.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Reads the definition that begins on a page; `None` when it is none.
    pub(super) fn read(bytes: &[u8], page: u32) -> Option<Self> {
        let whole = chain(bytes, page)?;
        let bytes = whole.as_slice();
        let columns = usize::from(at::<u16>(bytes, COLUMNS)?);
        let indexes = usize::try_from(at::<u32>(bytes, INDEXES)?).ok()?;
        let first = HEAD.checked_add(indexes.checked_mul(INDEX)?)?;
        let mut place = first.checked_add(columns * DESCRIPTOR)?;
        if columns == 0 || columns > 255 || place > bytes.len() {
            return None;
        }
        let mut found = Vec::new();
        for k in 0..columns {
            let descriptor = first + k * DESCRIPTOR;
            let kind = match at::<u8>(bytes, descriptor)? {
                1 => Kind::Bool,
                2 => Kind::U8,
                3 => Kind::I16,
                4 => Kind::I32,
                6 => Kind::F32,
                7 | 8 => Kind::F64,
                10 => Kind::Text,
                other => Kind::Other(other),
            };
            let is_fixed = at::<u8>(bytes, descriptor + FLAGS)? & 1 == 1;
            let length = usize::from(at::<u16>(bytes, place)?);
            let name = bytes.get(place + 2..place + 2 + length)?;
            place += 2 + length;
            let units = name.chunks_exact(2).filter_map(|pair| at::<u16>(pair, 0));
            found.push(Column {
                name: char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect(),
                kind,
                number: usize::from(at::<u16>(bytes, descriptor + NUMBER)?),
                variable: usize::from(at::<u16>(bytes, descriptor + VARIABLE)?),
                offset: is_fixed.then_some(usize::from(at::<u16>(bytes, descriptor + OFFSET)?)),
            });
        }
        Some(Self { name: String::new(), page, stated: at::<u32>(bytes, ROWS)?, columns: found })
    }
}

/// The bytes of a definition over all its pages.
fn chain(bytes: &[u8], page: u32) -> Option<Vec<u8>> {
    let page_bytes = |number: u32| {
        let start = usize::try_from(number).ok()?.checked_mul(PAGE)?;
        bytes.get(start..start.checked_add(PAGE)?).filter(|page| page.first() == Some(&DEFINITION))
    };
    let first = page_bytes(page)?;
    let mut whole = first.to_vec();
    let mut next = at::<u32>(first, NEXT_PAGE)?;
    for _ in 0..CHAIN {
        if next == 0 {
            break;
        }
        let page = page_bytes(next)?;
        whole.extend_from_slice(page.get(LATER_BODY..)?);
        next = at::<u32>(page, NEXT_PAGE)?;
    }
    Some(whole)
}
