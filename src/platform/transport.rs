//! Requests and answers over one pool of connections: time-outs, repetitions, and where the key goes.

use std::io::{Read, Write};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use ureq::http::{Request, Response};
use ureq::{Agent, Body, SendBody};

use super::encode;
use super::problem::{ApiError, PlatformError, Result};
use super::retry::{self, LONGEST, Missed};
use super::roots;
use super::settings::Settings;
use crate::error::{Error, ErrorKind};

/// A body of more JSON than this is sent compressed.
const LARGE: usize = 512 * 1024;

/// How long a connection may take, and how long nothing may come or go on it.
const CONNECT: Duration = Duration::from_secs(15);
const SILENCE: Duration = Duration::from_secs(60);

/// How long the platform may think before it answers.
const ANSWER: Duration = Duration::from_secs(120);

/// The most that an answer in JSON may hold.
const JSON_LIMIT: u64 = 256 << 20;

/// What is sent to a signed address: opened anew for every attempt.
pub(super) trait Sendable {
    fn bytes(&self) -> u64;
    fn open(&self) -> Result<Box<dyn Read + '_>>;
}

/// One request of the API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a [(String, String)],
    pub body: Option<&'a Value>,
}

impl<'a> Call<'a> {
    pub(super) fn get(path: &'a str) -> Self {
        Self { method: "GET", path, query: &[], body: None }
    }

    pub(super) fn with_body(method: &'a str, path: &'a str, body: &'a Value) -> Self {
        Self { method, path, query: &[], body: Some(body) }
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// An answer that is no refusal.
pub(super) type Answer = Response<Body>;

/// Which bytes of a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bytes {
    Last(u64),
    /// From the first on, to the second and without it.
    Between(u64, u64),
}

/// What came of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copied {
    pub is_part: bool,
    /// Where the part begins.
    pub from: u64,
    /// Bytes of the whole file.
    pub total: u64,
}

#[derive(Debug)]
pub(super) struct Transport {
    agent: Agent,
    settings: Settings,
}

/// Why an attempt did not succeed, and the error that the caller sees when it was the last.
struct Failed(Missed, PlatformError);

