//! What some cells of a column show of all: numbers, dates, the order of day and month.

use crate::schema::Column;
use crate::table::{RawData, RawTable};
use crate::text::decimal::Decimal;
use crate::text::timestamp::{self, Order, OrderEvidence};
use crate::text::{duration, number};
use crate::vocab::Role;

/// Whether a column holds numbers.
pub(super) fn is_number(table: &RawTable, index: usize) -> bool {
    match (&table.columns[index].data, &table.grid) {
        (RawData::Field(field), Some(grid)) => {
            let sample = grid.sample(*field, 100);
            let readable = |cell: &&[u8], sign| number::parse(cell, sign) != number::Cell::Unreadable;
            [Decimal::Point, Decimal::Comma].into_iter().any(|sign| sample.iter().all(|cell| readable(cell, sign)))
        }
        (data, _) => !matches!(data, RawData::Label(..)),
    }
}

/// Whether any cell of a column is a date or a time of day, or there is none to tell.
pub(super) fn has_dates(table: &RawTable, index: usize) -> bool {
    let (RawData::Field(field), Some(grid)) = (&table.columns[index].data, &table.grid) else { return true };
    let is_date = |cell: &&[u8]| {
        let parse = |order| timestamp::parse_or_number(cell, order).is_some();
        let is_clock = duration::seconds(cell).is_some() || timestamp::time_of_day(cell).is_some();
        parse(Order::MonthDayYear) || parse(Order::DayMonthYear) || is_clock
    };
    let sample = grid.sample(*field, 100);
    sample.is_empty() || sample.iter().any(is_date)
}

/// The order of day and month in a column, and whether its cells show it.
pub(super) fn date_order(table: &RawTable, field: usize) -> (Order, bool) {
    let mut evidence = OrderEvidence::default();
    if let Some(grid) = &table.grid {
        grid.sample(field, 500).iter().for_each(|cell| evidence.see(cell));
    }
    match evidence.decide().or_else(|| order_by_span(table, field)) {
        Some(order) => (order, true),
        None => (table.date_order.unwrap_or(Order::MonthDayYear), table.date_order.is_some() || evidence.is_needless()),
    }
}

/// The order under which the clock advances as far as the test time does.
fn order_by_span(table: &RawTable, field: usize) -> Option<Order> {
    let grid = table.grid.as_ref()?;
    let is_time = |name: &str| {
        let folded = (table.vocabulary.fold)(name);
        table.vocabulary.find(&folded).is_some_and(|(_, term, _)| term.role == Role::Column(Column::Time))
    };
    let RawData::Field(time) = table.columns.iter().find(|c| is_time(&c.name))?.data else { return None };
    let seconds = |cell: &&[u8]| duration::seconds(cell).or_else(|| number::plain(cell));
    let times = grid.sample(time, 50);
    let span = times.last().and_then(seconds)? - times.first().and_then(seconds)?;
    let stamps = grid.sample(field, 50);
    let near = |order: Order| {
        let at = |cell: Option<&&[u8]>| timestamp::parse(cell?, order).map(|c| c.milliseconds as f64 / 1000.0);
        let (Some(a), Some(b)) = (at(stamps.first()), at(stamps.last())) else { return false };
        // A bare number may be minutes or hours.
        b >= a && [1.0, 60.0, 3600.0].iter().any(|unit| ((b - a) - span * unit).abs() < 60.0 + 0.2 * (span * unit))
    };
    match (near(Order::MonthDayYear), near(Order::DayMonthYear)) {
        (true, false) => Some(Order::MonthDayYear),
        (false, true) => Some(Order::DayMonthYear),
        _ => None,
    }
}
