//! The index as a page that opens from disk: a table that sorts and filters, without a network.

use std::io::{Result, Write};
use std::path::Path;

use crate::index::Row;

const HEAD: &str = r##"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>prep: measurements</title>
<style>
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 1.5em; }
input { font: inherit; padding: .3em .5em; width: 24em; max-width: 90%; margin: .6em 0; }
table { border-collapse: collapse; }
th, td { padding: .25em .7em; text-align: left; border-bottom: 1px solid #8884; vertical-align: top; }
th { cursor: pointer; user-select: none; position: sticky; top: 0; background: Canvas; white-space: nowrap; }
th[aria-sort=ascending]::after { content: " ▲"; }
th[aria-sort=descending]::after { content: " ▼"; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
tr.invalid td.status { color: #c60; } tr.unreadable td.status, tr.unknown td.status { color: #c33; }
td.why { max-width: 30em; }
td img { display: block; width: 180px; height: auto; background: #fff; }
.scroll { overflow-x: auto; }
</style></head><body>
<h1>Measurements</h1>
"##;

const TAIL: &str = r##"</tbody></table></div>
<script>
const table = document.querySelector("table"), body = table.tBodies[0], count = document.querySelector("#count");
const key = (row, i) => { const cell = row.cells[i], v = cell.dataset.v; return v === undefined ? cell.textContent : v === "" ? -Infinity : +v; };
table.tHead.addEventListener("click", event => {
  const head = event.target.closest("th"); if (!head) return;
  const up = head.getAttribute("aria-sort") !== "ascending", i = head.cellIndex;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const rows = [...body.rows].map(row => [key(row, i), row]);
  rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1));
  body.append(...rows.map(([, row]) => row));
});
const filter = () => {
  const wanted = document.querySelector("input").value.toLowerCase(); let shown = 0;
  for (const row of body.rows) { const hit = row.textContent.toLowerCase().includes(wanted); row.hidden = !hit; shown += hit; }
  count.textContent = shown + " of " + body.rows.length;
};
document.querySelector("input").addEventListener("input", filter); filter();
</script></body></html>
"##;

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A path below the page's folder as a link; what would end it or mean something in it is encoded.
fn link(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The picture in a bundle, if it has one.
fn picture(out: &Path, row: &Row) -> Option<String> {
    let output = row.output.as_deref()?;
    let names = ["overview.svg", "overview.png"].iter();
    names.map(|name| format!("{output}/{name}")).find(|path| out.join(path).is_file())
}

/// A cell with a number that sorts as one.
fn number(value: Option<f64>, digits: usize) -> String {
    match value {
        Some(value) => format!("<td class=n data-v=\"{value}\">{value:.digits$}</td>"),
        None => "<td class=n data-v=\"\"></td>".to_owned(),
    }
}

/// Writes the page of the folder `out`.
pub fn write(rows: &[Row], out: &Path, mut page: impl Write) -> Result<()> {
    let has_pictures = rows.iter().any(|row| picture(out, row).is_some());
    page.write_all(HEAD.as_bytes())?;
    let of = |status: &str| rows.iter().filter(|row| row.status == status).count();
    writeln!(
        page,
        "<p>{} prepared, {} invalid, {} unreadable, {} unknown.</p>\n<input placeholder=\"Filter by any text\" aria-label=\"Filter\"> <span id=count></span>",
        of("prepared"),
        of("invalid"),
        of("unreadable"),
        of("unknown")
    )?;
    page.write_all(b"<div class=scroll><table><thead><tr>")?;
    if has_pictures {
        page.write_all(b"<th>picture</th>")?;
    }
    for head in [
        "source",
        "status",
        "reader",
        "rows",
        "steps",
        "cycles",
        "first A·h",
        "last A·h",
        "hours",
        "start",
        "issues",
        "notes",
    ] {
        write!(page, "<th>{head}</th>")?;
    }
    page.write_all(b"</tr></thead><tbody>\n")?;
    for row in rows {
        let source =
            escape(&row.source) + &row.part.as_ref().map(|part| format!(" [{}]", escape(part))).unwrap_or_default();
        let source = match &row.output {
            Some(output) => format!("<a href=\"{}/\">{source}</a>", link(output)),
            None => source,
        };
        let why = row
            .error
            .as_deref()
            .map_or_else(|| row.issues.as_str().to_owned(), |error| error.chars().take(300).collect());
        write!(page, "<tr class={}>", row.status)?;
        match picture(out, row).map(|path| link(&path)) {
            Some(path) => write!(
                page,
                "<td><a href=\"{path}\"><img loading=lazy src=\"{path}\" width=180 alt=\"overview\"></a></td>"
            )?,
            None if has_pictures => page.write_all(b"<td></td>")?,
            None => {}
        }
        writeln!(
            page,
            "<td>{source}</td><td class=status>{status}</td><td>{}</td>{}{}{}{}{}{}<td>{}</td><td class=why>{}</td><td class=why>{}</td></tr>",
            row.reader.as_deref().unwrap_or_default(),
            number(Some(row.rows as f64), 0),
            number(Some(row.steps as f64), 0),
            number(Some(row.cycles as f64), 0),
            number(row.first_discharge_capacity, 4),
            number(row.last_discharge_capacity, 4),
            number(row.duration_seconds.map(|seconds| seconds / 3600.0), 2),
            escape(row.start_time.as_deref().unwrap_or_default()),
            escape(&why),
            escape(row.notes.as_str()),
            status = row.status,
        )?;
    }
    page.write_all(TAIL.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        let row = Row { source: "<b>&\"x\"".into(), status: "unreadable".into(), ..Row::default() };
        let mut page = Vec::new();
        write(&[row], Path::new("."), &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("&lt;b&gt;&amp;&quot;x&quot;") && !page.contains("<b>&"));
    }

    #[test]
    fn links_survive_any_file_name() {
        assert_eq!(link("a b/100%#1?.mpt"), "a%20b/100%25%231%3F.mpt");
        assert_eq!(link("Zelle/µ.csv"), "Zelle/%C2%B5.csv");
    }
}
