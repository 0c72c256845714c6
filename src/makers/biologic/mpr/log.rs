//! The log module: when it began, on which channel of which instrument (docs/formats/mpr.md#log).

use super::settings::{BLOCK_HEAD, FIXED, payloads};
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

/// Places in the module.
const CHANNEL: usize = 0x009;
const USER: usize = 0x08A;
const CHANNEL_SERIAL: usize = 0x0AB;
const FIRST_BLOCK: usize = 4;

/// Places in the last block, which begins with the start; the version of a block stands before its length.
const PATH: usize = 0x008;
const HOST: usize = 0x108;
const SOFTWARE: usize = 0x16E;
const DEVICE: usize = 0x185;
const DEVICE_SERIAL: usize = 0x186;
const SETTING_FILE: usize = 0x1A0;
const SETTING_FILE_SINCE: u8 = 5;

/// Where older logs have the date.
static DATES: [usize; 4] = [465, 469, 473, 585];

/// `day` is the date of the settings module in local milliseconds.
pub(super) fn read(data: &[u8], day: Option<i64>) -> Log {
    let mut log = Log {
        channel: at::<u8>(data, CHANNEL),
        channel_serial: at::<u32>(data, CHANNEL_SERIAL).filter(|serial| *serial != 0),
        user: pascal(data, USER).filter(|user| !user.is_empty()),
        ..Log::default()
    };
    let block = payloads::<1>(data, FIRST_BLOCK).and_then(|(_, end)| payloads::<1>(data, end + FIXED));
    if let Some(([c], _)) = block
        && let Some(start) = at::<f64>(data, c).and_then(ole_milliseconds)
    {
        let text = |offset| pascal(data, c + offset).filter(|text: &String| !text.is_empty());
        log.start = Some(start);
        log.path = text(PATH);
        log.host = text(HOST);
        log.software = text(SOFTWARE);
        log.device = at::<u8>(data, c + DEVICE).filter(|code| *code != 0);
        log.device_serial = text(DEVICE_SERIAL);
        if at::<u8>(data, c - BLOCK_HEAD).is_some_and(|version| version >= SETTING_FILE_SINCE) {
            log.setting_file = text(SETTING_FILE);
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
