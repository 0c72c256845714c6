//! Auxiliary channels of versions 1 to 29 (docs/formats/nda.md#auxiliary-records).

use std::ops::Range;

use rayon::prelude::*;

use super::directory::{self, AUX};
use super::integer_layouts::Layout;
use crate::binary::{BLOCK, at};
use crate::makers::neware::records::Channel;
use crate::note::Notes;

/// Places in an auxiliary record of any length.
const CHANNEL: usize = 1;
const RECORD: usize = 2;

/// Places of voltage and temperature in auxiliary records of this length.
pub(super) fn places(layout: &Layout) -> Option<(usize, usize)> {
    match layout.size {
        69 => Some((21, 33)),
        86 => Some((22, 34)),
        _ => None,
    }
}

/// The channels of the records in their own block and, where `between` is, of those among the data.
pub(super) fn channels(
    bytes: &[u8],
    between: Option<&Range<usize>>,
    layout: &Layout,
    notes: &mut Notes,
) -> Vec<Channel> {
    let own = directory::beside(bytes, directory::AUXILIARY, "auxiliary records", notes);
    let Some(places) = places(layout) else { return Vec::new() };
    let own = own.and_then(|block| bytes.get(block));
    let between = between.and_then(|range| bytes.get(range.clone()));
    let is_aux = |record: &&[u8]| record.first() == Some(&AUX);
    let part = |records: &[u8]| {
        let mut channels: Vec<Channel> = Vec::new();
        for record in records.chunks_exact(layout.size).filter(is_aux) {
            let channel = at::<u8>(record, CHANNEL).map_or(0, u32::from);
            Channel::add_both(&mut channels, record, channel, at::<u32>(record, RECORD), places);
        }
        channels
    };
    let mut channels: Vec<Channel> = Vec::new();
    for block in [between, own].into_iter().flatten() {
        let parts: Vec<Vec<Channel>> = block.par_chunks(layout.size * 16 * BLOCK).map(part).collect();
        parts.into_iter().flatten().for_each(|channel| channel.append_to(&mut channels));
    }
    channels.retain(|channel| !channel.is_zero());
    channels
}
