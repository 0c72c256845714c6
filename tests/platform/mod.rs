//! The platform: what is sent, against a stand-in that records it, and what becomes of it when something fails.

mod command;
mod faults;
mod killed;
mod official;
mod reading;
mod scenario;
#[path = "../support/stand_in.rs"]
mod stand_in;
mod tls;

use std::path::{Path, PathBuf};
use std::time::Duration;

use cyclerprep::platform::{Cache, Client, Settings};
use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series, df};
use serde_json::json;

use stand_in::StandIn;

/// A key that is found wherever it gets.
const KEY: &str = "secret-key-0815";

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("prep-platform-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn settings(server: &StandIn) -> Settings {
    let settings = Settings::new(&server.url, KEY).with_attempts(3).with_cache(Cache::none());
    settings.with_pause(Duration::from_millis(1)).with_processing_time(Duration::from_secs(2))
}

fn client(server: &StandIn) -> Client {
    Client::new(settings(server)).unwrap()
}

/// Rows of one discharge at 1 A: 3.6 V at the start, falling by 0.1 mV a row, one row each ten seconds.
fn rows(count: usize) -> DataFrame {
    let index = 0..count;
    let real = |f: fn(usize) -> f64| index.clone().map(f).collect::<Vec<_>>();
    df!(
        "Time [s]" => real(|i| 10.0 * i as f64),
        "Voltage [V]" => real(|i| 3.6 - 1e-4 * i as f64),
        "Current [A]" => vec![1.0; count],
        "Step count" => vec![0i64; count],
        "Cycle count" => vec![0i64; count],
        "Step from cycler" => vec![1i64; count],
    )
    .unwrap()
}

/// A bundle with these rows, one step, and facts.
fn bundle(folder: &Path, name: &str, count: usize) {
    std::fs::create_dir_all(folder).unwrap();
    let write = |table: &str, frame: &DataFrame| {
        let mut file = std::fs::File::create(folder.join(table)).unwrap();
        cyclerprep::bundle::write_parquet(frame, &Default::default(), &mut file).unwrap();
    };
    write("time_series.parquet", &rows(count));
    let mut steps = df!(
        "source" => ["cell.034"], "Step count" => [0i64], "Cycle count" => [0i64], "Start index" => [0u32],
        "End index" => [count as u32 - 1], "Step type" => ["Constant current discharge"],
        // 1 A over all intervals of ten seconds.
        "Discharge capacity [A.h]" => [(count as f64 - 1.0) / 360.0], "Charge capacity [A.h]" => [0.0],
    )
    .unwrap();
    steps.with_column(Series::new("name".into(), [name]).into_column()).unwrap();
    write("steps.parquet", &steps);
    let facts = json!({
        "name": name, "notes": "made for a test", "measurement_type": "time_series", "start_time": "2026-03-15T09:30:00Z",
        "protocol": {"name": "CC"}, "test_setup": {"cycler": "demo", "channel_number": "3"},
    });
    std::fs::write(folder.join("measurement.json"), facts.to_string()).unwrap();
}

/// A specification and a cell; the cell's id.
fn cell(client: &Client) -> String {
    let made = client.specifications().create_or_get(&json!({"name": "NMC", "form_factor": "R2032"})).unwrap();
    client.cells(made.id()).create_or_get(&json!({"name": "cell 1"})).unwrap().id().to_owned()
}
