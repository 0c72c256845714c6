//! Neware's `.ndax` archives (docs/formats/ndax.md).
//!
//! Seen in: ndc versions 2, 5, 14, 16 and 17 of BTS 8.0 and 8.5. Versions 1, 3, 4, 8, 9 and 11 to 13 are read as they are
//! described.

mod aux;
mod aux_records;
mod between_anchors;
mod columns_by_code;
mod container;
mod items;
mod members;
mod pair_records;
mod rows;
mod run_info;
mod si_records;
mod step_list;
mod whole_records;
mod xml;

use rayon::prelude::*;

use super::records::{Channel, CycleMode, Records, Scale};
use crate::archive::Member;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::limits::Limits;
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::signal::PART;
use crate::source::Source;
use crate::table::RawTable;
use container::Ndc;
pub(super) use members::records_of;
use members::{DATA, base};
use xml::About;

static INFO: Info = Info {
    id: "neware_ndax",
    name: "Neware ndax",
    maker: &crate::makers::neware::NEWARE,
    extensions: &["ndax", "ndc"],
    software: "BTS 8",
};

/// The reader.
#[derive(Debug)]
pub(crate) struct NewareNdax;

fn archive_score(probe: &Probe<'_>) -> Score {
    if probe.members.iter().any(|name| base(name) == DATA) {
        Score::yes(100, "a zip archive that holds data.ndc")
    } else if probe.members.is_empty() {
        Score::no("neither a zip archive nor a data.ndc")
    } else {
        Score::no("a zip archive without data.ndc")
    }
}

impl Sealed for NewareNdax {}

impl Format for NewareNdax {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        // Taken out of its archive, the file with the records still says what it is, though not much.
        let [kind, 0, version, 0, ..] = probe.head else { return archive_score(probe) };
        if *kind == container::MAIN && (1..=17).contains(version) && probe.extension == "ndc" {
            return Score::yes(90, "an .ndc file with the type of main records");
        }
        archive_score(probe)
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let members = members::of(source, options, notes)?;
        let find = |name: &str| members.iter().find(|member| base(&member.name) == name);
        let about = about(&members, notes);
        let Some(data) = find(DATA) else {
            let message = "expected the member data.ndc in the archive; it is not there";
            return Err(Error::new(ErrorKind::Malformed, message));
        };
        let main = Ndc::open(DATA, &data.bytes, container::MAIN, notes)?;
        Limits::check("rows", (data.bytes.len() / 8) as u64, options.limits.rows)?;
        let scale = Scale { device: about.range, own: options.current_ranges.clone() };
        // Neither knows of the other.
        let (records, channels) =
            rayon::join(|| records(&main, &members, &scale, notes), || read_channels(&members, &about));
        let mut records = records?;
        join_channels(&mut records, channels, &about, notes);
        let dialect = match main.version {
            1..=5 => "whole records",
            8..=14 | 16 | 17 => "two numbers a record",
            _ => "a layout without a sample",
        };
        let modes = (options.cycle_mode, about.cycle_mode);
        let is_empty = main.pages().len() == 0 && !main.is_cut;
        // What was inflated is mostly more than what comes of it.
        drop(members);
        let mut table = records.finish(dialect, about.facts, modes, notes);
        table.empty_by_design = is_empty.then_some("no rows, and the file is whole: data.ndc has no pages");
        Ok(vec![table])
    }
}

