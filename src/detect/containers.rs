//! Files that stand where a cycler's file should, and are something else: told by name, with what to do.

use crate::probe::Probe;

/// In the order in which they are asked; each looks at the name and the head alone. What it is, and what to do.
type Known = (fn(&Probe<'_>) -> bool, &'static str);

static KNOWN: &[Known] = &[
    (
        |p| p.head.starts_with(b"version https://git-lfs.github.com/spec/"),
        "a Git LFS pointer, which stands for the file: `git lfs pull` in its repository fetches the file itself",
    ),
    (
        // Excel's holds a user's name, LibreOffice's a line of facts.
        |p| p.file_name.starts_with("~$") && p.head.len() < 1024 || p.file_name.starts_with(".~lock."),
        "the lock file that a spreadsheet program keeps beside an open workbook: convert the workbook without `~$` in its name",
    ),
    (
        |p| p.head.starts_with(&[0, 5, 0x16, 7]),
        "what macOS keeps beside a file on other systems' disks: convert the file without `._` in its name",
    ),
    (
        |p| starts(p, &["<?xml"]) && contains(p, "urn:schemas-microsoft-com:office:spreadsheet"),
        "an Excel 2003 XML table: open it in a spreadsheet program and save it as .xlsx or .csv",
    ),
    (
        |p| {
            starts(p, &["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<script"])
                || starts(p, &["<?xml", "<!--"]) && contains(p, "<html")
        },
        "an HTML page: if it shows a login or an error, download the file again; if it holds the table, open it in a spreadsheet program and save it as .xlsx or .csv",
    ),
    (|p| p.head.starts_with(b"%PDF-"), "a PDF document: export the table from the cycler's software as text"),
    (|p| p.head.starts_with(b"{\\rtf"), "a document in rich text: save it as plain text"),
    (
        |p| p.head.starts_with(b"7z\xBC\xAF\x27\x1C") || p.head.starts_with(b"Rar!\x1A\x07"),
        "a 7z or rar archive: unpack it and convert the files",
    ),
    (
        |p| p.head.starts_with(b"BZh") && p.head.get(4..10) == Some(b"1AY&SY") || p.head.starts_with(b"\xFD7zXZ\0"),
        "a file packed with bzip2 or xz: unpack it and convert what it holds",
    ),
    (
        |p| has_member(p, "content.xml") && has_member(p, "mimetype"),
        "an OpenDocument file: open it in a spreadsheet program and save it as .xlsx or .csv",
    ),
    (
        |p| has_member(p, "xl/workbook.bin"),
        "an Excel binary workbook: open it in a spreadsheet program and save it as .xlsx or .csv",
    ),
    (|p| has_member(p, "word/document.xml"), "a Word document: export the table from the cycler's software as text"),
    (|p| p.head.get(257..262) == Some(b"ustar"), "a tar archive: unpack it and convert the files"),
];

/// What a file is, if it is one of those.
pub(super) fn known(probe: &Probe<'_>) -> Option<&'static str> {
    KNOWN.iter().find(|(is_it, _)| is_it(probe)).map(|(_, says)| *says)
}

fn has_member(probe: &Probe<'_>, name: &str) -> bool {
    probe.members.iter().any(|member| member == name)
}

fn text<'p>(probe: &'p Probe<'_>) -> &'p [u8] {
    probe.text.as_ref().map_or(&[], |text| text.bytes.as_slice())
}

fn starts(probe: &Probe<'_>, words: &[&str]) -> bool {
    let text = text(probe).trim_ascii_start();
    let is_front = |word: &&str| text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word.as_bytes()));
    words.iter().any(is_front)
}

fn contains(probe: &Probe<'_>, word: &str) -> bool {
    let lower = text(probe).to_ascii_lowercase();
    memchr::memmem::find(&lower, word.as_bytes()).is_some()
}
