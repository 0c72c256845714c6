//! One scenario, driven by this client and by the platform's own: both send the same requests.
//!
//! `requests.txt` holds what the platform's own client sent (`UPDATE_FIXTURES=1` with its Python beside writes it anew). What is
//! left out of the comparison, and why:
//! - headers: each client names itself, and the other one sends the key to storage when it reads; this one never does.
//! - the bytes of Parquet files: the writers differ.

use std::path::Path;

use cyclerprep::platform::{Client, Filter, UploadOptions, UploadStatus};
use polars::prelude::DataFrame;
use serde_json::{Value, json};

use super::stand_in::{Request, StandIn};
use super::{KEY, bundle, client, rows, scratch};

/// What the scenario reads: three bundles, a picture, rows to add.
pub fn prepare(folder: &Path) {
    for name in ["F0", "F1", "F2"] {
        bundle(&folder.join(name), name, 20);
    }
    std::fs::write(folder.join("a b.png"), b"\x89PNG\r\n\x1a\n and more").unwrap();
    let mut file = std::fs::File::create(folder.join("more.parquet")).unwrap();
    cyclerprep::bundle::write_parquet(&rows(30).slice(20, 10), &Default::default(), &mut file).unwrap();
}

/// The requests as lines, with ids by their order.
pub fn lines(requests: &[Request]) -> String {
    let (mut ids, mut out) = (Vec::<String>::new(), String::new());
    for request in requests {
        let body = if request.body.get("bytes").is_some() { json!("a file") } else { sorted(&request.body) };
        let line = format!("{} {}?{} {body}", request.method, request.path, request.query);
        let mut rest = line.as_str();
        while let Some(at) = rest.find("id-") {
            let digits = rest[at + 3..].bytes().take_while(u8::is_ascii_digit).count();
            let id = &rest[at..at + 3 + digits];
            let place = ids.iter().position(|known| known == id).unwrap_or_else(|| {
                ids.push(id.to_owned());
                ids.len() - 1
            });
            out += &format!("{}#{place}", &rest[..at]);
            rest = &rest[at + 3 + digits..];
        }
        out += &format!("{rest}\n");
    }
    out
}

/// The order of fields means nothing.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().collect())
        }
        other => other.clone(),
    }
}

/// The file of the requests of the platform's own client.
pub const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/platform/requests.txt");

pub fn recorded() -> String {
    std::fs::read_to_string(RECORDED).unwrap()
}

