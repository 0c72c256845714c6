//! The shape of the source, held by a test: layers, file lengths, documentation that is generated from tables.

use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found
}

fn module(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// A module uses modules of lower rows only.
#[rustfmt::skip]
static LAYERS: &[&[&str]] = &[
    &["error", "guard", "html", "names", "widest"],
    &["schema"],
    &["limits", "note", "issue", "signal", "zone"],
    &["archive", "text"],
    &["binary", "parquet"],
    &["jet"],
    &["sheet"],
    &["source"],
    &["vocab"],
    &["table"],
    &["probe"],
    &["map"],
    &["formats"],
    &["makers"],
    &["detect", "reader_id", "transform", "summary", "validate", "bundle", "load", "witness"],
    &["findings"],
    &["data_type", "kept", "overview", "plot", "series", "wall_clock"],
    &["page"],
    &["join", "measurement", "serve"],
    &["prepare"],
    &["inspect"],
    &["batch", "platform"],
    &["cli"],
    &["lib", "bin"],
];

#[test]
fn layers_hold() {
    let rank =
        |name: &str| LAYERS.iter().position(|row| row.contains(&name)).unwrap_or_else(|| panic!("{name} has no layer"));
    for (path, text) in sources() {
        let own = module(&path);
        if own == "bin" || own == "lib" {
            continue;
        }
        // Tests may reach up.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (at, _) in code.match_indices("crate::") {
            let used: String = code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used.is_empty() || used == own || used.starts_with(char::is_uppercase) {
                continue;
            }
            assert!(rank(&used) < rank(&own), "{} uses crate::{used}", path.display());
        }
    }
}

#[test]
fn the_hot_core_knows_neither_frames_nor_files() {
    for (path, text) in sources() {
        if ["text", "signal"].contains(&module(&path).as_str())
            && !path.ends_with("signal/frame.rs")
            && !path.ends_with("signal/mod.rs")
        {
            let code = text.split("#[cfg(test)]").next().unwrap();
            for word in ["polars", "std::fs", "println!", "print!("] {
                assert!(!code.contains(word), "{} mentions {word}", path.display());
            }
        }
    }
}

/// What is known of a maker stands in its folder: shared code asks the maker's description and names none. Tables of what is
/// supported and examples in the documentation may.
#[test]
fn no_maker_is_named_outside_its_folder() {
    let names: Vec<String> = cyclerprep::readers::MAKERS.iter().map(|maker| maker.name().to_lowercase()).collect();
    for (path, text) in sources() {
        if module(&path) == "makers" {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        let mut is_example = false;
        for (number, line) in code.lines().enumerate() {
            let comment = line.trim_start().strip_prefix("//").map(|rest| rest.trim_start_matches(['/', '!']).trim());
            is_example ^= comment.is_some_and(|text| text.starts_with("```"));
            if comment.is_some() && (is_example || comment.is_some_and(|text| text.starts_with('|'))) {
                continue;
            }
            let lower = line.to_lowercase();
            let mut words = lower.split(|c: char| !c.is_alphanumeric());
            assert!(
                !words.any(|word| names.iter().any(|name| name == word)),
                "{}:{}: {line}",
                path.display(),
                number + 1
            );
        }
    }
}

#[test]
fn files_stay_short() {
    let mut lengths: Vec<usize> = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines", path.display());
        lengths.push(lines);
    }
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] <= 200, "median {}", lengths[lengths.len() / 2]);
}

#[test]
fn tables_name_their_source() {
    for (path, text) in sources() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let makers = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/makers");
        let Ok(own) = path.strip_prefix(&makers) else { continue };
        let is_words = name == "words.rs";
        let is_reader = text.contains("impl Format for");
        assert!(
            own.components().count() > 1 || ["mod.rs", "foreign.rs"].contains(&name.as_str()),
            "{}",
            path.display()
        );
        assert!(!(is_words || is_reader) || text.contains("//! Seen in:"), "{}", path.display());
    }
}

fn generated(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{page} differs from its tables; UPDATE_DOCS=1 cargo test --test suite tidy writes it anew");
}

