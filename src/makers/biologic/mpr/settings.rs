//! The settings module: technique and cell (docs/formats/mpr.md#settings).

use super::records::Intercalation;
use crate::binary::{at, pascal};

/// Places of what was typed in.
const TECHNIQUE: usize = 0x000;
const COMMENTS: usize = 0x007;
const MASS: usize = 0x107;
const X: usize = 0x10B;
const MOLAR_MASS: usize = 0x10F;
const ION_MASS: usize = 0x113;
const FIRST_X: usize = 0x117;
const ELECTRONS: usize = 0x11B;
const ELECTRODE_MATERIAL: usize = 0x11E;
const INITIAL_STATE: usize = 0x16F;
const ELECTROLYTE: usize = 0x1C0;
const AREA: usize = 0x211;
const REFERENCE_ELECTRODE: usize = 0x215;
const CHARACTERISTIC_MASS: usize = 0x24C;
const AREA_UNIT: usize = 0x250;
const CHARACTERISTIC_MASS_UNIT: usize = 0x251;
const CAPACITY: usize = 0x25C;
const VOLUME: usize = 0x265;

/// The first of the four blocks, the device in the third of them, and the controlled voltage behind the four.
const BLOCKS: usize = 2;
const DEVICE: usize = 2;
const CONTROLLED: usize = 92;

/// Header of a block: version and length.
pub(super) const BLOCK_HEAD: usize = 5;

/// The block behind the four has another head and this size.
pub(super) const FIXED: usize = 154;

#[rustfmt::skip]
static TECHNIQUES: &[(u16, &str)] = &[
    (0x04, "Galvanostatic Cycling with Potential Limitation"), (0x06, "Cyclic Voltammetry"),
    (0x0B, "Open Circuit Voltage"), (0x16, "Modular Potentio"), (0x18, "Chronoamperometry / Chronocoulometry"),
    (0x19, "Chronopotentiometry"), (0x1C, "Wait"), (0x1D, "Potentio Electrochemical Impedance Spectroscopy"),
    (0x1E, "Galvano Electrochemical Impedance Spectroscopy"), (0x30, "Cyclic Voltammetry"), (0x32, "IR compensation (PEIS)"),
    (0x33, "Cyclic Voltammetry Advanced"), (0x6C, "Linear Sweep Voltammetry"), (0x75, "Constant Voltage"),
    (0x76, "Constant Current"), (0x77, "Galvanostatic Cycling with Potential Limitation"), (0x7F, "Modulo Bat"),
    (0x88, "Battery Capacity Determination"),
];

#[rustfmt::skip]
static DEVICES: &[(u8, &str)] = &[
    (5, "VMP3"), (6, "VSP"), (12, "VMP-300"), (14, "SP-150"), (16, "SP-300"), (21, "SP-200"), (22, "MPG-2"),
    (BCS, "BCS-805"), (27, "SP-240"), (34, "VSP-3e"),
];

/// Code of the BCS cyclers, whose voltage is the cell's.
pub(super) const BCS: u8 = 26;

pub(super) fn device_name(code: u8) -> Option<&'static str> {
    DEVICES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// What the settings say, in the words of the text export.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) facts: Vec<(String, String)>,
    pub(super) technique: Option<String>,
    /// Cyclic voltammetry, both kinds.
    pub(super) is_sweep: bool,
    pub(super) comments: Option<String>,
    pub(super) device: Option<u8>,
    pub(super) controls_difference: bool,
    pub(super) mass: Option<String>,
    pub(super) area: Option<String>,
    pub(super) capacity: Option<String>,
    pub(super) electrode_material: Option<String>,
    pub(super) electrolyte: Option<String>,
    pub(super) intercalation: Option<Intercalation>,
}

/// The start of each block's payload, walked by the lengths; `None` where one is cut off or the head is not one.
pub(super) fn payloads<const N: usize>(data: &[u8], mut place: usize) -> Option<([usize; N], usize)> {
    let mut starts = [0; N];
    for start in &mut starts {
        let length = at::<u32>(data, place.checked_add(1)?)?;
        *start = place + BLOCK_HEAD;
        place = start.checked_add(usize::try_from(length).ok()?)?;
        if place > data.len() {
            return None;
        }
    }
    Some((starts, place))
}