/// The main records, by the kind that their version has.
fn records(main: &Ndc<'_>, members: &[Member], scale: &Scale, notes: &mut Notes) -> Result<Records> {
    let open = |name: &str, kind, notes: &mut Notes| {
        let member = members.iter().find(|member| base(&member.name) == name.to_lowercase());
        member.map(|m| Ndc::open(name, &m.bytes, kind, notes)).transpose()
    };
    if let Some(layout) = whole_records::layout(main.version) {
        if !whole_records::is_verified(main.version) {
            unverified(main.version, notes);
        }
        return Ok(whole_records::read(main, layout, scale, notes));
    }
    if pair_records::units(main.version).is_some() {
        if !pair_records::is_verified(main.version) {
            unverified(main.version, notes);
        }
        let run_info = open("data_runInfo.ndc", container::RUN_INFO, notes)?;
        let step = open("data_step.ndc", container::STEP, notes)?;
        return between_anchors::read(main, run_info, step, notes);
    }
    unverified(main.version, notes);
    match main.version {
        6 => si_records::read(main, open("data_step.ndc", container::STEP, notes)?),
        7 => columns_by_code::read(main, scale),
        15 => items::read(main),
        version => {
            let message = format!("expected a known version of data.ndc, found {version}");
            Err(Error::new(ErrorKind::Unsupported, message).at(Place::Member(DATA.to_owned())))
        }
    }
}

/// What a member holds: its name, its channels if it could be read, and what there is to tell.
type Read<'a> = (&'a str, Option<Vec<Channel>>, Notes);

/// The auxiliary channels, each on a thread of its own.
fn read_channels<'a>(members: &'a [Member], about: &About) -> Vec<Read<'a>> {
    let read = |member: &'a Member| {
        let mut notes = Notes::new();
        let found = aux_records::read(&member.name, &member.bytes, &about.channels, &mut notes);
        (member.name.as_str(), found, notes)
    };
    members.par_iter().filter(|member| aux::is_channel(&member.name)).map(read).collect()
}

/// Puts the channels beside the records; one that ends before them, or that the list promises in vain, is told.
fn join_channels(records: &mut Records, channels: Vec<Read<'_>>, about: &About, notes: &mut Notes) {
    let (listed, mut read) = (about.channels.as_slice(), Vec::new());
    for (name, found, told) in channels {
        notes.extend(told);
        if let Some(found) = found {
            records.channels.extend(found);
            read.push(name);
        }
    }
    let largest = |part: &[f64]| part.iter().copied().fold(0.0, f64::max);
    let last = records.number.par_chunks(PART).map(largest).reduce(|| 0.0, f64::max);
    if last == 0.0 {
        return;
    }
    for channel in records.channels.iter().filter(|channel| channel.last() < last) {
        let message = format!(
            "{} ends at record {}, the records go on to {last}: no value there",
            channel.header(),
            channel.last()
        );
        notes.push(Note::new(NoteCode::PartialFile, message).count((last - channel.last()) as usize));
    }
    if listed.is_empty() && about.channel_count > read.len() {
        let message =
            format!("the test information promises {} channel(s), {} are there", about.channel_count, read.len());
        notes.push(Note::new(NoteCode::PartialFile, message).count(about.channel_count - read.len()));
    }
    aux::settle(&mut records.channels, listed, &read, notes);
}

fn unverified(version: u8, notes: &mut Notes) {
    let message =
        format!("version {version} of the ndc files is described but was never seen with data; compare with BTSDA");
    notes.push(Note::new(NoteCode::UnverifiedLayout, message));
}

/// What the XML files say; one that is absent or broken costs facts, not rows.
fn about(members: &[Member], notes: &mut Notes) -> About {
    type Take = fn(&mut About, &[xml::Element]);
    let files: [(&str, Take); 4] = [
        ("testinfo.xml", |about, e| about.test_info(e)),
        ("step.xml", |about, e| about.step(e)),
        ("versioninfo.xml", |about, e| about.version(e)),
        ("ndaxconfig.xml", |about, e| about.config(e)),
    ];
    let mut about = About { cycle_mode: CycleMode::AsBtsda, ..About::default() };
    for (name, take) in files {
        let Some(member) = members.iter().find(|m| base(&m.name) == name) else {
            if name == "testinfo.xml" || name == "step.xml" {
                notes.push(Note::new(NoteCode::MetadataIgnored, format!("the archive has no {name}")));
            }
            continue;
        };
        let (elements, is_whole) = xml::elements(&member.bytes);
        if !is_whole {
            let message = format!("{} is broken; what stands before the break was read", member.name);
            notes.push(Note::new(NoteCode::MetadataIgnored, message));
        }
        take(&mut about, &elements);
    }
    about
}
