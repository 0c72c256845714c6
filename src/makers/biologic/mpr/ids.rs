//! The column ids of `.mpr` files (docs/formats/mpr.md#flags, docs/formats/mpr.md#column-ids).

use std::borrow::Cow;

use crate::binary::Scalar::{self, F32, F64, U8, U16, U32};

/// Id, name in EC-Lab's text export, type. Values are stored in the unit of the name.
#[rustfmt::skip]
static IDS: &[(u16, &str, Scalar)] = &[
    (4, "time/s", F64), (5, "control/V/mA", F32), (6, "Ewe/V", F32), (7, "dq/mA.h", F64), (8, "I/mA", F32),
    (9, "Ece/V", F32), (11, "<I>/mA", F64), (13, "(Q-Qo)/mA.h", F64), (16, "Analog IN 1/V", F32),
    (17, "Analog IN 2/V", F32), (18, "Analog IN 3/V", F32), (19, "control/V", F32), (20, "control/mA", F32),
    (23, "dQ/mA.h", F64), (24, "cycle number", F64), (26, "Rapp/Ohm", F32), (27, "Ewe-Ece/V", F32),
    (32, "freq/Hz", F32), (33, "|Ewe|/V", F32), (34, "|I|/A", F32), (35, "Phase(Z)/deg", F32), (36, "|Z|/Ohm", F32),
    (37, "Re(Z)/Ohm", F32), (38, "-Im(Z)/Ohm", F32), (39, "I Range", U16), (69, "R/Ohm", F32), (70, "P/W", F32),
    (74, "|Energy|/W.h", F64), (75, "Analog OUT/V", F32), (76, "<I>/mA", F32), (77, "<Ewe>/V", F32),
    (78, "Cs-2/µF-2", F32), (96, "|Ece|/V", F32), (98, "Phase(Zce)/deg", F32), (99, "|Zce|/Ohm", F32),
    (100, "Re(Zce)/Ohm", F32), (101, "-Im(Zce)/Ohm", F32), (123, "Energy charge/W.h", F64),
    (124, "Energy discharge/W.h", F64), (125, "Capacitance charge/µF", F64), (126, "Capacitance discharge/µF", F64),
    (131, "Ns", U16), (163, "|Estack|/V", F32), (168, "Rcmp/Ohm", F32), (169, "Cs/µF", F32), (172, "Cp/µF", F32),
    (173, "Cp-2/µF-2", F32), (174, "<Ewe>/V", F32), (422, "Phase(Zstack)/deg", F32), (423, "|Zstack|/Ohm", F32),
    (424, "Re(Zstack)/Ohm", F32), (425, "-Im(Zstack)/Ohm", F32), (426, "<Estack>/V", F32),
    (430, "Phase(Zwe-ce)/deg", F32), (431, "|Zwe-ce|/Ohm", F32), (432, "Re(Zwe-ce)/Ohm", F32),
    (433, "-Im(Zwe-ce)/Ohm", F32), (434, "(Q-Qo)/C", F32), (435, "dQ/C", F32), (436, "Ewe/V", F32),
    (438, "step time/s", F64), (441, "<Ece>/V", F32), (462, "Temperature/°C", F32),
    (467, "Q charge/discharge/mA.h", F64), (468, "half cycle", U32), (469, "z cycle", U32), (471, "<Ece>/V", F32),
    (473, "THD Ewe/%", F32), (474, "THD I/%", F32), (475, "THD Ece/%", F32), (476, "NSD Ewe/%", F32),
    (477, "NSD I/%", F32), (478, "NSD Ece/%", F32), (479, "NSR Ewe/%", F32), (480, "NSR I/%", F32),
    (481, "NSR Ece/%", F32), (486, "|Ewe h2|/V", F32), (487, "|Ewe h3|/V", F32), (488, "|Ewe h4|/V", F32),
    (489, "|Ewe h5|/V", F32), (490, "|Ewe h6|/V", F32), (491, "|Ewe h7|/V", F32), (492, "|I h2|/A", F32),
    (493, "|I h3|/A", F32), (494, "|I h4|/A", F32), (495, "|I h5|/A", F32), (496, "|I h6|/A", F32),
    (497, "|I h7|/A", F32), (498, "|Ece h2|/V", F32), (499, "|Ece h3|/V", F32), (500, "|Ece h4|/V", F32),
    (501, "|Ece h5|/V", F32), (502, "|Ece h6|/V", F32), (503, "|Ece h7|/V", F32), (504, "Rac/Ohm", F32),
    (505, "Rdc/Ohm", F32), (509, "Acir/Dcir Control", U8), (878, "Energy ce/W.h", F64), (880, "Energy we/W.h", F64),
    (883, "Energy ce charge/W.h", F64), (884, "Energy ce discharge/W.h", F64),
];