/// Numbers that the program writes where nothing was given.
fn given(value: f32) -> Option<f32> {
    (value.is_finite() && value != 0.0 && value != 0.001).then_some(value)
}

fn text(data: &[u8], place: usize) -> Option<String> {
    pascal(data, place).filter(|text| !text.is_empty() && text != "(unspecified)")
}

pub(super) fn read(data: &[u8]) -> Settings {
    let mut settings = Settings::default();
    let technique = at::<u16>(data, TECHNIQUE).unwrap_or_default();
    settings.technique = match TECHNIQUES.iter().find(|(id, _)| *id == technique) {
        Some((_, name)) => Some((*name).to_owned()),
        None => Some(format!("technique {technique:#04x}")),
    };
    settings.is_sweep = matches!(technique, 0x06 | 0x30 | 0x33);
    settings.comments = text(data, COMMENTS).map(|comments| comments.replace("\r\n", "\n"));
    let number = |place| at::<f32>(data, place).and_then(given);
    // The shortest decimal of an f32 is what was typed in.
    let with_unit = |place, unit: &str| number(place).map(|value| format!("{value} {unit}"));
    settings.mass = with_unit(MASS, "mg");
    settings.electrode_material = text(data, ELECTRODE_MATERIAL);
    settings.electrolyte = text(data, ELECTROLYTE);
    settings.area = with_unit(AREA, if at::<u8>(data, AREA_UNIT) == Some(3) { "mm²" } else { "cm²" });
    let is_gram = at::<u8>(data, CHARACTERISTIC_MASS_UNIT) == Some(1);
    let characteristic = with_unit(CHARACTERISTIC_MASS, if is_gram { "g" } else { "mg" });
    settings.capacity = with_unit(CAPACITY, "mA.h");
    settings.intercalation = intercalation(data);
    if let Some(([_, _, third, _], tail)) = payloads::<4>(data, BLOCKS) {
        settings.device = at::<u8>(data, third + DEVICE).filter(|code| *code != 0);
        settings.controls_difference = at::<u8>(data, tail + CONTROLLED) == Some(2);
    }
    let facts = [
        ("Technique", settings.technique.clone()),
        ("Comments", settings.comments.clone()),
        ("Electrode material", settings.electrode_material.clone()),
        ("Initial state", text(data, INITIAL_STATE)),
        ("Electrolyte", settings.electrolyte.clone()),
        ("Reference electrode", text(data, REFERENCE_ELECTRODE)),
        ("Mass of active material", settings.mass.clone()),
        ("Characteristic mass", characteristic),
        ("Electrode surface area", settings.area.clone()),
        ("Battery capacity", settings.capacity.clone()),
        ("Volume", with_unit(VOLUME, "cm³")),
        ("Potential control", settings.controls_difference.then(|| "Ewe-Ece".to_owned())),
    ];
    settings.facts = facts.into_iter().filter_map(|(label, fact)| fact.map(|fact| (label.to_owned(), fact))).collect();
    settings
}

/// x₀ − (Q−Qo)/DQ with DQ = 26801.5·n·(mass/1000)/(M + x·W) mA.h (docs/formats/mpr.md#derived-columns).
fn intercalation(data: &[u8]) -> Option<Intercalation> {
    let number = |place| at::<f32>(data, place).map(f64::from);
    let (mass, x) = (number(MASS)?, number(X)?);
    let (molar, ion, first) = (number(MOLAR_MASS)?, number(ION_MASS)?, number(FIRST_X)?);
    let electrons = f64::from(at::<u16>(data, ELECTRONS)?);
    let charge = 26_801.5 * electrons * (mass / 1000.0) / (molar + x * ion);
    let given = mass > 0.001_01 && molar > 0.001_01 && charge.is_finite() && charge > 0.0;
    given.then_some(Intercalation { first, charge })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(TECHNIQUES.is_sorted_by_key(|(id, _)| *id));
        assert!(DEVICES.is_sorted_by_key(|(code, _)| *code));
    }
}
