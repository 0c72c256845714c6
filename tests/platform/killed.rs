//! A run that is killed while it waits for an answer: the next one finishes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::stand_in::{Fault, StandIn};
use super::{KEY, bundle, rows, scratch};

#[test]
fn a_run_that_is_killed_at_any_request_is_finished_by_the_next() {
    let requests = [
        "GET /cell_specifications",
        "POST /cell_specifications",
        "cell_instances",
        "initiate-upload",
        "/time_series.parquet",
        "/steps.parquet",
        "confirm-upload",
    ];
    for part in requests {
        for is_done in [false, true] {
            let what = format!("{part}, done: {is_done}");
            let (server, folder) = (StandIn::start(), scratch("killed"));
            bundle(&folder.join("F"), "F", 20);
            let run = || {
                let mut command = Command::new(env!("CARGO_BIN_EXE_prep"));
                let to = ["--cell-spec", "NMC", "--form-factor", "R2032", "--cell", "cell 1", "-q"];
                command.args(["upload", "F"]).args(to).current_dir(&folder).stdout(Stdio::null());
                command.env("IONWORKS_API_URL", &server.url).env("IONWORKS_API_KEY", KEY).spawn().unwrap()
            };
            server.fail(part, 0, 1, Fault::Hang(is_done));
            let (mut killed, start) = (run(), Instant::now());
            while server.pending() > 0 {
                assert!(start.elapsed() < Duration::from_secs(60), "{what}: it was never asked");
                std::thread::sleep(Duration::from_millis(5));
            }
            // What was asked is recorded, and done where it shall be, before the other side goes.
            std::thread::sleep(Duration::from_millis(30));
            killed.kill().unwrap();
            killed.wait().unwrap();
            assert!(run().wait().unwrap().success(), "{what}");
            let state = server.state();
            assert_eq!((state.specifications.len(), state.cells.len(), state.measurements.len()), (1, 1, 1), "{what}");
            assert_eq!(state.measurements[0]["processing_status"], "ready", "{what}");
            assert_eq!(state.files.len(), 2, "{what}");
            let name = format!("{}/time_series.parquet", state.measurements[0]["id"].as_str().unwrap());
            let source = cyclerprep::Source::from_bytes("there", state.files[&name].to_vec());
            assert!(cyclerprep::load::load_frame(&source).unwrap().unwrap().equals_missing(&rows(20)), "{what}");
            let receipt = std::fs::read_to_string(folder.join("F/upload.json")).unwrap();
            assert!(receipt.contains("\"done\"") && !receipt.contains(KEY), "{what}: {receipt}");
            drop(state);
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}
