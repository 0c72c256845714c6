// A stand-in of the platform inside a test: it keeps everything in memory, records every request, and fails when it is told
// to. Tests and the examples of the documentation include this file, so it uses the standard library and what the crate itself
// depends on.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

/// A request as it came, its body unpacked.
#[derive(Debug, Clone)]
#[allow(dead_code)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: BTreeMap<String, String>,
    /// JSON, or `{"bytes": n}`.
    pub body: Value,
    raw: Arc<Vec<u8>>,
}

/// How a request goes wrong.
#[derive(Debug, Clone)]
#[allow(dead_code)]
pub enum Fault {
    /// The connection is cut before anything was done.
    CutBefore,
    /// It is done, and the connection is cut before the answer.
    CutAfter,
    /// It is not done; this status, and `Retry-After` where there is one.
    Status(u16, Option<&'static str>),
    /// It is done, and the answer is this status all the same: a gateway that was too slow.
    DoneBut(u16),
    /// It is done, and of the answer only so many bytes come.
    Short(usize),
    /// There is no answer until the other side is gone; whether it is done.
    Hang(bool),
}

struct Planned {
    part: String,
    /// Requests that pass before.
    skip: usize,
    times: usize,
    fault: Fault,
}

#[derive(Default)]
pub struct State {
    pub specifications: Vec<Map<String, Value>>,
    pub lots: Vec<Map<String, Value>>,
    pub cells: Vec<Map<String, Value>>,
    pub measurements: Vec<Map<String, Value>>,
    pub files: BTreeMap<String, Arc<Vec<u8>>>,
    requests: Vec<Request>,
    planned: Vec<Planned>,
    made: usize,
    connections: usize,
    /// What the platform says after a confirmation: a status, and an error, one after the other.
    pub processing: Vec<(&'static str, Option<&'static str>)>,
    /// Whether storage knows ranges.
    no_ranges: bool,
}

pub struct StandIn {
    pub url: String,
    state: Arc<Mutex<State>>,
}

/// Status, body, further headers.
type Answer = (u16, Vec<u8>, Vec<(&'static str, String)>);

#[allow(dead_code)]
impl StandIn {
    pub fn start() -> Self {
        Self::start_over("http", |stream| stream)
    }

    /// Behind what makes of a connection another one, such as TLS.
    pub fn start_over<S: Read + Write>(scheme: &str, over: impl Fn(TcpStream) -> S + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let over = Arc::new(over);
        let state = Arc::new(Mutex::new(State::default()));
        let (shared, base) = (state.clone(), url.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, base, over) = (shared.clone(), base.clone(), over.clone());
                shared.lock().unwrap_or_else(PoisonError::into_inner).connections += 1;
                let _ = stream.set_nodelay(true);
                std::thread::spawn(move || serve(over(stream), &shared, &base));
            }
        });
        Self { url, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came so far, and is forgotten.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().requests)
    }

    /// The next requests whose method and path hold this part fail.
    pub fn fail(&self, part: &str, skip: usize, times: usize, fault: Fault) {
        self.state().planned.push(Planned { part: part.to_owned(), skip, times, fault });
    }

    /// Faults that are still to come.
    pub fn pending(&self) -> usize {
        self.state().planned.iter().map(|planned| planned.times).sum()
    }

    pub fn heal(&self) {
        self.state().planned.clear();
    }

    pub fn without_ranges(self) -> Self {
        self.state().no_ranges = true;
        self
    }

    /// Connections that were made.
    pub fn connections(&self) -> usize {
        self.state().connections
    }
}

