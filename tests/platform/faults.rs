//! Every request of an upload, broken in every way: the run that meets the fault, and the one after it.

use std::path::Path;

use cyclerprep::platform::{Client, PlatformError, Receipt, UploadOptions, UploadState, UploadStatus};

use super::stand_in::{Fault, StandIn};
use super::{bundle, cell, client, rows, scratch};

/// The requests of an upload, by a part of their method and path.
const REQUESTS: [&str; 4] = ["initiate-upload", "/time_series.parquet", "/steps.parquet", "confirm-upload"];

fn faults() -> Vec<(&'static str, Fault)> {
    vec![
        ("cut before", Fault::CutBefore),
        ("cut after", Fault::CutAfter),
        ("503", Fault::Status(503, None)),
        ("429, wait", Fault::Status(429, Some("0"))),
        ("429", Fault::Status(429, None)),
        ("403", Fault::Status(403, None)),
        ("500", Fault::Status(500, None)),
        ("done, but 504", Fault::DoneBut(504)),
    ]
}

fn receipt(folder: &Path) -> Option<Receipt> {
    serde_json::from_slice(&std::fs::read(folder.join("upload.json")).ok()?).ok()
}

fn options() -> UploadOptions {
    let mut options = UploadOptions::default();
    options.extends = true;
    options
}

fn upload(client: &Client, cell: &str, folder: &Path) -> Result<UploadStatus, PlatformError> {
    client.upload_bundle(cell, folder, &options()).map(|sent| sent.status)
}

/// One measurement, ready, with all its files and a receipt that names it.
fn assert_whole(server: &StandIn, folder: &Path, count: usize, what: &str) {
    let state = server.state();
    assert_eq!(state.measurements.len(), 1, "{what}");
    let made = &state.measurements[0];
    assert_eq!(made["processing_status"], "ready", "{what}");
    let id = made["id"].as_str().unwrap();
    let mut names: Vec<_> = state.files.keys().cloned().collect();
    names.sort();
    assert_eq!(names, [format!("{id}/steps.parquet"), format!("{id}/time_series.parquet")], "{what}");
    let bytes = state.files[&format!("{id}/time_series.parquet")].to_vec();
    let source = cyclerprep::Source::from_bytes("there", bytes);
    let there = cyclerprep::load::load_frame(&source).unwrap().unwrap();
    assert!(there.equals_missing(&rows(count)), "{what}");
    let receipt = receipt(folder).unwrap_or_else(|| panic!("{what}: no receipt"));
    assert_eq!((receipt.state, receipt.measurement_id.as_deref()), (UploadState::Done, Some(id)), "{what}");
}

