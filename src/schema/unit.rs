//! Units: what a header's own unit means, and the one factor that leads to the schema's unit.

/// What a column measures. Each has one unit in the schema ([`Quantity::si`]).
///
/// ```
/// assert_eq!(cyclerprep::Quantity::Capacity.si(), "A.h");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Quantity {
    Time,
    Current,
    Voltage,
    Power,
    Capacity,
    Energy,
    Temperature,
    Resistance,
    Frequency,
    Angle,
}

impl Quantity {
    /// The schema's unit, as it stands in column names.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert_eq!(cyclerprep::Quantity::Energy.si(), "W.h");
    /// # Ok(())
    /// # }
    /// ```
    pub fn si(self) -> &'static str {
        match self {
            Self::Time => "s",
            Self::Current => "A",
            Self::Voltage => "V",
            Self::Power => "W",
            Self::Capacity => "A.h",
            Self::Energy => "W.h",
            Self::Temperature => "degC",
            Self::Resistance => "Ohm",
            Self::Frequency => "Hz",
            Self::Angle => "deg",
        }
    }
}

/// A unit that was recognised: `SI = raw · times / over + offset`.
///
/// Decimal prefixes divide (`raw / 1000`), because the quotient is the correctly rounded decimal and `raw · 0.001` is not.
///
/// ```
/// use cyclerprep::{Quantity, Unit};
///
/// let milli = Unit::parse("mV", Quantity::Voltage).unwrap();
/// assert_eq!(milli, Unit { times: 1.0, over: 1000.0, offset: 0.0 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Factor above the line.
    pub times: f64,
    /// Factor below the line.
    pub over: f64,
    /// Added after scaling (temperatures).
    pub offset: f64,
}

/// One spelling without its prefix.
///
/// ```
/// use cyclerprep::{Quantity, schema::UNITS};
///
/// let minute = UNITS.iter().find(|spec| spec.spelling == "min").unwrap();
/// assert_eq!((minute.quantity, minute.times, minute.prefixes), (Quantity::Time, 60.0, false));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct UnitSpec {
    /// What it measures.
    pub quantity: Quantity,
    /// Lower-case spelling without blanks, dots, dashes and stars.
    pub spelling: &'static str,
    /// Factor above the line.
    pub times: f64,
    /// Factor below the line.
    pub over: f64,
    /// Added after scaling.
    pub offset: f64,
    /// Whether m, µ, n, k may stand before it.
    pub prefixes: bool,
}

const fn unit(quantity: Quantity, spelling: &'static str, times: f64, over: f64) -> UnitSpec {
    UnitSpec { quantity, spelling, times, over, offset: 0.0, prefixes: true }
}

const fn exact(quantity: Quantity, spelling: &'static str, times: f64, over: f64, offset: f64) -> UnitSpec {
    UnitSpec { quantity, spelling, times, over, offset, prefixes: false }
}

