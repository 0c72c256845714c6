//! No two files of the source need each other.
//!
//! Who reads one of such a pair has to read both, and neither can be moved or tested alone. What both need goes to a third file,
//! named after what it holds. A module and what is declared below it are one house and excepted: `map/mod.rs` is the door of
//! `map/plan.rs`, it declares and calls its rooms, and they use what it holds for all of them. A name that a door only passes
//! on counts as the file that it comes from, so nobody goes round in a circle through a door.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A path such as `["map", "cells"]`.
type Names = Vec<String>;

/// The source: modules, what each file says, and which names of others it takes in.
#[derive(Default)]
struct Source {
    code: BTreeMap<Names, String>,
    taken: BTreeMap<Names, BTreeMap<String, Names>>,
}

impl Source {
    fn of(files: &[(String, String)]) -> Self {
        let mut source = Self::default();
        for (file, text) in files {
            source.code.insert(module(file), without_tests_and_comments(text));
        }
        for (module, code) in &source.code {
            let paths = split_uses(code).0.into_iter().filter_map(|path| source.absolute(module, &path));
            let taken = paths.filter_map(|path| Some((path.last()?.clone(), path))).collect();
            source.taken.insert(module.clone(), taken);
        }
        source
    }

    /// A path from the root; `None` where it leads out of the library or to a name that the file took in.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Names> {
        let mut rest = path;
        let mut base = module;
        match path.first()?.as_str() {
            "crate" => return Some(path[1..].to_vec()),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    (base, rest) = (base.split_last()?.1, &rest[1..]);
                }
            }
            child if self.code.contains_key(&[module, &[child.to_owned()]].concat()) => {}
            _ => return None,
        }
        Some([base, rest].concat())
    }

    /// The module that a path from the root leads to, through the doors that pass a name on.
    fn resolve(&self, path: &[String], doors: usize) -> Option<Names> {
        let length = (0..=path.len()).rev().find(|length| self.code.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(length);
        let passed_on = rest.first().and_then(|name| self.taken.get(module)?.get(name));
        match passed_on {
            Some(target) if doors > 0 => self.resolve(&[target, &rest[1..]].concat(), doors - 1),
            _ => Some(module.to_vec()),
        }
    }

    /// The modules that each one needs.
    fn needs(&self) -> BTreeMap<&Names, BTreeSet<Names>> {
        let mut needs = BTreeMap::new();
        for (module, code) in &self.code {
            let (uses, others) = split_uses(code);
            let paths = uses.into_iter().chain(inline_paths(&others));
            let paths = paths.filter_map(|path| self.absolute(module, &path));
            needs.insert(module, paths.filter_map(|path| self.resolve(&path, 5)).collect());
        }
        needs
    }

    /// Pairs that need each other and are not a module and what is below it.
    fn circles(&self) -> Vec<String> {
        let needs = self.needs();
        let mut found = Vec::new();
        for (one, needed) in &needs {
            for other in needed.iter().filter(|other| other > one && !other.starts_with(one)) {
                if needs.get(other).is_some_and(|needed| needed.contains(*one)) {
                    found.push(format!("{} and {}", one.join("/"), other.join("/")));
                }
            }
        }
        found
    }
}

/// `map/cells.rs` is `["map", "cells"]`, `map/mod.rs` is `["map"]`, `lib.rs` the root.
fn module(file: &str) -> Names {
    let mut names: Names = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if names.last().is_some_and(|name| name == "mod") || names == ["lib"] {
        names.pop();
    }
    names
}

fn without_tests_and_comments(text: &str) -> String {
    let code =
        text.find("#[cfg(test)]\nmod ").or(text.find("#[cfg(test)]\npub(crate) mod ")).map_or(text, |at| &text[..at]);
    code.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The paths of the `use` items, and the other lines.
fn split_uses(code: &str) -> (Vec<Names>, String) {
    let (mut paths, mut others, mut open) = (Vec::new(), String::new(), None::<String>);
    for line in code.lines() {
        let trimmed = line.trim_start();
        let item = trimmed.strip_prefix("pub").map_or(trimmed, |rest| match rest.strip_prefix('(') {
            Some(scope) => scope.split_once(')').map_or(scope, |(_, item)| item).trim_start(),
            None => rest.trim_start(),
        });
        match (&mut open, item.strip_prefix("use ")) {
            (Some(tree), _) => *tree += line,
            (None, Some(tree)) => open = Some(tree.to_owned()),
            (None, None) => others += &format!("{line}\n"),
        }
        if let Some(tree) = open.take_if(|tree| tree.contains(';')) {
            expand(tree.split(';').next().unwrap(), &[], &mut paths);
        }
    }
    (paths, others)
}

/// The paths of a tree: `a::{self, b::c as d}` is `a` and `a::b::c`.
fn expand(tree: &str, before: &[String], found: &mut Vec<Names>) {
    let tree = tree.trim();
    if let Some(inner) = tree.strip_prefix('{').and_then(|tree| tree.strip_suffix('}')) {
        let (mut depth, mut start) = (0, 0);
        for (at, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&inner[start..at], before, found);
                    start = at + 1;
                }
                _ => {}
            }
        }
        return expand(&inner[start..], before, found);
    }
    let (first, rest) = tree.split_once("::").map_or((tree, None), |(first, rest)| (first, Some(rest)));
    let name = first.split(" as ").next().unwrap().trim();
    match rest {
        Some(rest) => expand(rest, &[before, &[name.to_owned()]].concat(), found),
        None if name == "self" => found.push(before.to_vec()),
        None if name.is_empty() => {}
        None => found.push([before, &[name.to_owned()]].concat()),
    }
}

/// Paths that stand in expressions and types.
fn inline_paths(code: &str) -> impl Iterator<Item = Names> {
    let words = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').map(|word| word.trim_matches(':'));
    words.filter(|word| word.contains("::")).map(|word| word.split("::").map(str::to_owned).collect())
}

/// Files of the library, from `src` on, with their text.
fn files() -> Vec<(String, String)> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let file = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((file, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found
}

#[test]
fn no_two_files_need_each_other() {
    let source = Source::of(&files());
    let needs: usize = source.needs().values().map(BTreeSet::len).sum();
    assert!(needs > 500, "{needs} needs are too few: the test does not see them");
    let circles = source.circles();
    assert!(circles.is_empty(), "need each other; move what both need to a third file:\n{}", circles.join("\n"));
}

#[test]
fn circles_are_found_however_they_are_written() {
    let circles = |files: &[(&str, &str)]| {
        let files: Vec<_> = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        Source::of(&files).circles()
    };
    let found = ["text/decimal and text/number"];
    let number = ("text/number.rs", "use super::decimal::Decimal;\n");
    assert_eq!(circles(&[number, ("text/decimal.rs", "fn f() { super::number::trim() }")]), found);
    assert_eq!(
        circles(&[number, ("text/decimal.rs", "pub(crate) use crate::{\n    text::number::{self, Cell},\n};")]),
        found
    );
    // Through a door that passes a name on.
    let door = ("text/mod.rs", "mod decimal;\nmod number;\npub use number::trim;\n");
    assert_eq!(circles(&[number, door, ("text/decimal.rs", "use crate::text::trim;")]), found);
    // Tests and comments need nothing; a door and its room are one house.
    let tested = ("text/decimal.rs", "// super::number\n#[cfg(test)]\nmod tests {\n    use crate::text::number;\n}");
    assert!(circles(&[number, door, tested]).is_empty());
    assert!(
        circles(&[("map/mod.rs", "mod plan;\nuse plan::make;"), ("map/plan.rs", "use super::Options;")]).is_empty()
    );
}
