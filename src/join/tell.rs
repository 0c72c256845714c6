//! What is told of a seam.

use super::ends::{Ends, Span};
use super::seam::{Seam, Time};
use crate::note::{Note, NoteCode, Notes};

/// A number without digits that nobody needs.
fn short(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}

/// One sentence: who follows whom, after how long, and what goes on.
pub(super) fn seam(a: &Ends, b: &Ends, seam: &Seam) -> String {
    let mut told = Vec::new();
    let gap = short(seam.gap);
    told.push(match seam.time {
        Time::ByItself => format!("{gap} s later by the test time, which goes on"),
        Time::ByClock { own: None } => format!("{gap} s later by the clocks; its test time begins anew"),
        Time::ByClock { own: Some(own) } => {
            format!("{gap} s later by the clocks, where the test times say {} s", short(own))
        }
        Time::OneInterval => format!("{gap} s later, one interval, because no clock tells"),
        Time::Unknown if seam.gap.is_nan() => "no time says when".to_owned(),
        Time::Unknown => format!("{gap} s later by the clocks; one of the two has no test time"),
    });
    if let (Time::ByItself, Some(clock)) = (seam.time, seam.clock_gap)
        && (clock - seam.gap).abs() > 1.0 + 1e-3 * seam.gap.abs()
    {
        told.push(format!("the clocks say {} s", short(clock)));
    }
    if let Some(clock) = seam.clock_gap.filter(|gap| *gap < -1.0) {
        told.push(format!("its clock begins {} s before the end of the other", short(-clock)));
    }
    if let Some((a, b)) = a.voltage.zip(b.voltage) {
        told.push(format!("{} V to {} V", short(a.last), short(b.first)));
    }
    if let Some((before, behind)) = a.piece.records.zip(b.piece.records) {
        told.push(match seam.missing {
            None => format!("records go on from {} to {}", before.1, behind.0),
            Some((first, last)) if first == last => format!("record {first} is in neither file"),
            Some((first, last)) => format!("records {first} to {last} are in neither file"),
        });
    }
    if let Some((a, b)) = a.program.zip(b.program).filter(|(a, b)| *b > *a + 1) {
        told.push(if b == a + 2 {
            format!("number {} is not among the files", a + 1)
        } else {
            format!("numbers {} to {} are not among the files", a + 1, b - 1)
        });
    }
    told.push(if seam.begins_step { "a new step begins".to_owned() } else { "the step goes on".to_owned() });
    for (what, by, a, b) in
        [("step numbers", seam.steps_by, a.step, b.step), ("cycle numbers", seam.cycles_by, a.cycle, b.cycle)]
    {
        told.extend(numbers(what, by, a, b));
    }
    if seam.counters_by.iter().any(|by| *by != 0.0) {
        told.push("its counters begin anew in the same step and go on from the sum".to_owned());
    }
    for (name, fact) in &b.facts {
        if let Some((_, other)) = a.facts.iter().find(|(known, other)| known == name && other != fact) {
            told.push(format!("its {name} is {fact:?}, not {other:?}"));
        }
    }
    format!("{:?} ({} rows) follows {:?}: {}", b.file_name(), b.rows(), a.file_name(), told.join("; "))
}

fn numbers(what: &str, by: f64, a: Option<Span>, b: Option<Span>) -> Option<String> {
    let (a, b) = a.zip(b)?;
    if by != 0.0 {
        return Some(format!("{what} begin at {} again and are counted on from {}", b.first, b.first + by));
    }
    // Programs jump between steps; cycles are counted one by one.
    (what == "cycle numbers" && b.first > a.last + 1.0).then(|| format!("{what} go from {} to {}", a.last, b.first))
}

/// Columns that some pieces do not have.
pub(super) fn lacking(lacking: &[String], notes: &mut Notes) {
    if lacking.is_empty() {
        return;
    }
    let names: Vec<String> = lacking.iter().map(|name| format!("{name:?}")).collect();
    let message = format!("not every piece has {}: null in the rows of those that have not", names.join(", "));
    notes.push(Note::new(NoteCode::PiecesJoined, message).count(lacking.len()));
}
