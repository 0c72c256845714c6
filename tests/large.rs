//! Files so large that they are read in blocks on all threads (8 MiB and more): the same as from memory, in one piece.

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
