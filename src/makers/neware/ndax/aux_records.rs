//! The values of an auxiliary channel, in the form that its version has (docs/formats/ndax.md#auxiliary-channels).

use super::aux::{identify, quantity};
use super::container::{AUX, Ndc};
use super::whole_records;
use super::xml::Listed;
use crate::binary::{at, in_parts};
use crate::makers::neware::records::{Channel, Quantity};
use crate::note::{Note, NoteCode, Notes};

/// First byte of records that hold voltage and temperature, and of those that hold a temperature by record and channel.
const BOTH: u8 = 0x65;
const BY_RECORD: u8 = 0x74;

/// Places in a record of voltage and temperature.
const BOTH_SIZE: usize = 7;
const BOTH_VOLTAGE: usize = 1;
const BOTH_TEMPERATURE: usize = 5;

/// Places in a temperature by record and channel.
const BY_RECORD_SIZE: usize = 88;
const BY_RECORD_NUMBER: usize = 1;
const BY_RECORD_CHANNEL: usize = 5;
const BY_RECORD_TEMPERATURE: usize = 35;

/// A record that is one f32.
const VALUE_SIZE: usize = 4;

/// Pages of such records that one thread takes at once.
const PAGES: usize = 64;

/// The channels of one member; none where it cannot be read or holds nothing.
pub(super) fn read(name: &str, bytes: &[u8], listed: &[Listed], notes: &mut Notes) -> Option<Vec<Channel>> {
    let not_read = |why: String| Note::new(NoteCode::ColumnsUnmapped, format!("{name} was not read: {why}"));
    let ndc = match Ndc::open(name, bytes, AUX, notes) {
        Ok(ndc) => ndc,
        Err(error) => {
            notes.push(not_read(error.message().to_owned()));
            return None;
        }
    };
    let (number, kind) = identify(name, listed, notes);
    let tag = ndc.records(1).next().and_then(|(_, record)| record.first().copied())?;
    Some(match (ndc.version, tag) {
        (1..=5, _) => {
            let mut channels = whole_records::channels(&ndc);
            channels.iter_mut().for_each(|channel| channel.number = if number > 0 { number } else { channel.number });
            renamed(channels, kind, name, notes)
        }
        (9 | 11 | 13 | 16, BOTH) => renamed(both(&ndc, number), kind, name, notes),
        (11, BY_RECORD) => {
            let message = format!("{name}: this layout is described but was never seen with data");
            notes.push(Note::new(NoteCode::UnverifiedLayout, message));
            by_record(&ndc, number)
        }
        (6 | 8 | 12 | 14 | 17, _) => {
            let known = kind.and_then(quantity);
            if known.is_none() {
                let kind = kind.map_or("?".to_owned(), |kind| kind.to_string());
                let message = format!("{name} is of channel type {kind}, which nobody knows; kept under its own name");
                notes.push(Note::new(NoteCode::UnverifiedLayout, message));
            }
            vec![values(&ndc, known.unwrap_or(Quantity::Other("channel", "?")), number)]
        }
        (version, tag) => {
            let why = format!("version {version} of an auxiliary file with records of tag {tag:?} is not known");
            notes.push(not_read(why));
            return None;
        }
    })
}

/// Voltage and temperature; one that is 0 throughout is no channel.
fn both(ndc: &Ndc<'_>, number: u32) -> Vec<Channel> {
    let records: Vec<f64> = ndc.records(BOTH_SIZE).map(|(ordinal, _)| ordinal as f64).collect();
    let channel = |quantity, value: fn(&[u8]) -> Option<f64>| {
        let values = ndc.records(BOTH_SIZE).map(|(_, record)| value(record).unwrap_or(f64::NAN)).collect();
        Channel { quantity, number, records: records.clone(), values }
    };
    let voltage = channel(Quantity::Voltage, |r| at::<f32>(r, BOTH_VOLTAGE).map(|v| f64::from(v) / 1e4));
    let temperature = channel(Quantity::Temperature, |r| at::<i16>(r, BOTH_TEMPERATURE).map(|t| f64::from(t) / 10.0));
    [voltage, temperature].into_iter().filter(|channel| !channel.is_zero()).collect()
}

fn by_record(ndc: &Ndc<'_>, number: u32) -> Vec<Channel> {
    let mut channels = Vec::new();
    for (_, r) in ndc.records(BY_RECORD_SIZE) {
        let record = at::<u32>(r, BY_RECORD_NUMBER).map_or(f64::NAN, f64::from);
        let channel = at::<i8>(r, BY_RECORD_CHANNEL).and_then(|c| u32::try_from(c).ok()).unwrap_or(number);
        let value = at::<i16>(r, BY_RECORD_TEMPERATURE).map_or(f64::NAN, |t| f64::from(t) / 10.0);
        Channel::add(&mut channels, Quantity::Temperature, channel, record, value);
    }
    channels
}

/// One f32 a slot. Values without a gap need no record numbers.
fn values(ndc: &Ndc<'_>, quantity: Quantity, number: u32) -> Channel {
    let counts = ndc.counts(VALUE_SIZE);
    if ndc.is_dense(VALUE_SIZE, &counts) {
        let parts: Vec<usize> = counts.chunks(PAGES).map(|counts| counts.iter().sum()).collect();
        let columns = in_parts(1, &parts, |part, slices| {
            let mut rows = slices.iter_mut().flat_map(|slice| slice.iter_mut());
            for bytes in ndc.pages().skip(part * PAGES).take(PAGES) {
                for ((_, record), value) in ndc.marked(bytes, VALUE_SIZE).zip(&mut rows) {
                    *value = at::<f32>(record, 0).map_or(f64::NAN, f64::from);
                }
            }
        });
        let values = columns.into_iter().next().unwrap_or_default();
        return Channel { quantity, number, records: Vec::new(), values };
    }
    let (mut records, mut values) = (Vec::new(), Vec::new());
    for (ordinal, record) in ndc.records(VALUE_SIZE) {
        if ordinal != values.len() + 1 && records.is_empty() {
            records.extend((1..=values.len()).map(|n| n as f64));
        }
        if ordinal != values.len() + 1 || !records.is_empty() {
            records.push(ordinal as f64);
        }
        values.push(at::<f32>(record, 0).map_or(f64::NAN, f64::from));
    }
    Channel { quantity, number, records, values }
}

/// Forms that hold voltage and temperature give what the list says the channel is; 6 and 26 are both.
fn renamed(channels: Vec<Channel>, kind: Option<u32>, name: &str, notes: &mut Notes) -> Vec<Channel> {
    let Some(own) = kind.and_then(quantity) else { return channels };
    let holds = |channel: &Channel| match own {
        Quantity::Voltage => channel.quantity == Quantity::Voltage,
        _ => channel.quantity != Quantity::Voltage,
    };
    let (mut kept, passed): (Vec<Channel>, Vec<Channel>) = channels.into_iter().partition(holds);
    for channel in passed {
        let message = format!("{name} is listed as {own:?}; its values of {:?} were left out", channel.quantity);
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
    }
    for channel in kept.iter_mut().filter(|channel| channel.quantity == Quantity::Temperature) {
        channel.quantity = own;
    }
    kept
}
