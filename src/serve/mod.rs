//! A server of pages for whoever sits at this machine: it answers on a loopback port to who knows a random token, and to nobody else.
//!
//! A file on disk cannot hold every sample of a long test; here a page asks for those that are looked at. HTTP/1.1, one request a
//! connection, GET and HEAD: what a browser needs, and no more.

mod answer;
mod range;
mod refusal;
mod request;
mod token;

use std::io::{BufWriter, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use answer::{Site, write_refusal};
use refusal::Refusal;
use request::Request;

use crate::error::{Error, Result};
use crate::page::ServedPage;

/// Connections at a time: a browser opens six.
const MOST: usize = 32;

/// Until then a piece of an answer was taken.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    site: Arc<Site>,
    port: u16,
}

impl Server {
    /// Listens on this port of the loopback interface; 0 takes a free one.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) when the port is taken.
    pub fn new(pages: Vec<ServedPage>, port: u16) -> Result<Self> {
        let asked = if port == 0 { "a free port".to_owned() } else { format!("port {port}") };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .map_err(|e| Error::io(&format!("cannot listen on {asked} of 127.0.0.1"), e))?;
        let port = listener.local_addr().map_err(|e| Error::io("cannot listen on 127.0.0.1", e))?.port();
        Ok(Self { listener, site: Arc::new(Site::new(pages)), port })
    }

    /// The address that leads to the pages, with its token.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.site.path())
    }

    /// An address that leads there once: for the command line of a browser.
    pub fn address_to_open(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.site.path_to_open())
    }

    /// Answers until the process ends.
    pub fn run(&self) -> Result<()> {
        let busy = Arc::new(AtomicUsize::new(0));
        loop {
            // What the other side of one connection does is no reason to stop, nor is a machine that is short of sockets.
            let Ok((stream, _)) = self.listener.accept() else {
                thread::sleep(Duration::from_millis(50));
                continue;
            };
            let (site, busy) = (Arc::clone(&self.site), Arc::clone(&busy));
            if busy.fetch_add(1, Ordering::AcqRel) >= MOST {
                busy.fetch_sub(1, Ordering::AcqRel);
                refuse_busy(stream);
                continue;
            }
            let guard = Busy(busy);
            let work = move || {
                let _guard = guard;
                // The other side went away: it knows.
                let _ = serve(&site, stream);
            };
            // Without a thread the connection is closed, and the browser tries again.
            let _ = thread::Builder::new().name("prep-view".to_owned()).spawn(work);
        }
    }
}

/// Counts a connection until it ends.
struct Busy(Arc<AtomicUsize>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn refuse_busy(mut stream: TcpStream) {
    let _ = stream.set_write_timeout(Some(Duration::from_millis(100)));
    let _ = write_refusal(&mut stream, Refusal::Busy);
}

fn serve(site: &Site, mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_write_timeout(Some(WRITE_PATIENCE))?;
    stream.set_nodelay(true)?;
    let request = match Request::read(&mut stream) {
        Ok(Some(request)) => Ok(request),
        Ok(None) => return Ok(()),
        Err(refusal) => Err(refusal),
    };
    let mut target = BufWriter::with_capacity(1 << 16, &stream);
    match request.and_then(|request| Ok((site.answer(&request)?, request.is_head))) {
        Ok((answer, is_head)) => answer.write(&mut target, is_head)?,
        Err(refusal) => write_refusal(&mut target, refusal)?,
    }
    target.flush()?;
    drop(target);
    leave(stream)
}

/// Closes a connection so that the answer arrives: bytes that nobody read would take it back.
fn leave(mut stream: TcpStream) -> std::io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    let mut part = [0; 4096];
    for _ in 0..16 {
        if stream.read(&mut part)? == 0 {
            break;
        }
    }
    Ok(())
}
