//! The strings that cells share: one text, and where each string ends in it.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::field;
use super::broken;
use super::content::{Runs, decoded};
use super::list::attribute;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Strings as fields of a text.
#[derive(Default)]
pub(super) struct Strings {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Strings {
    /// The string of this number.
    pub(super) fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..end)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Reads the table, of which nothing is reserved on its word.
    pub(super) fn read(from: impl BufRead, name: &str, size: u64, limits: &Limits) -> Result<Self> {
        let mut reader = Reader::from_reader(from);
        let (mut buffer, mut found, mut string) = (Vec::new(), Self::default(), None);
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer).map_err(broken)?;
            match &event {
                Event::Start(element) if element.local_name().as_ref() == "si" => string = Some(Runs::default()),
                Event::Empty(element) if element.local_name().as_ref() == "si" => found.push(""),
                Event::End(element) if element.local_name().as_ref() == "si" => {
                    if let Some(Runs { text, .. }) = string.take() {
                        found.push(&text);
                    }
                }
                Event::Start(element) if element.local_name().as_ref() == "sst" => {
                    check(attribute(element, "uniqueCount"), name, size, limits)?;
                }
                Event::Eof => return Ok(found),
                event => {
                    if let Some(string) = &mut string {
                        string.take(event)?;
                    }
                }
            }
        }
    }

    fn push(&mut self, text: &str) {
        field::words(&decoded(text), &mut self.text);
        self.ends.push(self.text.len());
    }
}

/// A table that says more strings than its bytes can hold is no table. Beside this number, `count` says how often strings are
/// used, which may be any number.
fn check(stated: Option<String>, name: &str, size: u64, limits: &Limits) -> Result<()> {
    let digits = stated.as_deref().map_or("", str::trim);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    // The shortest string is `<si/>`; a number beyond u64 is beyond everything.
    let stated = digits.parse().unwrap_or(u64::MAX);
    if stated <= size / 5 + 1 || limits.inflated_bytes == u64::MAX {
        return Ok(());
    }
    let message = format!("{name:?}: found a table of {stated} strings in {size} bytes, which cannot hold them");
    Err(Error::new(ErrorKind::Limit, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_by_number() {
        let xml = "<x:sst><x:si><x:t xml:space=\"preserve\"> a&amp;b\n</x:t></x:si><x:si/><x:si><x:r><x:t> one </x:t></x:r><x:r><x:t xml:space=\"preserve\"> two</x:t></x:r>\
                   <x:rPh><x:t>sound</x:t></x:rPh></x:si><x:si><x:t/></x:si><x:si><x:t>µ_x0009_<![CDATA[<]]></x:t></x:si></x:sst>";
        let strings = Strings::read(xml.as_bytes(), "s", 1000, &Limits::default()).unwrap();
        let got: Vec<_> = (0..6).map(|k| strings.get(k).map(String::from_utf8_lossy)).collect();
        assert_eq!(
            got,
            [Some("a&b"), Some(""), Some("one two"), Some(""), Some("µ <"), None].map(|s| s.map(Into::into))
        );
        assert_eq!(strings.len(), 5);
    }
}
