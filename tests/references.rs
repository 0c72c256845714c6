//! Whoever follows a reference in this repository arrives: every page and heading that is named exists.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Sources, tests with their snapshots, and all pages, with their texts.
fn texts() -> Vec<(PathBuf, String)> {
    fn walk(path: &Path, wanted: fn(&Path) -> bool, found: &mut Vec<(PathBuf, String)>) {
        if path.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                walk(&entry.unwrap().path(), wanted, found);
            }
        } else if wanted(path) {
            found.push((path.to_path_buf(), std::fs::read_to_string(path).unwrap()));
        }
    }
    let code: fn(&Path) -> bool = |path| path.extension().is_some_and(|e| e == "rs" || e == "snap");
    let page: fn(&Path) -> bool = |path| path.extension().is_some_and(|e| e == "md");
    let readme: fn(&Path) -> bool = |path| path.file_name().is_some_and(|name| name == "README.md");
    let mut found = Vec::new();
    let places = [
        ("src", code),
        ("tests", code),
        ("benches", code),
        ("examples", code),
        ("fuzz/fuzz_targets", code),
        ("docs", page),
        ("fixtures", readme),
        ("README.md", page),
        ("CHANGELOG.md", page),
    ];
    for (place, wanted) in places {
        let before = found.len();
        walk(&root().join(place), wanted, &mut found);
        assert!(found.len() > before, "nothing in {place}");
    }
    // The examples below lead nowhere.
    found.retain(|(path, _)| !path.ends_with(file!()));
    found.sort();
    found
}

/// The anchors of a page's headings, made as GitHub makes them.
fn anchors(page: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut is_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let text = line.trim_start_matches('#');
        if is_code || text.len() == line.len() || !text.starts_with(' ') {
            continue;
        }
        let mut text = text.trim().to_lowercase();
        // Of a link in a heading only its text counts.
        while let Some(at) = text.find("](") {
            let end = text[at..].find(')').map_or(text.len(), |end| at + end + 1);
            text.replace_range(at..end, "");
        }
        let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let repeats = anchors.iter().filter(|known| **known == anchor).count();
        anchors.push(if repeats == 0 { anchor } else { format!("{anchor}-{repeats}") });
    }
    anchors
}

/// The text at the start that is made of such characters.
fn leading(text: &str, wanted: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !wanted(c)).unwrap_or(text.len())]
}

/// References such as `docs/schema.md#columns` in any text, from the root; a place holder such as `#{}` counts as the page.
fn paths(text: &str) -> Vec<String> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let mut found = Vec::new();
    for (at, _) in text.match_indices("docs/") {
        // `https://docs.rs/docs/…` and `my_docs/…` are others.
        if text[..at].ends_with(|c: char| is_path(c)) {
            continue;
        }
        let path = leading(&text[at..], is_path);
        let Some(end) = path.find(".md") else { continue };
        let (path, rest) = (&path[..end + 3], &text[at + end + 3..]);
        let anchor =
            rest.strip_prefix('#').map_or("", |rest| leading(rest, |c| c.is_alphanumeric() || "-_".contains(c)));
        found.push(if anchor.is_empty() { path.to_owned() } else { format!("{path}#{anchor}") });
    }
    found
}

/// Relative links of a Markdown page.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (i, part) in text.split("```").enumerate() {
        if i % 2 == 1 {
            continue;
        }
        for (at, _) in part.match_indices("](") {
            let target = part[at + 2..].split([')', ' ', '\n']).next().unwrap();
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push(target.to_owned());
            }
        }
    }
    found
}

/// Why a reference from a page leads nowhere, if it does.
fn broken(from: &Path, target: &str) -> Option<String> {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let file = if path.is_empty() { from.to_path_buf() } else { from.parent()?.join(path) };
    if !file.exists() {
        return Some("no such file".to_owned());
    }
    let anchor = anchor?;
    let headings = anchors(&std::fs::read_to_string(&file).ok()?);
    (!headings.iter().any(|heading| heading == anchor)).then(|| format!("no such heading; there are {headings:?}"))
}

#[test]
fn references_lead_to_pages_and_headings() {
    let mut missing = Vec::new();
    let mut followed = 0;
    for (path, text) in texts() {
        let is_page = path.extension().is_some_and(|e| e == "md");
        let from_root = paths(&text).into_iter().map(|target| (root().join("any"), target));
        let from_here = links(&text).into_iter().filter(|_| is_page).map(|target| (path.clone(), target));
        // In a page below docs/, `docs/…` inside of a link is relative to it and found there.
        for (from, target) in from_root.chain(from_here) {
            followed += 1;
            if let Some(why) = broken(&from, &target) {
                missing.push(format!("{}: {target}: {why}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{} reference(s) lead nowhere:\n{}", missing.len(), missing.join("\n"));
    assert!(followed > 50, "{followed} references are too few: the test does not see them");
}

/// Whoever opens the folder sees its README first.
#[test]
fn every_page_of_the_formats_is_listed() {
    let folder = root().join("docs/formats");
    let listed = links(&std::fs::read_to_string(folder.join("README.md")).unwrap());
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        seen += 1;
        assert!(name == "README.md" || listed.contains(&name), "docs/formats/README.md has no row for {name}");
    }
    assert!(seen > 4, "{seen} pages are too few: the test does not see them");
}

#[test]
fn nothing_cites_a_section_of_a_page_that_is_not_here() {
    // A section sign, and the name of a page that is not here under any name.
    let is_citation = |line: &str| line.contains('\u{a7}') || line.contains("ionworks.md");
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (i, line) in text.lines().enumerate().filter(|(_, line)| is_citation(line)) {
            found.push(format!("{}:{}: {}", path.display(), i + 1, line.trim()));
        }
    }
    assert!(
        found.is_empty(),
        "{} line(s) cite what nobody can read; cite `docs/page.md#heading`:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn anchors_are_those_of_the_platform_that_shows_the_pages() {
    let page =
        "# One `code` of [a link](x.md)\n## Time, start & end\n## Time, start & end\n```\n# no heading\n```\n#none\n";
    assert_eq!(anchors(page), ["one-code-of-a-link", "time-start--end", "time-start--end-1"]);
    assert_eq!(
        paths("see docs/a.md#b-c, (docs/f/d.md). my_docs/e.md docs/g.md#{}"),
        ["docs/a.md#b-c", "docs/f/d.md", "docs/g.md"]
    );
    assert_eq!(links("[a](b.md#c) [d](https://e) ```\n[f](g)\n```"), ["b.md#c"]);
}
