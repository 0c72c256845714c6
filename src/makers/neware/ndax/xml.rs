//! The metadata of an archive: values of attributes (docs/formats/ndax.md#xml-files).

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::records::{CycleMode, Facts};

/// An element's name, depth and attributes.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(found.1.trim()).filter(|value| !value.is_empty())
    }

    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }
}

/// Elements of a file in document order, as far as it is well formed; and whether all of it was.
pub(super) fn elements(bytes: &[u8]) -> (Vec<Element>, bool) {
    // The declaration mostly says GB2312; bytes that belong to nothing occur.
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    };
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut found = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let mut attributes = element.attributes();
                let attributes = attributes.with_checks(false).flatten();
                let attributes = attributes.map(|a| {
                    let value = quick_xml::escape::unescape(&a.value).map_or_else(|_| a.value.to_string(), Into::into);
                    (a.key.local_name().as_ref().to_owned(), value)
                });
                let name = element.local_name().as_ref().to_owned();
                found.push(Element { name, attributes: attributes.collect() });
            }
            Ok(Event::Eof) => return (found, true),
            Ok(_) => {}
            Err(_) => return (found, false),
        }
    }
}

/// One auxiliary channel of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) id: u32,
    pub(super) real_channel: u32,
    pub(super) kind: u32,
    pub(super) type_id: u32,
}

/// What the four files say.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) facts: Facts,
    pub(super) range: i32,
    pub(super) channels: Vec<Listed>,
    /// How many channels it says that there are, listed or not.
    pub(super) channel_count: usize,
    pub(super) cycle_mode: CycleMode,
}

impl About {
    pub(super) fn test_info(&mut self, elements: &[Element]) {
        let text = |element: &Element, name: &str| element.get(name).map(str::to_owned);
        if let Some(test) = elements.iter().find(|e| e.name.eq_ignore_ascii_case("TestInfo")) {
            let number = |name| test.number::<u32>(name);
            let (device, mut unit, mut channel) = (number("DevID"), number("UnitID"), number("ChlID"));
            if number("DevType") == Some(27) && unit == Some(0) {
                // Eight channels make a unit.
                let zero_based = channel.map(|c| c.saturating_sub(1));
                (unit, channel) = (zero_based.map(|c| c / 8 + 1), zero_based.map(|c| c % 8 + 1));
            }
            if let (Some(device), Some(unit), Some(channel)) = (device, unit, channel) {
                self.facts.channel = Some(format!("{device}-{unit}-{channel}"));
            }
            self.facts.test_id = text(test, "TestID");
            self.facts.part = text(test, "SN");
            self.facts.schedule = text(test, "StepName");
            self.facts.start = text(test, "StartTime");
            self.facts.end = text(test, "EndTime");
            self.facts.barcode = text(test, "Barcode");
            self.facts.remarks = text(test, "Remark");
            self.range = test.number("CurrRange").unwrap_or(0);
            self.channel_count = test.number("AuxCount").unwrap_or(0);
            let more = ["DevType", "CurrRange", "VoltRange"];
            self.facts.more.extend(more.into_iter().filter_map(|name| Some((name.to_owned(), text(test, name)?))));
        }
        let is_channel = |e: &&Element| e.name.len() > 3 && e.name.get(..3) == Some("Aux") && e.get("AuxID").is_some();
        self.channels = elements
            .iter()
            .filter(is_channel)
            .filter_map(|e| {
                Some(Listed {
                    id: e.number("AuxID")?,
                    real_channel: e.number("RealChlID").unwrap_or(0),
                    kind: e.number("ChlType").unwrap_or(0),
                    type_id: e.number("TypeID").unwrap_or(0),
                })
            })
            .collect();
    }

    pub(super) fn step(&mut self, elements: &[Element]) {
        let value = |name: &str| {
            let found = elements.iter().find(|e| e.name.eq_ignore_ascii_case(name))?;
            found.get("Value").map(str::to_owned)
        };
        self.facts.creator = value("Creator");
        self.facts.part = value("PN").or(self.facts.part.take());
        self.facts.remarks = self.facts.remarks.take().or_else(|| value("Remark"));
        self.facts.mass = value("SCQ").and_then(|mass| mass.parse().ok());
        self.facts.nominal = value("MultCap").and_then(|c| c.parse::<f64>().ok()).map(|mas| mas / 3600.0);
        self.facts.more.extend(value("Start_Step").map(|step| ("Start step ID".to_owned(), step)));
    }

    pub(super) fn version(&mut self, elements: &[Element]) {
        let find = |name: &str| elements.iter().find_map(|e| e.get(name)).map(str::to_owned);
        let versions: Vec<String> = ["SvrVer", "CurrClientVer"].into_iter().filter_map(find).collect();
        self.facts.software = (!versions.is_empty()).then(|| versions.join(", "));
        let more = ["ZwjVersion", "MainXwjVer"];
        self.facts.more.extend(more.into_iter().filter_map(|name| Some((name.to_owned(), find(name)?))));
    }

    pub(super) fn config(&mut self, elements: &[Element]) {
        self.cycle_mode = match elements.iter().find_map(|e| e.number::<u32>("CycleMode")) {
            Some(1) => CycleMode::ChargeFirst,
            Some(2) => CycleMode::DischargeFirst,
            _ => CycleMode::AsBtsda,
        };
    }
}
