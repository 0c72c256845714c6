//! EC-Lab's and BT-Lab's own files (docs/formats/mpr.md).
//!
//! Seen in: EC-Lab 11.12–11.61 and BT-Lab 1.7–1.8, both module layouts, with and without log, loops and external devices.

mod columns;
mod derived;
mod ids;
mod layout;
mod log;
mod modules;
mod records;
mod settings;
mod side;

use jiff::civil::Date;

use super::words::BIOLOGIC;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::limits::Limits;
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawColumn, RawData, RawTable, StartHint};
use crate::text::timestamp::Civil;
use columns::Columns;
use log::Log;
use modules::Module;
use records::{Context, Records};
use settings::Settings;

static INFO: Info = Info {
    id: "biologic_mpr",
    name: "BioLogic binary",
    maker: &crate::makers::biologic::BIOLOGIC,
    extensions: &["mpr"],
    software: "EC-Lab, BT-Lab",
};

/// Bit of the flags byte: last record of a run of the technique.
const RUN_ENDS: u8 = 0x40;

/// The reader.
#[derive(Debug)]
pub(crate) struct BioLogicMpr;

impl Sealed for BioLogicMpr {}

impl Format for BioLogicMpr {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        if probe.head.starts_with(modules::MAGIC) {
            Score::yes(100, "starts with \"BIO-LOGIC MODULAR FILE\"")
        } else {
            Score::no("does not start with \"BIO-LOGIC MODULAR FILE\"")
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let bytes = source.bytes();
        if bytes.is_empty() {
            return Err(Error::new(ErrorKind::Malformed, "expected a module file, found an empty file"));
        }
        let modules = modules::walk(bytes, notes)?;
        let find = |name: &str| modules.iter().find(|module| module.name == name);
        let part = |module: &Module| bytes.get(module.data.clone()).unwrap_or_default();
        let missing = |what: &str| {
            let have: Vec<&str> = modules.iter().map(|m| m.name.as_str()).collect();
            let message = format!("expected the module {what:?}, found only {}", have.join(", "));
            Error::new(ErrorKind::Malformed, message).at(Place::Offset(bytes.len() as u64))
        };
        let set = find("VMP Set").ok_or_else(|| missing("VMP Set"))?;
        let data = find("VMP data").ok_or_else(|| missing("VMP data"))?;
        if set.is_cut() {
            let message = format!("expected {} bytes of settings, found {}", set.stated, set.data.len());
            return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(set.data.end as u64)));
        }
        for other in modules.iter().filter(|m| m.is_cut() && m.name != "VMP data") {
            let message = format!("the module {:?} is cut off; the records are complete", other.name);
            notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(other.data.end as u64)));
        }
        tell_passed(&modules, notes);
        let settings = settings::read(part(set));
        let day = set.day().and_then(|(year, month, day)| Date::new(year, month, day).ok());
        let day = day.and_then(|d| d.to_zoned(jiff::tz::TimeZone::UTC).ok()).map(|z| z.timestamp().as_millisecond());
        let log = find("VMP LOG").filter(|m| !m.is_cut()).map(|m| log::read(part(m), day));

        let layout = layout::read(part(data), data, notes)?;
        Limits::check("rows", layout.rows as u64, options.limits.rows)?;
        Limits::check("columns", layout.columns.len() as u64, options.limits.columns)?;
        let loops = find("VMP loop").filter(|m| !m.is_cut()).map(|m| side::loops(part(m))).unwrap_or_default();
        let inputs = find("VMP ExtDev").map(|m| side::analog_inputs(part(m))).unwrap_or_default();
        let context = Context {
            loops,
            intercalation: settings.intercalation,
            is_recent: data.is_new,
            is_sweep: settings.is_sweep,
        };
        let records = Records::new(source.shared(), data.data.start, layout, context);

        let bcs = has_cell_voltage(&settings, log.as_ref());
        let dialect = match (data.is_new, bcs) {
            (true, false) => "modules of EC-Lab 11.50 and later",
            (false, false) => "modules of EC-Lab before 11.50",
            (_, true) => "modules of BT-Lab or a BCS cycler",
        };
        let mut table = RawTable::new(&BIOLOGIC, dialect);
        let columns = Columns::new(records);
        table.columns = names(&columns, bcs, &inputs, notes)
            .into_iter()
            .enumerate()
            .map(|(index, name)| RawColumn { name, data: RawData::Packed(index) })
            .collect();
        // A module with fewer records than it states is an error or has rows.
        table.empty_by_design = (columns.records().layout.rows == 0)
            .then_some("no rows, and the file is whole: its data module states 0 records");
        table.run_starts = run_starts(columns.records(), log.is_none(), notes);
        table.packed = Some(Box::new(columns));
        describe(&mut table, settings, log, day, notes);
        Ok(vec![table])
    }
}

/// Whether a BCS cycler or BT-Lab wrote the file: then the voltage is the cell's.
fn has_cell_voltage(settings: &Settings, log: Option<&Log>) -> bool {
    let of_log = |log: &Log| log.device == Some(settings::BCS) || log.software.as_deref().is_some_and(log::is_bt_lab);
    settings.device == Some(settings::BCS) || log.is_some_and(of_log)
}

