//! The log module: when it began, on which channel of which instrument (docs/formats/mpr.md#log).

use super::settings::{FIXED, payloads};
use crate::binary::{at, ole_milliseconds, pascal};

#[derive(Debug, Default)]
pub(super) struct Log {
    /// Local milliseconds of the acquisition's start.
    pub(super) start: Option<i64>,
    pub(super) channel: Option<u8>,
    pub(super) channel_serial: Option<u32>,
    pub(super) user: Option<String>,
    pub(super) path: Option<String>,
    pub(super) host: Option<String>,
    pub(super) software: Option<String>,
    pub(super) device: Option<u8>,
    pub(super) device_serial: Option<String>,
    pub(super) setting_file: Option<String>,
}

/// Where older logs have the date.
static DATES: [usize; 4] = [465, 469, 473, 585];

/// `day` is the date of the settings module in local milliseconds.
pub(super) fn read(data: &[u8], day: Option<i64>) -> Log {
    let mut log = Log {
        channel: at::<u8>(data, 0x009),
        channel_serial: at::<u32>(data, 0x0AB).filter(|serial| *serial != 0),
        user: pascal(data, 0x08A).filter(|user| !user.is_empty()),
        ..Log::default()
    };
    let block = payloads::<1>(data, 4).and_then(|(_, end)| payloads::<1>(data, end + FIXED));
    if let Some(([c], _)) = block
        && let Some(start) = at::<f64>(data, c).and_then(ole_milliseconds)
    {
        let text = |offset| pascal(data, c + offset).filter(|text: &String| !text.is_empty());
        log.start = Some(start);
        log.path = text(0x008);
        log.host = text(0x108);
        log.software = text(0x16E);
        log.device = at::<u8>(data, c + 0x185).filter(|code| *code != 0);
        log.device_serial = text(0x186);
        // Block version 5 and later.
        if at::<u8>(data, c - 5).is_some_and(|version| version >= 5) {
            log.setting_file = text(0x1A0);
        }
        return log;
    }
    let dates = || DATES.iter().filter_map(|place| at::<f64>(data, *place));
    let on_the_day = |start: &i64| day.is_some_and(|day| start.div_euclid(86_400_000) == day.div_euclid(86_400_000));
    log.start = dates()
        .filter_map(ole_milliseconds)
        .find(on_the_day)
        .or_else(|| dates().filter(|days| (40_000.0..50_000.0).contains(days)).find_map(ole_milliseconds));
    log
}

/// BT-Lab counts versions below 5, EC-Lab from 9.
pub(super) fn is_bt_lab(software: &str) -> bool {
    let major = software.trim_start_matches(['v', 'V', ' ']).split('.').next().and_then(|n| n.parse::<u32>().ok());
    major.is_some_and(|major| major < 5)
}
