//! The date by which a header says when a test began.

use crate::note::{Note, NoteCode, Notes};
use crate::text::timestamp::{self, Civil, Order, OrderEvidence};

/// Reads a date, mostly with a time of day. Where day and month cannot be told apart `otherwise` is assumed, which is told; so is
/// a date in no known form.
pub(crate) fn start(text: &str, evidence: OrderEvidence, otherwise: Order, notes: &mut Notes) -> Option<Civil> {
    let order = evidence.decide().unwrap_or(otherwise);
    let civil = timestamp::parse(text.trim().as_bytes(), order);
    match civil {
        None => {
            let message = format!("the start {text:?} is in no known form");
            notes.push(Note::new(NoteCode::MetadataIgnored, message));
        }
        Some(_) if evidence.decide().is_none() && !evidence.is_needless() => {
            let first = if order == Order::DayMonthYear { "day" } else { "month" };
            let message = format!("day and month of {text:?} cannot be told apart: {first} first was assumed");
            notes.push(Note::new(NoteCode::StartTimeAssumed, message));
        }
        Some(_) => {}
    }
    civil
}

/// What the dates of a header tell of the order of day and month.
pub(crate) fn evidence<'d>(dates: impl IntoIterator<Item = &'d str>) -> OrderEvidence {
    let mut evidence = OrderEvidence::default();
    dates.into_iter().for_each(|date| evidence.see(date.as_bytes()));
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_assumed_is_told() {
        let read = |text: &str, others: &[&str]| {
            let mut notes = Notes::new();
            let evidence = evidence(others.iter().copied().chain([text]));
            let civil = start(text, evidence, Order::MonthDayYear, &mut notes);
            let date = civil.and_then(|civil| jiff::Timestamp::from_millisecond(civil.milliseconds).ok());
            (date.map(|date| date.to_string()), notes.into_vec().first().map(|note| note.code))
        };
        let day = |day: &str| Some(format!("{day}T08:00:00Z"));
        assert_eq!(read("03/04/2024 08:00:00", &[]), (day("2024-03-04"), Some(NoteCode::StartTimeAssumed)));
        assert_eq!(read("03/04/2024 08:00:00", &["25/04/2024"]), (day("2024-04-03"), None));
        assert_eq!(read("2024-03-04 08:00:00", &[]), (day("2024-03-04"), None));
        assert_eq!(read("4 Mar 2024 08:00:00", &[]), (day("2024-03-04"), None));
        assert_eq!(read("yesterday", &[]), (None, Some(NoteCode::MetadataIgnored)));
    }
}
