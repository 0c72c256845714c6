//! The way to the platform through TLS: whom it trusts, and what it says of others.
//!
//! `tls/root.pem` signed itself, `tls/server.pem` is signed by it for `localhost` and 127.0.0.1; both hold from 2020 to 2120.
//! Nothing else trusts them, and the root's key is thrown away.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use cyclerprep::platform::{Client, UploadStatus};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::stand_in::StandIn;
use super::{KEY, bundle, cell, rows, scratch, settings};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/platform/tls").join(name)
}

fn server() -> StandIn {
    let chain = vec![CertificateDer::from_pem_file(file("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file("server.key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    StandIn::start_over("https", move |stream: TcpStream| {
        StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream)
    })
}

#[test]
fn an_own_root_certificate_is_trusted_when_it_is_named() {
    let (server, folder) = (server(), scratch("tls"));
    bundle(&folder, "F", 20);
    let settings = settings(&server).with_root_certificates(file("root.pem")).unwrap();
    let client = Client::new(settings).unwrap();
    let cell = cell(&client);
    let sent = client.upload_bundle(&cell, &folder, &Default::default()).unwrap();
    assert_eq!(sent.status, UploadStatus::Created);
    // Reading by ranges, and the file as a whole, go the same way.
    assert!(client.time_series(sent.record.id()).unwrap().equals_missing(&rows(20)));
    assert_eq!(client.time_series_rows(sent.record.id(), 3..5).unwrap().height(), 2);
    assert_eq!(server.connections(), 1);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn without_it_nothing_is_sent_and_the_error_says_what_to_do() {
    let server = server();
    let error = Client::new(settings(&server)).unwrap().specifications().get("x").unwrap_err().to_string();
    assert!(error.contains("GET /cell_specifications/x: no authority that is trusted here"), "{error}");
    assert!(error.contains("IONWORKS_CA_BUNDLE") && error.contains("UnknownIssuer"), "{error}");
    assert!(!error.contains(KEY), "{error}");
    assert!(server.take_requests().is_empty());
    // It was tried once: another attempt meets the same certificate.
    assert_eq!(server.connections(), 1);
}

#[test]
fn the_environment_names_it_as_for_other_programs() {
    let (server, folder) = (server(), scratch("tls-environment"));
    let names = ["IONWORKS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"];
    let run = |set: &[(&str, PathBuf)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prep"));
        command.args(["platform", "list", "specifications", "--json"]).current_dir(&folder);
        names.iter().for_each(|name| _ = command.env_remove(name));
        command.env("IONWORKS_API_URL", &server.url).env("IONWORKS_API_KEY", KEY);
        let output = command.envs(set.iter().map(|(name, path)| (name, path))).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for name in names {
        assert_eq!(run(&[(name, file("root.pem"))]).0, Some(0), "{name}");
    }
    // A folder of such files; the first name that is set counts.
    assert_eq!(run(&[("REQUESTS_CA_BUNDLE", file("")), ("SSL_CERT_FILE", file("gone"))]).0, Some(0));
    let (code, told) = run(&[]);
    assert!(code == Some(2) && told.contains("IONWORKS_CA_BUNDLE"), "{told}");
    // A certificate that signed nothing here, a file that is none, and one that is not there.
    let (code, told) = run(&[("IONWORKS_CA_BUNDLE", file("server.pem")), ("SSL_CERT_FILE", file("root.pem"))]);
    assert!(code == Some(2) && told.contains("invalid peer certificate"), "{told}");
    std::fs::write(folder.join("notes.txt"), "no certificate").unwrap();
    let (code, told) = run(&[("CURL_CA_BUNDLE", folder.join("notes.txt"))]);
    assert!(code == Some(2) && told.contains("CURL_CA_BUNDLE=") && told.contains("BEGIN CERTIFICATE"), "{told}");
    let (code, told) = run(&[("SSL_CERT_FILE", file("gone"))]);
    assert!(code == Some(2) && told.contains("SSL_CERT_FILE="), "{told}");
    std::fs::remove_dir_all(folder).unwrap();
}
