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

/// What a person does: sort by cycles twice, press a status, write into the filter, draw what is listed; each step's lines are written
/// down.
const ACTIONS: &str = r##"
<pre id="log"></pre>
<script>
const log = [], one = selector => document.querySelector(selector), all = selector => [...document.querySelectorAll(selector)];
const shown = what => log.push(what + ": " + all("tr.line .main").map(name => name.textContent).join(" "));
const head = name => all("thead button").find(button => button.textContent === name);
shown("opened");
head("Cycles").click(); shown("cycles up");
head("Cycles").click(); shown("cycles down");
one("[data-state=unreadable]").click(); shown("unreadable");
one("[data-state=unreadable]").click();
one("#filter").value = "NEWARE"; one("#filter").dispatchEvent(new Event("input")); shown("filtered");
log.push("count: " + one("#count").textContent, "thumbnails: " + all("td.voltage path").length, "link: " + one("tr.line a").getAttribute("href"));
one("#pick-shown").click();
log.push("ticked: " + all("td.pick input:checked").length, "legend: " + one("#legend").textContent, "others: " + one("#others summary").textContent);
one("#log").textContent = log.join("\n");
</script>"##;

#[test]
fn the_page_sorts_filters_and_draws_from_disk() {
    let out = std::env::temp_dir().join(format!("prep-page-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&out);
    let file = |name: &str| fixtures().join(name).to_string_lossy().into_owned();
    let files = [
        file("neware/flat.csv"),
        file("maccor/flat_line.034"),
        file("biologic/open_circuit.mpt"),
        file("bad/header_count.mpt"),
    ];
    let folder = out.with_extension("in");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("notes.txt"), "Cells 1 to 4").unwrap();
    let mut arguments = vec!["convert", "--plot", "-q", "-o", out.to_str().unwrap(), folder.to_str().unwrap()];
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
    opened: header_count.mpt open_circuit.mpt flat_line.034 flat.csv
    cycles up: open_circuit.mpt flat_line.034 flat.csv header_count.mpt
    cycles down: flat_line.034 flat.csv open_circuit.mpt header_count.mpt
    unreadable: header_count.mpt
    filtered: flat.csv
    count: 1 of 4 measurements
    thumbnails: 1
    link: flat.csv/overview.svg
    ticked: 1
    legend: flat.csv
    others: 1 file is no test: 1 unknown
    ");
    std::fs::remove_dir_all(&out).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
