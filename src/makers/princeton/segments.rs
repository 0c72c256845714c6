//! The segments of a VersaStudio file (docs/formats/princeton.md#segments).

use crate::text::line::{self, Line};

/// What was found of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Segments {
    /// Offset in `text` and number of the first line of names.
    pub(super) names: Option<(usize, u64)>,
    /// Rows of the segments that have the names of the first.
    pub(super) rows: usize,
    /// Segments that are read.
    pub(super) read: usize,
    /// Segments with other names or without, and their rows.
    pub(super) others: Vec<(String, usize)>,
    /// The text up to the last of the rows, blank where no row of a segment stands, so that lines keep their numbers.
    pub(super) text: Vec<u8>,
}

const NAMES: &[u8] = b"Definition=";

fn is_row(line: &Line<'_>) -> bool {
    // `Version=3` is none; what is broken may be one.
    !line.bytes.trim_ascii().is_empty() && !line.bytes.contains(&b'=')
}

/// Collects the rows below `Definition=` in each `<SegmentN>`.
pub(super) fn find(bytes: &[u8], start: usize) -> Segments {
    let mut found = Segments { text: bytes.get(..start).unwrap_or_default().to_vec(), ..Segments::default() };
    let mut first: Option<Vec<u8>> = None;
    let mut segment: Option<String> = None;
    // Whether the rows of the segment are those of the table.
    let mut takes = false;
    let mut end = 0;
    for line in line::lines(bytes, start) {
        let mut keeps = false;
        let is_mark = line.bytes.starts_with(b"<") && line.bytes.trim_ascii_end().ends_with(b">");
        if is_mark {
            let name = String::from_utf8_lossy(line.bytes).trim().trim_matches(['<', '>']).to_owned();
            (segment, takes) = (name.starts_with("Segment").then_some(name), false);
        } else if let Some(name) = &segment {
            if line.bytes.starts_with(NAMES) {
                if first.is_none() {
                    first = Some(line.bytes.to_vec());
                    (found.names, keeps) = (Some((found.text.len(), line.number)), true);
                }
                takes = first.as_deref() == Some(line.bytes);
                found.read += usize::from(takes);
            } else if takes && is_row(&line) {
                (keeps, found.rows) = (true, found.rows + 1);
            } else if is_row(&line) {
                match found.others.last_mut().filter(|(other, _)| other == name) {
                    Some((_, rows)) => *rows += 1,
                    None => found.others.push((name.clone(), 1)),
                }
            }
        }
        if keeps {
            found.text.extend_from_slice(bytes.get(line.start..line.next).unwrap_or_default());
            end = found.text.len();
        } else {
            found.text.push(b'\n');
        }
    }
    found.text.truncate(end.max(start));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_all_segments_keep_their_lines() {
        let text = "<Action1>\nName=x\n</Action1>\n<Segment1>\nType=2\nDefinition=Segment #, E(V)\n0,1\n</Segment1>\n\
                    <Segment2>\nDefinition=Segment #, E(V)\n1,2\n</Segment2>\n<Segment3>\nDefinition=Other\n7\n8\n</Segment3>\n";
        let found = find(text.as_bytes(), 0);
        assert_eq!((found.names, found.rows, found.read), (Some((5, 6)), 2, 2));
        assert_eq!(found.others, [("Segment3".to_owned(), 2)]);
        let lines: Vec<&str> = std::str::from_utf8(&found.text).unwrap().lines().collect();
        assert_eq!(lines[5..], ["Definition=Segment #, E(V)", "0,1", "", "", "", "1,2"]);
        assert_eq!(find(b"a,b\n1,2\n", 0).names, None);
    }
}
