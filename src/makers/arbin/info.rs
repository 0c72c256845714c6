//! `Global_Info` and its relatives: one row of facts a channel (docs/formats/arbin.md#info-sheet,
//! docs/formats/arbin.md#globalinfo-csv).

use crate::error::Result;
use crate::formats::{labels, workbook};
use crate::sheet::{Sheet, Workbook};
use crate::table::RawTable;

/// The sheet, or the side file of the same layout.
#[derive(Debug, Default)]
pub(super) struct Info {
    rows: Vec<Vec<String>>,
}

impl Info {
    /// The facts of a workbook; empty where it has no such sheet.
    pub(super) fn read(book: &mut Workbook) -> Result<Self> {
        let names = book.names().to_vec();
        let is_info = |name: &&String| matches!(name.to_ascii_lowercase().as_str(), "global_info" | "info");
        let Some(name) = names.iter().find(is_info) else { return Ok(Self::default()) };
        Ok(Self { rows: workbook::rows(&book.head(name, 200)?) })
    }

    /// The facts of a csv side file.
    pub(super) fn of_csv(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').replace('\t', " ").replace(',', "\t");
        Self { rows: workbook::rows(&Sheet { name: String::new(), text: text.into_bytes(), rows: 0 }) }
    }

    fn cell(&self, row: usize, column: usize) -> Option<String> {
        self.rows.get(row)?.get(column).filter(|c| !c.is_empty() && !c.starts_with("Unnamed:")).cloned()
    }

    /// The channels that have a row of facts.
    pub(super) fn channels(&self) -> Vec<u32> {
        let is_label = |row: &Vec<String>| row.first().is_some_and(|c| c == "Channel");
        let at = self.rows.iter().take(12).position(is_label).map_or(self.rows.len(), |at| at + 1);
        self.rows
            .get(at..)
            .unwrap_or_default()
            .iter()
            .filter_map(|row| row.first().and_then(|cell| channel_of(cell)))
            .collect()
    }

    /// Puts the facts of a channel (or of the only one) into a table.
    pub(super) fn describe(&self, channel: Option<u32>, table: &mut RawTable) {
        let Some(labels_at) = self.rows.iter().take(12).position(|row| row.first().is_some_and(|c| c == "Channel"))
        else {
            return;
        };
        let Some(labels) = self.rows.get(labels_at) else { return };
        let body = self.rows.get(labels_at + 1..).unwrap_or_default();
        let known: Vec<&Vec<String>> =
            body.iter().filter(|row| row.first().and_then(|cell| channel_of(cell)).is_some()).collect();
        let own =
            known.iter().find(|row| channel.is_some() && row.first().and_then(|cell| channel_of(cell)) == channel);
        let Some(row) = own.or(if known.len() == 1 { known.first() } else { None }) else { return };
        // `Start_DateTime` and `Start DateTime` are the same label, units stand behind it.
        let fold = |label: &str| label.split('(').next().unwrap_or_default().replace(['_', ' '], "").to_lowercase();
        let get = |wanted: &str| {
            let at = labels.iter().position(|label| fold(label) == wanted)?;
            row.get(at).map(|v| v.replace("_x000D_", "\n").trim().to_owned()).filter(|v| !v.is_empty())
        };
        let given = |wanted: &str| get(wanted).filter(|v| v.parse::<f64>() != Ok(0.0));
        protocol(get("schedulefilename"), table);
        let setup = &mut table.metadata.test_setup;
        setup.operator = get("creator");
        if let Some(comments) = get("comments") {
            setup.notes = Some(match setup.notes.take() {
                Some(notes) => format!("{comments}\n{notes}"),
                None => comments,
            });
        }
        setup.software_version = get("softwareversion").or(get("scheduleversion"));
        setup.barcode_comment = given("barcode").or(given("itemid"));
        setup.cycler_serial_number = given("serialnumber").or_else(|| self.serial());
        // Row 2 and 3 above the labels: the test's name, the result's path, when it was exported.
        let eight = self.cell(labels_at.saturating_sub(2), 2).is_some_and(|c| c.trim() == "Test Name");
        if let Some(name) = self.cell(labels_at.saturating_sub(2), 3) {
            setup.test_name = Some(name);
        }
        let export = self.cell(labels_at.saturating_sub(1), 3);
        setup.export_date = export.filter(|d| eight || d.starts_with(|c: char| c.is_ascii_digit()));
        let paths = self.rows.get(labels_at.saturating_sub(2)).into_iter().flatten();
        setup.source_file_path =
            paths.filter(|c| c.contains('\\') || c.contains('/')).map(|c| c.trim().to_owned()).next();
        table.cell.mass = given("mass").map(|v| format!("{v} g"));
        table.cell.capacity = given("capacity").map(|v| format!("{v} Ah"));
        for (label, value) in labels.iter().zip(row.iter()).filter(|(l, v)| !l.is_empty() && !v.is_empty()) {
            table.facts.push((label.clone(), value.clone()));
        }
    }

    /// `Serial Number` has its value below it.
    fn serial(&self) -> Option<String> {
        let (row, column) = self.rows.iter().take(6).enumerate().find_map(|(row, cells)| {
            cells.iter().position(|c| c.trim() == "Serial Number").map(|column| (row, column))
        })?;
        self.cell(row + 1, column).filter(|v| v.parse::<f64>() != Ok(0.0))
    }
}

/// `1-017` and `17` are the same channel.
fn channel_of(cell: &str) -> Option<u32> {
    cell.rsplit('-').next().and_then(|n| n.trim().parse::<f64>().ok()).map(|n| n as u32)
}

/// The schedule is a path without its extension; the whole path is kept in the notes where it says more
/// (docs/formats/arbin.md#what-goes-where).
pub(super) fn protocol(schedule: Option<String>, table: &mut RawTable) {
    let Some(path) = schedule else { return };
    let last = labels::last_component(&path);
    let name = match last.rsplit_once('.') {
        Some((stem, extension)) if ["sdu", "sdx"].iter().any(|e| extension.eq_ignore_ascii_case(e)) => stem,
        _ => last,
    };
    if path != last {
        table.metadata.test_setup.notes = Some(format!("schedule {path}"));
    }
    table.metadata.protocol.name = Some(name.to_owned()).filter(|n| !n.is_empty());
}
