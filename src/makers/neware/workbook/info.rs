//! Facts of the `Info`, `unit` and `test` sheets (docs/formats/neware.md#workbooks, docs/formats/neware.md#metadata).

use crate::error::Result;
use crate::formats::workbook;
use crate::sheet::Workbook;
use crate::table::RawTable;
use crate::vocab::fold::clean;

/// Labels, folded, of values that stand to the right or below.
static LABELS: &[(&str, Fact)] = &[
    ("activematerial", Fact::Mass),
    ("barcode", Fact::Barcode),
    ("batteryofnumberpn", Fact::Cell),
    ("builder", Fact::Operator),
    ("channel", Fact::Channel),
    ("device", Fact::Device),
    ("endtime", Fact::End),
    ("equipment", Fact::Device),
    ("fileofstep", Fact::Protocol),
    ("ndafilepath", Fact::Path),
    ("nominalcapacity", Fact::Capacity),
    ("pn", Fact::Cell),
    ("processname", Fact::Protocol),
    ("remark", Fact::Notes),
    ("remarks", Fact::Notes),
    ("startingtime", Fact::Start),
    ("starttime", Fact::Start),
    ("stepfile", Fact::Protocol),
    ("unit", Fact::Unit),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    Mass,
    Barcode,
    Cell,
    Operator,
    Channel,
    Device,
    Unit,
    End,
    Start,
    Protocol,
    Path,
    Capacity,
    Notes,
}

fn fold(label: &str) -> String {
    clean(label).chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

fn fact(label: &str) -> Option<Fact> {
    let folded = fold(label);
    LABELS.iter().find(|(key, _)| *key == folded).map(|(_, fact)| *fact)
}

/// Reads what the small sheets say.
pub(super) fn describe(book: &mut Workbook, table: &mut RawTable) -> Result<()> {
    let wanted = |name: &&String| matches!(name.to_lowercase().as_str(), "info" | "unit" | "test");
    let names: Vec<String> = book.names().iter().filter(wanted).cloned().collect();
    let mut found: Vec<(Fact, String)> = Vec::new();
    for name in names {
        let rows = workbook::rows(&book.head(&name, 40)?);
        for (i, row) in rows.iter().enumerate() {
            let labels: Vec<Option<Fact>> = row.iter().map(|cell| fact(cell)).collect();
            let known = labels.iter().flatten().count();
            let below = rows.get(i + 1);
            // A row of labels over a row of values, or labels with their values behind them.
            let is_header = known >= 4 && row.iter().filter(|c| !c.is_empty()).count() <= known + 3;
            let plan_begins = row.first().is_some_and(|c| matches!(fold(c).as_str(), "stepplan" | "listofunitplans"));
            if plan_begins {
                break;
            }
            for (column, (cell, label)) in row.iter().zip(&labels).enumerate() {
                let Some(label) = label else {
                    // `Cycle Mode:Charge First` and its like.
                    if let Some((key, value)) =
                        cell.split_once(':').filter(|(k, _)| k.len() < 40 && !k.contains(['\\', '-']))
                    {
                        table.facts.push((key.trim().to_owned(), value.trim().to_owned()));
                    }
                    continue;
                };
                let value = if is_header && below.is_some_and(|b| !b.is_empty()) {
                    below.and_then(|b| b.get(column)).cloned()
                } else {
                    row.iter().skip(column + 1).find(|v| !v.is_empty()).filter(|v| fact(v).is_none()).cloned()
                };
                // `device 37 2 1`: device, unit and channel behind one label.
                let numbers: Vec<&String> =
                    row.iter().skip(column + 1).take_while(|c| c.parse::<u32>().is_ok()).collect();
                if *label == Fact::Device && !is_header && numbers.len() == 3 {
                    let all = [Fact::Device, Fact::Unit, Fact::Channel].into_iter().zip(numbers.into_iter().cloned());
                    found.extend(all);
                    continue;
                }
                let Some(value) = value.filter(|v| !v.is_empty() && v != "-" && v != "NULL") else { continue };
                table.facts.push((clean(cell).to_owned(), value.clone()));
                if !found.iter().any(|(f, _)| f == label) {
                    found.push((*label, value));
                }
            }
        }
        banner(&rows, table);
    }
    apply(found, table);
    Ok(())
}

/// The first lines of an old `Info` sheet: its file, when it was exported, where the test lies.
fn banner(rows: &[Vec<String>], table: &mut RawTable) {
    let starts = rows
        .first()
        .and_then(|r| r.first())
        .is_some_and(|c| matches!(fold(c).as_str(), "testinformation" | "testinginformation"));
    let cell = |row: usize| rows.get(row).filter(|r| r.len() == 1).and_then(|r| r.first()).filter(|c| !c.is_empty());
    if !starts || cell(1).is_none() {
        return;
    }
    let setup = &mut table.metadata.test_setup;
    setup.export_date = cell(2).filter(|d| d.starts_with(|c: char| c.is_ascii_digit())).cloned();
    setup.source_file_path = cell(3).filter(|p| p.contains(['\\', '/'])).cloned();
}

fn apply(found: Vec<(Fact, String)>, table: &mut RawTable) {
    let get = |fact: Fact| found.iter().find(|(f, _)| *f == fact).map(|(_, v)| v.clone());
    table.metadata.protocol.name = get(Fact::Protocol);
    let setup = &mut table.metadata.test_setup;
    setup.barcode_comment = get(Fact::Barcode);
    setup.cell_label = get(Fact::Cell);
    setup.operator = get(Fact::Operator);
    setup.notes = get(Fact::Notes);
    setup.end_time = get(Fact::End);
    if let Some(path) = get(Fact::Path) {
        setup.source_file_path = Some(path);
    }
    let parts: Option<Vec<String>> = [Fact::Device, Fact::Unit, Fact::Channel].into_iter().map(get).collect();
    if setup.channel_number.is_none()
        && let Some(parts) = parts
    {
        setup.channel_number = Some(parts.join("-"));
    }
    table.cell.mass = get(Fact::Mass);
    table.cell.capacity = get(Fact::Capacity);
    if let Some(start) = get(Fact::Start)
        && let Some(civil) =
            crate::text::timestamp::parse(start.as_bytes(), crate::text::timestamp::Order::YearMonthDay)
    {
        table.start = Some(crate::table::StartHint { civil, is_time_origin: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_and_folded() {
        assert!(LABELS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(LABELS.iter().all(|(key, _)| fold(key) == *key));
        assert_eq!(fact("Battery of Number(P/N)"), Some(Fact::Cell));
        assert_eq!(fact("Starting time:"), Some(Fact::Start));
    }
}
