//! `prep upload`, `prep fetch`, `prep platform`, as scripts call them.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::stand_in::{Fault, StandIn};
use super::{KEY, bundle, rows, scratch};
use crate::support::json_schema::assert_valid;

/// Runs `prep` against the stand-in, in a folder. Nothing that it says holds the key.
fn prep(server: &StandIn, folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_prep"))
        .args(arguments)
        .current_dir(folder)
        .env("IONWORKS_API_URL", &server.url)
        .env("IONWORKS_API_KEY", KEY)
        .env_remove("IONWORKS_PROJECT_ID")
        .output()
        .unwrap();
    let told = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    assert!(!String::from_utf8_lossy(&told).contains(KEY));
    let schema = match arguments {
        ["platform", "get", ..] => Some("record.json"),
        _ if !arguments.contains(&"--json") => None,
        ["upload", ..] => Some("upload-run.json"),
        ["fetch", ..] => Some("fetch-run.json"),
        ["platform", "list", ..] => Some("records.json"),
        ["platform", "delete", ..] => Some("deleted.json"),
        _ => None,
    };
    if let Some(schema) = schema.filter(|_| !output.stdout.is_empty()) {
        assert_valid(&json(&output), schema);
    }
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", told(output)))
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const TO: [&str; 6] = ["--cell-spec", "NMC", "--form-factor", "R2032", "--cell", "cell 1"];

fn upload(server: &StandIn, folder: &Path, more: &[&str]) -> Output {
    prep(server, folder, &[&["upload", "F"], &TO[..], more].concat())
}

#[test]
fn a_bundle_goes_there_once_grows_and_comes_back() {
    let (server, folder) = (StandIn::start(), scratch("command"));
    bundle(&folder.join("F"), "F", 20);
    let first = upload(&server, &folder, &["--json", "--rated-capacity", "0.1", "--lot", "lot 1"]);
    assert_eq!(first.status.code(), Some(0), "{}", told(&first));
    let json = json(&first);
    let receipt = std::fs::read(folder.join("F/upload.json")).unwrap();
    assert!(!String::from_utf8_lossy(&receipt).contains(KEY));
    assert_valid(&serde_json::from_slice(&receipt).unwrap(), "upload.json");
    assert_eq!((&json["files"][0]["status"], &json["summary"]["created"]), (&"created".into(), &1.into()));
    let id = json["files"][0]["measurement_id"].as_str().unwrap().to_owned();
    {
        let state = server.state();
        assert_eq!(state.specifications[0]["ratings"]["capacity"]["value"], 0.1);
        assert_eq!(state.cells[0]["batch_id"], state.lots[0]["id"]);
        assert_eq!(state.measurements[0]["test_setup"]["channel_number"], 3);
    }
    server.take_requests();
    // The receipt is asked for and nothing is sent.
    let again = upload(&server, &folder, &[]);
    assert_eq!((again.status.code(), told(&again).starts_with("skipped F")), (Some(0), true), "{}", told(&again));
    assert!(server.take_requests().iter().all(|one| one.method != "PUT" && !one.path.contains("initiate")));

    bundle(&folder.join("F"), "F", 35);
    let refused = upload(&server, &folder, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        told(&refused).contains("it has the first 20 of the 35 rows of F; --extend adds the others"),
        "{}",
        told(&refused)
    );
    let grown = upload(&server, &folder, &["--extend"]);
    assert!(grown.status.success() && told(&grown).starts_with("extended F: 35 rows"), "{}", told(&grown));

    let back = prep(&server, &folder, &["fetch", &id, "-o", "back", "--json"]);
    assert_eq!(back.status.code(), Some(0), "{}", told(&back));
    let read =
        |name: &str| cyclerprep::load::load_frame_file(folder.join("back/F").join(name), &Default::default()).unwrap();
    assert!(read("time_series.parquet").equals_missing(&rows(35)));
    // It is fetched over itself, over nothing else.
    assert_eq!(prep(&server, &folder, &["fetch", &id, "-o", "back"]).status.code(), Some(0));
    assert_eq!(prep(&server, &folder, &["fetch", &id, "-o", "."]).status.code(), Some(2));
    // What was fetched is there already.
    let round = prep(&server, &folder, &[&["upload", "back/F"], &TO[..]].concat());
    assert!(told(&round).starts_with("skipped back/F"), "{}", told(&round));
    assert_eq!(server.state().measurements.len(), 1);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn records_are_listed_shown_and_deleted() {
    let (server, folder) = (StandIn::start(), scratch("records"));
    bundle(&folder.join("F"), "F", 20);
    assert!(upload(&server, &folder, &[]).status.success());
    let all = json(&prep(&server, &folder, &["platform", "list", "specifications", "--name", "nm", "--json"]));
    assert_eq!((&all["count"], &all["items"][0]["name"]), (&1.into(), &"NMC".into()));
    let cell = server.state().cells[0]["id"].as_str().unwrap().to_owned();
    let listed = prep(&server, &folder, &["platform", "list", "measurements", &cell, "--type", "time_series"]);
    let id = server.state().measurements[0]["id"].as_str().unwrap().to_owned();
    assert!(String::from_utf8_lossy(&listed.stdout).starts_with(&id));
    let specification = server.state().specifications[0]["id"].as_str().unwrap().to_owned();
    let of = specification.as_str();
    for arguments in [&["specifications"][..], &["cells", of], &["lots", of], &["measurements", &cell]] {
        let listed = prep(&server, &folder, &[&["platform", "list"], arguments, &["--json"]].concat());
        assert_eq!(listed.status.code(), Some(0), "{}", told(&listed));
    }
    for (kind, one) in [("specification", of), ("cell", &cell)] {
        assert_eq!(json(&prep(&server, &folder, &["platform", "get", kind, one, "--json"]))["id"], one);
    }
    assert_eq!(json(&prep(&server, &folder, &["platform", "get", "measurement", &id]))["name"], "F");
    // Without a word that it is meant nothing goes.
    assert_eq!(prep(&server, &folder, &["platform", "delete", "measurement", &id]).status.code(), Some(2));
    assert_eq!(server.state().measurements.len(), 1);
    let deleted = prep(&server, &folder, &["platform", "delete", "measurement", &id, "--yes", "--json"]);
    assert_eq!(json(&deleted)["id"], id);
    assert_eq!(server.state().measurements.len(), 0);
    assert_eq!(prep(&server, &folder, &["platform", "get", "measurement", &id]).status.code(), Some(2));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_plan_says_what_goes_where() {
    let (server, folder) = (StandIn::start(), scratch("plan"));
    bundle(&folder.join("out/a"), "A", 20);
    bundle(&folder.join("out/b"), "B", 20);
    let index = serde_json::json!({"schema": "prep-index/1", "measurements": [
        {"output": "a", "name": "A", "barcode": "cell 1", "schedule": "CC, slow"}, {"output": "gone", "name": "C"},
        {"output": "b", "name": "B", "barcode": null, "schedule": null},
    ]});
    std::fs::write(folder.join("out/index.json"), index.to_string()).unwrap();
    let template = prep(&server, &folder, &["upload", "--plan-template", "out"]);
    let expected = "bundle,specification,lot,cell,name,notes,protocol,ambient temperature\n\
                    out/a,,,cell 1,A,,\"CC, slow\",\nout/b,,,,B,,,\n";
    assert_eq!(String::from_utf8_lossy(&template.stdout), expected);
    // Not filled in: told, and nothing is sent.
    std::fs::write(folder.join("plan.csv"), expected).unwrap();
    let refused = prep(&server, &folder, &["upload", "--plan", "plan.csv"]);
    assert_eq!((refused.status.code(), server.take_requests().len()), (Some(2), 0));
    assert!(told(&refused).contains("line 2: expected a specification, found none"), "{}", told(&refused));
    for wrong in ["bundle,specification,cel\n", "bundle,specification,cell\nout/a,NMC,c\nout/gone,NMC,c\n"] {
        std::fs::write(folder.join("wrong.csv"), wrong).unwrap();
        let refused = prep(&server, &folder, &["upload", "--plan", "wrong.csv"]);
        assert_eq!((refused.status.code(), server.take_requests().len()), (Some(2), 0), "{wrong}");
    }
    let plan = "bundle;specification;lot;cell;name;notes;protocol;ambient temperature\n\
                out/a;NMC;lot 1;cell 1;A 2;one;\"CC; slow\";25,5\nout/b;NMC;lot 1;cell 2;;;;\n";
    std::fs::write(folder.join("plan.csv"), plan).unwrap();
    let typo = prep(&server, &folder, &["upload", "--plan", "plan.csv"]);
    assert_eq!(typo.status.code(), Some(2));
    assert!(told(&typo).contains("expected the name of a specification, found \"NMC\""), "{}", told(&typo));
    let sent = prep(&server, &folder, &["upload", "--plan", "plan.csv", "--form-factor", "R2032"]);
    assert_eq!(sent.status.code(), Some(0), "{}", told(&sent));
    let state = server.state();
    let names: Vec<_> = state.cells.iter().map(|cell| cell["name"].as_str().unwrap()).collect();
    assert_eq!((state.specifications.len(), state.lots.len(), names.len()), (1, 1, 2));
    let one = state.measurements.iter().find(|one| one["name"] == "A 2").unwrap();
    assert_eq!(one["protocol"], serde_json::json!({"name": "CC; slow", "ambient_temperature_degc": 25.5}));
    drop(state);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_wrong_ends_before_a_request() {
    let (server, folder) = (StandIn::start(), scratch("wrong"));
    bundle(&folder.join("F"), "F", 20);
    let code = |arguments: &[&str]| prep(&server, &folder, arguments).status.code();
    assert_eq!(code(&["upload", "F", "--cell", "c"]), Some(2));
    assert_eq!(code(&["upload", "F", "--cell-spec", "s"]), Some(2));
    assert_eq!(code(&["upload", "gone", "--cell-id", "c"]), Some(2));
    assert_eq!(code(&["platform", "list", "measurements"]), Some(2));
    // Two bundles of one name at one cell.
    bundle(&folder.join("both/a"), "F", 20);
    bundle(&folder.join("both/b"), "F", 20);
    assert_eq!(code(&["upload", "both", "--cell-id", "c"]), Some(2));
    let dry = upload(&server, &folder, &["--dry-run"]);
    assert_eq!(dry.status.code(), Some(0), "{}", told(&dry));
    assert!(String::from_utf8_lossy(&dry.stdout).contains("PUT time_series.parquet ("));
    assert!(!folder.join("F/upload.json").exists());
    // A refused check: time does not begin at 0.
    let mut file = std::fs::File::create(folder.join("F/time_series.parquet")).unwrap();
    cyclerprep::bundle::write_parquet(&rows(20).slice(5, 10), &Default::default(), &mut file).unwrap();
    let invalid = upload(&server, &folder, &[]);
    assert_eq!(invalid.status.code(), Some(1), "{}", told(&invalid));
    assert!(told(&invalid).contains("time_does_not_start_at_zero"), "{}", told(&invalid));
    assert_eq!(server.take_requests().len(), 0);
    // A wrong key, and none at all.
    bundle(&folder.join("F"), "F", 20);
    let run = |key: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prep"));
        command.args([&["upload", "F"], &TO[..]].concat()).current_dir(&folder);
        command.env("IONWORKS_API_URL", &server.url).env("IONWORKS_API_KEY", key).output().unwrap()
    };
    let wrong = run("wrong-key");
    assert!(wrong.status.code() == Some(2) && told(&wrong).contains("403 FORBIDDEN"), "{}", told(&wrong));
    assert!(!told(&wrong).contains("wrong-key"));
    // An id of nothing.
    for arguments in [&["fetch", "gone", "-o", "back"][..], &["upload", "F", "--cell-id", "gone"]] {
        let unknown = prep(&server, &folder, arguments);
        assert!(unknown.status.code() == Some(2) && told(&unknown).contains("404 NOT_FOUND"), "{}", told(&unknown));
    }
    assert!(!folder.join("back").exists() && !folder.join("F/upload.json").exists());
    assert!(server.take_requests().iter().all(|one| one.method != "PUT"));
    let none = run("");
    assert!(none.status.code() == Some(2) && told(&none).contains("IONWORKS_API_KEY"), "{}", told(&none));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_file_env_gives_address_and_key() {
    let (server, folder) = (StandIn::start(), scratch("dotenv"));
    std::fs::write(
        folder.join(".env"),
        format!("IONWORKS_API_URL=\"{}\"\nexport IONWORKS_API_KEY={KEY}\n", server.url),
    )
    .unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_prep"))
        .args(["platform", "list", "specifications", "--json"])
        .current_dir(&folder)
        .env_remove("IONWORKS_API_URL")
        .env_remove("IONWORKS_API_KEY")
        .output()
        .unwrap();
    assert_eq!(json(&run)["count"], 0, "{}", told(&run));
    assert_eq!(server.take_requests()[0].headers["x-api-key"], KEY);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn many_bundles_share_connections_and_a_run_that_fails_is_finished_by_the_next() {
    let (server, folder) = (StandIn::start(), scratch("many"));
    let count = 60;
    for number in 0..count {
        bundle(&folder.join(format!("out/{number:03}")), &format!("M{number}"), 20);
    }
    server.fail("PUT", 40, 25, Fault::Status(403, None));
    let arguments = [&["upload", "out", "--json", "--jobs", "3"], &TO[..]].concat();
    let first = json(&prep(&server, &folder, &arguments));
    assert!(first["summary"]["failed"].as_u64().unwrap() > 0, "{first}");
    server.heal();
    let second = json(&prep(&server, &folder, &arguments));
    assert_eq!(second["summary"]["failed"], 0, "{second}");
    let state = server.state();
    assert_eq!(state.measurements.len(), count);
    assert!(state.measurements.iter().all(|one| one["processing_status"] == "ready"));
    assert_eq!(state.files.len(), 2 * count, "no file without its measurement");
    drop(state);
    assert!(server.connections() < 20, "{}", server.connections());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_would_be_lost_is_refused() {
    let (server, folder) = (StandIn::start(), scratch("lost"));
    bundle(&folder.join("F"), "F", 20);
    bundle(&folder.join("G"), "G", 30);
    std::fs::write(folder.join("plan.csv"), "bundle,specification,cell\nF,NMC,cell 1\n").unwrap();
    // A plan says which cell and which name: another word for it would be passed over.
    let both = prep(&server, &folder, &["upload", "--plan", "plan.csv", "--cell", "cell 2"]);
    assert_eq!((both.status.code(), told(&both).contains("cannot be used with")), (Some(2), true), "{}", told(&both));
    assert!(server.take_requests().is_empty());

    let send = |name: &str, cell: &str| {
        let to = ["--cell-spec", "NMC", "--form-factor", "R2032", "--cell", cell, "--name", "formation", "--json"];
        let sent = json(&prep(&server, &folder, &[&["upload", name], &to[..]].concat()));
        sent["files"][0]["measurement_id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (send("F", "cell 1"), send("G", "cell 2"));
    let fetched = prep(&server, &folder, &["fetch", &first, &second, "-o", "back", "--force", "--json"]);
    assert_eq!(fetched.status.code(), Some(2), "{}", told(&fetched));
    let fetched = json(&fetched);
    assert_eq!((&fetched["files"][0]["status"], &fetched["files"][1]["status"]), (&"fetched".into(), &"failed".into()));
    let stored = std::fs::read(folder.join("back/formation/measurement.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&stored).unwrap()["id"], first);
    std::fs::remove_dir_all(folder).unwrap();
}
