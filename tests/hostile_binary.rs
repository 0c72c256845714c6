//! Cut, flipped and bent binary files: `Ok` or a typed error, no panic, no hang, and never more memory than a small multiple
//! of the file.
//!
//! `CYCLERPREP_HOSTILE_FILES=FOLDER` adds the files of a folder up to 400 kB; `CYCLERPREP_HOSTILE=20` multiplies the number of
//! flips and mutations; by default there are 1,000 and 100 a format. `CYCLERPREP_EVERY_PREFIX=1` cuts files up to 64 kB at
//! every byte and larger ones at 2,000 places.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cyclerprep::readers::{ReadOptions, by_id};
use cyclerprep::{Notes, Source, map};
use support::{files, name};

/// Counts what is allocated.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(LIVE.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
    // A column of zeros costs nothing until it is written.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(LIVE.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test at a time, or their memory adds up.
static TURN: Mutex<()> = Mutex::new(());

/// Reads a file as `prep` would, every column, and says how much memory it took.
fn read(reader: &str, bytes: Vec<u8>) -> usize {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    let source = Source::from_bytes("x", bytes);
    let notes = &mut Notes::new();
    let reader = by_id(reader).unwrap();
    match reader.read(&source, &ReadOptions::default(), notes) {
        Ok(tables) => {
            for table in tables {
                if let Err(error) = map::to_frame(table, reader.info().maker.rules(), &Default::default(), notes) {
                    assert!(!error.message().is_empty());
                }
            }
        }
        Err(error) => assert!(!error.message().is_empty()),
    }
    PEAK.load(Relaxed).saturating_sub(before)
}

/// Reader and the extension of its fixtures.
static FORMATS: [(&str, &str); 4] =
    [("biologic_mpr", ".mpr"), ("neware_nda", ".nda"), ("neware_ndax", ".ndax"), ("arbin_res", ".res")];

fn fixtures(extension: &str) -> Vec<Vec<u8>> {
    let all = ["biologic", "arbin", "neware", "bdf", "generic", "odd", "bad"].iter().flat_map(|folder| files(folder));
    let own = all.filter(|path| name(path).ends_with(extension)).map(|path| std::fs::read(path).unwrap());
    // Other files to begin with, where the caller has some.
    let more = std::env::var_os("CYCLERPREP_HOSTILE_FILES").map(std::path::PathBuf::from);
    let more =
        more.into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let more = more.filter(|path| path.to_string_lossy().ends_with(extension)).map(|path| std::fs::read(path).unwrap());
    own.chain(more.filter(|bytes| bytes.len() < 400_000)).collect()
}

/// What a damaged file of this size may cost: its bytes, twice its columns, and the buffers of the decoders.
fn allowed(size: usize) -> usize {
    (size << 7) + (16 << 20)
}

fn times() -> usize {
    std::env::var("CYCLERPREP_HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(1)
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 as usize
    }
}

#[test]
fn cuts() {
    let _turn = TURN.lock().unwrap();
    let every = std::env::var_os("CYCLERPREP_EVERY_PREFIX").is_some();
    for (reader, extension) in FORMATS {
        let (mut files, mut count) = (0, 0);
        for bytes in fixtures(extension) {
            // Heads byte by byte, the rest in steps that are no multiple of a record.
            let places = if every || times() > 1 { 2000 } else { 150 };
            let step = if every && bytes.len() <= 64 << 10 { 1 } else { bytes.len() / places + 1 };
            let cuts = (0..bytes.len().min(200)).chain((200..bytes.len()).step_by(step));
            for cut in cuts {
                let used = read(reader, bytes[..cut].to_vec());
                assert!(used <= allowed(cut), "{reader}: {used} bytes for a file of {cut}");
                count += 1;
            }
            files += 1;
        }
        assert!(count > files, "{count} cuts of {files} files");
        println!("{reader}: {count} cuts of {files} files");
    }
}

#[test]
fn random_flips() {
    let _turn = TURN.lock().unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (reader, extension) in FORMATS {
        let fixtures = fixtures(extension);
        for _ in 0..1000 * times() {
            let mut bytes = fixtures[random.next() % fixtures.len()].clone();
            for _ in 0..=random.next() % 8 {
                if !bytes.is_empty() {
                    let at = random.next() % bytes.len();
                    bytes[at] = random.next() as u8;
                }
            }
            let size = bytes.len();
            let used = read(reader, bytes);
            assert!(used <= allowed(size), "{reader}: {used} bytes for a file of {size}");
        }
    }
}

