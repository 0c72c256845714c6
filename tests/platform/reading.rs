//! Reading back: the cache, what is cut on the way, processing that takes its time or fails, pages, large bodies.

use std::time::Duration;

use cyclerprep::platform::{ApiCode, Cache, Client, Filter, PlatformError, UploadOptions, UploadStatus};
use serde_json::json;

use super::stand_in::{Fault, StandIn};
use super::{bundle, cell, client, rows, scratch, settings};

#[test]
fn tables_are_kept_for_a_while() {
    let (server, folder) = (StandIn::start(), scratch("cache"));
    bundle(&folder.join("F"), "F", 20);
    let cache = Cache::in_folder(folder.join("cache"));
    let with = |cache: &Cache| Client::new(settings(&server).with_cache(cache.clone())).unwrap();
    let client = with(&cache);
    let cell = cell(&client);
    let id = client.upload_bundle(&cell, folder.join("F"), &Default::default()).unwrap().record.id().to_owned();
    let asked = |client: &Client, count: usize| {
        server.take_requests();
        assert!(client.time_series(&id).unwrap().equals_missing(&rows(count)));
        server.take_requests().len()
    };
    // The platform and its storage; the file that is kept; both again when it is too old or nothing is kept.
    assert_eq!([asked(&client, 20), asked(&client, 20)], [2, 0]);
    assert_eq!(asked(&with(&cache.clone().kept_for(Some(Duration::ZERO))), 20), 2);
    assert_eq!(asked(&with(&Cache::none()), 20), 2);
    assert_eq!(asked(&with(&cache.clone().kept_for(None)), 20), 0);
    // What changed is not served from it.
    client.extend(&id, &rows(25).slice(20, 5)).unwrap();
    assert_eq!([asked(&client, 25), asked(&client, 25)], [2, 0]);
    std::fs::write(folder.join("cache/theirs.parquet"), "x").unwrap();
    client.steps(&id).unwrap();
    assert_eq!(cache.clear().unwrap(), 2);
    assert!(folder.join("cache/theirs.parquet").is_file());
    assert_eq!(asked(&client, 25), 2);
    // A damaged file is read anew.
    let kept = std::fs::read_dir(folder.join("cache")).unwrap().map(|entry| entry.unwrap().path());
    let kept = kept.filter(|path| !path.ends_with("theirs.parquet")).collect::<Vec<_>>();
    std::fs::write(&kept[0], "PAR1 is not all").unwrap();
    assert_eq!(asked(&client, 25), 2);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_download_that_is_cut_goes_on_where_it_stopped() {
    for server in [StandIn::start(), StandIn::start().without_ranges()] {
        let (client, folder) = (client(&server), scratch("cut"));
        bundle(&folder, "F", 2000);
        let mut options = UploadOptions::default();
        options.validate.skip.push("time_gaps".to_owned());
        let id = client.upload_bundle(&cell(&client), &folder, &options).unwrap().record.id().to_owned();
        server.fail("GET /storage", 0, 2, Fault::Short(1000));
        let mut bytes = Vec::new();
        client.copy_time_series(&id, &mut bytes).unwrap();
        assert!(bytes == std::fs::read(folder.join("time_series.parquet")).unwrap(), "{} bytes", bytes.len());
        // For ever: an error, no half of a table.
        server.fail("GET /storage", 0, 99, Fault::Short(0));
        assert!(matches!(client.time_series(&id), Err(PlatformError::NoAnswer { .. })));
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// The end of a file is asked for alone; what comes after a cut is the rest of that end.
#[test]
fn an_end_that_is_cut_goes_on_where_it_stopped() {
    let (server, folder) = (StandIn::start(), scratch("cut-end"));
    let client = client(&server);
    bundle(&folder, "F", 200);
    let id = client.upload_bundle(&cell(&client), &folder, &UploadOptions::default()).unwrap().record.id().to_owned();
    // A longer file of the same name, as the platform's own processing would write: noise, so that it stays long.
    let mut noise = 7u64;
    let mut next = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (noise >> 11) as f64
    };
    let long: Vec<f64> = (0..60_000).map(|_| next()).collect();
    let long = polars::df!("Time [s]" => (0..60_000).map(f64::from).collect::<Vec<_>>(), "noise" => long).unwrap();
    let file = folder.join("long.parquet");
    cyclerprep::bundle::write_file_atomically(&file, |to| {
        cyclerprep::bundle::write_parquet(&long, &Default::default(), to)
    })
    .unwrap();
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.len() > 300_000, "{}", bytes.len());
    for (name, stored) in &mut server.state().files {
        if name.ends_with("time_series.parquet") {
            *stored = bytes.clone().into();
        }
    }
    server.fail("GET /storage", 0, 2, Fault::Short(1000));
    assert!(client.time_series_rows(&id, 59_000..59_010).unwrap().equals(&long.slice(59_000, 10)));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn processing_is_waited_for_and_its_failure_told() {
    let (server, folder) = (StandIn::start(), scratch("processing"));
    let client = client(&server);
    let cell = cell(&client);
    let upload = |name: &str| client.upload_bundle(&cell, folder.join(name), &UploadOptions::default());
    bundle(&folder.join("slow"), "slow", 20);
    server.state().processing = vec![("processing", None), ("ready", None)];
    assert_eq!(upload("slow").unwrap().record.text("processing_status"), Some("ready"));

    bundle(&folder.join("bad"), "bad", 20);
    server.state().processing = vec![("failed", Some("no column"))];
    let error = upload("bad").unwrap_err();
    assert!(
        matches!(&error, PlatformError::Processing { message, .. } if message.starts_with("no column; `prep platform delete")),
        "{error}"
    );
    // It is not sent again on top of it.
    server.take_requests();
    assert!(matches!(upload("bad").unwrap_err(), PlatformError::Processing { .. }));
    assert!(server.take_requests().iter().all(|one| one.method == "GET"));

    // A run that does not wait leaves the rest to the next one.
    bundle(&folder.join("later"), "later", 20);
    server.state().processing = vec![("processing", None); 1];
    let mut options = UploadOptions::default();
    options.waits = false;
    let sent = client.upload_bundle(&cell, folder.join("later"), &options).unwrap();
    assert_eq!(sent.record.text("processing_status"), Some("processing"));
    server.state().processing = vec![("ready", None)];
    assert_eq!(upload("later").unwrap().status, UploadStatus::Completed);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn pages_follow_each_other_and_an_unfiltered_list_asks_once() {
    let server = StandIn::start();
    let client = client(&server);
    for number in 0..7 {
        client.specifications().create(&json!({"name": format!("S{number}")})).unwrap();
    }
    server.take_requests();
    let names = |filter: Filter| -> Vec<String> {
        client.specifications().all(&filter).map(|one| one.unwrap().name().to_owned()).collect()
    };
    assert_eq!(names(Filter::default()).len(), 7);
    assert_eq!(names(Filter::default().order_by("name", true).page(3, 0)), ["S6", "S5", "S4", "S3", "S2", "S1", "S0"]);
    let queries: Vec<_> = server.take_requests().into_iter().map(|one| one.query).collect();
    assert_eq!(queries[0], "");
    assert_eq!(queries[3], "limit=3&offset=6&order_by=name&order=desc");
    assert_eq!(queries.len(), 4);
}

#[test]
fn a_large_body_is_compressed_and_a_conflict_is_typed() {
    let server = StandIn::start();
    let client = client(&server);
    let notes = "x".repeat(600_000);
    let made = client.specifications().create(&json!({"name": "big", "notes": notes})).unwrap();
    assert_eq!(made.text("notes").map(str::len), Some(600_000));
    let sent = &server.take_requests()[0];
    assert_eq!(sent.headers["content-encoding"], "gzip");
    assert!(sent.headers["content-length"].parse::<usize>().unwrap() < 10_000);
    let error = client.specifications().create(&json!({"name": "big"})).unwrap_err();
    let refusal = error.api().unwrap();
    assert_eq!((&refusal.code, refusal.existing_id.as_deref()), (&ApiCode::Conflict, Some(made.id())));
    // A record that was made without an answer is that record, no conflict.
    server.fail("POST", 0, 1, Fault::CutAfter);
    assert_eq!(client.specifications().create(&json!({"name": "new"})).unwrap().name(), "new");
    assert_eq!(server.state().specifications.len(), 2);
}
