//! What is said of a counter: kept or not, repaired, and why.

use super::quantities::Quantities;
use crate::error::Place;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::counter::{Counted, Flow};
use crate::signal::integral::Disagreement;
use crate::signal::trial::{Odd, Sums, Verdict, Why};

/// Ratios that a wrong unit makes.
static UNITS: &[f64] = &[1000.0, 3600.0, 60.0, 1e6];

/// One column that is told of.
pub(super) struct Told<'q> {
    pub(super) column: Column,
    pub(super) quantities: &'q Quantities,
}

impl Told<'_> {
    /// What was set right in a counter, whether or not it is used.
    pub(super) fn tell_repairs(&self, counted: &Counted, flow: &Flow<'_>, notes: &mut Notes) {
        let name = self.column.name();
        let mut say = |rows: crate::signal::counter::Rows, code: NoteCode, message: String| {
            if let Some(row) = rows.first {
                notes.push(Note::new(code, message).count(rows.count).at(Place::Row(row as u64)));
            }
        };
        let integral = flow.rate.iter().any(|r| flow.side * r > 0.0);
        if counted.blanks.count > 0 && integral {
            let message = format!(
                "{name}: {} row(s) at the beginning of a step have no value; what flowed until the first value is the integral of the {}",
                counted.blanks.count, self.quantities.rate
            );
            say(counted.blanks, NoteCode::CapacityIntegrated, message);
        }
        if counted.cells.count > 0 {
            say(counted.cells, self.quantities.disagrees, set_between(name, counted.cells.count));
        }
        if counted.astray.count > 0 {
            let message = format!(
                "{:?} grows up to {} row(s) where neither {}, mode nor step say in which direction; that growth is in no column",
                self.quantities.single.name(),
                counted.astray.count,
                self.quantities.rate
            );
            say(counted.astray, self.quantities.disagrees, message);
        }
    }

    /// Cells that are set between their neighbours and were not told yet, because so many speak against a counter, which is used
    /// all the same.
    pub(super) fn tell_many_set(&self, counted: &Counted, notes: &mut Notes) {
        if counted.cells.count == 0
            && let Some(row) = counted.set.first
        {
            let message = set_between(self.column.name(), counted.set.count);
            let note = Note::new(self.quantities.disagrees, message).count(counted.set.count);
            notes.push(note.at(Place::Row(row as u64)));
        }
    }

    /// A counter that gives way with the other one of its pair.
    pub(super) fn tell_fallen(
        &self,
        reported: &[f64],
        integrated: &[f64],
        apart: Option<Disagreement>,
        notes: &mut Notes,
    ) {
        let rate = self.quantities.rate;
        let (row, numbers) = self.numbers(reported, integrated, apart).unzip();
        let message = format!(
            "{}: {}. The integral is used, because too little of the {rate} is steady to tell and the other column of the pair is contradicted",
            self.column.name(),
            numbers.as_deref().unwrap_or(NOTHING)
        );
        for code in [self.quantities.disagrees, NoteCode::CapacityIntegrated] {
            let note = Note::new(code, message.clone());
            notes.push(match row {
                Some(row) => note.at(Place::Row(row as u64)),
                None => note,
            });
        }
    }

    /// Where reported and integrated values are furthest apart, and both of them.
    fn numbers(&self, reported: &[f64], integrated: &[f64], apart: Option<Disagreement>) -> Option<(usize, String)> {
        let at = |values: &[f64], row: usize| values.get(row).copied().unwrap_or(f64::NAN);
        let d = apart?;
        let (ours, theirs) = (at(integrated, d.row), at(reported, d.row));
        let (rate, percent) = (self.quantities.rate, 100.0 * d.relative);
        let text =
            format!("reported {theirs:.6e}, integral of the {rate} {ours:.6e}, {percent:.1} % of the largest apart");
        Some((d.row, text))
    }

    /// What became of a counter that differs from the integral.
    pub(super) fn tell(
        &self,
        verdict: &Verdict,
        reported: &[f64],
        integrated: &[f64],
        apart: Option<Disagreement>,
        notes: &mut Notes,
    ) {
        let (name, rate) = (self.column.name(), self.quantities.rate);
        let both = self.numbers(reported, integrated, apart);
        let row = |of_why: Option<usize>| of_why.or(both.as_ref().map(|(row, _)| *row));
        let numbers = both.as_ref().map(|(_, numbers)| numbers.as_str()).unwrap_or(NOTHING);
        let mut push = |code: NoteCode, message: String, row: Option<usize>| {
            let note = Note::new(code, message);
            notes.push(match row {
                Some(row) => note.at(Place::Row(row as u64)),
                None => note,
            });
        };
        match verdict {
            Verdict::Kept(Why::Rest | Why::Falls(_)) => {}
            Verdict::Kept(Why::FewRows(odd)) => {
                let message = format!(
                    "{name}: {numbers}. {} make nearly all of it, so the rows there are wrong or something happened between them; the counter is kept",
                    few(odd)
                );
                push(NoteCode::CurrentDisagrees, message, odd.first().map(|odd| odd.row));
            }
            Verdict::Kept(Why::Idle(gain)) => {
                let message = format!(
                    "{name} gains {gain:.6e} while the {rate} is 0 throughout, whose integral is 0; the counter is kept"
                );
                push(self.quantities.disagrees, message, row(None));
            }
            Verdict::Kept(why) => {
                let message = format!("{name}: {numbers}. The counter is kept, because {}", evidence(why, rate, true));
                push(self.quantities.disagrees, message, row(None));
            }
            Verdict::Contradicted(Why::Falls(at_row)) => {
                // The fall and the largest difference may stand in different rows.
                let there = both.as_ref().map(|(row, _)| format!("in row {row} ")).unwrap_or_default();
                let message = format!(
                    "{name}: the reported column jumps inside a step to a value that no reset explains; {there}{numbers}; the integral of the {rate} is used"
                );
                push(NoteCode::CapacityIntegrated, message, Some(*at_row));
            }
            Verdict::Contradicted(why) => {
                let message =
                    format!("{name}: {numbers}. The integral is used, because {}", evidence(why, rate, false));
                push(self.quantities.disagrees, message.clone(), row(None));
                push(NoteCode::CapacityIntegrated, message, row(None));
                if let Some(message) = unit_in_doubt(why, name, rate) {
                    push(NoteCode::UnitDoubt, message, row(None));
                }
            }
        }
    }
}

