//! Which auxiliary channels an archive has: by its list, and by the names of its members
//! (docs/formats/ndax.md#auxiliary-channels).

use super::xml::Listed;
use crate::makers::neware::records::{Channel, Quantity};
use crate::note::{Note, NoteCode, Notes};

/// A temperature that is the cell's only where there is no other.
const OTHER_TEMPERATURE: Quantity = Quantity::Other("temperature", "degC");

/// Channel types and what they measure. 6 and 26 stand for both of the forms that hold both.
pub(super) fn quantity(kind: u32) -> Option<Quantity> {
    Some(match kind {
        102 | 105 => Quantity::Voltage,
        103 | 106 => Quantity::Temperature,
        104 | 107 => Quantity::Other("current", "A"),
        108 | 111 | 112 => OTHER_TEMPERATURE,
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
pub(super) fn identify(name: &str, listed: &[Listed], notes: &mut Notes) -> (u32, Option<u32>) {
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

/// What the list promises and no member holds, and which of the temperatures is the cell's.
pub(super) fn settle(channels: &mut Vec<Channel>, listed: &[Listed], names: &[&str], notes: &mut Notes) {
    let mut quiet = Notes::new();
    let found: Vec<(u32, Option<u32>)> = names.iter().map(|name| identify(name, listed, &mut quiet)).collect();
    let is_there = |l: &Listed| found.iter().any(|(id, kind)| *id == l.id && kind.is_none_or(|kind| kind == l.kind));
    let is_cell = |l: &&Listed| quantity(l.kind) == Some(Quantity::Temperature);
    for lost in listed.iter().filter(|l| !is_there(l)) {
        let name = Channel::named(quantity(lost.kind).unwrap_or(Quantity::Other("channel", "?")), lost.id);
        let message = format!("the list of channels promises {name}, and no member of the archive holds it");
        notes.push(Note::new(NoteCode::PartialFile, message).count(1));
    }
    let lowest = listed.iter().filter(is_cell).min_by_key(|l| l.id);
    match lowest {
        // Its place stays empty: no other sensor is the cell's.
        Some(lost) if !is_there(lost) => channels.push(Channel {
            quantity: Quantity::Temperature,
            number: lost.id,
            records: Vec::new(),
            values: Vec::new(),
        }),
        Some(_) => {}
        None if channels.iter().any(|c| c.quantity == Quantity::Temperature) => {}
        None => {
            let others = channels.iter_mut().filter(|c| c.quantity == OTHER_TEMPERATURE);
            if let Some(other) = others.min_by_key(|c| c.number) {
                other.quantity = Quantity::Temperature;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_channel() {
        let listed = [Listed { id: 4, real_channel: 1, kind: 103, type_id: 7 }];
        let mut notes = Notes::new();
        assert_eq!(identify("x/data_AUX_1_3_7.ndc", &listed, &mut notes), (4, Some(103)));
        assert!(notes.is_empty());
        assert_eq!(identify("data_AUX_2_35_0.ndc", &listed, &mut notes), (2, Some(135)));
        assert_eq!(identify("data_AUX_4.ndc", &listed, &mut notes), (4, Some(103)));
        assert_eq!(notes.len(), 1);
    }
}
