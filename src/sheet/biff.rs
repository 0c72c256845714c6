//! A look at an old workbook's records before the library, which lays every sheet out in full, follows them.

use std::io::{Cursor, Read};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Records that hold a cell at (row, column), which are their first two fields.
static CELLS: &[u16] = &[
    0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205,
    0x027E,
];

/// Beginning of a substream.
static BEGIN: &[u16] = &[0x0009, 0x0209, 0x0409, 0x0809];

/// The table of strings, whose head says how many there are.
const STRINGS: u16 = 0x00FC;

/// A sheet's name, behind the place of its records in the stream.
const SHEET: u16 = 0x0085;

/// A sheet may be laid out with this many places for each cell that it has.
const SPREAD: u64 = 64;

/// Checks the sheets' extents and the string table against the bytes that are there.
pub(super) fn check(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<()> {
    if limits.inflated_bytes == u64::MAX {
        return Ok(());
    }
    let broken = |e: std::io::Error| {
        Error::new(ErrorKind::Malformed, format!("expected a workbook, found a broken OLE2 file: {e}"))
    };
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes.as_slice())).map_err(broken)?;
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"].into_iter().find(|name| file.is_stream(name));
    let name = name
        .ok_or_else(|| Error::new(ErrorKind::Unsupported, "expected a workbook, found an OLE2 file of another kind"))?;
    let mut stream = Vec::new();
    // No stream is longer than its file.
    file.open_stream(name).map_err(broken)?.take(bytes.len() as u64).read_to_end(&mut stream).map_err(broken)?;
    let mut sheet = Extent::default();
    let mut rest = stream.as_slice();
    while let Some((head, tail)) = rest.split_first_chunk::<4>() {
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        let Some((data, next)) = tail.split_at_checked(usize::from(length)) else { break };
        rest = next;
        if BEGIN.contains(&kind) {
            sheet = Extent::default();
        } else if CELLS.contains(&kind) {
            if let Some(&[r0, r1, c0, c1]) = data.first_chunk::<4>() {
                sheet.see(u16::from_le_bytes([r0, r1]), u16::from_le_bytes([c0, c1]), length)?;
            }
        } else if kind == SHEET
            && let Some(place) = data.first_chunk::<4>().map(|place| u32::from_le_bytes(*place))
            && place as usize > stream.len()
        {
            let message = format!(
                "expected a sheet inside the {} bytes of the workbook, found one at byte {place}",
                stream.len()
            );
            return Err(Error::new(ErrorKind::Malformed, message));
        } else if kind == STRINGS
            && let Some(&[_, _, _, _, a, b, c, d]) = data.first_chunk::<8>()
        {
            let stated = u64::from(u32::from_le_bytes([a, b, c, d]));
            if stated > stream.len() as u64 / 3 + 1 {
                let message = format!("the workbook's string table: found {stated} strings in {} bytes", stream.len());
                return Err(Error::new(ErrorKind::Limit, message));
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Extent {
    rows: u64,
    columns: u64,
    cells: u64,
}

impl Extent {
    fn see(&mut self, row: u16, column: u16, length: u16) -> Result<()> {
        self.rows = self.rows.max(u64::from(row) + 1);
        self.columns = self.columns.max(u64::from(column) + 1);
        // A record may hold a run of cells of at least two bytes each.
        self.cells += u64::from(length) / 2;
        if self.rows * self.columns > (1 << 20) + SPREAD * self.cells {
            let message =
                format!("row {} of a sheet: found cells so far apart that most of it is empty", u64::from(row) + 1);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        Ok(())
    }
}
