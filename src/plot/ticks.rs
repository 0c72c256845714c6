//! Ticks of an axis: round numbers, and texts that say exactly these. Numbers whose texts would be long are written without what
//! they have in common, and the name of the axis tells what that is.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::Ranged;

/// Texts of more characters are too long to stand beside an axis.
const LONGEST: usize = 7;

/// What is taken off all ticks is at least so many times what they span.
const FAR: i128 = 20;

/// A whole number times a power of ten: what a tick is, without rounding.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: i128,
    power: i32,
}

impl Decimal {
    fn value(self) -> f64 {
        // The way through text rounds once.
        format!("{}e{}", self.digits, self.power).parse().unwrap_or(f64::NAN)
    }

    fn text(self) -> String {
        if self.digits == 0 {
            return "0".to_owned();
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let decimals = usize::try_from(-self.power).unwrap_or(0);
        if decimals == 0 {
            let zeros = "0".repeat(usize::try_from(self.power).unwrap_or(0));
            return format!("{sign}{digits}{zeros}");
        }
        let digits = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        format!("{sign}{whole}.{part}")
    }
}

/// The ticks of an axis.
#[derive(Debug, Default)]
pub struct Ticks {
    ticks: Vec<(f64, String)>,
    /// What is taken off all ticks.
    base: Option<Decimal>,
    /// The texts are in this power of ten.
    power: i32,
}

impl Ticks {
    /// About `most` (five or more) round numbers between two others, at least two; none where there is no room between them.
    pub fn new((low, high): (f64, f64), most: usize) -> Self {
        let rough = (high - low) / (most.max(5) + 2) as f64;
        if !(rough > 0.0 && rough.is_finite()) {
            return Self::default();
        }
        let power = rough.log10().floor() as i32;
        let unit = Decimal { digits: 1, power }.value();
        // A little less, so that a step which fits exactly is taken.
        let times = [1, 2, 5].into_iter().find(|times| *times as f64 * unit >= rough * (1.0 - 1e-9));
        let (times, power) = times.map_or((1, power + 1), |times| (times, power));
        let step = Decimal { digits: times, power }.value();
        let (first, last) = ((low / step).ceil(), (high / step).floor());
        let is_exact = first.abs().max(last.abs()) < 9e15;
        if !is_exact || last < first {
            return Self::default();
        }
        let exact = |k: i128| Decimal { digits: k * times, power };
        let all = (first as i128..=last as i128).map(exact).filter(|tick| (low..=high).contains(&tick.value()));
        Self::written(all.collect())
    }

    /// Ticks at whole numbers alone, as counts need them.
    pub fn whole(range: (f64, f64), most: usize) -> Self {
        let ticks = Self::new(range, most);
        let is_whole = |(value, _): &(f64, String)| value.fract() == 0.0;
        if ticks.ticks.iter().all(is_whole) {
            return ticks;
        }
        // They are less than one apart, so these are few.
        let all = range.0.ceil() as i64..=range.1.floor() as i64;
        Self::written(all.map(|count| Decimal { digits: count.into(), power: 0 }).collect())
    }

    /// Ticks whose texts are short.
    fn written(ticks: Vec<Decimal>) -> Self {
        let (Some(first), Some(last)) = (ticks.first().copied(), ticks.last().copied()) else { return Self::default() };
        let is_long = |tick: &Decimal| tick.text().chars().count() > LONGEST;
        let mut base = None;
        let mut power = 0;
        if ticks.iter().any(is_long) {
            let spans = (last.digits - first.digits).max(1);
            if first.digits.abs().min(last.digits.abs()) > FAR * spans {
                // A round number, so that what is left is about what the ticks span.
                let round = 10i128.pow(spans.ilog10() + 1);
                base = Some(Decimal { digits: first.digits.div_euclid(round) * round, power: first.power });
            }
            let left = |tick: &Decimal| Decimal { digits: tick.digits - base.map_or(0, |base| base.digits), ..*tick };
            if ticks.iter().map(left).any(|tick| is_long(&tick)) {
                let largest = ticks.iter().map(|tick| left(tick).digits.abs()).max().unwrap_or(1).max(1);
                let magnitude = largest.ilog10() as i32 + first.power;
                power = 3 * magnitude.div_euclid(3);
            }
        }
        let taken = base.map_or(0, |base| base.digits);
        let written = |tick: Decimal| {
            let text = Decimal { digits: tick.digits - taken, power: tick.power - power }.text();
            (tick.value(), text)
        };
        Self { ticks: ticks.into_iter().map(written).collect(), base, power }
    }

