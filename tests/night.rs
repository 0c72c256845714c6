//! What a nightly run over a laboratory's share meets: situations, and what becomes of them. Each line of the table says what was
//! done before, the command, the status of each file, the exit code, what is said, and what lies in OUT afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::fixtures;
use serde_json::Value;

/// Folders of one situation: `in`, `out`.
struct Ground(PathBuf);

impl Ground {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("prep-night-{}-{}", std::process::id(), name.replace(' ', "-")));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("in")).unwrap();
        Self(root)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// Puts a fixture there, as if it had been written an hour ago.
    fn put(&self, fixture: &str, path: &str) {
        self.write(path, &fs::read(fixtures().join(fixture)).unwrap());
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        age(&path, 3600);
    }

    /// Runs `prep` in the ground's folder.
    fn prep(&self, arguments: &[&str]) -> Told {
        let done = Command::new(env!("CARGO_BIN_EXE_prep")).args(arguments).current_dir(&self.0).output().unwrap();
        let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
        let lines = out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let files: Vec<Value> = lines.filter(|line| line.get("source").is_some()).collect();
        let status = |file: &Value| {
            let source = file["source"].as_str().unwrap().replace('\\', "/");
            let part = file["part"].as_str().map(|part| format!("[{part}]")).unwrap_or_default();
            format!("{source}{part}: {}", file["status"].as_str().unwrap())
        };
        Told { exit: done.status.code(), statuses: files.iter().map(status).collect(), text: out + &err }
    }

    /// All files below `out`, without the tables and pages over all bundles.
    fn outputs(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.at("out")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let name = path.strip_prefix(self.at("out")).unwrap().to_string_lossy().replace('\\', "/");
                if path.is_dir() {
                    folders.push(path);
                } else if !OVER_ALL.contains(&name.as_str()) {
                    found.push(name);
                }
            }
        }
        found.sort();
        found
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const OVER_ALL: [&str; 5] = ["index.html", "index.json", "index.parquet", "cycles.parquet", "steps.parquet"];

/// Sets the time of modification so many seconds back.
fn age(path: &Path, seconds: u64) {
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
}

#[derive(Debug)]
struct Told {
    exit: Option<i32>,
    statuses: Vec<String>,
    text: String,
}

/// One line of the table.
struct Situation {
    name: &'static str,
    before: fn(&Ground),
    command: &'static str,
    statuses: &'static [&'static str],
    exit: i32,
    says: &'static str,
    /// Names of bundles with their tables, `x/` for a bare report, and other files as they are.
    out: &'static [&'static str],
}

const TABLES: [&str; 5] = ["cycles.parquet", "measurement.json", "report.json", "steps.parquet", "time_series.parquet"];

/// The files that these outputs are.
fn expanded(out: &[&str]) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for name in out {
        match (name.strip_suffix('/'), name.strip_suffix("!")) {
            (Some(bare), _) => files.push(format!("{bare}/report.json")),
            (_, Some(file)) => files.push(file.to_owned()),
            _ => files.extend(TABLES.map(|table| format!("{name}/{table}"))),
        }
    }
    files.sort();
    files
}

const FLAT: &str = "neware/flat.csv";
/// Its strict check of points per step fails.
const SHORT: &str = "maccor/key_value_comma.081.txt";

fn one(ground: &Ground) {
    ground.put(FLAT, "in/a.csv");
}

fn one_done(ground: &Ground) {
    one(ground);
    assert_eq!(ground.prep(&["convert", "in", "-o", "out"]).exit, Some(0));
}

fn short(ground: &Ground) {
    ground.put(SHORT, "in/s.txt");
}

