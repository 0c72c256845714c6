//! The members of an archive, packed or unpacked (docs/formats/ndax.md#members, docs/formats/neware.md#unpacked-archives).

use super::container::MAIN;
use crate::archive::{self, Member};
use crate::error::Result;
use crate::formats::ReadOptions;
use crate::note::{Note, NoteCode, Notes};
use crate::source::{Family, Source};

/// The member with the records.
pub(super) const DATA: &str = "data.ndc";

/// What members that are parts of the test begin with, but for auxiliary channels of old archives.
const DATA_STEM: &str = "data";

/// The files that say what was tested.
static XML: [&str; 4] = ["versioninfo.xml", "testinfo.xml", "step.xml", "ndaxconfig.xml"];

/// Parts that nobody needs.
static NOT_READ: [&str; 3] = ["data_log.ndc", "data_es.ndc", "data_aux.ndc"];

/// Last part of a member's name in lower case.
pub(super) fn base(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase()
}

fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".ndc")
}

/// Members that matter: data, and the files that say what they are.
fn is_wanted(name: &str) -> bool {
    let name = base(name);
    stem(&name).is_some() && !NOT_READ.contains(&name.as_str()) || XML.contains(&name.as_str())
}

/// All that is read of an archive, or of the folder that it was unpacked into.
pub(super) fn of(source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<Member>> {
    if source.bytes().starts_with(b"PK") {
        return archive::inflate(&source.shared(), &options.limits, is_wanted);
    }
    let own = base(source.file_name());
    let set = Set { stem: stem(&own).unwrap_or(&own), is_alone: is_alone(&own, &source.neighbours()) };
    let mut members: Vec<Member> = source
        .siblings(Family::of("", &[".ndc", ".xml"]), |name| {
            base(name) != own && set.called(name).is_some_and(|name| is_wanted(&name))
        })?
        .into_iter()
        // Another set may have a name that begins so.
        .filter(|(_, bytes)| bytes.first() != Some(&MAIN))
        .map(|(name, bytes)| Member { name: set.called(&name).unwrap_or(name), bytes })
        .collect();
    let message = format!("the file is not in an archive; {} file(s) beside it were read with it", members.len());
    notes.push(Note::new(NoteCode::FilesJoined, message).count(members.len()));
    members.push(Member { name: DATA.to_owned(), bytes: source.bytes().to_vec() });
    Ok(members)
}

/// The files that an archive was unpacked into, when they kept its name or were given one.
struct Set<'n> {
    /// What all of them begin with.
    stem: &'n str,
    /// Whether no other set lies in the folder.
    is_alone: bool,
}

impl Set<'_> {
    /// What a file is called in an archive; `None` for one of another set.
    fn called(&self, name: &str) -> Option<String> {
        let name = base(name);
        if let Some(part) = name.strip_prefix(self.stem).and_then(|rest| rest.strip_prefix('_')) {
            return Some(if XML.contains(&part) { part.to_owned() } else { format!("{DATA_STEM}_{part}") });
        }
        // Names that are the same in every archive belong to the only one that is there; channels of old archives have a
        // name of their own.
        let may_be = self.is_alone && XML.contains(&name.as_str()) || self.stem == DATA_STEM;
        may_be.then_some(name)
    }
}

/// Whether all `.ndc` files of a folder are parts of one set.
fn is_alone(own: &str, names: &[String]) -> bool {
    let stem = stem(own).unwrap_or(own);
    names.iter().map(|name| base(name)).filter(|name| name.ends_with(".ndc")).all(|name| name.starts_with(stem))
}

/// The file with the records that a part belongs to, among the files of its folder.
pub(in super::super) fn records_of(part: &str, names: &[String]) -> Option<String> {
    let part = base(part);
    let is_its = |name: &&String| {
        let name = base(name);
        stem(&name).is_some_and(|stem| part.strip_prefix(stem).is_some_and(|rest| rest.starts_with('_')))
    };
    let by_stem = names.iter().filter(is_its).max_by_key(|name| name.len());
    by_stem.or_else(|| names.iter().find(|name| base(name) == DATA)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_set_find_each_other() {
        let names: Vec<String> = ["cell 7.ndc", "Cell 7_runInfo.ndc", "cell.ndc", "data.ndc"].map(str::to_owned).into();
        assert_eq!(records_of("Cell 7_runInfo.ndc", &names).as_deref(), Some("cell 7.ndc"));
        assert_eq!(records_of("20240301_1_2.ndc", &names).as_deref(), Some("data.ndc"));
        assert_eq!(records_of("other_step.ndc", &names[..1]), None);
        let set = Set { stem: "cell 7", is_alone: false };
        assert_eq!(set.called("Cell 7_runInfo.ndc").as_deref(), Some("data_runinfo.ndc"));
        assert_eq!(set.called("cell 7_TestInfo.xml").as_deref(), Some("testinfo.xml"));
        assert_eq!((set.called("TestInfo.xml"), set.called("data_step.ndc")), (None, None));
        assert!(!is_alone("cell 7.ndc", &names) && is_alone("cell 7.ndc", &names[..2]));
    }
}
