//! Axes: units that keep the numbers short, ranges with room.

/// A unit to show a quantity in: its name and how many make one base unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// As the axis writes it.
    pub unit: &'static str,
    /// Shown = base × this.
    pub times: f64,
}

const fn shown(unit: &'static str, times: f64) -> Shown {
    Shown { unit, times }
}

/// The largest first: the first whose numbers are not all below 1 is taken, else the last.
pub static AMPERE: &[Shown] = &[shown("A", 1.0), shown("mA", 1e3), shown("µA", 1e6)];
pub static AMPERE_HOUR: &[Shown] = &[shown("A·h", 1.0), shown("mA·h", 1e3), shown("µA·h", 1e6)];
pub static OHM: &[Shown] = &[shown("MΩ", 1e-6), shown("kΩ", 1e-3), shown("Ω", 1.0), shown("mΩ", 1e3)];

/// The unit in which `largest` is short to write.
pub fn pick(units: &[Shown], largest: f64) -> Shown {
    let fits = |unit: &&Shown| largest * unit.times >= 1.0;
    *units.iter().find(fits).or(units.last()).unwrap_or(&shown("", 1.0))
}

/// A power of ten of hertz.
pub fn hertz(exponent: i32) -> String {
    let (prefix, exponent) = match exponent {
        e if e >= 6 => ("M", e - 6),
        e if e >= 3 => ("k", e - 3),
        e if e >= 0 => ("", e),
        e if e >= -3 => ("m", e + 3),
        e => ("µ", e + 6),
    };
    let number = if exponent >= 0 { 10f64.powi(exponent).to_string() } else { format!("1e{exponent}") };
    format!("{number} {prefix}Hz")
}

/// Seconds up to two minutes, minutes up to three hours, hours up to four days, then days.
pub fn time(span: f64) -> Shown {
    match span {
        s if s <= 120.0 => shown("s", 1.0),
        s if s <= 3.0 * 3600.0 => shown("min", 1.0 / 60.0),
        s if s <= 4.0 * 86400.0 => shown("h", 1.0 / 3600.0),
        _ => shown("d", 1.0 / 86400.0),
    }
}

/// A range with room on both sides; one value alone gets a range around it.
pub fn padded(low: f64, high: f64) -> (f64, f64) {
    let span = high - low;
    if span > 1e-9 * low.abs().max(high.abs()) && span > 0.0 {
        return (low - 0.06 * span, high + 0.06 * span);
    }
    let room = if low == 0.0 { 1.0 } else { 0.05 * low.abs() };
    (low - room, high + room)
}

/// Lowest and highest of the known values.
pub fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| v.is_finite()).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((low.min(v), high.max(v))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_keep_numbers_short() {
        assert_eq!(pick(AMPERE, 2.0).unit, "A");
        assert_eq!(pick(AMPERE, 0.02).unit, "mA");
        assert_eq!(pick(AMPERE, 0.0).unit, "µA");
        assert_eq!(pick(OHM, 0.03).unit, "mΩ");
        assert_eq!(pick(OHM, 2e4).unit, "kΩ");
        assert_eq!((time(100.0).unit, time(7200.0).unit, time(1e5).unit, time(1e6).unit), ("s", "min", "h", "d"));
    }

    #[test]
    fn frequencies_have_prefixes() {
        let all = [7, 6, 5, 3, 2, 0, -1, -3, -4, -7].map(hertz).join(" ");
        assert_eq!(all, "10 MHz 1 MHz 100 kHz 1 kHz 100 Hz 1 Hz 100 mHz 1 mHz 100 µHz 1e-1 µHz");
    }

    #[test]
    fn ranges_have_room() {
        let (low, high) = padded(3.0, 4.0);
        assert!(low < 3.0 && high > 4.0);
        assert_eq!(padded(0.0, 0.0), (-1.0, 1.0));
        assert_eq!(padded(4.0, 4.0), (3.8, 4.2));
    }

    #[test]
    fn the_extent_leaves_out_what_is_unknown() {
        assert_eq!(extent([f64::NAN, 2.0, 1.0].into_iter()), Some((1.0, 2.0)));
        assert_eq!(extent([f64::NAN, f64::INFINITY].into_iter()), None);
    }
}