/// Modules that are read; of each the first.
static KNOWN: [&str; 5] = ["VMP Set", "VMP ExtDev", "VMP data", "VMP LOG", "VMP loop"];

/// Modules that nobody knows, and second ones of a kind.
fn tell_passed(modules: &[Module], notes: &mut Notes) {
    let is_passed = |(index, module): &(usize, &Module)| {
        let before = modules.get(..*index).unwrap_or_default();
        !KNOWN.contains(&module.name.as_str()) || before.iter().any(|other| other.name == module.name)
    };
    for (_, module) in modules.iter().enumerate().filter(is_passed) {
        let message =
            format!("the module {:?} is not known, or not the first of its kind, and was not read", module.name);
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).at(Place::Offset(module.data.start as u64)));
    }
}

/// The names of EC-Lab's export, with the variants of docs/formats/mpr.md#names-that-changed and what external devices
/// measure.
fn names(columns: &Columns, bcs: bool, inputs: &[(u8, String)], notes: &mut Notes) -> Vec<String> {
    let has_temperature = columns.records().has(462);
    let mut names: Vec<String> = columns.names().map(std::borrow::Cow::into_owned).collect();
    for name in &mut names {
        if bcs && name == "Ewe/V" {
            "Ecell/V".clone_into(name);
        }
        let input = inputs.iter().find(|(number, _)| *name == format!("Analog IN {number}/V"));
        if let Some((number, label)) = input {
            // The stored value is already converted, whatever the name of the column says.
            let message = format!("analog input {number} is labelled {label:?}; its column holds that quantity");
            notes.push(Note::new(NoteCode::UnitConverted, message));
            if side::is_temperature(label) && !has_temperature {
                "Temperature/°C".clone_into(name);
            }
        }
    }
    names
}

/// Records at which a run of the technique begins: behind an end marker, and where the loop module says so.
fn run_starts(records: &Records, is_without_log: bool, notes: &mut Notes) -> Vec<usize> {
    let ends = records.flagged(RUN_ENDS);
    let rows = records.layout.rows;
    if records.layout.flags.is_some() && rows > 0 && ends.last() != Some(&(rows - 1)) {
        let message =
            "the last record carries no end mark: the run was still going, or the file was copied before its end";
        notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Record(rows as u64)));
    } else if is_without_log {
        notes.push(Note::new(NoteCode::PartialFile, "the file has no log module, which is written when a run ends"));
    }
    let mut starts: Vec<usize> = ends.iter().map(|row| row + 1).filter(|row| *row < rows).collect();
    starts.extend(records.loops.iter().copied().filter(|row| *row > 0 && *row < rows));
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// docs/formats/biologic.md#metadata.
fn describe(table: &mut RawTable, settings: Settings, log: Option<Log>, day: Option<i64>, notes: &mut Notes) {
    let Settings { facts, technique, comments, device, .. } = settings;
    table.facts = facts;
    let log = log.unwrap_or_default();
    let setup = &mut table.metadata.test_setup;
    setup.notes = comments;
    setup.operator = log.user.clone();
    // A BCS counts channels by letter: A1 to A8, B1 …
    let is_bcs = device == Some(settings::BCS) || log.device == Some(settings::BCS);
    setup.channel_number = log.channel.map(|channel| {
        if is_bcs {
            format!("{}{}", char::from(b'A' + channel / 8), channel % 8 + 1)
        } else {
            (u16::from(channel) + 1).to_string()
        }
    });
    setup.instrument = log.device.or(device).and_then(settings::device_name).map(str::to_owned);
    setup.cycler_serial_number = log.device_serial.clone();
    setup.software_version = log.software.as_ref().map(|version| {
        format!(
            "{} v{}",
            if log::is_bt_lab(version) { "BT-Lab" } else { "EC-Lab" },
            version.trim_start_matches(['v', 'V'])
        )
    });
    setup.source_file_path = log.path.clone();
    table.metadata.protocol.name = log.setting_file.clone().filter(|file| file != "NONE").or(technique);
    table.cell.mass = settings.mass;
    table.cell.area = settings.area;
    table.cell.capacity = settings.capacity;
    table.cell.electrode_material = settings.electrode_material;
    table.cell.electrolyte = settings.electrolyte;
    let more = [
        ("Run on channel", setup.channel_number.clone()),
        ("Channel serial number", log.channel_serial.map(|serial| serial.to_string())),
        ("User", log.user),
        ("Device", setup.instrument.clone()),
        ("Device serial number", log.device_serial),
        ("Software", setup.software_version.clone()),
        ("Host", log.host),
        ("Path", log.path),
        ("Loaded Setting File", log.setting_file),
    ];
    table.facts.extend(more.into_iter().filter_map(|(label, fact)| fact.map(|fact| (label.to_owned(), fact))));
    table.start = match (log.start, day) {
        (Some(milliseconds), _) => {
            Some(StartHint { civil: Civil { milliseconds, has_time: true }, is_time_origin: true })
        }
        (None, Some(milliseconds)) => {
            Some(StartHint { civil: Civil { milliseconds, has_time: false }, is_time_origin: true })
        }
        (None, None) => {
            notes.push(Note::new(NoteCode::MetadataIgnored, "the date of the settings is in no known form"));
            None
        }
    };
}
