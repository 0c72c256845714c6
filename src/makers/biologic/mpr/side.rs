//! Loop boundaries and external devices (docs/formats/mpr.md#loops-and-external-devices).

use crate::binary::{at, pascal};

/// First records of the loops; empty when the module is not what it should be.
pub(super) fn loops(data: &[u8]) -> Vec<usize> {
    let count = at::<u32>(data, 0).and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    let room = data.len().saturating_sub(4) / 4;
    let boundary = |k: usize| at::<u32>(data, 4 + 4 * k).and_then(|b| usize::try_from(b).ok());
    let starts: Vec<usize> = (0..count.min(room)).filter_map(boundary).collect();
    if !starts.windows(2).all(|pair| matches!(pair, [a, b] if a < b)) {
        return Vec::new();
    }
    // The last boundary is the number of records.
    starts.into_iter().rev().skip(1).rev().collect()
}

/// Labels of the analog inputs: the number and the text, such as `Temperatur/°C`.
pub(super) fn analog_inputs(data: &[u8]) -> Vec<(u8, String)> {
    let places: &[(u8, usize)] = match at::<u8>(data, 0) {
        Some(2) => &[(1, 0x36), (2, 0x63)],
        Some(3) => &[(1, 0x37)],
        _ => &[],
    };
    let label = |(number, place): &(u8, usize)| pascal(data, *place).map(|label| (*number, label));
    places.iter().filter_map(label).filter(|(_, label)| !label.is_empty()).collect()
}

/// Whether a label names a temperature in °C, in the languages of Europe.
pub(super) fn is_temperature(label: &str) -> bool {
    let folded = label.to_lowercase();
    let celsius = folded.ends_with("°c") || folded.ends_with("/c") || folded.ends_with("degc");
    let word = folded.split('/').next().unwrap_or_default().trim();
    celsius && (word.starts_with("temp") || word == "t" || word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_inputs() {
        assert!(is_temperature("Temperatur/°C"));
        assert!(is_temperature("T/°C"));
        assert!(!is_temperature("Force/N"));
    }
}