impl Transport {
    pub(super) fn new(settings: Settings) -> Result<Self> {
        settings.check()?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // Where a redirect leads the key must not go: it is followed by hand.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("cyclerprep/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_per_read(Some(ANSWER))
            .timeout_per_write(Some(SILENCE))
            .max_idle_connections_per_host(8);
        if let Some(roots) = &settings.roots {
            config = config.tls_config(roots.config());
        }
        Ok(Self { agent: config.build().into(), settings })
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The JSON of an answer; null where it is empty.
    pub(super) fn json(&self, call: Call<'_>) -> Result<Value> {
        self.json_if_safe(call, call.method != "POST", &mut 0)
    }

    /// A POST that makes nothing twice, however often it comes: because names are unique, or because it only asks for
    /// addresses. With it, whether an attempt before the last one may have taken effect.
    pub(super) fn post_again(&self, path: &str, body: &Value) -> (Result<Value>, bool) {
        let mut attempts = 0;
        let answer = self.json_if_safe(Call::with_body("POST", path, body), true, &mut attempts);
        (answer, attempts > 1)
    }

    fn json_if_safe(&self, call: Call<'_>, is_safe: bool, attempts: &mut u32) -> Result<Value> {
        let name = call.name();
        self.repeated(&name, is_safe, || {
            *attempts += 1;
            let answer = match self.once(call) {
                // What an attempt without an answer removed is gone.
                Err(Failed(Missed::Status(404, _), _)) if call.method == "DELETE" && *attempts > 1 => {
                    return Ok(Value::Null);
                }
                answer => answer,
            };
            let text = self.text(&name, answer?)?;
            if text.trim().is_empty() {
                return Ok(Value::Null);
            }
            let wrong = |_| Failed(Missed::Status(200, None), PlatformError::unexpected(&name, "JSON"));
            serde_json::from_str(&text).map_err(wrong)
        })
    }

    /// An answer whose body is read by the caller, or the address that it leads to.
    pub(super) fn open(&self, path: &str) -> Result<Answer> {
        let call = Call::get(path);
        self.repeated(&call.name(), true, || self.once(call))
    }

    /// Where an answer leads, when it is a redirect.
    pub(super) fn location(&self, path: &str, answer: &Answer) -> Result<Option<String>> {
        if !answer.status().is_redirection() {
            return Ok(None);
        }
        let target = answer.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let Some(target) = target else {
            return Err(PlatformError::unexpected(format!("GET {path}"), "an address to go on to"));
        };
        let is_whole = target.starts_with("https://") || target.starts_with("http://");
        Ok(Some(if is_whole { target } else { format!("{}{target}", self.settings.base_url()) }))
    }

    /// Copies what lies at a signed address, from a byte on to another, and goes on where a connection broke. The key is not
    /// sent there. Says how many bytes lie there, where the answer tells.
    pub(super) fn copy_signed(&self, url: &str, range: Option<Bytes>, target: &mut dyn Write) -> Result<Copied> {
        let (name, mut done) = (format!("GET {}", without_query(url)), 0);
        // Where the end that was asked for begins, and the size of the whole: a second attempt has to ask for what is missing.
        let mut tail: Option<(u64, u64)> = None;
        self.repeated(&name, true, || {
            let mut request = Request::get(url);
            let header = match (range, tail) {
                (Some(Bytes::Last(_)), Some((from, total))) => Some(format!("bytes={}-{}", from + done, total - 1)),
                (Some(Bytes::Last(count)), None) if done == 0 => Some(format!("bytes=-{count}")),
                (Some(Bytes::Between(from, to)), _) => Some(format!("bytes={}-{}", from + done, to - 1)),
                (None, _) if done > 0 => Some(format!("bytes={done}-")),
                _ => None,
            };
            if let Some(header) = header {
                request = request.header("range", header);
            }
            let request = request.body(()).map_err(|error| wrong_request(&name, &error))?;
            let answer = self.judged(&name, self.agent.run(request))?;
            let is_part = answer.status().as_u16() == 206;
            let part =
                answer.headers().get("content-range").and_then(|value| value.to_str().ok()).and_then(content_range);
            if is_part && matches!(range, Some(Bytes::Last(_))) {
                tail = tail.or(part);
            }
            // A server that knows no ranges sends all of it again.
            let skip = if is_part { 0 } else { tail.map_or(0, |(from, _)| from) + done };
            self.copy(&name, answer, skip, &mut done, target)?;
            let place = tail.or(part);
            Ok(Copied {
                is_part: is_part || tail.is_some(),
                from: place.map_or(0, |place| place.0),
                total: place.map_or(done, |place| place.1),
            })
        })
    }

    /// Copies the body of an answer, without its first bytes.
    fn copy(
        &self,
        name: &str,
        answer: Answer,
        skip: u64,
        done: &mut u64,
        target: &mut dyn Write,
    ) -> Result<(), Failed> {
        let announced = answer.body().content_length();
        let (mut reader, mut buffer, mut read) = (answer.into_body().into_reader(), vec![0; 256 << 10], 0u64);
        loop {
            let count = reader.read(&mut buffer).map_err(|error| self.broken(name, &error.to_string()))?;
            let bytes = buffer.get(..count).unwrap_or_default();
            let left = skip.saturating_sub(read).min(count as u64) as usize;
            read += count as u64;
            let fresh = bytes.get(left..).unwrap_or_default();
            let local = |error| Failed(Missed::Status(0, None), Error::io("cannot write", error).into());
            target.write_all(fresh).map_err(local)?;
            *done += fresh.len() as u64;
            if count == 0 {
                break;
            }
        }
        match announced {
            Some(announced) if read < announced => Err(self.broken(name, &format!("{read} of {announced} bytes came"))),
            _ => Ok(()),
        }
    }

    /// The body of an answer that is no redirect.
    pub(super) fn copy_body(&self, path: &str, answer: Answer, target: &mut dyn Write) -> Result<u64> {
        let mut done = 0;
        self.copy(&format!("GET {path}"), answer, 0, &mut done, target).map_err(|Failed(_, error)| error)?;
        Ok(done)
    }

    /// Puts a file to a signed address, piece by piece. The key is not sent there.
    pub(super) fn put_signed(&self, url: &str, mime: &str, content: &dyn Sendable) -> Result<()> {
        let name = format!("PUT {}", without_query(url));
        self.repeated(&name, true, || {
            let mut reader = content.open().map_err(|error| Failed(Missed::Status(0, None), error))?;
            let request = Request::put(url).header("content-type", mime).header("content-length", content.bytes());
            let body = SendBody::from_reader(&mut reader);
            let request = request.body(body).map_err(|error| wrong_request(&name, &error))?;
            let answer = self.judged(&name, self.agent.run(request))?;
            self.text(&name, answer).map(|_| ())
        })
    }

    /// Sends until it succeeds, or must not be sent again.
    fn repeated<T>(&self, name: &str, is_safe: bool, mut once: impl FnMut() -> Result<T, Failed>) -> Result<T> {
        for done in 1.. {
            let (missed, error) = match once() {
                Ok(found) => return Ok(found),
                Err(Failed(missed, error)) => (missed, error),
            };
            match retry::pause(missed, is_safe, done, self.settings.attempts, self.settings.pause) {
                Some(pause) => sleep(pause),
                None => return Err(error),
            }
        }
        Err(PlatformError::NoAnswer { request: name.to_owned(), message: "never sent".to_owned() })
    }

    fn once(&self, call: Call<'_>) -> Result<Answer, Failed> {
        let name = call.name();
        let mut url = format!("{}{}", self.settings.base_url(), call.path);
        if !call.query.is_empty() {
            url = format!("{url}?{}", encode::query(call.query));
        }
        let request = Request::builder()
            .method(call.method)
            .uri(url)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("x-api-key", self.settings.key.reveal());
        let Some(body) = call.body else {
            let request = request.body(()).map_err(|error| wrong_request(&name, &error))?;
            return self.judged(&name, self.agent.run(request));
        };
        let text = body.to_string();
        let answer = if text.len() > LARGE {
            let packed = packed(text.as_bytes()).map_err(|error| Failed(Missed::Status(0, None), error))?;
            let request = request.header("content-encoding", "gzip").body(packed);
            self.agent.run(request.map_err(|error| wrong_request(&name, &error))?)
        } else {
            self.agent.run(request.body(text).map_err(|error| wrong_request(&name, &error))?)
        };
        self.judged(&name, answer)
    }

    /// An answer that is no refusal.
    fn judged(&self, name: &str, answer: Result<Answer, ureq::Error>) -> Result<Answer, Failed> {
        let answer = answer.map_err(|error| self.unanswered(name, &error.to_string()))?;
        let status = answer.status().as_u16();
        if status < 400 {
            return Ok(answer);
        }
        let wait = answer.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let wait = wait.and_then(|text| retry::retry_after(text, SystemTime::now()));
        let mut error = ApiError::new(status, name, &self.text(name, answer).unwrap_or_default());
        if let Some(wait) = wait.filter(|wait| *wait > LONGEST) {
            error.message += &format!("; it asks to come back in {} s", wait.as_secs());
        }
        error.message = self.settings.key.hidden_in(&error.message);
        error.detail =
            serde_json::from_str(&self.settings.key.hidden_in(&error.detail.to_string())).unwrap_or_default();
        Err(Failed(Missed::Status(status, wait), PlatformError::Api(Box::new(error))))
    }

    fn text(&self, name: &str, answer: Answer) -> Result<String, Failed> {
        let read = answer.into_body().into_with_config().limit(JSON_LIMIT).lossy_utf8(true).read_to_string();
        read.map_err(|error| self.broken(name, &error.to_string()))
    }

    /// No answer: the connection broke, or it was never made, as the server's certificate is not trusted.
    fn unanswered(&self, name: &str, failure: &str) -> Failed {
        let Some(advice) = roots::advice(failure) else { return self.broken(name, failure) };
        let error = Error::new(ErrorKind::NoAnswer, format!("{name}: {advice} ({failure})"));
        // Another attempt meets the same certificate, and nothing was sent.
        Failed(Missed::Status(0, None), error.into())
    }

    fn broken(&self, name: &str, message: &str) -> Failed {
        let (request, message) = (name.to_owned(), self.settings.key.hidden_in(message));
        Failed(Missed::Broken, PlatformError::NoAnswer { request, message })
    }
}

/// A signed address is a secret of its own behind the question mark.
fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

/// First byte and size of the whole in `bytes 10-99/1000`.
fn content_range(text: &str) -> Option<(u64, u64)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
}

fn wrong_request(name: &str, error: &dyn std::fmt::Display) -> Failed {
    let error = Error::new(ErrorKind::Platform, format!("{name}: expected an address: {error}"));
    Failed(Missed::Status(0, None), PlatformError::Local(error))
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let done = encoder.write_all(bytes).and_then(|()| encoder.finish());
    done.map_err(|error| Error::io("cannot compress", error).into())
}
