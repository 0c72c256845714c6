//! The sheets of a workbook and where they lie.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::broken;
use crate::error::Result;

/// A sheet as the workbook lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    /// The member that holds it; before [`at`](Self::at) the key under which the relations have it.
    pub(super) path: String,
}

impl Listed {
    /// The same, with the member that the relations say.
    pub(super) fn at(self, paths: &[(String, String)]) -> Self {
        let target = paths.iter().find(|(id, _)| *id == self.path).map(|(_, target)| path(target));
        Self { path: target.unwrap_or_default(), ..self }
    }

    pub(super) fn is_at(&self, member: &str) -> bool {
        !self.path.is_empty() && is_same(member, &self.path)
    }
}

/// Names of members are compared without case, and some programs write them with backslashes.
pub(super) fn is_same(member: &str, name: &str) -> bool {
    let slash = |b: u8| if b == b'\\' { b'/' } else { b.to_ascii_lowercase() };
    member.len() == name.len() && member.bytes().map(slash).eq(name.bytes().map(slash))
}

/// Targets are relative to the folder of the workbook, or begin at the root of the archive.
fn path(target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts = if target.starts_with('/') { Vec::new() } else { vec!["xl"] };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// An attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

/// Whether an attribute says yes.
fn is_set(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}

/// Walks the elements that begin in a part.
pub(super) fn elements(from: impl BufRead, mut each: impl FnMut(&BytesStart<'_>)) -> Result<()> {
    let mut reader = Reader::from_reader(from);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(element) | Event::Empty(element) => each(&element),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The sheets in their order, with the keys of their relations; whether days are counted from 1904.
pub(super) fn sheets(from: impl BufRead) -> Result<(Vec<Listed>, bool)> {
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    elements(from, |element| match element.local_name().as_ref() {
        "sheet" => {
            let of = |name| attribute(element, name).unwrap_or_default();
            sheets.push(Listed { name: of("name"), path: of("id") });
        }
        "workbookPr" => is_1904 |= is_set(element, "date1904"),
        _ => {}
    })?;
    Ok((sheets, is_1904))
}

/// Keys and targets of the relations.
pub(super) fn paths(from: impl BufRead) -> Result<Vec<(String, String)>> {
    let mut paths = Vec::new();
    elements(from, |element| {
        if element.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
        {
            paths.push((id, target));
        }
    })?;
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_where_the_relations_say() {
        let book = br#"<x:workbook><x:workbookPr date1904="true"/><x:sheets>
            <x:sheet name="A &amp; B" sheetId="7" rel:id="rId2"/><x:sheet name="C" sheetId="8" rel:id="gone"/></x:sheets></x:workbook>"#;
        let relations = br#"<Relationships><Relationship Id="rId2" Target="/xl/Worksheets/../worksheets/sheet1.xml"/></Relationships>"#;
        let (sheets, is_1904) = sheets(&book[..]).unwrap();
        let paths = paths(&relations[..]).unwrap();
        let sheets: Vec<Listed> = sheets.into_iter().map(|sheet| sheet.at(&paths)).collect();
        assert!(is_1904);
        assert_eq!((sheets[0].name.as_str(), sheets[0].path.as_str()), ("A & B", "xl/worksheets/sheet1.xml"));
        assert!(sheets[0].is_at("xl\\Worksheets\\Sheet1.xml") && !sheets[0].is_at("xl/worksheets/sheet11.xml"));
        assert!(!sheets[1].is_at("") && !sheets[1].is_at("xl"));
        assert_eq!(path("worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
    }
}