/// Every spelling, sorted by quantity and spelling. Seen in: the headers that the pages in docs/formats
/// list.
///
/// ```
/// assert!(cyclerprep::schema::UNITS.iter().any(|spec| spec.spelling == "degc"));
/// ```
#[rustfmt::skip]
pub static UNITS: &[UnitSpec] = &[
    exact(Quantity::Time,        "d",         86_400.0, 1.0, 0.0),
    exact(Quantity::Time,        "day",       86_400.0, 1.0, 0.0),
    exact(Quantity::Time,        "days",      86_400.0, 1.0, 0.0),
    exact(Quantity::Time,        "h",          3_600.0, 1.0, 0.0),
    exact(Quantity::Time,        "hour",       3_600.0, 1.0, 0.0),
    exact(Quantity::Time,        "hours",      3_600.0, 1.0, 0.0),
    exact(Quantity::Time,        "hr",         3_600.0, 1.0, 0.0),
    exact(Quantity::Time,        "hrs",        3_600.0, 1.0, 0.0),
    exact(Quantity::Time,        "min",           60.0, 1.0, 0.0),
    exact(Quantity::Time,        "mins",          60.0, 1.0, 0.0),
    exact(Quantity::Time,        "minute",        60.0, 1.0, 0.0),
    exact(Quantity::Time,        "minutes",       60.0, 1.0, 0.0),
    exact(Quantity::Time,        "millisecond",    1.0, 1e3, 0.0),
    exact(Quantity::Time,        "milliseconds",   1.0, 1e3, 0.0),
    exact(Quantity::Time,        "msec",           1.0, 1e3, 0.0),
    unit (Quantity::Time,        "s",              1.0, 1.0),
    exact(Quantity::Time,        "sec",            1.0, 1.0, 0.0),
    exact(Quantity::Time,        "second",         1.0, 1.0, 0.0),
    exact(Quantity::Time,        "seconds",        1.0, 1.0, 0.0),
    exact(Quantity::Time,        "secs",           1.0, 1.0, 0.0),
    unit (Quantity::Current,     "a",              1.0, 1.0),
    unit (Quantity::Current,     "amp",            1.0, 1.0),
    exact(Quantity::Current,     "ampere",         1.0, 1.0, 0.0),
    exact(Quantity::Current,     "amperes",        1.0, 1.0, 0.0),
    unit (Quantity::Current,     "amps",           1.0, 1.0),
    exact(Quantity::Current,     "milliampere",    1.0, 1e3, 0.0),
    exact(Quantity::Current,     "milliamperes",   1.0, 1e3, 0.0),
    exact(Quantity::Current,     "milliamps",      1.0, 1e3, 0.0),
    exact(Quantity::Voltage,     "millivolt",      1.0, 1e3, 0.0),
    exact(Quantity::Voltage,     "millivolts",     1.0, 1e3, 0.0),
    unit (Quantity::Voltage,     "v",              1.0, 1.0),
    unit (Quantity::Voltage,     "volt",           1.0, 1.0),
    unit (Quantity::Voltage,     "volts",          1.0, 1.0),
    unit (Quantity::Power,       "w",              1.0, 1.0),
    unit (Quantity::Power,       "watt",           1.0, 1.0),
    unit (Quantity::Power,       "watts",          1.0, 1.0),
    unit (Quantity::Capacity,    "ah",             1.0, 1.0),
    unit (Quantity::Capacity,    "ahr",            1.0, 1.0),
    exact(Quantity::Capacity,    "amperehour",     1.0, 1.0, 0.0),
    exact(Quantity::Capacity,    "amperehours",    1.0, 1.0, 0.0),
    unit (Quantity::Capacity,    "amphr",          1.0, 1.0),
    unit (Quantity::Capacity,    "as",             1.0, 3_600.0),
    unit (Quantity::Capacity,    "c",              1.0, 3_600.0),
    unit (Quantity::Energy,      "wh",             1.0, 1.0),
    unit (Quantity::Energy,      "whr",            1.0, 1.0),
    exact(Quantity::Energy,      "watthour",       1.0, 1.0, 0.0),
    exact(Quantity::Energy,      "watthours",      1.0, 1.0, 0.0),
    unit (Quantity::Energy,      "watthr",         1.0, 1.0),
    unit (Quantity::Energy,      "ws",             1.0, 3_600.0),
    exact(Quantity::Temperature, "?",              1.0, 1.0, 0.0),
    exact(Quantity::Temperature, "c",              1.0, 1.0, 0.0),
    exact(Quantity::Temperature, "celsius",        1.0, 1.0, 0.0),
    exact(Quantity::Temperature, "degc",           1.0, 1.0, 0.0),
    exact(Quantity::Temperature, "degf",           5.0, 9.0, -160.0 / 9.0),
    exact(Quantity::Temperature, "f",              5.0, 9.0, -160.0 / 9.0),
    exact(Quantity::Temperature, "k",              1.0, 1.0, -273.15),
    exact(Quantity::Temperature, "kelvin",         1.0, 1.0, -273.15),
    exact(Quantity::Temperature, "¡æ",             1.0, 1.0, 0.0),
    exact(Quantity::Temperature, "°",              1.0, 1.0, 0.0),
    exact(Quantity::Temperature, "°c",             1.0, 1.0, 0.0),
    exact(Quantity::Temperature, "°f",             5.0, 9.0, -160.0 / 9.0),
    exact(Quantity::Temperature, "℃",              1.0, 1.0, 0.0),
    unit (Quantity::Resistance,  "ohm",            1.0, 1.0),
    unit (Quantity::Resistance,  "ohms",           1.0, 1.0),
    unit (Quantity::Resistance,  "ω",              1.0, 1.0),
    exact(Quantity::Frequency,   "hertz",          1.0, 1.0, 0.0),
    unit (Quantity::Frequency,   "hz",             1.0, 1.0),
    exact(Quantity::Angle,       "deg",            1.0, 1.0, 0.0),
    exact(Quantity::Angle,       "degree",         1.0, 1.0, 0.0),
    exact(Quantity::Angle,       "degrees",        1.0, 1.0, 0.0),
];

impl Unit {
    /// The schema's own unit: nothing to do.
    ///
    /// ```
    /// assert_eq!(cyclerprep::Unit::ONE.apply(3.7), 3.7);
    /// ```
    pub const ONE: Self = Self { times: 1.0, over: 1.0, offset: 0.0 };