/// Stack techniques: base of the id, text before and behind the element's number (1 to 30), all f32.
static FAMILIES: &[(u16, &str, &str)] = &[
    (240, "|E", "|/V"),
    (270, "Phase(Z", ")/deg"),
    (300, "|Z", "|/Ohm"),
    (330, "Re(Z", ")/Ohm"),
    (360, "-Im(Z", ")/Ohm"),
    (390, "<E", ">/V"),
];

/// Flags, all in one byte of the record: id, name, mask.
pub(super) static FLAGS: &[(u16, &str, u8)] = &[
    (1, "mode", 0x03),
    (2, "ox/red", 0x04),
    (3, "error", 0x08),
    (21, "control changes", 0x10),
    (31, "Ns changes", 0x20),
    (65, "counter inc.", 0x80),
];

/// The flag that has this id.
pub(super) fn flag(id: u16) -> Option<(&'static str, u8)> {
    FLAGS.iter().find(|(known, ..)| *known == id).map(|(_, name, mask)| (*name, *mask))
}

/// Name and type of a stored value.
pub(super) fn stored(id: u16) -> Option<(Cow<'static, str>, Scalar)> {
    if let Ok(found) = IDS.binary_search_by_key(&id, |(id, ..)| *id) {
        return IDS.get(found).map(|(_, name, scalar)| (Cow::Borrowed(*name), *scalar));
    }
    let (base, before, behind) = FAMILIES.iter().find(|(base, ..)| (base + 1..=base + 30).contains(&id))?;
    Some((Cow::Owned(format!("{before}{}{behind}", id - base)), F32))
}

/// What EC-Lab's export prints for impedance quality at 100 kHz and above, where it is not defined
/// (docs/formats/mpr.md#impedance-quality).
pub(super) fn masked_above_100_khz(id: u16) -> Option<f64> {
    match id {
        473..=481 => Some(-1.0),
        486..=503 => Some(0.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_and_apart() {
        assert!(IDS.is_sorted_by_key(|(id, ..)| *id));
        assert!(IDS.windows(2).all(|pair| pair[0].0 != pair[1].0));
        assert!(IDS.iter().all(|(id, ..)| flag(*id).is_none()));
        let in_family = |id: &u16| FAMILIES.iter().any(|(base, ..)| (base + 1..=base + 30).contains(id));
        assert!(!IDS.iter().any(|(id, ..)| in_family(id)));
        assert_eq!(FLAGS.iter().fold(0, |all, (.., mask)| all | mask), 0xBF);
    }

    #[test]
    fn names() {
        assert_eq!(stored(467), Some((Cow::Borrowed("Q charge/discharge/mA.h"), F64)));
        assert_eq!(stored(302).map(|(name, _)| name).as_deref(), Some("|Z2|/Ohm"));
        assert_eq!(stored(500).map(|(name, _)| name).as_deref(), Some("|Ece h4|/V"));
        assert_eq!(stored(9999), None);
    }
}