#[test]
fn a_fault_that_passes_is_overcome_or_the_next_run_finishes() {
    let mut table = String::new();
    for part in REQUESTS {
        for (name, fault) in faults() {
            for times in [1, usize::MAX] {
                let (server, folder) = (StandIn::start(), scratch("fault"));
                let client = client(&server);
                let cell = cell(&client);
                bundle(&folder, "F", 20);
                server.fail(part, 0, times, fault.clone());
                let what = format!("{part}, {name}, {}", if times == 1 { "once" } else { "always" });
                let first = upload(&client, &cell, &folder);
                server.heal();
                if first.is_ok() {
                    assert_whole(&server, &folder, 20, &what);
                }
                let second = upload(&client, &cell, &folder).unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_whole(&server, &folder, 20, &what);
                assert!(first.is_err() || second == UploadStatus::Skipped, "{what}: {second:?}");
                let first = first.map_or_else(|_| "fails", UploadStatus::as_str);
                table += &format!("{what}: {first}, then {}\n", second.as_str());
                std::fs::remove_dir_all(folder).unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn faults_of_an_extension_add_no_rows_twice() {
    for part in ["initiate-extend", "time_series_extend", "confirm-extend", "GET"] {
        for (name, fault) in faults() {
            for times in [1, usize::MAX] {
                let what = format!("{part}, {name}, {times}");
                let (server, folder) = (StandIn::start(), scratch("grown"));
                let client = client(&server);
                let cell = cell(&client);
                bundle(&folder, "F", 20);
                upload(&client, &cell, &folder).unwrap();
                bundle(&folder, "F", 35);
                server.fail(part, 0, times, fault.clone());
                let first = upload(&client, &cell, &folder);
                server.heal();
                let second = upload(&client, &cell, &folder).unwrap_or_else(|error| panic!("{what}: {error}"));
                assert!(first.is_err() || second == UploadStatus::Skipped, "{what}");
                let id = receipt(&folder).unwrap().measurement_id.unwrap();
                assert!(client.time_series(&id).unwrap().equals_missing(&rows(35)), "{what}");
                assert_eq!(server.state().measurements.len(), 1, "{what}");
                std::fs::remove_dir_all(folder).unwrap();
            }
        }
    }
}

/// Rows that all have the time of the last row that is there, and its values: only their number tells whether they were added.
#[test]
fn rows_of_one_time_are_neither_lost_nor_added_twice() {
    for (name, fault) in faults() {
        let (server, folder) = (StandIn::start(), scratch("one-time"));
        let client = client(&server);
        bundle(&folder, "F", 20);
        let id = client.upload_bundle(&cell(&client), &folder, &options()).unwrap().record.id().to_owned();
        let more = rows(20).slice(19, 1);
        let more = more.vstack(&more).unwrap();
        server.fail("confirm-extend", 0, 1, fault);
        let told = client.extend(&id, &more);
        let there = client.time_series(&id).unwrap().height();
        // A refusal leaves everything as it was; without an answer it is found out.
        assert_eq!(there, if told.is_ok() { 22 } else { 20 }, "{name}: {told:?}");
        assert_eq!(told.is_ok(), !["429", "403"].contains(&name), "{name}: {told:?}");
        // Rows whose times differ are told by these: nothing is read beforehand.
        server.heal();
        server.take_requests();
        client.extend(&id, &rows(25).slice(20, 5)).unwrap();
        assert!(server.take_requests().iter().all(|one| !one.headers.contains_key("range")), "{name}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_receipt_is_not_needed_and_not_lost() {
    let (server, folder) = (StandIn::start(), scratch("receipt"));
    let client = client(&server);
    let cell = cell(&client);
    bundle(&folder, "F", 20);
    assert_eq!(upload(&client, &cell, &folder).unwrap(), UploadStatus::Created);
    // Without it the rows are compared.
    std::fs::remove_file(folder.join("upload.json")).unwrap();
    assert_eq!(upload(&client, &cell, &folder).unwrap(), UploadStatus::Skipped);
    assert_whole(&server, &folder, 20, "compared");
    // Other content under the same name is refused with both names, and the receipt stays.
    let before = receipt(&folder);
    bundle(&folder, "F", 10);
    let error = upload(&client, &cell, &folder).unwrap_err();
    assert!(matches!(&error, PlatformError::Differs { name, .. } if name == "F"), "{error}");
    assert!(error.to_string().contains(&folder.display().to_string()), "{error}");
    assert_eq!(receipt(&folder), before);
    // What grew is refused until it is asked for.
    bundle(&folder, "F", 30);
    let error = client.upload_bundle(&cell, &folder, &UploadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("the first 20 of the 30 rows"), "{error}");
    assert_eq!(upload(&client, &cell, &folder).unwrap(), UploadStatus::Extended);
    // It was deleted there: it is sent again.
    let id = receipt(&folder).unwrap().measurement_id.unwrap();
    client.measurements(&cell).delete(&id).unwrap();
    assert_eq!(upload(&client, &cell, &folder).unwrap(), UploadStatus::Created);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_upload_of_somebody_else_is_left_alone() {
    let (server, folder) = (StandIn::start(), scratch("theirs"));
    let client = client(&server);
    let cell = cell(&client);
    bundle(&folder.join("a"), "F", 20);
    server.fail("PUT", 0, usize::MAX, Fault::CutBefore);
    upload(&client, &cell, &folder.join("a")).unwrap_err();
    server.heal();
    bundle(&folder.join("b"), "F", 20);
    let error = upload(&client, &cell, &folder.join("b")).unwrap_err();
    assert!(error.to_string().contains("--take-over"), "{error}");
    assert!(!folder.join("b/upload.json").exists());
    let mut options = options();
    options.takes_over = true;
    client.upload_bundle(&cell, folder.join("b"), &options).unwrap();
    assert_whole(&server, &folder.join("b"), 20, "taken over");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_key_is_shown_nowhere() {
    let (server, folder) = (StandIn::start(), scratch("key"));
    let client = client(&server);
    let mut told = format!("{client:?} {:?}", client.settings());
    let cell = cell(&client);
    bundle(&folder, "F", 20);
    for part in REQUESTS {
        for (_, fault) in faults() {
            server.fail(part, 0, usize::MAX, fault);
            if let Err(error) = upload(&client, &cell, &folder) {
                let error = format!("{error} {error:?}");
                // A signed address is a secret too.
                assert!(!error.contains("token=signed"), "{error}");
                told += &error;
            }
            server.heal();
        }
    }
    let sent = client.upload_bundle(&cell, &folder, &options()).unwrap();
    told += &format!("{sent:?} {}", std::fs::read_to_string(folder.join("upload.json")).unwrap());
    assert!(!told.contains(super::KEY));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_the_platform_would_refuse_is_not_sent() {
    use serde_json::json;
    let (server, folder) = (StandIn::start(), scratch("bad"));
    let client = client(&server);
    let cell = cell(&client);
    server.take_requests();
    let long = "x".repeat(256);
    let told = [
        client.cells("s").create(&json!({"name": long})).unwrap_err().to_string(),
        client
            .create_properties(&cell, &json!({"name": "P", "properties": {"mass": {"value": 3}}}))
            .unwrap_err()
            .to_string(),
        client
            .create_properties(&cell, &json!({"name": "P", "properties": {"mass": {"value": "3", "unit": "g"}}}))
            .unwrap_err()
            .to_string(),
        client.create_properties(&cell, &json!({"name": "P", "properties": {}})).unwrap_err().to_string(),
        client.specifications().get(" ").unwrap_err().to_string(),
        client.extend("m", &rows(0)).unwrap_err().to_string(),
        client.specifications().list(&cyclerprep::platform::Filter::default().page(1001, 0)).unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(told.join("\n"));
    std::fs::write(folder.join("a.png"), b"GIF89a").unwrap();
    let error = client.create_files(&cell, &json!({"name": "SEM"}), &[folder.join("a.png")], true).unwrap_err();
    assert!(error.to_string().contains("expected a picture of type image/png in \"a.png\""), "{error}");
    // A step whose time begins at 50 s: the checks refuse it.
    bundle(&folder.join("late"), "F", 20);
    let mut file = std::fs::File::create(folder.join("late/time_series.parquet")).unwrap();
    cyclerprep::bundle::write_parquet(&rows(20).slice(5, 10), &Default::default(), &mut file).unwrap();
    let error = client.upload_bundle(&cell, folder.join("late"), &options()).unwrap_err();
    assert!(matches!(error, PlatformError::Invalid(_)), "{error}");
    assert!(server.take_requests().is_empty());
    std::fs::remove_dir_all(folder).unwrap();
}