/// Where no number can be told.
const NOTHING: &str = "nothing to compare";

fn set_between(name: &str, count: usize) -> String {
    format!(
        "{name}: {count} cell(s) leave the counter, which carries on in the next row as if they were not there; they were set between their neighbours"
    )
}

fn few(odd: &[Odd]) -> String {
    let one =
        |odd: &Odd| format!("row {} ({:.6e} against {:.6e} since the row before)", odd.row, odd.counted, odd.flowed);
    odd.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn evidence(why: &Why, rate: &str, is_kept: bool) -> String {
    match why {
        Why::Steady(sums, _) if sums.counted == 0.0 => {
            format!(
                "the counter stands still while the {rate} moves {:.6e} in {} steady intervals",
                sums.flowed, sums.intervals
            )
        }
        Why::Steady(sums, share) => format!(
            "in {} intervals of steady {rate}, which hold {:.0} % of the charge, it counts {:.6e} and the {rate} gives {:.6e}, {:.1} % apart",
            sums.intervals,
            100.0 * share,
            sums.counted,
            sums.flowed,
            100.0 * sums.apart()
        ),
        Why::Rounded(sums, open) => format!(
            "in {} intervals of steady {rate} it counts {:.6e} and the {rate} gives {:.6e}, of which the last printed digit of the current leaves {open:.6e} open",
            sums.intervals, sums.counted, sums.flowed
        ),
        Why::Bounds(outside) if is_kept => format!(
            "too little of the {rate} is steady to tell, and in intervals with {:.0} % of the charge it counts what can have flowed",
            100.0 * (1.0 - outside)
        ),
        Why::Direction => {
            "it counts by the direction of the current, which is not that of the power below 0 V".to_owned()
        }
        Why::Bounds(outside) => format!(
            "too little of the {rate} is steady to tell, and {:.0} % of the charge is counted in intervals where it is more or less than can have flowed",
            100.0 * outside
        ),
        _ => String::new(),
    }
}

/// A ratio of counter and integral that a wrong unit explains.
fn unit_in_doubt(why: &Why, name: &str, rate: &str) -> Option<String> {
    let Why::Steady(Sums { counted, flowed, .. }, _) = why else { return None };
    let ratio = counted / flowed;
    let near = |unit: f64| (ratio / unit - 1.0).abs() < 0.05;
    let unit = UNITS.iter().flat_map(|unit| [*unit, 1.0 / unit]).find(|unit| near(*unit))?;
    let said = if unit > 1.0 { format!("{unit} times") } else { format!("1/{} of", (1.0 / unit).round()) };
    Some(format!("{name} is {said} the integral of the {rate}: a unit in the file is wrong"))
}
