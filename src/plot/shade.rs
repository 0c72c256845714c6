//! What the cell was doing, as coloured bands behind the lines.

/// A kind of step, as far as a picture tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its words in the legend.
    pub name: &'static str,
    /// Pale, so that the lines stay the darkest thing in print.
    pub color: (u8, u8, u8),
}

/// Names of `Step type` (docs/schema.md#steps-table), and what is shown of each.
static KINDS: &[(&str, Kind)] = &[
    ("Rest", Kind { name: "rest", color: (0xee, 0xee, 0xee) }),
    ("Constant current charge", Kind { name: "charge", color: (0xd0, 0xe4, 0xf6) }),
    ("Constant power charge", Kind { name: "charge", color: (0xd0, 0xe4, 0xf6) }),
    ("Constant voltage charge", Kind { name: "constant voltage charge", color: (0x9f, 0xc8, 0xec) }),
    ("Constant current discharge", Kind { name: "discharge", color: (0xfd, 0xe3, 0xc8) }),
    ("Constant power discharge", Kind { name: "discharge", color: (0xfd, 0xe3, 0xc8) }),
    ("Constant voltage discharge", Kind { name: "constant voltage discharge", color: (0xf6, 0xbf, 0x88) }),
    ("EIS", Kind { name: "impedance", color: (0xdf, 0xd2, 0xf0) }),
];

/// A current that goes both ways, as in a voltammogram.
pub const BOTH: Kind = Kind { name: "both ways", color: (0xd9, 0xee, 0xd6) };

/// A resting cell has less than this share of the test's largest current.
const REST: f64 = 0.02;

/// Share of the largest current of a step that its other direction has at least in a sweep; less is noise, or a row at a border.
const BOTH_WAYS: f64 = 0.2;

/// Whether the steps table has a name for what such a step does.
pub fn is_named(step_type: &str) -> bool {
    KINDS.iter().any(|(name, _)| *name == step_type)
}

/// Steps of any other type whose current is not known.
const OTHER: Kind = Kind { name: "other", color: (0xf2, 0xee, 0xc4) };

impl Kind {
    /// The kind of a `Step type`. One that the summary has no name for, such as a charge that ends at constant voltage in the
    /// same step, is told by its lowest and highest current (positive = discharge); so is a rest by its mean current alone, as a
    /// sweep there and back is. `largest` is the largest current of the test.
    pub fn of(step_type: &str, current: Option<(f64, f64)>, largest: f64) -> Self {
        let named = |wanted: &str| KINDS.iter().find(|(name, _)| *name == wanted).map(|(_, kind)| *kind);
        let flows = |(low, high): (f64, f64)| low.abs().max(high.abs()) > REST * largest;
        let by_current = || match current? {
            (low, high) if low >= 0.0 && high > 0.0 => named("Constant current discharge"),
            (low, high) if high <= 0.0 && low < 0.0 => named("Constant current charge"),
            (low, high) if low < 0.0 && high > 0.0 => Some(BOTH),
            _ => None,
        };
        // A sweep that charges more than it discharges has the mean current of a charge.
        let goes_both_ways = |(low, high): (f64, f64)| (-low).min(high) > BOTH_WAYS * (-low).max(high);
        match named(step_type) {
            Some(Kind { name: "charge" | "discharge", .. })
                if current.is_some_and(|range| flows(range) && goes_both_ways(range)) =>
            {
                BOTH
            }
            Some(kind) if step_type != "Rest" || !current.is_some_and(flows) => kind,
            rest => by_current().or(rest).unwrap_or(OTHER),
        }
    }

    /// The kind of what follows in the same step when the voltage is held.
    pub fn held(self) -> Option<Self> {
        let name = match self.name {
            "charge" => "Constant voltage charge",
            "discharge" => "Constant voltage discharge",
            _ => return None,
        };
        KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }
}

/// A band from one time to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Where it begins, in s.
    pub from: f64,
    /// Where it ends, in s.
    pub to: f64,
    /// What is going on.
    pub kind: Kind,
}

/// Bands narrower than this many pixel columns on average say nothing: they are left out.
const NARROWEST: f64 = 3.0;

