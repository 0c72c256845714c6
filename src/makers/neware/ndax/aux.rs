//! Auxiliary channels of an archive: one file each, named after the channel (docs/formats/ndax.md#auxiliary-channels).

use super::super::records::{Channel, Quantity};
use super::container::{AUX, Ndc};
use super::whole_records;
use super::xml::Listed;
use crate::binary::at;
use crate::note::{Note, NoteCode, Notes};

/// Channel types and what they measure. 6 and 26 stand for both of the forms that hold both.
fn quantity(kind: u32) -> Option<Quantity> {
    Some(match kind {
        102 | 105 => Quantity::Voltage,
        103 | 106 => Quantity::Temperature,
        104 | 107 => Quantity::Other("current", "A"),
        108 | 111 | 112 => Quantity::Other("temperature", "degC"),
        109 => Quantity::Other("clamp weight", "kg"),
        110 => Quantity::Other("clamp pressure", "kPa"),
        113 => Quantity::Other("humidity", "%"),
        114 => Quantity::Other("thickness", "mm"),
        117 => Quantity::Other("pressure", "bar"),
        118 => Quantity::Other("force", "N"),
        335 => Quantity::SetTemperature,
        345 => Quantity::Humidity,
        1122 => Quantity::Controller,
        _ => return None,
    })
}

/// Name of a member without its folder and extension, in lower case.
fn stem(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
    name.strip_suffix(".ndc").unwrap_or(&name).to_owned()
}

/// Whether a member is a channel: `data_AUX_1_6_3.ndc`, or any name that ends with a number.
pub(super) fn is_channel(name: &str) -> bool {
    let last = stem(name).rsplit_once('_').map(|(_, last)| last.to_owned());
    name.to_lowercase().ends_with(".ndc")
        && last.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The numbers of `data_AUX_1_6_3.ndc`, else the last one alone.
fn numbers(name: &str) -> Vec<u32> {
    let stem = stem(name);
    let numbers: Vec<u32> = stem.split('_').filter_map(|part| part.parse().ok()).collect();
    match numbers[..] {
        [_, _, _] if stem.starts_with("data_aux_") => numbers,
        [.., last] => vec![last],
        [] => numbers,
    }
}

/// Number and type of a member's channel.
fn identify(name: &str, listed: &[Listed], notes: &mut Notes) -> (u32, Option<u32>) {
    let by_type = |kind: u32| kind.checked_sub(100);
    match *numbers(name) {
        [real, kind, type_id] => {
            let is = |l: &&Listed| l.real_channel == real && by_type(l.kind) == Some(kind) && l.type_id == type_id;
            let near = |l: &&Listed| l.real_channel == real && l.kind == kind && l.type_id == type_id;
            if let Some(found) = listed.iter().find(is).or_else(|| listed.iter().find(near)) {
                return (found.id, Some(found.kind));
            }
            let message = format!("{name} is not in the list of channels; its number and type come from its name");
            notes.push(Note::new(NoteCode::UnverifiedLayout, message));
            (real, Some(kind.saturating_add(100)))
        }
        [id] => (id, listed.iter().find(|l| l.id == id).map(|l| l.kind)),
        _ => (0, None),
    }
}

/// The channels of one member.
pub(super) fn read(name: &str, bytes: &[u8], listed: &[Listed], notes: &mut Notes) -> Vec<Channel> {
    let ndc = match Ndc::open(name, bytes, AUX, notes) {
        Ok(ndc) => ndc,
        Err(error) => {
            notes.push(Note::new(NoteCode::ColumnsUnmapped, format!("{name} was not read: {}", error.message())));
            return Vec::new();
        }
    };
    let (number, kind) = identify(name, listed, notes);
    let tag = ndc.records(1).next().and_then(|(_, record)| record.first().copied());
    let slot = |(ordinal, _): &(usize, &[u8])| *ordinal as f64;
    match (ndc.version, tag) {
        (_, None) => Vec::new(),
        (1..=5, _) => {
            let mut channels = whole_records::channels(&ndc);
            channels.iter_mut().for_each(|channel| channel.number = if number > 0 { number } else { channel.number });
            renamed(channels, kind, name, notes)
        }
        (9 | 11 | 13 | 16, Some(0x65)) => {
            let records: Vec<f64> = ndc.records(7).map(|r| slot(&r)).collect();
            let values = |f: fn(&[u8]) -> Option<f64>| ndc.records(7).map(|(_, r)| f(r).unwrap_or(f64::NAN)).collect();
            let channel = |quantity, values| Channel { quantity, number, records: records.clone(), values };
            let voltage = channel(Quantity::Voltage, values(|r| at::<f32>(r, 1).map(|v| f64::from(v) / 1e4)));
            let temperature = channel(Quantity::Temperature, values(|r| at::<i16>(r, 5).map(|t| f64::from(t) / 10.0)));
            let both = [voltage, temperature].into_iter().filter(|channel| !channel.is_zero()).collect();
            renamed(both, kind, name, notes)
        }
        (11, Some(0x74)) => {
            let message = format!("{name}: this layout is described but was never seen with data");
            notes.push(Note::new(NoteCode::UnverifiedLayout, message));
            let mut channels = Vec::new();
            for (_, r) in ndc.records(88) {
                let record = at::<u32>(r, 1).map_or(f64::NAN, f64::from);
                let channel = at::<i8>(r, 5).and_then(|c| u32::try_from(c).ok()).unwrap_or(number);
                let value = at::<i16>(r, 35).map_or(f64::NAN, |t| f64::from(t) / 10.0);
                Channel::add(&mut channels, Quantity::Temperature, channel, record, value);
            }
            channels
        }
        (6 | 8 | 12 | 14 | 17, _) => {
            let Some(quantity) = kind.and_then(quantity) else {
                let message = format!(
                    "{name} is of channel type {}, which nobody knows; kept under its own name",
                    kind.map_or("?".to_owned(), |k| k.to_string())
                );
                notes.push(Note::new(NoteCode::UnverifiedLayout, message));
                return vec![values(&ndc, Quantity::Other("channel", "?"), number)];
            };
            vec![values(&ndc, quantity, number)]
        }
        (version, tag) => {
            let message = format!(
                "{name}: version {version} of an auxiliary file with records of tag {tag:?} is not known; it was not read"
            );
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message));
            Vec::new()
        }
    }
}

/// One f32 a slot. Values without a gap need no record numbers.
fn values(ndc: &Ndc<'_>, quantity: Quantity, number: u32) -> Channel {
    let (mut records, mut values) = (Vec::new(), Vec::new());
    for (ordinal, record) in ndc.records(4) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_channel() {
        let listed = [Listed { id: 4, real_channel: 1, kind: 103, type_id: 7 }];
        let mut notes = Notes::new();
        assert_eq!(identify("x/data_AUX_1_3_7.ndc", &listed, &mut notes), (4, Some(103)));
        assert!(notes.as_slice().is_empty());
        assert_eq!(identify("data_AUX_2_35_0.ndc", &listed, &mut notes), (2, Some(135)));
        assert_eq!(identify("data_AUX_4.ndc", &listed, &mut notes), (4, Some(103)));
        assert_eq!(notes.as_slice().len(), 1);
    }
}
