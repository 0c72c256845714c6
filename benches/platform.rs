//! What `prep upload` and `prep fetch` cost, against a server in this process.
//!
//! `cargo bench --bench platform` sends a thousand bundles of 50 kB; `cargo bench --bench platform -- large` makes one whose
//! Parquet file has 2 GB (`large 0.5`: half a GB), and tells checking, sending and fetching apart. Memory is the most that was
//! resident (`VmHWM` of Linux; 0 elsewhere).
#![allow(clippy::print_stdout)]

#[path = "../tests/support/stand_in.rs"]
mod stand_in;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use cyclerprep::bundle::write_parquet;
use cyclerprep::platform::{Client, Settings};
use polars::prelude::{DataFrame, df};
use serde_json::json;

use stand_in::StandIn;

const TO: [&str; 7] = ["--cell-spec", "NMC", "--form-factor", "R2032", "--cell", "cell 1", "--no-progress"];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => bundles(1000),
        ["large"] => large(2.0),
        ["large", size] => large(size.parse().unwrap()),
        ["send", url, cell, file] => send(url, cell, file),
        other => panic!("expected nothing or large, found {other:?}"),
    }
}

/// A discharge at 1 A, a row each tenth of a second, with the noise of an instrument: nothing that could be compressed away.
fn rows(count: usize, seed: u64) -> DataFrame {
    let noise = |column: u64| {
        let mut state = (seed * 7 + column).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 53) as f64
        }
    };
    let (mut volts, mut amperes, mut degrees) = (noise(1), noise(2), noise(3));
    let column = |make: &mut dyn FnMut(usize) -> f64| (0..count).map(make).collect::<Vec<f64>>();
    df!(
        "Time [s]" => column(&mut |row| row as f64 / 10.0),
        "Voltage [V]" => column(&mut |row| 4.2 - row as f64 / count as f64 + 1e-3 * volts()),
        "Current [A]" => column(&mut |_| 1.0 + 1e-4 * amperes()),
        "Temperature [degC]" => column(&mut |_| 25.0 + 0.1 * degrees()),
        "Step count" => vec![0i64; count],
        "Cycle count" => vec![0i64; count],
    )
    .unwrap()
}

fn bundle(folder: &Path, name: &str, count: usize, seed: u64) -> u64 {
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join("time_series.parquet");
    write_parquet(&rows(count, seed), &Default::default(), &mut File::create(&path).unwrap()).unwrap();
    std::fs::write(folder.join("measurement.json"), json!({ "name": name }).to_string()).unwrap();
    path.metadata().unwrap().len()
}

fn scratch() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("prep-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a program and tells how long it took and how much memory it had.
fn run(what: &str, program: &str, arguments: &[&str], server: &StandIn) {
    let clock = Instant::now();
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).env("IONWORKS_API_KEY", "key").env("IONWORKS_API_URL", &server.url);
    let mut child = command.spawn().unwrap();
    let (status, mut peak) = (format!("/proc/{}/status", child.id()), 0u64);
    let code = loop {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0));
        if let Some(code) = child.try_wait().unwrap() {
            break code;
        }
        sleep(Duration::from_millis(2));
    };
    assert!(code.success(), "{what}: {code}");
    println!("{what:40} {:8.2} s {:8.0} MB", clock.elapsed().as_secs_f64(), peak as f64 * 1.024e-3);
}

fn bundles(count: usize) {
    let (server, folder, prep) = (StandIn::start(), scratch(), env!("CARGO_BIN_EXE_prep"));
    let out = folder.join("out");
    let bytes: u64 = (0..count).map(|i| bundle(&out.join(format!("{i:04}")), &format!("M{i}"), 2200, i as u64)).sum();
    println!("{count} bundles of {:.1} kB", bytes as f64 / count as f64 / 1000.0);
    let arguments = [&["upload", out.to_str().unwrap(), "-q"], &TO[..]].concat();
    run("sent", prep, &arguments, &server);
    let (requests, connections) = (server.take_requests().len(), server.connections());
    println!("{requests} requests over {connections} connections; {} measurements", server.state().measurements.len());
    run("again: nothing to do", prep, &arguments, &server);
    println!("{} requests over {} connections", server.take_requests().len(), server.connections() - connections);
    run("checked only (--dry-run)", prep, &[&arguments[..], &["--dry-run"]].concat(), &server);
    std::fs::remove_dir_all(folder).unwrap();
}

fn large(gigabytes: f64) {
    let (server, folder, prep) = (StandIn::start(), scratch(), env!("CARGO_BIN_EXE_prep"));
    let (cell, file) = (folder.join("F"), folder.join("F/time_series.parquet"));
    let sample = bundle(&cell, "F", 1_000_000, 1) as f64 / 1e6;
    let count = (gigabytes * 1e9 / sample) as usize;
    let bytes = bundle(&cell, "F", count, 1);
    println!("{count} rows, {:.2} GB of Parquet, {:.2} GB in memory", bytes as f64 / 1e9, count as f64 * 48e-9);
    let arguments = [&["upload", cell.to_str().unwrap(), "-q"], &TO[..]].concat();
    run("checked only (upload --dry-run)", prep, &[&arguments[..], &["--dry-run"]].concat(), &server);
    run("checked and sent (upload)", prep, &arguments, &server);
    let (id, of) = {
        let state = server.state();
        let text = |field: &str| state.measurements[0][field].as_str().unwrap().to_owned();
        (text("id"), text("cell_instance_id"))
    };
    run("fetched (fetch)", prep, &["fetch", &id, "-o", folder.join("back").to_str().unwrap(), "-q"], &server);
    let own = std::env::current_exe().unwrap();
    run(
        "sent without a check (create_files)",
        own.to_str().unwrap(),
        &["send", &server.url, &of, file.to_str().unwrap()],
        &server,
    );
    std::fs::remove_dir_all(folder).unwrap();
}

fn send(url: &str, cell: &str, file: &str) {
    Client::new(Settings::new(url, "key"))
        .unwrap()
        .create_files(cell, &json!({"name": "file"}), &[file], false)
        .unwrap();
}
