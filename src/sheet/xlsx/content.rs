//! Texts between tags.

use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::broken;
use super::list::attribute;
use crate::error::Result;

/// Adds what stands between two tags.
pub(super) fn add(text: &mut String, event: &Event<'_>) -> Result<()> {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(name) => {
            let entity = format!("&{};", name.xml10_content());
            text.push_str(&unescape(&entity).map_err(broken)?);
        }
        _ => {}
    }
    Ok(())
}

/// The text of a string that may be of several runs; how it is pronounced is no part of it.
#[derive(Debug, Default)]
pub(super) struct Runs {
    pub(super) text: String,
    /// Where the run began that is being read, and whether blanks around it are part of it.
    run: Option<(usize, bool)>,
    is_phonetic: bool,
}

impl Runs {
    /// Takes the next event inside of the string.
    pub(super) fn take(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" if !self.is_phonetic => {
                    let keeps = attribute(element, "space").is_some_and(|space| space == "preserve");
                    self.run = Some((self.text.len(), keeps));
                }
                "rPh" => self.is_phonetic = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => self.end_run(),
                "rPh" => self.is_phonetic = false,
                _ => {}
            },
            event if self.run.is_some() => add(&mut self.text, event)?,
            _ => {}
        }
        Ok(())
    }

    fn end_run(&mut self) {
        if let Some((start, false)) = self.run.take() {
            self.text.truncate(self.text.trim_end().len().max(start));
            let run = self.text.get(start..).unwrap_or_default();
            let blanks = run.len() - run.trim_start().len();
            self.text.drain(start..start + blanks);
        }
    }
}

/// `_x000D_` stands for a character that XML cannot have (ECMA-376 part 1, 22.9.2.19).
pub(super) fn decoded(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("_x") {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let code = behind.get(2..6).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = code.filter(|_| behind.as_bytes().get(6) == Some(&b'_'));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(letter) => {
                out.push(letter);
                rest = behind.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = behind.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_cannot_have() {
        assert_eq!(decoded("a_x000D_b"), "a\rb");
        assert_eq!(decoded("_x005F_x000D_"), "_x000D_");
        for same in ["plain", "_x", "_x00", "_xZZZZ_", "_xD800_", "max_x1_"] {
            assert_eq!(decoded(same), same);
        }
    }
}
