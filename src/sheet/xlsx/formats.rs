//! Number formats: which numbers are days or hours.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::broken;
use super::list::attribute;
use crate::error::Result;

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    #[default]
    Number,
    /// As a day, or a time of day.
    Day,
    /// As hours, minutes or seconds, however many.
    Hours,
}

/// How the cells of each style are shown.
pub(super) fn read(from: impl BufRead) -> Result<Vec<Shown>> {
    let mut reader = Reader::from_reader(from);
    let (mut buffer, mut own, mut styles) = (Vec::new(), Vec::new(), Vec::new());
    // Differences for conditional formatting have formats too, under numbers of their own.
    let mut inside = "";
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "numFmts" => inside = "numFmts",
                "cellXfs" => inside = "cellXfs",
                "numFmt" if inside == "numFmts" => {
                    own.extend(number(&element).zip(attribute(&element, "formatCode").map(|code| shown(&code))));
                }
                "xf" if inside == "cellXfs" => styles.push(number(&element).unwrap_or(0)),
                _ => {}
            },
            Event::End(element) if matches!(element.local_name().as_ref(), "numFmts" | "cellXfs") => inside = "",
            Event::Eof => break,
            _ => {}
        }
    }
    own.sort_by_key(|(id, _): &(u32, Shown)| *id);
    let of = |id: u32| match own.binary_search_by_key(&id, |(id, _)| *id) {
        Ok(at) => own.get(at).map_or(Shown::Number, |(_, shown)| *shown),
        Err(_) => built_in(id),
    };
    Ok(styles.into_iter().map(of).collect())
}

fn number(element: &BytesStart<'_>) -> Option<u32> {
    attribute(element, "numFmtId")?.trim().parse().ok()
}

/// Formats that have a number and no code (ECMA-376 part 1, 18.8.30), those of East Asian languages too.
fn built_in(id: u32) -> Shown {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Shown::Day,
        46 => Shown::Hours,
        _ => Shown::Number,
    }
}

/// What the code of a format shows (ECMA-376 part 1, 18.8.31).
fn shown(code: &str) -> Shown {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                letters.by_ref().find(|letter| *letter == '"');
            }
            // The next one is shown, left blank or repeated.
            '\\' | '_' | '*' => {
                letters.next();
            }
            // Colours, conditions and languages, or hours that may be more than a day.
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                if ["h", "m", "s"].iter().any(|unit| is_repeated(&inside, unit)) {
                    return Shown::Hours;
                }
            }
            // Negative numbers and texts may be shown otherwise.
            ';' => break,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return Shown::Day,
            _ => {}
        }
    }
    Shown::Number
}

fn is_repeated(text: &str, letter: &str) -> bool {
    !text.is_empty() && text.to_ascii_lowercase().split(letter).all(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_days_from_numbers() {
        for code in ["yyyy\\-mm\\-dd hh:mm:ss.000", "[$-409]d/m/yy h:mm AM/PM;@", "mm:ss.0", "[Red]dd", "\"at\" h"] {
            assert_eq!(shown(code), Shown::Day, "{code}");
        }
        for code in ["[h]:mm:ss", "[mm]:ss", "[SS].000"] {
            assert_eq!(shown(code), Shown::Hours, "{code}");
        }
        for code in ["0.00E+00", "#,##0.00\" days\"", "General", "[Red]0.0", "\\d0", "_d0", "0;dd", "@", "[hm]0", "\"d"]
        {
            assert_eq!(shown(code), Shown::Number, "{code}");
        }
    }

    #[test]
    fn styles_name_their_formats_by_number() {
        let xml = br#"<x:styleSheet><x:numFmts><x:numFmt numFmtId="170" formatCode="hh:mm"/></x:numFmts>
            <x:cellStyleXfs><x:xf numFmtId="14"/></x:cellStyleXfs>
            <x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="170"><x:alignment/></x:xf><x:xf numFmtId="46"/><x:xf/></x:cellXfs>
            <x:dxfs><x:dxf><x:numFmt numFmtId="0" formatCode="dd"/></x:dxf></x:dxfs></x:styleSheet>"#;
        assert_eq!(read(&xml[..]).unwrap(), [Shown::Number, Shown::Day, Shown::Hours, Shown::Number]);
    }
}
