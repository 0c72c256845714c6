//! The index as a page that opens from disk: a table that sorts and filters, without a network.

use std::io::{Result, Write};
use std::path::Path;

use super::cell::{Instant, Value};
use super::row::{INDEX_COLUMNS, IndexColumn, Page, Row};

const HEAD: &str = r##"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>prep: measurements</title>
<style>
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 1.5em; }
input, button { font: inherit; padding: .3em .6em; margin: .6em .3em .6em 0; }
input { width: 24em; max-width: 90%; }
button { border: 1px solid #8886; border-radius: .4em; background: none; color: inherit; cursor: pointer; }
button[aria-pressed=true] { background: #8884; font-weight: bold; }
table { border-collapse: collapse; }
th, td { padding: .25em .7em; text-align: left; border-bottom: 1px solid #8884; vertical-align: top; }
th { cursor: pointer; user-select: none; position: sticky; top: 0; background: Canvas; white-space: nowrap; z-index: 1; }
th[aria-sort=ascending]::after { content: " ▲"; }
th[aria-sort=descending]::after { content: " ▼"; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
td.time { white-space: nowrap; }
td.source { overflow-wrap: anywhere; min-width: 12em; max-width: 26em; }
tr.invalid td.status { color: #c60; } tr.unreadable td.status, tr.unknown td.status { color: #c33; }
td.why div { min-width: 10em; max-width: 26em; max-height: 5.6em; overflow: auto; overflow-wrap: anywhere; }
td img { display: block; width: 180px; height: auto; background: #fff; }
</style></head><body>
<h1>Measurements</h1>
"##;

const TAIL: &str = r##"</tbody></table>
<script>
const table = document.querySelector("table"), body = table.tBodies[0], count = document.querySelector("#count");
const input = document.querySelector("input"), buttons = [...document.querySelectorAll("button")];
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
  const wanted = input.value.toLowerCase(); let shown = 0;
  const status = buttons.filter(b => b.ariaPressed === "true").map(b => b.dataset.status);
  for (const row of body.rows) {
    const hit = (!status.length || status.includes(row.className)) && row.textContent.toLowerCase().includes(wanted);
    row.hidden = !hit; shown += hit;
  }
  count.textContent = shown + " of " + body.rows.length;
};
for (const button of buttons) button.addEventListener("click", () => { button.ariaPressed = button.ariaPressed !== "true"; filter(); });
input.addEventListener("input", filter);
input.value = decodeURIComponent(location.hash.slice(1)); filter();
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

/// The folder, with its last separator, that all sources have in common.
fn common_folder(rows: &[Row]) -> &str {
    let Some(first) = rows.first() else { return "" };
    let same = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let length = rows.iter().fold(first.source.len(), |length, row| length.min(same(&first.source, &row.source)));
    let end = first.source.as_bytes()[..length].iter().rposition(|byte| matches!(byte, b'/' | b'\\'));
    end.map_or("", |end| &first.source[..=end])
}

/// The picture in a bundle, if it has one.
fn picture(out: &Path, row: &Row) -> Option<String> {
    let output = row.output.as_deref()?;
    let names = ["overview.svg", "overview.png"].iter();
    names.map(|name| format!("{output}/{name}")).find(|path| out.join(path).is_file())
}

/// What a click on the source opens: the bundle's own page, else the bundle.
fn opens(out: &Path, row: &Row) -> Option<String> {
    let output = row.output.as_deref()?;
    let page = format!("{output}/overview.html");
    Some(if out.join(&page).is_file() { page } else { format!("{output}/") })
}

/// A cell with a number that sorts as one.
fn number(value: Option<f64>, digits: usize) -> String {
    match value {
        Some(value) => format!("<td class=n data-v=\"{value}\">{value:.digits$}</td>"),
        None => "<td class=n data-v=\"\"></td>".to_owned(),
    }
}

/// A cell of a row.
fn cell(column: &IndexColumn, row: &Row, folder: &str, out: &Path) -> String {
    let why = |text: &str| format!("<td class=why><div>{}</div></td>", escape(text));
    match (column.page, (column.of)(row)) {
        (Page::Hidden, _) => String::new(),
        (Page::Link, _) => {
            let source = escape(row.source.get(folder.len()..).unwrap_or(&row.source))
                + &row.part.as_ref().map(|part| format!(" [{}]", escape(part))).unwrap_or_default();
            match opens(out, row) {
                Some(path) => format!("<td class=source><a href=\"{}\">{source}</a></td>", link(&path)),
                None => format!("<td class=source>{source}</td>"),
            }
        }
        (Page::Why, _) => {
            // What was tried stands in the report of the run; here it would hide the rest.
            let short = |error: &str| error.split("; tried").next().unwrap_or_default().to_owned();
            why(&row.error.as_deref().map_or_else(|| row.issues.as_str().to_owned(), short))
        }
        (Page::Number(_, unit, digits), Value::Count(count)) => number(Some(count as f64 / unit), digits),
        (Page::Number(_, unit, digits), Value::Real(real)) => number(real.map(|real| real / unit), digits),
        (_, Value::List(codes)) => why(codes.as_str()),
        (_, Value::Time(at)) => format!("<td class=time>{}</td>", at.map(Instant::short).unwrap_or_default()),
        (_, Value::Text(text)) => format!("<td class={}>{}</td>", column.name, escape(text.unwrap_or_default())),
        (_, Value::Count(count)) => number(Some(count as f64), 0),
        (_, Value::Real(real)) => number(real, 4),
    }
}

/// Writes the page of the folder `out`.
pub(super) fn write(rows: &[Row], out: &Path, mut page: impl Write) -> Result<()> {
    let pictures: Vec<Option<String>> = rows.iter().map(|row| picture(out, row).map(|path| link(&path))).collect();
    let has_pictures = pictures.iter().any(Option::is_some);
    page.write_all(HEAD.as_bytes())?;
    let folder = common_folder(rows);
    if !folder.is_empty() {
        writeln!(page, "<p>Sources below <code>{}</code></p>", escape(folder))?;
    }
    writeln!(page, "<p><input placeholder=\"Filter by any text\" aria-label=\"Filter\">")?;
    for status in ["prepared", "invalid", "unreadable", "unknown"] {
        let count = rows.iter().filter(|row| row.status == status).count();
        if count > 0 {
            writeln!(page, "<button data-status={status} aria-pressed=false>{count} {status}</button>")?;
        }
    }
    writeln!(page, "<span id=count></span></p>")?;
    page.write_all(b"<table><thead><tr>")?;
    if has_pictures {
        page.write_all(b"<th>picture</th>")?;
    }
    for column in INDEX_COLUMNS {
        let head = match column.page {
            Page::Hidden => continue,
            Page::As(head) | Page::Number(head, ..) => head,
            Page::Link | Page::Why => column.name,
        };
        write!(page, "<th>{head}</th>")?;
    }
    page.write_all(b"</tr></thead><tbody>\n")?;
    for (row, picture) in rows.iter().zip(&pictures) {
        write!(page, "<tr class={}>", row.status)?;
        match picture {
            Some(path) => write!(
                page,
                "<td><a href=\"{path}\"><img loading=lazy src=\"{path}\" width=180 alt=\"overview\"></a></td>"
            )?,
            None if has_pictures => page.write_all(b"<td></td>")?,
            None => {}
        }
        for column in INDEX_COLUMNS {
            page.write_all(cell(column, row, folder, out).as_bytes())?;
        }
        page.write_all(b"</tr>\n")?;
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
    fn sources_lose_the_folder_that_all_have() {
        let row = |source: &str| Row { source: source.into(), ..Row::default() };
        assert_eq!(common_folder(&[row("/a/b/c.mpt"), row("/a/b/d/c.mpt")]), "/a/b/");
        assert_eq!(common_folder(&[row("/a/bc/x"), row("/a/bd/x")]), "/a/");
        assert_eq!(common_folder(&[row("a.mpt"), row("b.mpt")]), "");
        assert_eq!(common_folder(&[row("/ä/x"), row("/ö/x")]), "/", "never inside a character");
        assert_eq!(common_folder(&[]), "");
    }

    #[test]
    fn links_survive_any_file_name() {
        assert_eq!(link("a b/100%#1?.mpt"), "a%20b/100%25%231%3F.mpt");
        assert_eq!(link("Zelle/µ.csv"), "Zelle/%C2%B5.csv");
    }
}
