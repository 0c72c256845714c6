//! The platform's own client beside this one, where Python has it; elsewhere these tests say that they are skipped.

use std::process::Command;

use super::stand_in::StandIn;
use super::{bundle, cell, client, rows, scenario, scratch};

/// A Python that has the platform's client: the variable `CYCLERPREP_PYTHON`, or the one on the path.
fn python() -> Option<String> {
    let named = std::env::var("CYCLERPREP_PYTHON").ok();
    named.into_iter().chain(["python3".to_owned()]).find(|python| {
        let run = Command::new(python).args(["-c", "import ionworks, polars"]).output();
        run.is_ok_and(|run| run.status.success())
    })
}

#[test]
fn both_clients_send_the_same() {
    let Some(python) = python() else {
        eprintln!("skipped: no Python with ionworks-api; CYCLERPREP_PYTHON names one");
        return;
    };
    let (server, folder) = (StandIn::start(), scratch("official"));
    scenario::prepare(&folder);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/platform/scenario.py");
    let run = Command::new(python).args([script, &server.url]).arg(&folder).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let found = scenario::lines(&server.take_requests());
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(scenario::RECORDED, &found).unwrap();
    }
    assert_eq!(found, scenario::recorded(), "UPDATE_FIXTURES=1 writes it anew");
    // What this client sends is held against the same file in `scenario.rs`.
    let read = cyclerprep::load::load_frame_file(folder.join("official.parquet"), &Default::default()).unwrap();
    assert!(read.equals_missing(&rows(30)), "{read:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_one_client_sends_the_other_reads() {
    let Some(python) = python() else {
        eprintln!("skipped: no Python with ionworks-api; CYCLERPREP_PYTHON names one");
        return;
    };
    let (server, folder) = (StandIn::start(), scratch("both-ways"));
    let client = client(&server);
    let cell = cell(&client);
    bundle(&folder.join("ours"), "ours", 50);
    let ours = client.upload_bundle(&cell, folder.join("ours"), &Default::default()).unwrap();
    let code = "
import os, sys
os.environ |= {'IONWORKS_API_KEY': 'secret-key-0815', 'IONWORKS_API_URL': sys.argv[1]}
import ionworks, polars as pl
c = ionworks.Ionworks()
rows = pl.read_parquet(sys.argv[4])
assert c.cell_measurement.time_series(sys.argv[3], use_cache=False).equals(rows)
print(c.cell_measurement.create(sys.argv[2], {'measurement': {'name': 'theirs'}, 'time_series': rows}, validate_strict=True).id)
";
    let file = folder.join("ours/time_series.parquet");
    let run =
        Command::new(python).args(["-c", code, &server.url, &cell, ours.record.id()]).arg(&file).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let id = String::from_utf8_lossy(&run.stdout).trim().to_owned();
    assert!(client.time_series(&id).unwrap().equals_missing(&rows(50)));
    std::fs::remove_dir_all(folder).unwrap();
}