    /// Reads a unit as a header writes it (`mA`, `A.h`, `Amp-hr`, `µA`, `Min`, `°C`); `None` when it is not one of this
    /// quantity. `M` is not `m`: mega is refused, because no cycler uses it.
    ///
    /// ```
    /// use cyclerprep::{Quantity, Unit};
    /// assert_eq!(Unit::parse("mA.h", Quantity::Capacity).unwrap().apply(2500.0), 2.5);
    /// assert_eq!(Unit::parse("MA", Quantity::Current), None);
    /// ```
    pub fn parse(token: &str, quantity: Quantity) -> Option<Self> {
        let kept: String = token.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '*' | '·' | '\t')).collect();
        let find = |spelling: &str| UNITS.iter().find(|u| u.quantity == quantity && u.spelling == spelling);
        // "Ω" lower-cases to "ω"; U+2126 does as well.
        if let Some(spec) = find(&kept.to_lowercase()) {
            return Some(Self { times: spec.times, over: spec.over, offset: spec.offset });
        }
        let mut rest = kept.chars();
        let (times, over) = match rest.next()? {
            'm' => (1.0, 1e3),
            'u' | 'µ' | 'μ' => (1.0, 1e6),
            // A lost µ, only where nothing else could stand.
            '?' if matches!(quantity, Quantity::Current | Quantity::Voltage | Quantity::Power) => (1.0, 1e6),
            'n' => (1.0, 1e9),
            'k' => (1e3, 1.0),
            _ => return None,
        };
        let spec = find(&rest.as_str().to_lowercase()).filter(|u| u.prefixes)?;
        Some(Self { times: spec.times * times, over: spec.over * over, offset: 0.0 })
    }

    /// Whether a token is a unit of any quantity, or one that stands beside them in a row of units.
    pub(crate) fn is_any(token: &str) -> bool {
        UNITS.iter().any(|spec| Self::parse(token, spec.quantity).is_some())
            || matches!(token, "%" | "Ah/g" | "hh:mm:ss")
    }

    /// ` × 60 ÷ 1000 + 5`: what is done to a value; empty when nothing is.
    ///
    /// ```
    /// use cyclerprep::{Quantity, Unit};
    ///
    /// assert_eq!(Unit::parse("mA", Quantity::Current).unwrap().describe(), " ÷ 1000");
    /// ```
    pub fn describe(self) -> String {
        let Self { times, over, offset } = self;
        let mut how = String::new();
        for (sign, value, neutral) in [("×", times, 1.0), ("÷", over, 1.0), ("+", offset, 0.0)] {
            if value != neutral {
                how += &format!(" {sign} {value}");
            }
        }
        how
    }

    /// Whether values stay as they are.
    ///
    /// ```
    /// use cyclerprep::{Quantity, Unit};
    ///
    /// assert!(Unit::parse("V", Quantity::Voltage).unwrap().is_one());
    /// ```
    pub fn is_one(self) -> bool {
        self == Self::ONE
    }

    /// One value in the schema's unit.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::{Quantity, Unit};
    ///
    /// let minutes = Unit::parse("Min", Quantity::Time).unwrap();
    /// assert_eq!(minutes.apply(2.0), 120.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn apply(self, raw: f64) -> f64 {
        raw * self.times / self.over + self.offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_unique_in_a_quantity_and_normalised() {
        for (i, a) in UNITS.iter().enumerate() {
            assert_eq!(a.spelling, a.spelling.to_lowercase());
            assert!(!a.spelling.contains([' ', '.', '-', '*']));
            assert!(UNITS[i + 1..].iter().all(|b| (a.quantity, a.spelling) != (b.quantity, b.spelling)), "{a:?}");
        }
        assert!(UNITS.is_sorted_by_key(|u| u.quantity));
    }

    #[test]
    fn grammar() {
        let p = |t: &str, q| Unit::parse(t, q).map(|u| u.apply(1.0));
        assert_eq!(p("mA", Quantity::Current), Some(0.001));
        assert_eq!(p("µA", Quantity::Current), Some(1e-6));
        assert_eq!(p("?A", Quantity::Current), Some(1e-6));
        assert_eq!(p("A.h", Quantity::Capacity), Some(1.0));
        assert_eq!(p("Amp-hr", Quantity::Capacity), Some(1.0));
        assert_eq!(p("mAHr", Quantity::Capacity), Some(0.001));
        assert_eq!(p("mAs", Quantity::Capacity), Some(1.0 / 3.6e6));
        assert_eq!(p("Min", Quantity::Time), Some(60.0));
        assert_eq!(p("ms", Quantity::Time), Some(0.001));
        assert_eq!(p("K", Quantity::Temperature), Some(1.0 - 273.15));
        assert_eq!(p("Ω", Quantity::Resistance), Some(1.0));
        assert_eq!(p("MV", Quantity::Voltage), None);
        assert_eq!(p("mAh/g", Quantity::Capacity), None);
        assert_eq!(p("furlong", Quantity::Voltage), None);
        assert_eq!(Unit::parse("F", Quantity::Temperature).map(|u| u.apply(212.0).round()), Some(100.0));
    }
}