#[rustfmt::skip]
static TABLE: &[Situation] = &[
    Situation { name: "a new file", before: one, command: "convert in -o out",
        statuses: &["in/a.csv: prepared"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "the same once more", before: one_done, command: "convert in -o out",
        statuses: &["in/a.csv: skipped"], exit: 0, says: "\"skipped\":1", out: &["a.csv"] },
    Situation { name: "touched and not changed",
        before: |g| { one_done(g); age(&g.at("in/a.csv"), 60); }, command: "convert in -o out",
        statuses: &["in/a.csv: skipped"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "grown", before: |g| {
            one_done(g);
            let mut bytes = fs::read(g.at("in/a.csv")).unwrap();
            let last = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap();
            bytes.truncate(last + 1);
            g.write("in/a.csv", &bytes);
        }, command: "convert in -o out",
        statuses: &["in/a.csv: updated"], exit: 0, says: "\"updated\":1", out: &["a.csv"] },
    Situation { name: "changed in place, of the same size", before: |g| {
            one_done(g);
            let mut bytes = fs::read(g.at("in/a.csv")).unwrap();
            let last = bytes.iter().rposition(u8::is_ascii_digit).unwrap();
            bytes[last] = if bytes[last] == b'1' { b'2' } else { b'1' };
            g.write("in/a.csv", &bytes);
            age(&g.at("in/a.csv"), 60);
        }, command: "convert in -o out",
        statuses: &["in/a.csv: updated"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "another option", before: one_done, command: "convert in -o out --timezone Europe/Berlin",
        statuses: &["in/a.csv: updated"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "an option that shapes nothing", before: one_done, command: "convert in -o out --jobs 1 --limits none --timezone UTC",
        statuses: &["in/a.csv: skipped"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "another option and keep", before: one_done, command: "convert in -o out --strict --keep",
        statuses: &["in/a.csv: skipped"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "fresh and force", before: one_done, command: "convert in -o out --force",
        statuses: &["in/a.csv: updated"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "force and keep", before: one_done, command: "convert in -o out --force --keep",
        statuses: &[], exit: 2, says: "cannot be used with", out: &["a.csv"] },
    Situation { name: "tables that somebody deleted",
        before: |g| { one_done(g); fs::remove_file(g.at("out/a.csv/time_series.parquet")).unwrap(); }, command: "convert in -o out",
        statuses: &["in/a.csv: updated"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "a bundle of another version",
        before: |g| {
            one_done(g);
            let report = fs::read_to_string(g.at("out/a.csv/report.json")).unwrap();
            let issue = r#""issues": [{"code": "of_another_version", "severity": "error", "message": "", "payload": {}}]"#;
            let other = report.replace(r#""issues": []"#, issue);
            assert_ne!(other, report);
            g.write("out/a.csv/report.json", other.as_bytes());
        }, command: "convert in -o out",
        statuses: &["in/a.csv: updated"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "invalid", before: short, command: "convert in -o out --strict",
        statuses: &["in/s.txt: invalid"], exit: 1, says: "--short-steps join", out: &["s.txt/"] },
    Situation { name: "invalid once more",
        before: |g| { short(g); g.prep(&["convert", "in", "-o", "out", "--strict"]); }, command: "convert in -o out --strict",
        statuses: &["in/s.txt: skipped"], exit: 1, says: "\"invalid\":1", out: &["s.txt/"] },
    Situation { name: "invalid and keep it",
        before: |g| { short(g); g.prep(&["convert", "in", "-o", "out", "--strict"]); }, command: "convert in -o out --strict --keep-invalid",
        statuses: &["in/s.txt: invalid"], exit: 1, says: "", out: &["s.txt"] },
    Situation { name: "invalid beside older tables",
        before: |g| { short(g); g.prep(&["convert", "in", "-o", "out"]); }, command: "convert in -o out --force --strict",
        statuses: &["in/s.txt: invalid"], exit: 1, says: "", out: &["s.txt", "s.txt/report.invalid.json!"] },
    Situation { name: "invalid beside older tables once more",
        before: |g| { short(g); g.prep(&["convert", "in", "-o", "out"]); g.prep(&["convert", "in", "-o", "out", "--strict"]); },
        command: "convert in -o out --strict",
        statuses: &["in/s.txt: skipped"], exit: 1, says: "\"invalid\":1", out: &["s.txt", "s.txt/report.invalid.json!"] },
    Situation { name: "mended beside older tables",
        before: |g| { short(g); g.prep(&["convert", "in", "-o", "out"]); g.prep(&["convert", "in", "-o", "out", "--strict"]); },
        command: "convert in -o out --strict --short-steps join",
        statuses: &["in/s.txt: updated"], exit: 0, says: "short_steps_joined", out: &["s.txt"] },
    Situation { name: "destroyed, and its name says what it was",
        before: |g| g.write("in/a.mpr", b"404 not found"), command: "convert in -o out",
        statuses: &["in/a.mpr: unreadable"], exit: 2, says: "\"unreadable\":1", out: &[] },
    Situation { name: "empty, and its name says what it was",
        before: |g| g.write("in/a.001", b""), command: "convert in -o out",
        statuses: &["in/a.001: unreadable"], exit: 2, says: "an empty file", out: &[] },
    Situation { name: "destroyed after it was good", before: |g| { one_done(g); g.write("in/a.csv", b""); }, command: "convert in -o out",
        statuses: &["in/a.csv: unreadable"], exit: 2, says: "an empty file", out: &["a.csv"] },
    Situation { name: "an empty file of nobody", before: |g| g.write("in/lock", b""), command: "convert in -o out",
        statuses: &["in/lock: unknown"], exit: 0, says: "", out: &[] },
    Situation { name: "unknown in a folder", before: |g| g.write("in/notes.txt", b"hello"), command: "convert in -o out",
        statuses: &["in/notes.txt: unknown"], exit: 0, says: "\"unknown\":1", out: &[] },
    Situation { name: "unknown and named", before: |g| g.write("in/notes.txt", b"hello"), command: "convert in/notes.txt -o out",
        statuses: &["in/notes.txt: unknown"], exit: 2, says: "no reader knows this file", out: &[] },
    Situation { name: "a side file", before: |g| g.put("bad/settings.mps", "in/settings.mps"), command: "convert in -o out",
        statuses: &["in/settings.mps: side_file"], exit: 0, says: "\"side_file\":1", out: &[] },
    Situation { name: "a test in a layout that is not public", before: |g| g.put("bad/raw.034", "in/raw.034"), command: "convert in -o out",
        statuses: &["in/raw.034: unreadable"], exit: 2, says: "export it as text", out: &[] },
    Situation { name: "a test without rows", before: |g| g.put("odd/empty.ndax", "in/e.ndax"), command: "convert in -o out",
        statuses: &["in/e.ndax: empty"], exit: 0, says: "\"empty\":1", out: &["e.ndax"] },
    Situation { name: "the output inside the input",
        before: |g| { one(g); g.prep(&["convert", "in", "-o", "in/out"]); }, command: "convert in -o in/out",
        statuses: &["in/a.csv: skipped"], exit: 0, says: "", out: &[] },
    Situation { name: "an older output inside the input",
        before: |g| { one(g); g.prep(&["convert", "in", "-o", "in/old"]); }, command: "convert in -o out",
        statuses: &["in/a.csv: prepared"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "the output is the input", before: one, command: "convert in -o in",
        statuses: &[], exit: 2, says: "other than the input folder", out: &[] },
    Situation { name: "a foreign folder at the place of a bundle",
        before: |g| { one(g); g.write("out/a.csv/thesis.tex", b"dear"); }, command: "convert in -o out --force",
        statuses: &["in/a.csv: unreadable"], exit: 2, says: "a folder that is no bundle; it was left alone", out: &["a.csv/thesis.tex!"] },
    Situation { name: "a foreign report at the place of a bundle",
        before: |g| { one(g); g.write("out/a.csv/report.json", b"{\"mine\": 1}"); }, command: "convert in -o out --keep",
        statuses: &["in/a.csv: unreadable"], exit: 2, says: "move it away", out: &["a.csv/report.json!"] },
    Situation { name: "a file at the place of a bundle",
        before: |g| { one(g); g.write("out/a.csv", b"mine"); }, command: "convert in -o out",
        statuses: &["in/a.csv: unreadable"], exit: 2, says: "found a file", out: &["a.csv!"] },
    Situation { name: "two files with one output",
        before: |g| { g.put(FLAT, "in/1/a.csv"); g.put(FLAT, "in/2/a.csv"); }, command: "convert in/1/a.csv in/2/a.csv -o out",
        statuses: &[], exit: 2, says: "different outputs", out: &[] },
    Situation { name: "a file that is named twice", before: one, command: "convert in/a.csv in/a.csv -o out",
        statuses: &["in/a.csv: prepared"], exit: 0, says: "", out: &["a.csv"] },
    Situation { name: "a zone that there is not", before: one, command: "convert in -o out --timezone Europe/Belrin",
        statuses: &[], exit: 2, says: "did you mean \"Europe/Berlin\"?", out: &[] },
    Situation { name: "a reader that there is not", before: one, command: "convert in -o out --reader neware",
        statuses: &[], exit: 2, says: "expected a reader's id", out: &[] },
    Situation { name: "a check that there is not", before: one, command: "convert in -o out --skip time_gap",
        statuses: &[], exit: 2, says: "did you mean \"time_gaps\"?", out: &[] },
    Situation { name: "a gate that there is not", before: one, command: "convert in -o out --allow implausible_value",
        statuses: &[], exit: 2, says: "did you mean \"implausible_values\"?", out: &[] },
    Situation { name: "a time that is none", before: one, command: "convert in -o out --start-time yesterday",
        statuses: &[], exit: 2, says: "expected start time as ISO 8601", out: &[] },
    Situation { name: "an empty folder", before: |_| (), command: "convert in -o out",
        statuses: &[], exit: 0, says: "\"prepared\":0", out: &[] },
    Situation { name: "a path that is not there", before: |_| (), command: "convert in/a.csv -o out",
        statuses: &["in/a.csv: unreadable"], exit: 2, says: "cannot read", out: &[] },
    Situation { name: "an output that cannot be written", before: |g| { one(g); g.write("file", b"x"); }, command: "convert in -o file/below",
        statuses: &[], exit: 2, says: "cannot write to the output folder", out: &[] },
    Situation { name: "a file with two tests",
        before: |g| g.put("odd/two_channels.xlsx", "in/b.xlsx"), command: "convert in -o out",
        statuses: &["in/b.xlsx[Channel_1-017]: prepared", "in/b.xlsx[Channel_1-018]: prepared"], exit: 0, says: "",
        out: &["b.xlsx/Channel_1-017", "b.xlsx/Channel_1-018"] },
    Situation { name: "a file with two tests once more",
        before: |g| { g.put("odd/two_channels.xlsx", "in/b.xlsx"); g.prep(&["convert", "in", "-o", "out"]); }, command: "convert in -o out",
        statuses: &["in/b.xlsx[Channel_1-017]: skipped", "in/b.xlsx[Channel_1-018]: skipped"], exit: 0, says: "",
        out: &["b.xlsx/Channel_1-017", "b.xlsx/Channel_1-018"] },
    Situation { name: "a file with two tests of which one is lost",
        before: |g| {
            g.put("odd/two_channels.xlsx", "in/b.xlsx");
            g.prep(&["convert", "in", "-o", "out"]);
            fs::remove_dir_all(g.at("out/b.xlsx/Channel_1-017")).unwrap();
        }, command: "convert in -o out",
        statuses: &["in/b.xlsx[Channel_1-017]: prepared", "in/b.xlsx[Channel_1-018]: updated"], exit: 0, says: "",
        out: &["b.xlsx/Channel_1-017", "b.xlsx/Channel_1-018"] },
    Situation { name: "a file with two tests of which one is asked for",
        before: |g| { g.put("odd/two_channels.xlsx", "in/b.xlsx"); g.prep(&["convert", "in", "-o", "out"]); },
        command: "convert in -o out --sheet /018$/",
        statuses: &["in/b.xlsx: updated"], exit: 0, says: "", out: &["b.xlsx"] },
    Situation { name: "a single output once more",
        before: |g| { one(g); g.prep(&["convert", "in/a.csv", "-o", "out/x.parquet"]); }, command: "convert in/a.csv -o out/x.parquet --json-lines",
        statuses: &["in/a.csv: skipped"], exit: 0, says: "", out: &["x.parquet!"] },
    Situation { name: "a single output with another option",
        before: |g| { one(g); g.prep(&["convert", "in/a.csv", "-o", "out/x.parquet"]); }, command: "convert in/a.csv -o out/x.parquet --required-columns-only",
        statuses: &["in/a.csv: updated"], exit: 0, says: "", out: &["x.parquet!"] },
    Situation { name: "a foreign file at the place of a single output",
        before: |g| { one(g); g.write("out/x.parquet", b"PAR1 mine"); }, command: "convert in/a.csv -o out/x.parquet --force",
        statuses: &["in/a.csv: unreadable"], exit: 2, says: "no output of ours", out: &["x.parquet!"] },
];

#[test]
fn every_situation_ends_as_the_table_says() {
    assert!(TABLE.len() >= 30);
    for situation in TABLE {
        let ground = Ground::new(situation.name);
        (situation.before)(&ground);
        let sources = || snapshot(&ground.at("in"));
        let before = sources();
        let mut arguments: Vec<&str> = situation.command.split(' ').collect();
        if !arguments.contains(&"--json-lines") {
            arguments.push("--json-lines");
        }
        let told = ground.prep(&arguments);
        let name = situation.name;
        assert_eq!(told.exit, Some(situation.exit), "{name}: {}", told.text);
        assert_eq!(told.statuses, situation.statuses, "{name}: {}", told.text);
        let says = situation.says;
        assert!(told.text.contains(says) || told.text.replace("\\\"", "\"").contains(says), "{name}: {}", told.text);
        assert_eq!(ground.outputs(), expanded(situation.out), "{name}");
        let kept = sources();
        assert!(before.iter().all(|(path, bytes)| path.starts_with("out") || kept.get(path) == Some(bytes)), "{name}");
    }
}

/// All files below a folder with their bytes.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_path_buf()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// A bundle's files, the report without what a clock says of the run.
fn bundle(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = snapshot(folder);
    if let Some(bytes) = files.get_mut(Path::new("report.json")) {
        let mut report: Value = serde_json::from_slice(bytes).unwrap();
        report.as_object_mut().unwrap().remove("timings");
        *bytes = serde_json::to_vec(&report).unwrap();
    }
    files
}

/// A cycler writes for hours, and rarely ends with a whole line when the nightly run comes by.
#[test]
fn every_stage_of_a_growing_file_is_as_if_it_were_new() {
    const STAGES: usize = 20;
    let ground = Ground::new("growing");
    let whole = fs::read(fixtures().join(FLAT)).unwrap();
    ground.put("arbin/mits7.csv", "in/other.csv");
    let (mut seen, mut partial) = (Vec::new(), 0);
    for stage in 1..=STAGES {
        ground.write("in/cell.csv", &whole[..whole.len() * stage / STAGES]);
        let told = ground.prep(&["convert", "in", "-o", "out", "--json-lines"]);
        assert_eq!(told.exit, Some(0), "stage {stage}: {}", told.text);
        let status = told.statuses[0].strip_prefix("in/cell.csv: ").unwrap().to_owned();
        assert_eq!(told.statuses[1], if stage == 1 { "in/other.csv: prepared" } else { "in/other.csv: skipped" });
        seen.push(status);
        let _ = fs::remove_dir_all(ground.at("new"));
        let people = ground.prep(&["convert", "in/cell.csv", "-o", "new"]);
        partial += usize::from(people.text.lines().next().unwrap().contains("partial_file"));
        assert_eq!(bundle(&ground.at("out/cell.csv")), bundle(&ground.at("new/cell.csv")), "stage {stage}");
        let again = ground.prep(&["convert", "in", "-o", "out", "--json-lines"]);
        assert_eq!(again.statuses, ["in/cell.csv: skipped", "in/other.csv: skipped"], "stage {stage}");
    }
    assert_eq!(seen[0], "prepared");
    assert!(seen[1..].iter().all(|status| status == "updated"), "{seen:?}");
    // Where a stage ends inside a line, its line says so; few end exactly behind one.
    assert!(partial >= STAGES - 5, "{partial}");
}

/// What lies beside a file and is read with it is a part of the source.
#[test]
fn what_is_read_with_a_file_decides_as_the_file_does() {
    let ground = Ground::new("side");
    let run = || ground.prep(&["convert", "in", "-o", "out", "--json-lines"]).statuses;
    let (csv, metadata) = ("in/database_CH33.csv", "in/database_CH33_Metadata.csv");
    ground.put("arbin/database_CH33.csv", csv);
    assert_eq!(run(), ["in/database_CH33.csv: prepared"]);
    // It comes, it changes, it goes.
    ground.put("arbin/database_CH33_Metadata.csv", metadata);
    let both = |status: &str| [format!("{csv}: {status}"), format!("{metadata}: side_file")];
    assert_eq!(run(), both("updated"));
    assert_eq!(run(), both("skipped"));
    age(&ground.at(metadata), 60);
    assert_eq!(run(), both("skipped"), "touched, and the same");
    let mut bytes = fs::read(ground.at(metadata)).unwrap();
    bytes.extend_from_slice(b"\r\n");
    ground.write(metadata, &bytes);
    assert_eq!(run(), both("updated"));
    fs::remove_file(ground.at(metadata)).unwrap();
    assert_eq!(run(), ["in/database_CH33.csv: updated"]);
    assert_eq!(run(), ["in/database_CH33.csv: skipped"]);
}

/// A test that is exported in parts gets one more: the first part has not changed, its bundle has to.
#[test]
fn a_part_that_comes_later_is_read_with_the_first() {
    let ground = Ground::new("parts");
    let run = || ground.prep(&["convert", "in", "-o", "out", "--json-lines"]).statuses;
    let name = |part: u32| format!("in/parts_Channel_4_Wb_{part}.CSV");
    let put = |part: u32| ground.put(&format!("arbin/parts_Channel_4_Wb_{part}.CSV"), &name(part));
    let first = |status: &str| format!("{}: {status}", name(1));
    let side = |part: u32| format!("{}: side_file", name(part));
    put(1);
    assert_eq!(run(), [first("prepared")]);
    put(2);
    assert_eq!(run(), [first("updated"), side(2)]);
    ground.put(FLAT, "in/another.csv");
    put(3);
    assert_eq!(run()[1..], [first("updated"), side(2), side(3)]);
    assert_eq!(run()[1..], [first("skipped"), side(2), side(3)], "the other file is none of its parts");
    // One that is missing ends the test before it; what follows stands alone.
    fs::remove_file(ground.at(&name(2))).unwrap();
    assert_eq!(run()[1..], [first("updated"), format!("{}: prepared", name(3))]);
    // A part that is named is what somebody wants.
    put(2);
    let named = ground.prep(&["convert", &name(2), "-o", "alone", "--json-lines"]);
    assert_eq!(named.statuses, [format!("{}: prepared", name(2))]);
}

/// What people see of a run: what was not read, by name up to ten and by kind beyond; findings grouped; one word for one thing.
#[test]
fn a_run_ends_with_what_was_not_read() {
    let ground = Ground::new("ends");
    ground.put(FLAT, "in/a.csv");
    ground.write("in/b.mpr", b"404 not found");
    for k in 0..10 {
        ground.write(&format!("in/notes{k}.txt"), b"hello");
    }
    ground.put("bad/settings.mps", "in/settings.mps");
    let told = ground.prep(&["convert", "in", "-o", "out"]).text;
    let lines: Vec<&str> = told.lines().collect();
    for line in [
        "1 file could not be read:",
        "  in/b.mpr (unknown_format)",
        "1 side file without rows of a test:",
        "10 files that no reader knows:",
        "  in/notes9.txt",
    ] {
        assert!(lines.contains(&line), "{line}: {told}");
    }
    let summary =
        "1 prepared, 0 updated, 0 invalid, 0 empty, 1 unreadable, 0 skipped, 1 side file, 10 unknown; 112 rows in ";
    assert!(lines.last().unwrap().starts_with(summary), "{told}");
    ground.write("in/notes10.md", b"hello");
    let told = ground.prep(&["convert", "in", "-o", "out"]).text;
    assert!(told.contains("11 files that no reader knows:\n  10 .txt\n  1 .md\n") && !told.contains("notes"), "{told}");
    assert!(told.contains("skipped    in/a.csv: the bundle is there"), "{told}");
    let quiet = ground.prep(&["convert", "in", "-o", "out", "-q"]).text;
    assert!(quiet.starts_with("unreadable in/b.mpr\n") && !quiet.contains("that no reader knows:"), "{quiet}");
}

/// Steps of one row: the finding says how many there are and the ways out, and these work.
#[test]
fn strict_can_be_passed() {
    let ground = Ground::new("strict");
    let mut table = String::from("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n");
    // Five steps of nine rows, each followed by a marker of one row.
    for row in 0..50 {
        let step = 2 * (row / 10) + i32::from(row % 10 == 9) + 1;
        table.push_str(&format!("{},{step},1,-1,{:.4}\n", row * 10, 4.0 - f64::from(row) * 0.01));
    }
    ground.write("in/marks.csv", table.as_bytes());
    let strict = ["convert", "in", "-o", "out", "--strict"];
    let told = ground.prep(&strict);
    assert_eq!(told.exit, Some(1), "{}", told.text);
    let text = told.text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" │ ", " ");
    assert!(text.contains("of the file's 50 rows 5 are steps of their own. Three ways out:"), "{text}");
    assert!(text.contains("… and 2 more of step_too_few_points"), "three are shown, two are counted: {text}");
    for way in [["--short-steps", "join"], ["--skip", "minimum_points_per_step"]] {
        let told = ground.prep(&[&strict[..], &way[..]].concat());
        assert_eq!(told.exit, Some(0), "{way:?}: {}", told.text);
    }
}
