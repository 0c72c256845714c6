//! What is answered: pages, and pieces of their columns.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::range;
use super::refusal::Refusal;
use super::request::Request;
use super::token::{is_same, token};
use crate::html::escape;
use crate::page::ServedPage;

/// A browser that was asked to open follows its address at once.
const OPENING: Duration = Duration::from_secs(60);

/// Rows that are turned into bytes at a time.
const PIECE: u64 = 1 << 16;

/// An answer whose body is known.
#[derive(Debug)]
pub enum Answer<'s> {
    Page(&'s str),
    List(String),
    /// Elsewhere, on this server.
    Moved(String),
    /// Bytes of a column of a page, and whether these are all.
    Column {
        page: &'s ServedPage,
        key: String,
        bytes: Range<u64>,
        size: u64,
        is_part: bool,
    },
}

/// What is served, and to whom.
pub struct Site {
    token: String,
    /// A word that leads to the token once: the command line of a browser is seen by everybody on the machine.
    opening: Mutex<Option<(String, Instant)>>,
    pages: Vec<ServedPage>,
}

impl Site {
    pub fn new(pages: Vec<ServedPage>) -> Self {
        Self { token: token(), opening: Mutex::new(None), pages }
    }

    /// The path that leads to the pages.
    pub fn path(&self) -> String {
        format!("/{}/", self.token)
    }

    /// A path that leads there once, within a minute.
    pub fn path_to_open(&self) -> String {
        let word = token();
        let path = format!("/open/{word}");
        *self.opening.lock().unwrap_or_else(PoisonError::into_inner) = Some((word, Instant::now()));
        path
    }

    fn is_opened_by(&self, word: &str) -> bool {
        let mut opening = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = opening.as_ref().is_some_and(|(known, since)| is_same(known, word) && since.elapsed() < OPENING);
        if is_known {
            *opening = None;
        }
        is_known
    }

    pub fn answer(&self, request: &Request) -> Result<Answer<'_>, Refusal> {
        if !request.is_for_this_machine() {
            return Err(Refusal::Foreign);
        }
        let parts: Vec<&str> = request.path.split('/').skip(1).collect();
        match parts.as_slice() {
            ["open", word] if self.is_opened_by(word) => Ok(Answer::Moved(self.path())),
            [given, rest @ ..] if is_same(given, &self.token) => self.below(rest, request),
            _ => Err(Refusal::Token),
        }
    }

    fn below(&self, parts: &[&str], request: &Request) -> Result<Answer<'_>, Refusal> {
        let page = |number: &str| number.parse::<usize>().ok().and_then(|number| self.pages.get(number));
        match parts {
            // Without the last slash the page would look for its rows elsewhere.
            [] => Ok(Answer::Moved(self.path())),
            [""] if self.pages.len() == 1 => Ok(Answer::Moved(format!("{}0/", self.path()))),
            [""] => Ok(Answer::List(self.list())),
            [number, ""] => page(number).map(|page| Answer::Page(page.html())).ok_or(Refusal::Nothing),
            [number, "rows", key] => {
                let page = page(number).ok_or(Refusal::Nothing)?;
                let size = page.rows(key).ok_or(Refusal::Nothing)? as u64 * 8;
                let part = range::of(request.range.as_deref(), size)?;
                let (is_part, bytes) = (part.is_some(), part.unwrap_or(0..size));
                Ok(Answer::Column { page, key: (*key).to_owned(), bytes, size, is_part })
            }
            _ => Err(Refusal::Nothing),
        }
    }

    /// The measurements of a file that holds several.
    fn list(&self) -> String {
        let line = |(number, page): (usize, &ServedPage)| {
            format!("<li><a href=\"{number}/\">{}</a></li>\n", escape(page.title()))
        };
        let lines: String = self.pages.iter().enumerate().map(line).collect();
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"viewport\" content=\"width=device-width\"><title>Measurements</title></head>\n<body><h1>Measurements</h1>\n<ul>\n{lines}</ul></body></html>\n"
        )
    }
}

/// Nothing of it is kept, shown inside of another page or told to another server.
const HEADERS: &str = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\nConnection: close\r\n";

pub fn write_refusal(target: &mut impl Write, refusal: Refusal) -> io::Result<()> {
    let (status, text) = (refusal.status(), format!("{}\n", refusal.text()));
    let more = if refusal == Refusal::Method { "Allow: GET, HEAD\r\n" } else { "" };
    let length = text.len();
    write!(
        target,
        "HTTP/1.1 {status}\r\n{HEADERS}{more}Content-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{text}"
    )
}

impl Answer<'_> {
    /// Writes it; a request for the head alone gets no more.
    pub fn write(&self, target: &mut impl Write, is_head: bool) -> io::Result<()> {
        let html = |target: &mut dyn Write, text: &str| {
            let length = text.len();
            write!(
                target,
                "HTTP/1.1 200 OK\r\n{HEADERS}Content-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{}",
                if is_head { "" } else { text }
            )
        };
        match self {
            Self::Page(text) => html(target, text),
            Self::List(text) => html(target, text),
            Self::Moved(to) => {
                write!(target, "HTTP/1.1 303 See Other\r\n{HEADERS}Location: {to}\r\nContent-Length: 0\r\n\r\n")
            }
            Self::Column { page, key, bytes, size, is_part } => {
                let length = bytes.end - bytes.start;
                let status = if *is_part { "206 Partial Content" } else { "200 OK" };
                write!(target, "HTTP/1.1 {status}\r\n{HEADERS}Accept-Ranges: bytes\r\n")?;
                if *is_part {
                    write!(target, "Content-Range: bytes {}-{}/{size}\r\n", bytes.start, bytes.end - 1)?;
                }
                write!(target, "Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n")?;
                if is_head { Ok(()) } else { write_rows(target, page, key, bytes) }
            }
        }
    }
}

/// Numbers as 64-bit floats, the lowest byte first; what is missing is NaN.
fn write_rows(target: &mut impl Write, page: &ServedPage, key: &str, bytes: &Range<u64>) -> io::Result<()> {
    let (mut row, end) = (bytes.start / 8, bytes.end.div_ceil(8));
    while row < end {
        let until = end.min(row + PIECE);
        let values = page.values(key, row as usize..until as usize).map_err(io::Error::other)?;
        let all: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let from = bytes.start.saturating_sub(row * 8) as usize;
        let to = (bytes.end - row * 8).min(all.len() as u64) as usize;
        target.write_all(all.get(from..to).unwrap_or_default())?;
        row = until;
    }
    Ok(())
}