/// Places of counts, lengths, offsets and versions.
fn structure(extension: &str, bytes: &[u8]) -> Vec<usize> {
    let all = |what: &[u8]| memchr::memmem::find_iter(bytes, what).collect::<Vec<_>>();
    match extension {
        // Module headers; counts and ids of the data; lengths of the blocks of settings and log.
        ".mpr" => {
            let modules = all(b"MODULE");
            let heads = modules.iter().flat_map(|m| [41, 45, 49, 53].map(|at| m + at));
            let bodies = modules.iter().flat_map(|m| (57..100).map(move |at| m + at));
            heads.chain(bodies).collect()
        }
        // Version, directory, device, test information, heads of records.
        ".nda" => (14..100).chain([196, 242, 250, 330]).chain(1024..1300).chain(2048..2140).chain(4096..4190).collect(),
        // The directory of the archive; the members are bent before they are packed.
        ".ndax" => all(b"PK\x01\x02")
            .into_iter()
            .chain(all(b"PK\x05\x06"))
            .flat_map(|p| (4..46).map(move |at| p + at))
            .collect(),
        // Heads of pages, of definitions, slots.
        _ => (0..bytes.len() / 4096).flat_map(|page| (0..90).map(move |at| page * 4096 + at)).collect(),
    }
}

fn bend(bytes: &mut [u8], at: usize, random: &mut Random) {
    const EXTREMES: [u64; 8] = [0, 1, 0x7F, 0x7FFF, 0x8000_0000, 0x7FFF_FFFF, 0xFFFF_FFFF, u64::MAX];
    let width = [1, 2, 4, 8][random.next() % 4];
    let value = EXTREMES[random.next() % EXTREMES.len()].to_le_bytes();
    if let Some(field) = bytes.get_mut(at..at + width) {
        field.copy_from_slice(&value[..width]);
    }
}

#[test]
fn counts_lengths_offsets_and_versions_at_their_extremes() {
    let _turn = TURN.lock().unwrap();
    let mut random = Random(0x1234_5678_9abc_def1);
    for (reader, extension) in FORMATS {
        let fixtures = fixtures(extension);
        for _ in 0..100 * times() {
            let mut bytes = fixtures[random.next() % fixtures.len()].clone();
            let places = structure(extension, &bytes);
            for _ in 0..=random.next() % 3 {
                if !places.is_empty() {
                    bend(&mut bytes, places[random.next() % places.len()], &mut random);
                }
            }
            let size = bytes.len();
            let used = read(reader, bytes);
            assert!(used <= allowed(size), "{reader}: {used} bytes for a file of {size}");
        }
    }
}

/// Checksums of the archive would stop most bent members, so they are bent first and packed then.
#[test]
fn members_of_an_archive_at_their_extremes() {
    let _turn = TURN.lock().unwrap();
    let mut random = Random(0x0fed_cba9_8765_4321);
    let records = support::cell::test();
    let versions: Vec<_> =
        [1, 2, 5, 6, 7, 8, 9, 11, 14, 15, 16, 17].map(|v| support::ndax::members(v, &records)).into();
    for _ in 0..200 * times() {
        let mut members = versions[random.next() % versions.len()].clone();
        for _ in 0..=random.next() % 4 {
            let which = random.next() % members.len();
            let bytes = &mut members[which].1;
            // Heads of the file and of its pages, or anywhere.
            let at = match random.next() % 3 {
                0 => random.next() % 8,
                1 => 4096 * (random.next() % 3) + random.next() % 140,
                _ => random.next() % bytes.len(),
            };
            bend(bytes, at, &mut random);
            if random.next().is_multiple_of(8) {
                bytes.truncate(random.next() % (bytes.len() + 1));
            }
            if members[which].1.is_empty() {
                members.remove(which);
            }
            if members.is_empty() {
                break;
            }
        }
        let size: usize = members.iter().map(|(_, bytes)| bytes.len()).sum();
        let used = read("neware_ndax", support::ndax::pack(&members));
        assert!(used <= allowed(size), "{used} bytes for members of {size}");
    }
}