/// Bands of neighbouring steps of one kind, where a pixel column shows the kind that takes most of it. `steps` are start
/// times with kinds, in order; each lasts until the next begins. Costs steps + columns.
pub fn bands(steps: &[(f64, Kind)], range: (f64, f64), columns: usize) -> Vec<Band> {
    let span = range.1 - range.0;
    if span <= 0.0 || columns == 0 {
        return Vec::new();
    }
    let width = span / columns as f64;
    let mut out: Vec<Band> = Vec::new();
    let mut shares: Vec<(Kind, f64)> = Vec::new();
    let mut step = 0;
    for column in 0..columns {
        let (left, right) = (range.0 + column as f64 * width, range.0 + (column + 1) as f64 * width);
        shares.clear();
        while let Some(&(start, kind)) = steps.get(step) {
            let end = steps.get(step + 1).map_or(range.1, |next| next.0);
            let share = end.min(right) - start.max(left);
            if share > 0.0 {
                match shares.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, sum)) => *sum += share,
                    None => shares.push((kind, share)),
                }
            }
            if end > right || step + 1 == steps.len() {
                break;
            }
            step += 1;
        }
        let Some(&(kind, _)) = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        match out.last_mut() {
            Some(band) if band.kind == kind && band.to >= left - width / 2.0 => band.to = right,
            _ => out.push(Band { from: left, to: right, kind }),
        }
    }
    if columns as f64 / (out.len() as f64) < NARROWEST { Vec::new() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart() {
        assert_eq!(Kind::of("Rest", None, 2.0).name, "rest");
        assert_eq!(Kind::of("Constant power charge", None, 2.0).name, "charge");
        let named = |name, low, high| Kind::of(name, Some((low, high)), 2.0).name;
        let unknown = |low, high| named("Unknown step type", low, high);
        assert_eq!((unknown(-2.0, -0.1), unknown(0.0, 1.5), unknown(-1.0, 1.0)), ("charge", "discharge", "both ways"));
        assert_eq!(Kind::of("Unknown step type", None, 2.0), OTHER);
        assert_eq!(named("Rest", -1.0, 1.0), "both ways", "a mean of 0");
        assert_eq!(named("Constant current charge", -1.7, 1.2), "both ways", "a sweep");
        assert_eq!(named("Constant current charge", -1.7, 0.1), "charge", "a row at a border");
        assert_eq!(named("EIS", -1.0, 1.0), "impedance");
        assert_eq!((named("Rest", -0.001, 0.02), named("Rest", 0.0, 0.3)), ("rest", "discharge"));
    }

    #[test]
    fn neighbours_of_one_kind_are_one_band() {
        let (rest, charge) = (Kind::of("Rest", None, 1.0), Kind::of("Constant current charge", None, 1.0));
        let steps = [(0.0, rest), (10.0, charge), (20.0, charge), (30.0, rest)];
        let found = bands(&steps, (0.0, 40.0), 400);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert_eq!(found.iter().map(|band| band.kind.name).collect::<Vec<_>>(), ["rest", "charge", "rest"]);
        assert!(near(found[1].from, 10.0) && near(found[1].to, 30.0) && near(found[2].to, 40.0));
    }

    #[test]
    fn a_column_shows_what_takes_most_of_it() {
        let (rest, charge) = (Kind::of("Rest", None, 1.0), Kind::of("Constant current charge", None, 1.0));
        let found = bands(&[(0.0, rest), (99.0, charge)], (0.0, 100.0), 10);
        assert_eq!(found, [Band { from: 0.0, to: 100.0, kind: rest }]);
    }

    #[test]
    fn bands_that_nobody_could_see_are_left_out() {
        let (rest, charge) = (Kind::of("Rest", None, 1.0), Kind::of("Constant current charge", None, 1.0));
        let steps: Vec<_> = (0..1000).map(|k| (f64::from(k), if k % 2 == 0 { rest } else { charge })).collect();
        assert!(bands(&steps, (0.0, 1000.0), 1000).is_empty());
        assert!(bands(&steps, (5.0, 5.0), 1000).is_empty());
    }
}
