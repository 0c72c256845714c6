//! Files so large that they are read in pieces (4 MiB and more): the same as from memory.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use cyclerprep::{Measurement, Source, prepare, prepare_source};

/// A discharge with a pause, a row a second, in the words of Arbin's parts; lines of different lengths.
fn part(rows: std::ops::Range<usize>) -> String {
    let mut text = String::from(
        "Data Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,TC_Counter1,Current (A),Voltage (V),\
         Charge Capacity (Ah),Discharge Capacity (Ah),Charge Energy (Wh),Discharge Energy (Wh)\r\n",
    );
    for row in rows {
        let (step, seconds) = (row / 50_000, (row % 50_000) as f64);
        let current = if step == 1 { 0.0 } else { -1.0 };
        let charge = if step == 1 { 0.0 } else { seconds / 3600.0 };
        let voltage = 4.2 - row as f64 * 1e-5;
        writeln!(
            text,
            "{},,{row}.{:03},{seconds:.4},1,{},0,{current:.6},{voltage:.7},0,{charge:.8},0,{:.8}\r",
            row + 1,
            row % 1000,
            step + 1,
            3.9 * charge,
        )
        .unwrap();
    }
    text
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("cyclerprep-large-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn same(a: &Measurement, b: &Measurement) {
    assert!(a.time_series.equals_missing(&b.time_series), "the rows differ");
    assert!(a.steps.equals_missing(&b.steps), "the steps differ");
}

fn from_memory(name: &Path, text: String) -> Measurement {
    let source = Source::from_bytes(name.display().to_string(), text.into_bytes());
    prepare_source(source, &Default::default()).unwrap()
}

#[test]
fn a_large_file_is_read_as_from_memory() {
    let path = folder("one").join("cell.csv");
    let mut text = part(0..120_000);
    assert!(text.len() > 9 << 20, "{} bytes are too few", text.len());
    // The last line without its end, one line that is blank and one degree sign, which is not ASCII.
    text.truncate(text.len() - 2);
    text = text.replacen("\r\n60000,", "\r\n\r\n60000,", 1).replacen("TC_Counter1", "TC_Counter1 °", 1);
    std::fs::write(&path, &text).unwrap();
    let read = prepare(&path, &Default::default()).unwrap();
    assert_eq!(read.report.rows_read, 120_000);
    same(&read, &from_memory(&path, text));
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

#[test]
fn parts_are_joined_behind_a_large_first_one() {
    let folder = folder("parts");
    let (first, second, third) =
        (folder.join("t_Channel_1_Wb_1.CSV"), folder.join("t_Channel_1_Wb_2.CSV"), folder.join("t_Channel_1_Wb_3.CSV"));
    std::fs::write(&first, part(0..110_000)).unwrap();
    std::fs::write(&second, part(110_000..135_000)).unwrap();
    std::fs::write(&third, part(135_000..140_000)).unwrap();
    let joined = prepare(&first, &Default::default()).unwrap();
    assert_eq!(joined.report.rows_read, 140_000);
    same(&joined, &from_memory(&folder.join("t.csv"), part(0..140_000)));
    std::fs::remove_dir_all(folder).unwrap();
}

/// Something in the middle of a text, which its ends do not show.
type Oddity = (&'static str, fn(String) -> Vec<u8>);

static ODDITIES: &[Oddity] = &[
    ("nothing", String::into_bytes),
    ("quotes", |text| text.replacen("\r\n30000,", "\r\n\"30000\",", 1).into_bytes()),
    ("a row twice", |text| {
        let row = text.lines().nth(30_000).unwrap().to_owned();
        text.replacen(&row, &format!("{row}\r\n{row}"), 1).into_bytes()
    }),
    ("the names again", |text| {
        let names = text.lines().next().unwrap().to_owned();
        text.replacen("\r\n30000,", &format!("\r\n{names}\r\n30000,"), 1).into_bytes()
    }),
    ("letters in UTF-8", |text| text.replacen("\r\n30000,,", "\r\n30000,µ,", 1).into_bytes()),
    ("a letter of another encoding", |text| {
        let mut bytes = text.into_bytes();
        let middle = bytes.len() / 2;
        let at = middle + bytes[middle..].windows(2).position(|two| two == b",,").unwrap();
        bytes.insert(at + 1, 0xB5);
        bytes
    }),
    ("words for numbers", |text| text.replacen("\r\n30000,,", "\r\nthirty,,", 1).into_bytes()),
    ("a long line", |text| {
        text.replacen("\r\n30000,,", &format!("\r\n30000,{},", "x".repeat(3 << 20)), 1).into_bytes()
    }),
    ("short lines", |text| {
        let (head, tail) = text.split_at(text.find("\r\n30000,").unwrap());
        format!("{head}{}{tail}", "\r\n".repeat(400_000)).into_bytes()
    }),
    ("no last line end", |text| text.trim_end().as_bytes().to_vec()),
    ("a last cell that was cut", |text| text.trim_end().trim_end_matches(|c| c != '.').as_bytes().to_vec()),
    ("a footer", |text| format!("{text}Average,,1,1,1,1,0,1,1,1,1,1,1\r\n").into_bytes()),
    ("lines that end with CR", |text| text.replace("\r\n", "\r").into_bytes()),
];

#[test]
fn what_stands_between_the_ends_is_read_as_from_memory() {
    let text = part(0..60_000);
    assert!(text.len() > 9 << 19, "{} bytes are too few", text.len());
    for (what, make) in ODDITIES {
        let path = folder("odd").join("cell.csv");
        let bytes = make(text.clone());
        std::fs::write(&path, &bytes).unwrap();
        let told = |cell: cyclerprep::Result<Measurement>| {
            let cell = cell.unwrap_or_else(|error| panic!("{what}: {error}"));
            let notes = serde_json::to_value(&cell.report.notes).unwrap();
            let issues: Vec<_> = cell.report.issues.iter().map(|issue| issue.code).collect();
            (cell.time_series, cell.steps, notes, issues, cell.report.source.blake3)
        };
        let hash = blake3::hash(&bytes).to_hex().to_string();
        let held = told(prepare_source(Source::from_bytes(path.display().to_string(), bytes), &Default::default()));
        let read = told(prepare(&path, &Default::default()));
        assert!(read.0.equals_missing(&held.0) && read.1.equals_missing(&held.1), "{what}: the rows differ");
        assert_eq!((&read.2, &read.3), (&held.2, &held.3), "{what}");
        assert_eq!((&read.4, &held.4), (&hash, &hash), "{what}");
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}
