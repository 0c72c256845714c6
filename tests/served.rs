//! `prep view` without `-o`: who is answered, and that what is sent are the rows.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::support::fixtures;
use cyclerprep::{PrepareOptions, prepare};

/// A program that serves, until the test ends.
struct Served {
    program: Child,
    port: u16,
    /// Between slashes.
    path: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// What was answered.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Served {
    fn of(fixture: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_prep"))
            .args(["view", "--no-open", fixtures().join(fixture).to_str().unwrap()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let rest = address.trim().strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("{address:?}"));
        let (port, path) = rest.split_at(rest.find('/').unwrap());
        Self { program, port: port.parse().unwrap(), path: path.to_owned() }
    }

    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: all[end + 4..].to_vec() }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &format!("Host: 127.0.0.1:{}\r\n", self.port))
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.send(format!("{method} {path} HTTP/1.1\r\n{headers}\r\n").as_bytes())
    }
}

#[test]
fn the_address_leads_to_the_page_and_every_row_is_sent_as_it_is() {
    let served = Served::of("neware/flat.csv");
    let cell = prepare(fixtures().join("neware/flat.csv"), &PrepareOptions::default()).unwrap();
    let moved = served.get(&served.path);
    assert_eq!((moved.status, moved.header("Location")), (303, Some(format!("{}0/", served.path).as_str())));
    let page = served.get(&format!("{}0/", served.path));
    assert_eq!(page.status, 200);
    assert_eq!(page.header("Content-Length"), Some(page.body.len().to_string().as_str()));
    assert_eq!((page.header("Cache-Control"), page.header("Referrer-Policy")), (Some("no-store"), Some("no-referrer")));
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.starts_with("<!doctype html>") && text.contains("connect-src 'self'"));

    for (key, name) in [("time", "Time [s]"), ("voltage", "Voltage [V]"), ("current", "Current [A]")] {
        let wanted: Vec<f64> =
            cell.time_series.column(name).unwrap().f64().unwrap().iter().map(Option::unwrap).collect();
        let path = format!("{}0/rows/{key}", served.path);
        let numbers = |body: &[u8]| -> Vec<f64> {
            body.chunks_exact(8).map(|eight| f64::from_le_bytes(eight.try_into().unwrap())).collect()
        };
        let all = served.get(&path);
        assert_eq!((all.status, all.body.len()), (200, 8 * wanted.len()));
        assert_eq!(numbers(&all.body), wanted);
        let host = format!("Host: localhost:{}\r\n", served.port);
        let part = served.ask("GET", &path, &format!("{host}Range: bytes=80-159\r\n"));
        assert_eq!(part.status, 206);
        assert_eq!(part.header("Content-Range"), Some(format!("bytes 80-159/{}", all.body.len()).as_str()));
        assert_eq!(numbers(&part.body), wanted[10..20], "rows 10 to 19 of {name}");
        // A piece that begins and ends within a number.
        let odd = served.ask("GET", &path, &format!("{host}Range: bytes=13-41\r\n"));
        assert_eq!(odd.body, all.body[13..42]);
        let none = served.ask("GET", &path, &format!("{host}Range: bytes=99999999-\r\n"));
        assert_eq!(none.status, 416);
        let head = served.ask("HEAD", &path, &host);
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("Content-Length"), Some(all.body.len().to_string().as_str()));
    }
    for missing in ["0/rows/nothing", "1/", "0/rows/", "0/rows/voltage/x", "-1/", "0/../0/", "favicon.ico"] {
        assert_eq!(served.get(&format!("{}{missing}", served.path)).status, 404, "{missing}");
    }
}

#[test]
fn nobody_else_is_answered() {
    let served = Served::of("neware/flat.csv");
    let page = format!("{}0/", served.path);
    let token = served.path.trim_matches('/');
    assert!(token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit()), "{token}");
    let other = format!("/{}/0/", "0".repeat(32));
    for path in [
        "/",
        "/0/",
        "/favicon.ico",
        "/open/",
        &format!("/open/{token}"),
        &other,
        &page.to_uppercase().replace('F', "e"),
    ] {
        let refused = served.get(path);
        assert_eq!(refused.status, 403, "{path}");
        assert!(!String::from_utf8_lossy(&refused.body).contains(token));
    }
    // A name of elsewhere that leads to this machine.
    for host in ["example.org", "127.0.0.1.example.org", ""] {
        assert_eq!(served.ask("GET", &page, &format!("Host: {host}\r\n")).status, 421, "{host}");
    }
    let host = format!("Host: 127.0.0.1:{}\r\n", served.port);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "get", "X"] {
        let refused = served.ask(method, &page, &host);
        assert_eq!((refused.status, refused.header("Allow")), (405, Some("GET, HEAD")), "{method}");
    }
    assert_eq!(served.ask("GET", &page, "").status, 400, "without a host");
    assert_eq!(served.ask("GET", &page, &format!("{host}{host}")).status, 400, "with two");
    assert_eq!(served.send(b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n").status, 400, "as TLS begins");
    let long = format!("{host}X: {}\r\n", "y".repeat(9000));
    assert_eq!(served.ask("GET", &page, &long).status, 431);
    // Whoever connects and says nothing, or goes in the middle, is no trouble for others.
    let silent: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(("127.0.0.1", served.port)).unwrap()).collect();
    let mut half = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    half.write_all(b"GET /").unwrap();
    half.shutdown(Shutdown::Both).unwrap();
    assert_eq!(served.get(&page).status, 200);
    drop(silent);
}

