//! The page of a batch in a real browser. Skipped, and said so, where no Chromium is installed.

use std::path::Path;
use std::process::Command;

use crate::support::fixtures;

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The page's document after its scripts ran; `None` without a browser.
fn document(page: &Path, profile: &Path) -> Option<String> {
    let run = |browser: &&str| {
        let arguments =
            ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
        let profile = format!("--user-data-dir={}", profile.display());
        let url = format!("file://{}", page.display());
        Command::new(browser).args(arguments).args([&profile, "--dump-dom", &url]).output().ok()
    };
    let output = BROWSERS.iter().find_map(run)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a person does: sort by rows twice, press a status, write into the filter; each step's visible rows are written down.
const ACTIONS: &str = r##"
<pre id="log"></pre>
<script>
const log = [], shown = what => {
  const names = [...body.rows].filter(row => !row.hidden).map(row => row.querySelector(".source").textContent);
  log.push(what + ": " + names.join(" "));
};
const head = name => [...table.tHead.rows[0].cells].find(cell => cell.textContent === name);
shown("opened");
head("rows").click(); shown("rows up");
head("rows").click(); shown("rows down");
buttons.find(button => button.dataset.status === "unreadable").click(); shown("unreadable");
buttons.find(button => button.dataset.status === "unreadable").click();
input.value = "NEWARE"; input.dispatchEvent(new Event("input")); shown("filtered");
const image = document.querySelector("img");
log.push("count: " + count.textContent, "pictures: " + document.images.length, "links: " + document.links[0].getAttribute("href"));
image.loading = "eager";
const done = what => { log.push("picture: " + what); document.querySelector("#log").textContent = log.join("\n"); };
image.complete && image.naturalWidth ? done("drawn") : (image.onload = () => done("drawn"), image.onerror = () => done("missing"));
</script>"##;

#[test]
fn the_page_sorts_filters_and_shows_pictures_from_disk() {
    let out = std::env::temp_dir().join(format!("prep-page-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&out);
    let file = |name: &str| fixtures().join(name).to_string_lossy().into_owned();
    let files = [
        file("neware/flat.csv"),
        file("maccor/flat_line.034"),
        file("biologic/open_circuit.mpt"),
        file("bad/header_count.mpt"),
    ];
    let mut arguments = vec!["convert", "--plot", "-q", "-o", out.to_str().unwrap()];
    arguments.extend(files.iter().map(String::as_str));
    assert_eq!(Command::new(env!("CARGO_BIN_EXE_prep")).args(arguments).output().unwrap().status.code(), Some(2));

    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(!page.contains("http://") && !page.contains("https://"), "the page needs no network");
    std::fs::write(out.join("acted.html"), page.replace("</body>", &format!("{ACTIONS}</body>"))).unwrap();
    let Some(document) = document(&out.join("acted.html"), &out.join("profile")) else {
        eprintln!("skipped: none of {} is installed", BROWSERS.join(", "));
        return;
    };
    let log = document.split("<pre id=\"log\">").nth(1).unwrap().split("</pre>").next().unwrap();
    insta::assert_snapshot!(log, @"
    opened: bad/header_count.mpt biologic/open_circuit.mpt maccor/flat_line.034 neware/flat.csv
    rows up: bad/header_count.mpt biologic/open_circuit.mpt maccor/flat_line.034 neware/flat.csv
    rows down: maccor/flat_line.034 neware/flat.csv biologic/open_circuit.mpt bad/header_count.mpt
    unreadable: bad/header_count.mpt
    filtered: neware/flat.csv
    count: 1 of 4
    pictures: 3
    links: flat_line.034/overview.svg
    picture: drawn
    ");
    std::fs::remove_dir_all(&out).unwrap();
}