fn serve(stream: impl Read + Write, state: &Mutex<State>, base: &str) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let fault = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.requests.push(request.clone());
            planned(&mut state, &format!("{} {}", request.method, request.path))
        };
        let answer = match &fault {
            Some(Fault::CutBefore) => return,
            Some(Fault::Hang(is_done)) => {
                if *is_done {
                    answer(&mut state.lock().unwrap_or_else(PoisonError::into_inner), &request, base);
                }
                let _ = reader.read(&mut [0]);
                return;
            }
            Some(Fault::Status(status, wait)) => {
                let body = json!({"error_code": "SERVER_ERROR", "message": "asked to fail", "detail": null});
                let wait = wait.map(|wait| ("Retry-After", wait.to_owned()));
                (*status, body.to_string().into_bytes(), wait.into_iter().collect())
            }
            _ => answer(&mut state.lock().unwrap_or_else(PoisonError::into_inner), &request, base),
        };
        let (status, body, headers) = match fault {
            Some(Fault::CutAfter) => return,
            Some(Fault::DoneBut(status)) => (status, b"{}".to_vec(), Vec::new()),
            _ => answer,
        };
        let mime = if body.starts_with(b"{") { "application/json" } else { "application/octet-stream" };
        let mut head = format!("HTTP/1.1 {status} -\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let stream = reader.get_mut();
        if let Some(Fault::Short(count)) = fault {
            let _ = stream.write_all(format!("{head}\r\n").as_bytes()).and_then(|()| stream.write_all(&body[..count]));
            return;
        }
        if stream.write_all(format!("{head}\r\n").as_bytes()).and_then(|()| stream.write_all(&body)).is_err() {
            return;
        }
    }
}

fn planned(state: &mut State, what: &str) -> Option<Fault> {
    for planned in &mut state.planned {
        if planned.times > 0 && what.contains(&planned.part) {
            if planned.skip > 0 {
                planned.skip -= 1;
                continue;
            }
            planned.times -= 1;
            return Some(planned.fault.clone());
        }
    }
    None
}

fn read(reader: &mut BufReader<impl Read>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0usize);
    let mut raw = vec![0; length];
    reader.read_exact(&mut raw).ok()?;
    if headers.get("content-encoding").is_some_and(|name| name == "gzip") {
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(raw.as_slice()).read_to_end(&mut unpacked).ok()?;
        raw = unpacked;
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let body = match serde_json::from_slice(&raw) {
        Ok(body) => body,
        Err(_) if raw.is_empty() => Value::Null,
        Err(_) => json!({"bytes": raw.len()}),
    };
    Some(Request { method, path, query, headers, body, raw: Arc::new(raw) })
}

fn plain(text: &str) -> String {
    let (mut out, bytes) = (Vec::new(), text.as_bytes());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => out.push(b' '),
            b'%' => {
                out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).unwrap());
                at += 2;
            }
            byte => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8(out).unwrap()
}

fn ok(body: Value) -> Answer {
    (200, body.to_string().into_bytes(), Vec::new())
}

fn no(status: u16, code: &str, message: &str, detail: Value) -> Answer {
    let body = json!({"error_code": code, "message": message, "detail": detail});
    (status, body.to_string().into_bytes(), Vec::new())
}

fn missing() -> Answer {
    no(404, "NOT_FOUND", "no such thing", Value::Null)
}