/// The part of a hand-written page between two marks, which a table of the source gives; `margin` begins each line.
fn generated_part(name: &str, margin: &str, part: &str, text: &str) {
    let found = page(name);
    let (start, end) = (format!("{margin}<!-- generated: {part} -->\n"), format!("{margin}<!-- end: {part} -->\n"));
    let (before, rest) = found.split_once(&start).unwrap_or_else(|| panic!("{name} lacks {start:?}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{name} lacks {end:?}"));
    let text: String = text.lines().map(|line| format!("{margin}{line}\n")).collect();
    generated(name, &[before, &start, &text, &end, after].concat());
}

#[test]
fn docs_are_those_of_the_tables() {
    generated("docs/rules.md", &cyclerprep::validate::rules_markdown());
    let mut columns = String::from("| column | stored as | required set | meaning |\n|---|---|---|---|\n");
    for spec in cyclerprep::COLUMNS {
        let kind = match spec.kind {
            cyclerprep::schema::Kind::Real => "f64",
            cyclerprep::schema::Kind::Count => "i64",
            cyclerprep::schema::Kind::Text => "text",
            cyclerprep::schema::Kind::DateTime => "local date and time, ms",
            cyclerprep::schema::Kind::Instant => "date and time in UTC, µs",
        };
        let required = if spec.required { "yes" } else { "" };
        columns.push_str(&format!("| `{}` | {kind} | {required} | {} |\n", spec.name, spec.doc));
    }
    generated_part("docs/schema.md", "", "columns", &columns);
    let mut index = String::from("| column | holds | meaning |\n|---|---|---|\n");
    for column in cyclerprep::batch::INDEX_COLUMNS {
        let kind = match column.kind {
            cyclerprep::batch::IndexKind::Text => "text",
            cyclerprep::batch::IndexKind::Count => "whole number",
            cyclerprep::batch::IndexKind::Real => "number",
            cyclerprep::batch::IndexKind::Time => "instant, UTC, ms",
            cyclerprep::batch::IndexKind::List => "list of texts",
            _ => unreachable!(),
        };
        index.push_str(&format!("| `{}` | {kind} | {} |\n", column.name, column.meaning));
    }
    generated_part("docs/schema.md", "", "index", &index);
}

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The section of a page below a heading of the second level.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    rest.split("\n## ").next().unwrap()
}

#[test]
fn the_schema_page_names_every_column_of_steps_and_cycles() {
    let schema = page("docs/schema.md");
    // One with sub-procedures (`Frame`) among them.
    for fixture in ["neware/flat.csv", "maccor/flat_line.034", "maccor/calls.034"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let cell = cyclerprep::prepare(path, &Default::default()).unwrap();
        for (heading, table) in [("Steps table", &cell.steps), ("Cycles table", &cell.cycles)] {
            for name in table.get_column_names() {
                let text = section(&schema, heading);
                assert!(text.contains(&format!("`{name}`")), "docs/schema.md, {heading}: no {name:?}");
            }
        }
    }
}

/// Fields of the blocks of the source that begin so: lines such as `operator,` or `row_index: u64,`.
fn fields<'s>(source: &'s str, from: &str) -> Vec<&'s str> {
    let blocks = source.split(from).skip(1).flat_map(|block| block.split("\n}").next());
    let lines = blocks.flat_map(str::lines).map(str::trim);
    let lines = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    lines.filter_map(|line| line.split([':', ',']).next()).collect()
}

#[test]
fn pages_name_every_fact_and_every_payload() {
    let (schema, metadata) = (page("docs/schema.md"), page("src/schema/metadata.rs"));
    let facts = fields(&metadata, "\nfacts! {");
    assert!(facts.contains(&"operator") && facts.contains(&"electrolyte"), "{facts:?}");
    for name in facts {
        let text = section(&schema, "Metadata");
        let is_named = text.contains(&format!("`{name}`")) || text.contains(&format!("`test_setup.{name}`"));
        assert!(is_named, "docs/schema.md, Metadata: no {name:?}");
    }
    let (validator, issue) = (page("docs/validator.md"), page("src/issue.rs"));
    let payload = fields(&issue, "pub enum Payload {");
    assert!(payload.contains(&"charge_fraction") && payload.contains(&"tolerance_seconds"), "{payload:?}");
    for name in payload {
        assert!(validator.contains(&format!("`{name}`")), "docs/validator.md: no {name:?}");
    }
}

