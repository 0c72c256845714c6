//! Text in addresses, as the official client writes it.

use std::fmt::Write;

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// A part of a path: everything but letters, digits and `-._~` is escaped.
pub(super) fn part(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// `a=b&c=d`, with `+` for a space.
pub(super) fn query(pairs: &[(String, String)]) -> String {
    let value = |text: &str| part(text).replace("%20", "+");
    pairs.iter().map(|(name, text)| format!("{}={}", value(name), value(text))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_the_official_client_does() {
        // Recorded: a search for the name `50% a_b*`, and a file named `n o.txt`.
        assert_eq!(query(&[("name".into(), "ilike.%50% a_b*%".into())]), "name=ilike.%2550%25+a_b%2A%25");
        assert_eq!(part("n o.txt"), "n%20o.txt");
        assert_eq!(part("../ü?"), "..%2F%C3%BC%3F");
    }
}