fn text<'m>(record: &'m Map<String, Value>, field: &str) -> &'m str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn answer(state: &mut State, request: &Request, base: &str) -> Answer {
    let path: Vec<String> = request.path.trim_matches('/').split('/').map(plain).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let body = request.body.clone();
    let now = jiff_now();
    if path[0] == "storage" {
        return storage(state, request, &path[1..].join("/"));
    }
    if request.headers.get("x-api-key").is_none_or(|key| key == "wrong-key") {
        return no(403, "FORBIDDEN", "missing or invalid API key", Value::Null);
    }
    state.made += 1;
    let id = format!("id-{}", state.made);
    let changes_of = |fields: &Value| fields.as_object().cloned().unwrap_or_default();
    let make = |table: &mut Vec<Map<String, Value>>, parent: Option<(&str, &str)>, fields: Map<String, Value>| {
        let name = text(&fields, "name").to_owned();
        if name.is_empty() || name.chars().count() > 255 {
            return Err(no(400, "BAD_REQUEST", "name: between 1 and 255 characters", Value::Null));
        }
        let is_sibling = |other: &&Map<String, Value>| {
            text(other, "name") == name && parent.is_none_or(|(key, parent)| text(other, key) == parent)
        };
        if let Some(other) = table.iter().find(is_sibling) {
            let detail = json!({"resource_name": name, "existing_id": other["id"]});
            return Err(no(409, "CONFLICT", "a record with this name already exists", detail));
        }
        let mut record = Map::from_iter([("id".to_owned(), json!(id))]);
        record.extend(fields);
        record.extend(parent.map(|(key, parent)| (key.to_owned(), json!(parent))));
        for (name, value) in [("created_at", &now), ("updated_at", &now)] {
            record.insert(name.to_owned(), json!(value));
        }
        record.insert("organization_id".to_owned(), json!("org"));
        table.push(record.clone());
        Ok(record)
    };
    let told = |made: Result<Map<String, Value>, Answer>| made.map_or_else(|no| no, |made| ok(made.into()));
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["cell_specifications"]) => told(make(&mut state.specifications, None, changes_of(&body))),
        ("GET", ["cell_specifications"]) => page(&state.specifications, None, &request.query),
        ("POST", ["cell_specifications", key, kind @ ("cell_batches" | "cell_instances")]) => {
            if !state.specifications.iter().any(|one| text(one, "id") == *key) {
                return missing();
            }
            let table = if *kind == "cell_batches" { &mut state.lots } else { &mut state.cells };
            told(make(table, Some(("cell_specification_id", key)), changes_of(&body)))
        }
        ("GET", ["cell_specifications", key, kind @ ("cell_batches" | "cell_instances")]) => {
            let table = if *kind == "cell_batches" { &state.lots } else { &state.cells };
            page(table, Some(("cell_specification_id", key)), &request.query)
        }
        ("GET", ["cell_instances", key, "cell_measurements"]) => {
            let is_there = |one: &&Map<String, Value>| text(one, "processing_status") != "pending";
            let there: Vec<_> = state.measurements.iter().filter(is_there).cloned().collect();
            page(&there, Some(("cell_instance_id", key)), &request.query)
        }
        ("POST", ["cell_instances", key, "cell_measurements", verb @ ("create" | "initiate-upload")]) => {
            if !state.cells.iter().any(|one| text(one, "id") == *key) {
                return missing();
            }
            let is_upload = *verb == "initiate-upload";
            let mut fields = changes_of(if is_upload { &body["measurement"] } else { &body });
            let kind = body.get("measurement_type").cloned().unwrap_or(json!("time_series"));
            fields.insert("measurement_type".to_owned(), kind);
            fields.insert("processing_status".to_owned(), if is_upload { json!("pending") } else { Value::Null });
            let made = match make(&mut state.measurements, Some(("cell_instance_id", key)), fields) {
                Ok(made) => made,
                Err(no) => return no,
            };
            if !is_upload {
                return ok(made.into());
            }
            let names = body.get("filenames").and_then(Value::as_array).cloned();
            let names = names.unwrap_or(vec![json!("time_series.parquet"), json!("steps.parquet")]);
            ok(uploads(base, text(&made, "id"), &names))
        }
        ("POST", ["cell_measurements", "tags", "bulk"]) => {
            ok(json!({"updated_count": body["measurement_ids"].as_array().map_or(0, Vec::len)}))
        }
        ("POST", ["cell_measurements", key, "initiate-extend"]) => {
            if !state.measurements.iter().any(|one| text(one, "id") == *key) {
                return missing();
            }
            ok(uploads(base, key, &[json!("time_series_extend.parquet")]))
        }
        ("POST", ["cell_measurements", key, "confirm-upload"]) => confirm(state, key, &body),
        ("POST", ["cell_measurements", key, "confirm-extend"]) => extend(state, key),
        ("GET", ["cell_measurements", key, table @ ("time_series" | "steps"), "download"]) => {
            if !state.files.contains_key(&format!("{key}/{table}.parquet")) {
                return missing();
            }
            (302, Vec::new(), vec![("Location", signed(base, key, &format!("{table}.parquet")))])
        }
        ("GET", ["cell_measurements", key, "cycles"]) if known(state, key) => {
            ok(json!({"cycles": {"Cycle count": [0]}}))
        }
        ("GET", ["cell_measurements", key, "steps_and_cycles"]) if known(state, key) => {
            let steps = state.files.get(&format!("{key}/steps.parquet")).map_or(json!({"Step count": [0]}), |file| {
                let frame = frame(file);
                let counts: Vec<i64> = frame.column("Step count").unwrap().i64().unwrap().iter().flatten().collect();
                json!({ "Step count": counts })
            });
            ok(json!({"steps": steps, "cycles": {"Cycle count": [0]}}))
        }
        ("GET", ["cell_measurements", key, "files"]) if known(state, key) => {
            let names = state.files.keys().filter_map(|name| name.strip_prefix(&format!("{key}/")));
            ok(json!({"filenames": names.collect::<Vec<_>>()}))
        }
        ("GET", ["cell_measurements", key, "files", name]) if known(state, key) => {
            (302, Vec::new(), vec![("Location", signed(base, key, name))])
        }
        (method @ ("GET" | "PATCH" | "DELETE"), [kind, key]) => {
            let next = (request.query.contains("include_steps") && !state.processing.is_empty())
                .then(|| state.processing.remove(0));
            let table = match *kind {
                "cell_specifications" => &mut state.specifications,
                "cell_batches" => &mut state.lots,
                "cell_instances" => &mut state.cells,
                "cell_measurements" => &mut state.measurements,
                _ => return missing(),
            };
            let Some(at) = table.iter().position(|one| text(one, "id") == *key) else { return missing() };
            match method {
                "PATCH" => table[at].extend(changes_of(&body)),
                "DELETE" => {
                    table.remove(at);
                    state.files.retain(|name, _| !name.starts_with(&format!("{key}/")));
                    return ok(json!({}));
                }
                _ => {
                    if let Some((status, error)) = next {
                        table[at].insert("processing_status".to_owned(), json!(status));
                        table[at].insert("processing_error".to_owned(), json!(error));
                    }
                }
            }
            ok(table[at].clone().into())
        }
        _ => missing(),
    }
}