#[test]
fn every_code_stands_below_the_heading_that_its_rule_names() {
    let validator = page("docs/validator.md");
    for rule in cyclerprep::validate::RULES {
        let mut headings = validator.lines().filter_map(|line| line.strip_prefix("## "));
        let heading = headings.find(|heading| heading.to_lowercase().replace(' ', "-") == rule.section);
        let heading = heading.unwrap_or_else(|| panic!("docs/validator.md has no heading for #{}", rule.section));
        let text = section(&validator, heading);
        let named = |name: &str| text.contains(&format!("`{name}`"));
        assert!(named(rule.code.as_str()), "docs/validator.md, {heading}: no {}", rule.code);
        // A check that is called as its code need not be named twice.
        assert!(rule.strict.is_none_or(named), "docs/validator.md, {heading}: no {:?}", rule.strict);
    }
}

#[test]
fn the_support_tables_are_those_of_the_readers() {
    let mut table = String::from("| maker | format | extensions | written by |\n|---|---|---|---|\n");
    for reader in cyclerprep::readers::READERS.iter() {
        let info = reader.info();
        let extensions: Vec<String> = info.extensions.iter().map(|extension| format!("`.{extension}`")).collect();
        table.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            info.maker.name(),
            info.name,
            extensions.join(", "),
            info.software
        ));
    }
    generated_part("README.md", "", "formats", &table);
    generated_part("src/lib.rs", "//! ", "formats", &table);
}

/// Modules of which nothing is in the published documentation.
fn is_internal(path: &Path) -> bool {
    let lib = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let module = module(path);
    let is_private =
        lib.contains(&format!("\nmod {module};")) || lib.contains(&format!("#[doc(hidden)]\npub mod {module};"));
    // The drawing and the command line are private below their doors.
    let is_below = ["cli", "page", "plot"].contains(&module.as_str()) && !path.ends_with(format!("{module}/mod.rs"));
    is_private || module == "bin" || is_below
}

#[test]
fn every_public_item_shows_an_example() {
    let words = ["fn", "struct", "enum", "trait", "static", "const", "type"];
    let mut seen = 0;
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_internal(path)) {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let mut documentation = String::new();
        for line in code.lines().map(str::trim_start) {
            if line.starts_with("///") || line.starts_with("#[") || line.starts_with("$(#[") {
                documentation += line;
                continue;
            }
            let item = line.strip_prefix("pub ").and_then(|rest| rest.split(' ').next());
            if item.is_some_and(|word| words.contains(&word)) {
                seen += 1;
                assert!(documentation.contains("```"), "{}: no example for `{line}`", path.display());
            }
            documentation.clear();
        }
    }
    assert!(seen > 100, "{seen} items are too few: the test does not see them");
}

/// The examples of a text's documentation, `///`, `//!` or a page: the line where each begins, and its code.
fn examples(text: &str) -> Vec<(usize, String)> {
    let (mut found, mut open) = (Vec::new(), None::<(usize, bool, String)>);
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_start())) {
        let line = line.strip_prefix("///").or(line.strip_prefix("//!")).unwrap_or(line).trim_start();
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => {
                found.extend(open.take().filter(|(_, is_rust, _)| *is_rust).map(|(n, _, code)| (n, code)))
            }
            (Some(kind), None) => {
                let is_rust = kind.split(',').all(|word| ["", "rust", "no_run", "should_panic"].contains(&word));
                open = Some((number, is_rust, String::new()));
            }
            (None, Some((.., code))) => *code += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    found
}

/// An example that prints shows nothing on a page, and holds whatever the code does.
#[test]
fn every_example_asserts_what_it_shows() {
    let mut pages = sources();
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&readme).unwrap();
    pages.push((readme, text));
    let (mut seen, mut silent) = (0, Vec::new());
    for (path, text) in pages {
        for (line, code) in examples(&text) {
            seen += 1;
            if !code.contains("assert") {
                silent.push(format!("{}:{line}", path.display()));
            }
        }
    }
    assert!(silent.is_empty(), "examples that assert nothing:\n{}", silent.join("\n"));
    assert!(seen > 150, "{seen} examples are too few: the test does not see them");
}
