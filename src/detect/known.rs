//! Files of the makers that hold no rows of a test: told by name instead of "unknown".

use crate::probe::Probe;

/// A kind of file that is recognised and not read.
struct Known {
    is_it: fn(&Probe<'_>) -> bool,
    /// What it is, and what to convert instead.
    says: &'static str,
}

/// In the order in which they are asked; each looks at the head alone.
static KNOWN: &[Known] = &[
    Known {
        is_it: |p| p.head.starts_with(&[0x00, 0x00, 0xA1, 0x01, 0x00, 0x00]),
        says: "a raw Maccor test file, whose layout is not public: export it as text from MIMS and convert that",
    },
    Known {
        is_it: |p| starts(p, "<?xml") && contains(p, "Maccor Procedure File"),
        says: "a Maccor test procedure, not the data of a test: convert the test's own file",
    },
    Known {
        is_it: |p| starts(p, "[General]") && contains(p, "FRAType="),
        says: "settings of a Maccor impedance sweep, not data: convert the test's .EDA file",
    },
    Known {
        is_it: |p| starts(p, "TesterID:") && contains(p, "AH-IN"),
        says: "Maccor cycle statistics, one row a cycle: convert the test's own export",
    },
    Known {
        is_it: |p| first_line(p).contains("TEST REPORT"),
        says: "Arbin's Global-info side file: convert the `_Wb_` file of the same channel, its facts are taken from here",
    },
    Known {
        is_it: |p| {
            let line = first_line(p).to_ascii_lowercase();
            line.contains("first_start_datetime") && line.contains("schedule_file_name")
        },
        says: "the metadata of an Arbin database extract: convert the csv beside it, its facts are taken from here",
    },
    Known {
        is_it: |p| {
            let line = first_line(p).to_ascii_lowercase().replace('_', " ");
            let marks = ["charge time", "v max on cycle", "vmax on cycle", "coulombic efficiency"];
            line.contains("test time") && line.contains("cycle index") && marks.iter().any(|mark| line.contains(mark))
        },
        says: "Arbin statistics, one row a cycle or step: convert the `_Wb_` file of the same channel",
    },
    Known {
        is_it: |p| p.head.starts_with(b"\x89HDF\r\n\x1a\n"),
        says: "an HDF5 file; of Arbin's database, export csv from MITS and convert that",
    },
    Known {
        is_it: |p| p.head.starts_with(b"EC-LAB SETTING FILE") || p.head.starts_with(b"BT-LAB SETTING FILE"),
        says: "settings of a BioLogic technique, not data: convert the .mpr or .mpt file",
    },
    Known {
        is_it: |p| p.extension == "ndc" && matches!(p.head, [2..=18, 0, 1..=17, 0, ..]),
        says: "a part of an unpacked .ndax archive: convert the data.ndc beside it, this one is read with it",
    },
    Known {
        is_it: |p| first_line(p).contains("Voltage / V") || first_line(p).contains("test_time_second"),
        says: "a table in the Battery Data Format, not a cycler's own export: convert the file that it was made from",
    },
];

/// What a file is, if it is one of those that hold no rows of a test.
pub(super) fn known(probe: &Probe<'_>) -> Option<&'static str> {
    KNOWN.iter().find(|known| (known.is_it)(probe)).map(|known| known.says)
}

fn text<'p>(probe: &'p Probe<'_>) -> &'p [u8] {
    probe.text.as_ref().map_or(&[], |text| text.bytes.as_slice())
}

fn starts(probe: &Probe<'_>, what: &str) -> bool {
    text(probe).trim_ascii_start().starts_with(what.as_bytes())
}

fn contains(probe: &Probe<'_>, what: &str) -> bool {
    memchr::memmem::find(text(probe), what.as_bytes()).is_some()
}

fn first_line(probe: &Probe<'_>) -> String {
    let line = text(probe).split(|b| *b == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(line.get(..4096).unwrap_or(line)).into_owned()
}