fn jiff_now() -> String {
    jiff::Timestamp::now().to_string()
}

fn known(state: &State, key: &str) -> bool {
    state.measurements.iter().any(|one| text(one, "id") == key)
}

fn signed(base: &str, key: &str, name: &str) -> String {
    format!("{base}/storage/{key}/{}?token=signed", name.replace(' ', "%20"))
}

fn uploads(base: &str, key: &str, names: &[Value]) -> Value {
    let place = |name: &Value| {
        let name = name.as_str().unwrap();
        json!({"filename": name, "signed_url": signed(base, key, name), "token": "signed", "path": format!("{key}/{name}")})
    };
    json!({"measurement_id": key, "uploads": names.iter().map(place).collect::<Vec<_>>()})
}

fn storage(state: &mut State, request: &Request, key: &str) -> Answer {
    assert!(!request.headers.contains_key("x-api-key") || is_python(request), "the key went to storage");
    if request.query != "token=signed" {
        return no(403, "FORBIDDEN", "signature is wrong", Value::Null);
    }
    if request.method == "PUT" {
        state.files.insert(key.to_owned(), request.raw.clone());
        return ok(json!({}));
    }
    let Some(file) = state.files.get(key) else { return missing() };
    let range = request.headers.get("range").filter(|_| !state.no_ranges);
    let Some((from, to)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        return (200, file.to_vec(), Vec::new());
    };
    let size = file.len();
    let (from, to) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Err(_), Ok(last)) => (size.saturating_sub(last), size),
        (Ok(from), Ok(to)) => (from, (to + 1).min(size)),
        (Ok(from), Err(_)) => (from, size),
        _ => return no(416, "BAD_REQUEST", "range", Value::Null),
    };
    let range = format!("bytes {from}-{}/{size}", to - 1);
    (206, file[from..to].to_vec(), vec![("Content-Range", range)])
}

fn is_python(request: &Request) -> bool {
    request.headers.get("user-agent").is_some_and(|agent| agent.contains("python"))
}

