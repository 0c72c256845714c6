//! Text: bytes in, numbers out. Nothing here knows files, makers or frames, and nothing allocates per cell.

mod column_number;
pub mod decimal;
pub mod decimal_evidence;
pub mod duration;
pub mod encoding;
pub mod footer;
pub mod grid;
pub mod held;
pub mod line;
pub mod number;
pub mod odd;
pub mod plain;
pub mod timestamp;
