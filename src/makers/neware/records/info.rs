//! Facts of a test, whatever file they come from (docs/formats/neware.md#metadata).

use crate::table::RawTable;
use crate::text::timestamp::{self, Order};

/// What the headers of Neware's binary files say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Device, unit and channel.
    pub(crate) channel: Option<String>,
    pub(crate) test_id: Option<String>,
    pub(crate) test_name: Option<String>,
    pub(crate) schedule: Option<String>,
    pub(crate) creator: Option<String>,
    pub(crate) part: Option<String>,
    pub(crate) remarks: Option<String>,
    pub(crate) barcode: Option<String>,
    pub(crate) software: Option<String>,
    /// Local clock, as written.
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
    /// µg; 0 is not set.
    pub(crate) mass: Option<f64>,
    /// mA.h; 0 is not set.
    pub(crate) nominal: Option<f64>,
    /// What else is known.
    pub(crate) more: Vec<(String, String)>,
}

/// A local date and time in milliseconds, `YYYY.MM.DD hh:mm:ss` or with `-`.
pub(crate) fn local_clock(text: &str) -> Option<i64> {
    let mut text = text.trim().to_owned();
    // Dots in the date only.
    if let Some(date) = text.get(..10).map(|date| date.replace('.', "-")) {
        text.replace_range(..10, &date);
    }
    timestamp::parse(text.as_bytes(), Order::MonthDayYear).map(|civil| civil.milliseconds)
}

impl Facts {
    /// Puts the facts where a report has them.
    pub(super) fn put(self, table: &mut RawTable) {
        let mass = self.mass.filter(|mass| *mass > 0.0).map(|mass| format!("{} mg", mass / 1000.0));
        let nominal = self.nominal.filter(|capacity| *capacity > 0.0).map(|capacity| format!("{capacity} mA.h"));
        let facts = [
            ("Channel", &self.channel),
            ("Test ID", &self.test_id),
            ("Test name", &self.test_name),
            ("Step file", &self.schedule),
            ("Builder", &self.creator),
            ("P/N", &self.part),
            ("Remarks", &self.remarks),
            ("Barcode", &self.barcode),
            ("Software", &self.software),
            ("Start time", &self.start),
            ("End time", &self.end),
            ("Active material", &mass),
            ("Nominal capacity", &nominal),
        ];
        table.facts = facts.into_iter().filter_map(|(label, fact)| Some((label.to_owned(), fact.clone()?))).collect();
        table.facts.extend(self.more);
        table.metadata.protocol.name = self.schedule;
        let setup = &mut table.metadata.test_setup;
        setup.channel_number = self.channel;
        setup.source_file_id = self.test_id;
        setup.test_name = self.test_name;
        setup.operator = self.creator;
        setup.cell_label = self.part;
        setup.notes = self.remarks;
        setup.barcode_comment = self.barcode;
        setup.software_version = self.software;
        setup.end_time = self.end;
        table.cell.mass = mass;
        table.cell.capacity = nominal;
    }
}
