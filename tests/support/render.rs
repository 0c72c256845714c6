//! One way to show a measurement: what a person would check, nothing that changes from run to run.

use std::fmt::Write;

use cyclerprep::{Measurement, Result};
use polars::prelude::*;

/// The result of preparing a file, or its error.
pub fn result(result: &Result<Measurement>) -> String {
    match result {
        Ok(measurement) => show(measurement),
        Err(error) => {
            let place = error.place().map_or("nowhere".to_owned(), ToString::to_string);
            format!("error {} at {place}\n{}\n", error.kind().as_str(), error.message())
        }
    }
}

fn show(measurement: &Measurement) -> String {
    let report = &measurement.report;
    let mut out = String::new();
    let d = &report.detected;
    writeln!(out, "{} | {} | {} | {}", d.maker, d.reader, d.dialect, d.why).unwrap();
    writeln!(
        out,
        "{} rows read, {} kept, {} steps, {} cycles",
        report.rows_read, report.rows_kept, report.steps, report.cycles
    )
    .unwrap();
    out.push_str("\ntime series\n");
    columns(&measurement.time_series, &mut out);
    out.push_str("\nsteps\n");
    let wanted = [
        "Start index",
        "End index",
        "Duration [s]",
        "Step type",
        "Step from cycler",
        "Cycle count",
        "Discharge capacity [A.h]",
        "Charge capacity [A.h]",
        "Mean current [A]",
        "End voltage [V]",
    ];
    rows(&measurement.steps, &wanted, &mut out);
    out.push_str("\ncycles\n");
    let wanted = [
        "Cycle count",
        "Discharge capacity [A.h]",
        "Charge capacity [A.h]",
        "Coulombic efficiency",
        "Energy efficiency",
        "Min voltage [V]",
        "Max voltage [V]",
        "Cycle duration [s]",
    ];
    rows(&measurement.cycles, &wanted, &mut out);
    out.push_str("\nmetadata\n");
    out.push_str(&serde_json::to_string_pretty(&measurement.metadata).unwrap());
    writeln!(out, "\ncell {}", serde_json::to_string(&report.cell).unwrap()).unwrap();
    out.push_str("\nnotes\n");
    for note in &report.notes {
        let place = note.place.as_ref().map(|p| format!(" at {p}")).unwrap_or_default();
        let count = note.count.map(|c| format!(" ×{c}")).unwrap_or_default();
        let examples = if note.examples.is_empty() { String::new() } else { format!(" {:?}", note.examples) };
        writeln!(out, "{}{count}{place}: {}{examples}", note.code.as_str(), note.message).unwrap();
    }
    out.push_str("\nissues\n");
    for issue in &report.issues {
        writeln!(out, "{issue}").unwrap();
    }
    out
}

/// dtype, nulls, first, last, min, max and sum of each column.
fn columns(frame: &DataFrame, out: &mut String) {
    for column in frame.columns() {
        let series = column.as_materialized_series();
        write!(out, "{:34} {:12} nulls {:3}", series.name(), series.dtype().to_string(), series.null_count()).unwrap();
        if !series.is_empty() {
            write!(out, "  {} … {}", cell(series, 0), cell(series, series.len() - 1)).unwrap();
        }
        if series.dtype().is_primitive_numeric() {
            let values = series.cast(&DataType::Float64).unwrap();
            let values = values.f64().unwrap();
            let number = |v: Option<f64>| v.map_or("–".to_owned(), |v| format!("{v:.6}"));
            write!(out, "  min {} max {} sum {}", number(values.min()), number(values.max()), number(values.sum()))
                .unwrap();
        }
        out.push('\n');
    }
}

fn rows(frame: &DataFrame, names: &[&str], out: &mut String) {
    let names: Vec<&&str> = names.iter().filter(|n| frame.column(n).is_ok()).collect();
    writeln!(out, "{}", names.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(" | ")).unwrap();
    for row in 0..frame.height() {
        let cells = names.iter().map(|n| cell(frame.column(n).unwrap().as_materialized_series(), row));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join(" | ")).unwrap();
    }
}

fn cell(series: &Series, row: usize) -> String {
    match series.get(row).unwrap() {
        AnyValue::Null => "–".to_owned(),
        AnyValue::Float64(v) => format!("{v:.6}"),
        AnyValue::String(v) => v.to_owned(),
        AnyValue::StringOwned(v) => v.to_string(),
        other => other.to_string(),
    }
}