#[test]
fn a_file_with_several_tests_has_a_list() {
    let served = Served::of("odd/two_channels.xlsx");
    let list = String::from_utf8(served.get(&served.path).body).unwrap();
    assert!(list.contains("<a href=\"0/\">two_channels.xlsx [") && list.contains("<a href=\"1/\">"), "{list}");
    assert_eq!(served.get(&format!("{}1/", served.path)).status, 200);
}

/// Six steps of 40 rows in which the voltage falls, rises, falls … by 0.6 V; in the third and the fourth the current has the other
/// sign.
fn turned() -> String {
    let mut text = "Test time (s),Voltage (V),Current (A),Step\n".to_owned();
    for row in 0..240 {
        let (step, k) = (row / 40, f64::from(row % 40));
        let way = if step % 2 == 0 { 1.0 } else { -1.0 };
        let current = if step == 2 || step == 3 { -way } else { way };
        text += &format!("{},{:.4},{current},{}\n", 60 * row, 3.6 - way * (k - 20.0) * 0.015, step + 1);
    }
    text
}

#[test]
fn what_cannot_be_served_says_why() {
    let prep = |arguments: &[&str]| {
        let got = Command::new(env!("CARGO_BIN_EXE_prep")).args(arguments).output().unwrap();
        (got.status.code(), String::from_utf8_lossy(&got.stderr).into_owned())
    };
    let file = fixtures().join("neware/flat.csv").to_string_lossy().into_owned();
    let out = std::env::temp_dir().join(format!("prep-served-{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    let invalid = out.join("turned.csv").to_string_lossy().into_owned();
    std::fs::write(&invalid, turned()).unwrap();
    assert_eq!(
        prep(&["convert", &invalid, "-o", out.join("bundles").to_str().unwrap(), "-q", "--pages", "--plot"]).0,
        Some(1)
    );
    let bundle = out.join("bundles/turned.csv");
    let mut names: Vec<_> = std::fs::read_dir(&bundle).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["overview.html", "overview.svg", "report.json"], "what is not valid is looked at");
    assert!(std::fs::read_to_string(bundle.join("overview.svg")).unwrap().contains("current_sign_indeterminate"));
    let (code, text) = prep(&["view", "--no-open", bundle.to_str().unwrap()]);
    let text = text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(code == Some(2) && text.contains("the measurement is not valid") && text.contains("turned.csv"), "{text}");
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, text) = prep(&["view", "--no-open", "--port", &port, &file]);
    assert!(code == Some(2) && text.contains(&port), "{text}");
    assert_eq!(prep(&["view", &file, "-o", "x.html", "--no-open"]).0, Some(2));
    std::fs::remove_dir_all(&out).unwrap();
}

/// What shows a measurement that is not valid beside the tables of an earlier run is of the last run, or is not there.
#[test]
fn what_stands_beside_older_tables_is_renewed_or_gone() {
    let out = std::env::temp_dir().join(format!("prep-beside-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(out.join("in")).unwrap();
    let convert = |text: &str, more: &[&str]| {
        std::fs::write(out.join("in/cell.csv"), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_prep"));
        command.args(["convert", "in", "-o", "out", "-q"]).args(more).current_dir(&out).output().unwrap().status.code()
    };
    let looks = || {
        let names = std::fs::read_dir(out.join("out/cell.csv")).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.retain(|name| name.starts_with("overview"));
        names.sort();
        names
    };
    let page = || std::fs::read_to_string(out.join("out/index.html")).unwrap();
    let valid = "time/s,voltage/V,current/A\n".to_owned()
        + &(0..40).map(|k| format!("{},{:.3},1\n", 60 * k, 3.9 - 0.01 * f64::from(k))).collect::<String>();
    assert_eq!(convert(&valid, &["--pages", "--plot"]), Some(0));
    assert_eq!(looks(), ["overview.html", "overview.svg"]);
    assert_eq!(convert(&turned(), &["--pages", "--plot"]), Some(1));
    assert_eq!(looks(), ["overview.html", "overview.invalid.html", "overview.invalid.svg", "overview.svg"]);
    assert!(page().contains(":\"overview.invalid.html\""));
    // Another content, and nobody asks for pictures: the old ones would show what is not there.
    let again = turned().replace("7140,", "7145,");
    assert_ne!(again, turned());
    assert_eq!(convert(&again, &[]), Some(1));
    assert_eq!(looks(), ["overview.html", "overview.svg"]);
    assert!(!page().contains(":\"overview."), "the tables' own picture is not of this content");
    std::fs::remove_dir_all(&out).unwrap();
}