    /// An axis over a range with these ticks.
    pub fn axis(&self, (low, high): (f64, f64)) -> Axis {
        Axis { range: (low..high).into(), ticks: self.ticks.iter().map(|(value, _)| *value).collect() }
    }

    /// The text of the tick at a value.
    pub fn text(&self, value: f64) -> String {
        let found = self.ticks.iter().find(|(tick, _)| *tick == value);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    }

    /// Behind the name of the axis: what its numbers are if not the texts as they stand.
    pub fn told(&self) -> String {
        let power = if self.power == 0 { String::new() } else { format!(" × 1e{}", self.power) };
        match self.base {
            Some(base) => format!(" = {} + label{power}", shorter(base).text()),
            None if self.power != 0 => format!(" = label{power}"),
            None => String::new(),
        }
    }
}

/// An axis that has the ticks it is given.
pub struct Axis {
    range: RangedCoordf64,
    ticks: Vec<f64>,
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.range.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.range.range()
    }
}

/// The same number without zeros at its end.
fn shorter(mut number: Decimal) -> Decimal {
    while number.digits != 0 && number.digits % 10 == 0 && number.power < 0 {
        number = Decimal { digits: number.digits / 10, power: number.power + 1 };
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(range: (f64, f64), most: usize) -> String {
        let ticks = Ticks::new(range, most);
        ticks.ticks.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ") + &ticks.told()
    }

    #[test]
    fn labels_say_what_they_stand_at() {
        assert_eq!(texts((2.45, 5.05), 6), "2.5 3.0 3.5 4.0 4.5 5.0");
        assert_eq!(texts((-0.11, 0.11), 6), "-0.10 -0.05 0 0.05 0.10");
        assert_eq!(texts((0.0, 600.0), 6), "0 100 200 300 400 500 600");
        assert_eq!(texts((0.0, 1e9), 6), "0 0.2 0.4 0.6 0.8 1.0 = label × 1e9");
        assert_eq!(texts((3.699_999_97, 3.700_000_31), 6), "0 50 100 150 200 250 300 = 3.7 + label × 1e-9");
        assert_eq!(texts((0.0, 3.4e-7), 6), "0 50 100 150 200 250 300 = label × 1e-9");
        assert_eq!(texts((1.0, 1.0), 6), "");
        assert_eq!(texts((f64::NAN, 1.0), 6), "");
        assert_eq!(texts((f64::MIN, f64::MAX), 6), "");
    }

    /// The number that a reader takes a label for.
    fn meant(ticks: &Ticks, text: &str) -> f64 {
        let label: f64 = text.parse().unwrap();
        let told = ticks.told();
        let power = told.split_once("× ").map_or(1.0, |(_, power)| power.parse::<f64>().unwrap());
        let base = told.strip_prefix(" = ").and_then(|told| told.split_once(" + "));
        base.map_or(0.0, |(base, _)| base.parse::<f64>().unwrap()) + label * power
    }

    proptest::proptest! {
        #[test]
        fn labels_differ_and_are_true(middle in -1e9..1e9f64, size in -9.0..9.0f64, scale in -9.0..9.0f64, most in 5usize..13) {
            let (middle, span) = (middle * 10f64.powf(scale - 9.0), 10f64.powf(size));
            let range = (middle - span / 2.0, middle + span / 2.0);
            // Closer numbers are one number in the picture.
            proptest::prop_assume!(span > 1e-9 * middle.abs());
            let ticks = Ticks::new(range, most);
            proptest::prop_assert!(ticks.ticks.len() >= 2 && ticks.ticks.len() <= most + 3, "{range:?} {ticks:?}");
            let step = ticks.ticks[1].0 - ticks.ticks[0].0;
            for (value, text) in &ticks.ticks {
                proptest::prop_assert!(range.0 <= *value && *value <= range.1);
                proptest::prop_assert!(text.chars().count() <= LONGEST, "{range:?}: {text}");
                let off = (meant(&ticks, text) - value).abs();
                proptest::prop_assert!(off <= 1e-6 * step + 4.0 * f64::EPSILON * value.abs(), "{range:?}: {text} at {value}");
            }
            for two in ticks.ticks.windows(2) {
                proptest::prop_assert!(two[0].1 != two[1].1, "{range:?}: {:?}", ticks.ticks);
            }
        }
    }
}
