//! Numbers, durations, dates and header cells.
#![no_main]
use cyclerprep::text::decimal::Decimal;
use cyclerprep::text::timestamp::Order;
use cyclerprep::text::{duration, number, timestamp};
use cyclerprep::readers::MAKERS;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = (number::parse(bytes, Decimal::Point), number::parse(bytes, Decimal::Comma), duration::seconds(bytes));
    let _ = timestamp::parse(bytes, Order::MonthDayYear);
    if let Ok(text) = std::str::from_utf8(bytes) {
        for vocabulary in MAKERS.iter().map(|maker| maker.words()) {
            let _ = vocabulary.find(&(vocabulary.fold)(text));
            let _ = (vocabulary.direction)(text);
        }
    }
});
