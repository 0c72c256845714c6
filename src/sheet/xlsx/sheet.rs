//! A sheet as text: blocks of its rows side by side, while the next ones are inflated.

use std::io::{self, Read};

use rayon::prelude::*;

use super::super::cells::Text;
use super::blocks::{Block, Blocks, Next};
use super::rows::{Piece, Start, ends_early, rows};
use super::{Context, Outcome};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;

/// A sheet while it is inflated: blocks of rows become text on all threads while the next ones are inflated.
///
/// # Errors
/// Those of inflating it; what is wrong with its XML is part of the outcome.
pub(super) fn sheet(from: &mut (dyn Read + Send), context: &Context, limits: &Limits) -> io::Result<Outcome> {
    let mut blocks = Blocks::new(from, limits);
    let mut whole = Outcome { text: Text::new(limits), error: None };
    let (mut batch, mut row, mut inside) = (some(&mut blocks)?, 0, false);
    loop {
        let start = Start { row, text: whole.text.next_row(), inside };
        let (ahead, read) = rayon::join(|| some(&mut blocks), || read(&batch.blocks, start, context, limits));
        for piece in read {
            inside = true;
            row = piece.row;
            let error = whole.text.append(piece.text).err().or(piece.error);
            if error.is_some() || piece.is_end {
                return Ok(Outcome { error, ..whole });
            }
        }
        if batch.blocks.is_empty() && !batch.is_too_long {
            return Ok(Outcome { error: Some(ends_early()), ..whole });
        }
        if batch.is_too_long {
            let message = format!("row {} of the sheet is longer than any may be", u64::from(row) + 1);
            return Ok(Outcome { error: Some(Error::new(ErrorKind::Limit, message)), ..whole });
        }
        std::mem::replace(&mut batch, ahead?).blocks.into_iter().for_each(|block| blocks.reuse(block));
    }
}

/// Blocks that are read side by side.
#[derive(Default)]
struct Batch {
    blocks: Vec<Block>,
    is_too_long: bool,
}

fn some(blocks: &mut Blocks<'_>) -> io::Result<Batch> {
    let mut batch = Batch::default();
    while batch.blocks.len() < rayon::current_num_threads() * 2 {
        match blocks.next()? {
            Next::Block(block) => batch.blocks.push(block),
            Next::TooLong => batch.is_too_long = true,
            Next::End => {}
        }
        if batch.is_too_long || batch.blocks.last().is_none_or(|block| block.is_last) {
            break;
        }
    }
    Ok(batch)
}

fn read(blocks: &[Block], start: Start, context: &Context, limits: &Limits) -> Vec<Piece> {
    let piece = |block: &Block, start: Start| {
        let start = block.first.map_or(start, |row| Start { row, text: row, ..start });
        rows(&block.bytes, block.is_last, start, context, limits)
    };
    if blocks.iter().skip(1).all(|block| block.first.is_some()) {
        let each = blocks.par_iter().enumerate();
        return each.map(|(k, block)| piece(block, Start { inside: start.inside || k > 0, ..start })).collect();
    }
    // Rows that do not say their number follow the one before.
    let (mut pieces, mut start) = (Vec::new(), start);
    for block in blocks {
        let piece = piece(block, start);
        start = Start { row: piece.row, text: piece.text.next_row(), inside: true };
        pieces.push(piece);
    }
    pieces
}
