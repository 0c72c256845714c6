//! Tests of what stands in memory of a file that is sent or fetched: a piece, however large it is.

use std::fs::File;
use std::io::{Read, Write, copy, sink};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use super::settings::Settings;
use super::signed::{Outgoing, Progress, Watched};
use super::transport::Transport;

const SIZE: u64 = 256 << 20;

/// What the operating system may hold between both ends; with the usual limits it is a few mebibytes.
const BETWEEN: u64 = 64 << 20;

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/file", listener.local_addr().unwrap());
    (listener, url)
}

fn skip_head(stream: &mut TcpStream) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
}

/// The count when it moves no more.
fn settled(count: &AtomicU64) -> u64 {
    let mut last = 0;
    loop {
        sleep(Duration::from_millis(250));
        let now = count.load(Ordering::Relaxed);
        if now > 0 && now == last {
            return now;
        }
        last = now;
    }
}

fn transport() -> Transport {
    Transport::new(Settings::new("http://127.0.0.1:9", "key").with_attempts(1)).unwrap()
}

#[test]
fn a_file_is_read_no_further_than_the_peer_takes_it() {
    let path = std::env::temp_dir().join(format!("prep-streaming-{}", std::process::id()));
    File::create(&path).unwrap().set_len(SIZE).unwrap();
    let (listener, url) = listen();
    let count = Arc::new(AtomicU64::new(0));
    let watch = count.clone();
    let peer = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        skip_head(&mut stream);
        // A mebibyte, then nothing for a while, then the rest.
        copy(&mut (&mut stream).take(1 << 20), &mut sink()).unwrap();
        let ahead = settled(&watch);
        let rest = copy(&mut (&mut stream).take(SIZE - (1 << 20)), &mut sink()).unwrap();
        stream.write_all(b"HTTP/1.1 200 -\r\nContent-Length: 0\r\n\r\n").unwrap();
        (ahead, rest)
    });
    let (told, content) = (count.clone(), Outgoing::of_file(&path).unwrap());
    let progress: Progress = Arc::new(move |_, sent, _| told.store(sent, Ordering::Relaxed));
    let file = Watched { name: "file", content: &content, progress: Some(&progress) };
    transport().put_signed(&url, "application/octet-stream", &file).unwrap();
    let (ahead, rest) = peer.join().unwrap();
    assert!(ahead < BETWEEN, "{ahead} bytes were read when the peer had taken a mebibyte");
    assert_eq!((rest, count.load(Ordering::Relaxed)), (SIZE - (1 << 20), SIZE));
    std::fs::remove_file(path).unwrap();
}

/// Takes a first piece, then nothing until the other side has stopped.
struct Slow {
    sent: Arc<AtomicU64>,
    ahead: u64,
    taken: u64,
    largest: usize,
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.taken == 0 {
            self.ahead = settled(&self.sent);
        }
        self.taken += bytes.len() as u64;
        self.largest = self.largest.max(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_file_is_fetched_no_further_than_it_is_written() {
    let (listener, url) = listen();
    let count = Arc::new(AtomicU64::new(0));
    let told = count.clone();
    let peer = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        skip_head(&mut stream);
        stream.write_all(format!("HTTP/1.1 200 -\r\nContent-Length: {SIZE}\r\n\r\n").as_bytes()).unwrap();
        let piece = vec![0; 64 << 10];
        for _ in 0..SIZE / piece.len() as u64 {
            stream.write_all(&piece).unwrap();
            told.fetch_add(piece.len() as u64, Ordering::Relaxed);
        }
    });
    let mut slow = Slow { sent: count, ahead: 0, taken: 0, largest: 0 };
    assert_eq!(transport().copy_signed(&url, None, &mut slow).unwrap().total, SIZE);
    peer.join().unwrap();
    assert!(slow.ahead < BETWEEN, "{} bytes were taken before the first was written", slow.ahead);
    assert_eq!(slow.taken, SIZE);
    assert!(slow.largest <= 256 << 10, "{}", slow.largest);
}
