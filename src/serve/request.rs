//! The head of a request, read within bounds of size and time.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::refusal::Refusal;

/// A browser's heads have less than 1 kB.
const LONGEST_HEAD: usize = 8 << 10;

/// Until then all of the head has come.
const PATIENCE: Duration = Duration::from_secs(10);

/// As much of a request as answers depend on.
#[derive(Debug, PartialEq)]
pub struct Request {
    pub is_head: bool,
    /// Begins with a slash; what follows a question mark is left out.
    pub path: String,
    pub host: String,
    pub range: Option<String>,
}

impl Request {
    /// Reads a head; `None` when the other side says nothing and goes, as browsers do that open connections ahead.
    pub fn read(stream: &mut TcpStream) -> Result<Option<Self>, Refusal> {
        let (mut head, mut part) = (Vec::new(), [0; 1024]);
        let until = Instant::now() + PATIENCE;
        loop {
            let end = head.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end.filter(|end| *end <= LONGEST_HEAD) {
                return Self::parse(head.get(..end).unwrap_or_default()).map(Some);
            }
            if head.len() > LONGEST_HEAD {
                return Err(Refusal::TooLong);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() {
                return if head.is_empty() { Ok(None) } else { Err(Refusal::TooSlow) };
            }
            match stream.read(&mut part) {
                Ok(0) => return if head.is_empty() { Ok(None) } else { Err(Refusal::Malformed) },
                Ok(count) => head.extend(part.iter().take(count)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) if head.is_empty() => return Ok(None),
                Err(_) => return Err(Refusal::TooSlow),
            }
        }
    }

    fn parse(head: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(head).map_err(|_| Refusal::Malformed)?;
        let mut lines = text.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (Some(method), Some(target), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(Refusal::Malformed);
        };
        if !matches!(version, "HTTP/1.1" | "HTTP/1.0") {
            return Err(Refusal::Malformed);
        }
        let (mut hosts, mut ranges) = (Vec::new(), Vec::new());
        for line in lines {
            let (name, value) = line.split_once(':').ok_or(Refusal::Malformed)?;
            // A name with blanks is how two servers are made to read one head in two ways.
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Refusal::Malformed);
            }
            match name.to_ascii_lowercase().as_str() {
                "host" => hosts.push(value.trim()),
                "range" => ranges.push(value.trim()),
                _ => {}
            }
        }
        let &[host] = hosts.as_slice() else { return Err(Refusal::Malformed) };
        let is_head = match method {
            "GET" => false,
            "HEAD" => true,
            _ => return Err(Refusal::Method),
        };
        let path = target.split('?').next().unwrap_or_default();
        if !path.starts_with('/') {
            return Err(Refusal::Malformed);
        }
        let range = ranges.first().filter(|_| ranges.len() == 1).map(|range| (*range).to_owned());
        Ok(Self { is_head, path: path.to_owned(), host: host.to_owned(), range })
    }

    /// Whether it was meant for this machine: a page of elsewhere whose name was made to lead here says its own.
    pub fn is_for_this_machine(&self) -> bool {
        let is_port = |port: &str| !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
            // Any port: a tunnel has its own at its other end.
            let rest = self.host.get(..name.len()).filter(|host| host.eq_ignore_ascii_case(name));
            let rest = rest.and(self.host.get(name.len()..));
            rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(head: &str) -> Result<Request, Refusal> {
        Request::parse(head.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn a_head_is_read_and_what_is_none_is_refused() {
        let request = parse("GET /a/b?c HTTP/1.1\nHost: localhost:1\nRANGE:  bytes=0-7 \nX: y").unwrap();
        assert_eq!(
            (request.path.as_str(), request.is_head, request.range.as_deref()),
            ("/a/b", false, Some("bytes=0-7"))
        );
        assert!(parse("HEAD / HTTP/1.0\nhost: x").unwrap().is_head);
        assert_eq!(parse("POST / HTTP/1.1\nHost: x"), Err(Refusal::Method));
        for head in [
            "",
            "GET /",
            "GET / HTTP/2\nHost: x",
            "GET  / HTTP/1.1\nHost: x",
            "GET / HTTP/1.1",
            "GET / HTTP/1.1\nHost: x\nHost: y",
            "GET / HTTP/1.1\nHost: x\n folded",
            "GET / HTTP/1.1\nHost : x",
            "GET http://localhost/ HTTP/1.1\nHost: x",
        ] {
            assert_eq!(parse(head), Err(Refusal::Malformed), "{head:?}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        let is_own = |host: &str| parse(&format!("GET / HTTP/1.1\nHost: {host}")).unwrap().is_for_this_machine();
        for host in ["127.0.0.1:8000", "localhost", "LocalHost:1", "[::1]:65535"] {
            assert!(is_own(host), "{host}");
        }
        for host in
            ["", "example.org", "localhost.example.org", "127.0.0.1.example.org:80", "localhost:", "localhost:8a", "ü"]
        {
            assert!(!is_own(host), "{host}");
        }
    }
}