/// The scenario; the rows that were read back.
pub fn run(client: &Client, folder: &Path) -> DataFrame {
    let specifications = client.specifications();
    let nmc =
        json!({"name": "NMC/Gr", "form_factor": "R2032", "ratings": {"capacity": {"value": 0.005, "unit": "A*h"}}});
    let spec = specifications.create(&nmc).unwrap();
    assert_eq!(specifications.create_or_get(&nmc).unwrap().id(), spec.id());
    specifications.get(spec.id()).unwrap();
    let lots = client.lots(spec.id());
    let lot = lots.create(&json!({"name": "lot 1"})).unwrap();
    assert_eq!(lots.create_or_get(&json!({"name": "lot 1"})).unwrap().id(), lot.id());
    let cells = client.cells(spec.id());
    let measured = json!({"capacity": {"value": 0.0049, "unit": "A*h"}});
    let one = json!({"name": "cell 1", "batch_id": lot.id(), "date_manufactured": "2026-01-05", "measured_properties": measured});
    let one = cells.create(&one).unwrap();
    let two = cells.create_or_get(&json!({"name": "cell 2"})).unwrap();
    assert_eq!(cells.create_or_get(&json!({"name": "cell 2"})).unwrap(), two);
    cells.update(one.id(), &json!({"notes": "x"})).unwrap();
    let made: Vec<String> = ["F0", "F1", "F2"]
        .iter()
        .map(|name| {
            let sent = client.upload_bundle(one.id(), folder.join(name), &UploadOptions::default()).unwrap();
            assert_eq!((sent.status, sent.record.name()), (UploadStatus::Created, *name));
            sent.record.id().to_owned()
        })
        .collect();
    let first = made[0].as_str();
    let properties = json!({"mass": {"value": 45.3, "unit": "g"}, "look": "fine", "n": 3});
    let weight = json!({"name": "P", "properties": properties, "notes": "w", "test_setup": {"lab": "L"}});
    let weight = client.create_properties(one.id(), &weight).unwrap();
    let picture = folder.join("a b.png");
    let sem = client.create_files(one.id(), &json!({"name": "SEM", "notes": "w"}), &[&picture], true).unwrap();
    client.extend(first, &rows(30).slice(20, 10)).unwrap();
    let (a, b) = ("2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z");
    let times = |filter: Filter| {
        let filter = filter.created_after(a).created_before(b).updated_after(a).updated_before(b);
        filter.order_by("name", true).page(5, 1)
    };
    let part = Filter::default().name("m").created_by_email("jane");
    specifications.list(&times(part).form_factor("R2032")).unwrap();
    cells.list(&times(Filter::default().name("50% a_b*")).lot_id(lot.id())).unwrap();
    let measurements = client.measurements(one.id());
    let tagged = Filter::default().measurement_type("time_series").tag("x").any_tag("y").any_tag("z").name("F");
    measurements.list(&times(tagged).started_after(a).started_before(b)).unwrap();
    cells.list(&Filter::default().name_exact("k & l")).unwrap();
    measurements.update(first, &json!({"notes": "new"})).unwrap();
    assert_eq!(client.tag(&[first], &["q"], &[]).unwrap(), 1);
    let back = client.time_series(first).unwrap();
    assert_eq!(client.steps(&made[1]).unwrap().height(), 1);
    assert_eq!(client.cycles(first).unwrap().height(), 1);
    client.steps_and_cycles(&made[1]).unwrap();
    assert_eq!(client.files(sem.id()).unwrap(), ["a b.png"]);
    let mut content = Vec::new();
    client.copy_file(sem.id(), "a b.png", &mut content).unwrap();
    assert_eq!(content, std::fs::read(&picture).unwrap());
    client.wait_for_processing(first).unwrap();
    measurements.delete(weight.id()).unwrap();
    cells.delete(one.id()).unwrap();
    lots.delete(lot.id()).unwrap();
    specifications.delete(spec.id()).unwrap();
    back
}

#[test]
fn the_requests_are_those_of_the_platforms_own_client() {
    let (server, folder) = (StandIn::start(), scratch("scenario"));
    prepare(&folder);
    let back = run(&client(&server), &folder);
    assert!(back.equals_missing(&rows(30)), "{back:?}");
    let requests = server.take_requests();
    let recorded = recorded();
    let found = lines(&requests);
    for (number, (ours, theirs)) in found.lines().zip(recorded.lines()).enumerate() {
        assert_eq!(ours, theirs, "request {}", number + 1);
    }
    assert_eq!(found.lines().count(), recorded.lines().count());
    for request in &requests {
        let has_key = request.headers.get("x-api-key").is_some_and(|key| key == KEY);
        assert_eq!(has_key, !request.path.starts_with("/storage/"), "{} {}", request.method, request.path);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn rows_are_read_by_ranges_and_without_them() {
    for server in [StandIn::start(), StandIn::start().without_ranges()] {
        let (folder, client) = (scratch("ranges"), client(&server));
        // Two million rows of three columns that say little: several groups of rows, and a file above 256 kB.
        let count = 2_000_000;
        bundle(&folder.join("long"), "long", count);
        let mut options = UploadOptions::default();
        options.validate.strict = false;
        let id =
            client.upload_bundle(&super::cell(&client), folder.join("long"), &options).unwrap().record.id().to_owned();
        let size = std::fs::metadata(folder.join("long/time_series.parquet")).unwrap().len();
        assert!(size > 256 << 10, "{size}");
        server.take_requests();
        let found = client.time_series_rows(&id, 300_000..300_010).unwrap();
        assert!(found.equals_missing(&rows(count).slice(300_000, 10)));
        assert_eq!(client.time_series_rows(&id, count - 3..count + 5).unwrap().height(), 3);
        let asked: Vec<_> =
            server.take_requests().into_iter().filter_map(|one| one.headers.get("range").cloned()).collect();
        assert_eq!(asked[0], "bytes=-262144");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