fn confirm(state: &mut State, key: &str, body: &Value) -> Answer {
    let names = body.get("filenames").and_then(Value::as_array).cloned();
    for name in names.unwrap_or(vec![json!("time_series.parquet")]) {
        let name = name.as_str().unwrap().to_owned();
        if !state.files.contains_key(&format!("{key}/{name}")) {
            return no(400, "BAD_REQUEST", &format!("{name} was not uploaded"), Value::Null);
        }
    }
    let Some(found) = state.measurements.iter_mut().find(|one| text(one, "id") == key) else { return missing() };
    found.extend(body["measurement"].as_object().cloned().unwrap_or_default());
    let status = if state.processing.is_empty() { "ready" } else { "processing" };
    found.insert("processing_status".to_owned(), json!(status));
    let mut told = found.clone();
    let cell = state.cells.iter().find(|one| text(one, "id") == text(&told, "cell_instance_id"));
    told.insert("instance".to_owned(), cell.cloned().unwrap_or_default().into());
    told.insert("steps_created".to_owned(), json!(0));
    ok(told.into())
}

fn frame(file: &[u8]) -> polars::prelude::DataFrame {
    use polars::prelude::{ParquetReader, SerReader};
    ParquetReader::new(std::io::Cursor::new(file.to_vec())).finish().unwrap()
}

fn extend(state: &mut State, key: &str) -> Answer {
    let Some(more) = state.files.remove(&format!("{key}/time_series_extend.parquet")) else {
        return no(400, "BAD_REQUEST", "time_series_extend.parquet was not uploaded", Value::Null);
    };
    let name = format!("{key}/time_series.parquet");
    let mut all = frame(&state.files[&name]);
    all.vstack_mut(&frame(&more)).unwrap();
    let mut bytes = Vec::new();
    polars::prelude::ParquetWriter::new(&mut bytes).finish(&mut all).unwrap();
    state.files.insert(name, Arc::new(bytes));
    let found = state.measurements.iter_mut().find(|one| text(one, "id") == key).unwrap();
    found.insert("updated_at".to_owned(), json!(jiff_now()));
    let mut told = found.clone();
    told.insert("steps_created".to_owned(), json!(0));
    let cell = state.cells.iter().find(|one| text(one, "id") == text(&told, "cell_instance_id"));
    told.insert("instance".to_owned(), cell.cloned().unwrap_or_default().into());
    ok(told.into())
}

fn page(rows: &[Map<String, Value>], parent: Option<(&str, &str)>, query: &str) -> Answer {
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), plain(value)))
        .collect();
    let one = |name: &str| pairs.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let (limit, offset) = (
        one("limit").map_or(1000, |text| text.parse().unwrap()),
        one("offset").map_or(0, |text| text.parse().unwrap()),
    );
    if !(1..=1000).contains(&limit) {
        return no(400, "BAD_REQUEST", "limit: between 1 and 1000", Value::Null);
    }
    let is_meant = |row: &&Map<String, Value>| {
        pairs.iter().all(|(name, value)| match name.as_str() {
            "limit" | "offset" | "order_by" | "order" | "project_id" => true,
            "tags_all" | "tags_any" => {
                row.get("tags").and_then(Value::as_array).is_some_and(|tags| tags.contains(&json!(value)))
            }
            name => match (name.strip_suffix("_gt"), name.strip_suffix("_lt")) {
                (Some(field), _) => text(row, field) > value.as_str(),
                (_, Some(field)) => !text(row, field).is_empty() && text(row, field) < value.as_str(),
                _ => match (value.strip_prefix("ilike.%"), value.strip_prefix("eq.")) {
                    (Some(part), _) => {
                        text(row, name).to_lowercase().contains(&part.trim_end_matches('%').to_lowercase())
                    }
                    (_, Some(all)) => text(row, name) == all,
                    _ => text(row, name) == value,
                },
            },
        })
    };
    let mut found: Vec<_> = rows
        .iter()
        .filter(|row| parent.is_none_or(|(key, parent)| text(row, key) == parent))
        .filter(is_meant)
        .collect();
    if let Some(column) = one("order_by") {
        found.sort_by(|a, b| text(a, column).cmp(text(b, column)));
        if one("order") == Some("desc") {
            found.reverse();
        }
    }
    let total = found.len();
    let items: Vec<_> = found.into_iter().skip(offset).take(limit).collect();
    ok(json!({"items": items, "count": items.len(), "total": total}))
}
