//! The index as a page that opens from disk, without a network: what became of each file and why first, then what it shows. Its
//! script is written here, beside it; how it draws is shared with the page of a measurement.

#[cfg(feature = "plot")]
mod capacities;
mod findings;
mod html;
mod shown;
mod text;

use std::io::{Result, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::row::Row;
use crate::html::inert;
use findings::Finding;
use shown::Shown;

/// What the page shows beyond the rows of the index, one each.
#[derive(Debug, Default)]
struct Beyond {
    findings: Vec<Finding>,
    /// File in the bundle that a click opens, and the picture.
    page: Option<&'static str>,
    picture: Option<&'static str>,
    #[cfg(feature = "plot")]
    cycles: Option<capacities::Cycles>,
}

/// The page, ready to be written as often as it takes.
#[derive(Debug)]
pub(super) struct Page<'r> {
    rows: &'r [Row],
    beyond: Vec<Beyond>,
}

impl<'r> Page<'r> {
    /// Looks for what lies in the bundles below `out`, and in the table of all cycles there.
    pub(super) fn new(rows: &'r [Row], out: &Path) -> Self {
        let beyond = findings::beyond(rows, out);
        #[cfg(feature = "plot")]
        let beyond = {
            let mut beyond = beyond;
            capacities::add(rows, out, &mut beyond);
            beyond
        };
        Self { rows, beyond }
    }

    /// Writes it row by row: a long index is not held as text too.
    pub(super) fn write(&self, mut to: impl Write) -> Result<()> {
        let folder = common_folder(self.rows);
        html::begin(&mut to)?;
        write!(to, "{{\"about\":{},\"rows\":[", inert(&about(self.rows, folder).to_string()))?;
        for (number, (row, beyond)) in self.rows.iter().zip(&self.beyond).enumerate() {
            let comma = if number > 0 { ",\n" } else { "\n" };
            let text = serde_json::to_string(&Shown::of(row, folder, beyond))?;
            write!(to, "{comma}{}", inert(&text))?;
        }
        write!(to, "\n]}}")?;
        html::end(&mut to)
    }
}

/// What the page says of all rows.
fn about(rows: &[Row], folder: &str) -> Value {
    let mut about = json!({
        "folder": folder,
        "version": env!("CARGO_PKG_VERSION"),
        "codes": shown::codes(rows),
    });
    #[cfg(feature = "plot")]
    {
        about["chart"] = capacities::about();
    }
    #[cfg(not(feature = "plot"))]
    {
        about["chart"] = Value::Null;
    }
    about
}

/// The folder, with its last separator, that all sources have in common.
fn common_folder(rows: &[Row]) -> &str {
    let Some(first) = rows.first() else { return "" };
    let same = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let length = rows.iter().fold(first.source.len(), |length, row| length.min(same(&first.source, &row.source)));
    let end = first.source.as_bytes()[..length].iter().rposition(|byte| matches!(byte, b'/' | b'\\'));
    end.map_or("", |end| &first.source[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[Row]) -> String {
        let mut page = Vec::new();
        Page::new(rows, Path::new("nowhere")).write(&mut page).unwrap();
        String::from_utf8(page).unwrap()
    }

    #[test]
    fn no_text_leaves_its_place() {
        let hostile = "</script><script>alert(1)</script><!--\u{2028}\"\\";
        let text = || Some(hostile.into());
        let row = Row {
            source: hostile.into(),
            part: text(),
            status: "unreadable".into(),
            schedule: text(),
            error: text(),
            voltage_outline: text(),
            ..Row::default()
        };
        let (written, empty) = (page(&[row]), page(&[]));
        for word in ["<script", "</script", "<!--"] {
            assert_eq!(written.matches(word).count(), empty.matches(word).count(), "{word}");
        }
        let told = written.split("id=\"told\">").nth(1).unwrap().split("</script>").next().unwrap();
        let told: Value = serde_json::from_str(told).unwrap();
        let source = [&told["about"]["folder"], &told["rows"][0]["source"]].map(|text| text.as_str().unwrap());
        assert_eq!(source.concat(), hostile);
    }

    #[test]
    fn it_asks_nobody() {
        let page = page(&[]);
        for word in
            ["http://", "https://", "src=", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket", "innerHTML"]
        {
            assert!(!page.contains(word), "{word}");
        }
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn a_row_takes_so_much_and_no_more() {
        let long = || Some("x".repeat(100_000).into());
        let row = |source: &str| Row {
            source: source.into(),
            schedule: long(),
            barcode: long(),
            error: long(),
            operator: long(),
            ..Row::default()
        };
        let size = |rows: &[Row]| page(rows).len();
        let one = size(&[row("a")]) - size(&[]);
        assert!(one < 3000, "{one} bytes");
    }

    #[test]
    fn sources_lose_the_folder_that_all_have() {
        let row = |source: &str| Row { source: source.into(), ..Row::default() };
        assert_eq!(common_folder(&[row("/a/b/c.mpt"), row("/a/b/d/c.mpt")]), "/a/b/");
        assert_eq!(common_folder(&[row("/a/bc/x"), row("/a/bd/x")]), "/a/");
        assert_eq!(common_folder(&[row("a.mpt"), row("b.mpt")]), "");
        assert_eq!(common_folder(&[row("/ä/x"), row("/ö/x")]), "/", "never inside a character");
        assert_eq!(common_folder(&[]), "");
    }
}
