//! Names that a user gives and that have to be one of a list: what was meant, perhaps.

/// Says that a name is none of these, and which of them was meant, perhaps; `lists` adds all of them.
pub(crate) fn unknown<'n>(what: &str, found: &str, all: impl IntoIterator<Item = &'n str>, lists: bool) -> String {
    let all: Vec<&str> = all.into_iter().collect();
    let meant = nearest(found, all.iter().copied()).map_or(String::new(), |name| format!(" (did you mean {name:?}?)"));
    let list = if lists { format!("; there are {}", all.join(", ")) } else { String::new() };
    format!("expected {what}, found {found:?}{meant}{list}")
}

/// The name that differs least, if that is little, or the only one that has what was given in it.
pub(crate) fn nearest<'n>(found: &str, all: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let wanted = plain(found);
    let (mut best, mut holders) = (None, Vec::new());
    for name in all {
        let own = plain(name);
        let distance = distance(&wanted, &own);
        if distance <= wanted.chars().count() / 3 && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
        if wanted.len() > 2 && own.contains(&wanted) {
            holders.push(name);
        }
    }
    match (best, holders.as_slice()) {
        (Some((_, name)), _) => Some(name),
        (None, [name]) => Some(name),
        _ => None,
    }
}

/// How many letters have to be put in, left out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let change = diagonal + usize::from(from != *to);
            diagonal = *cell;
            left = change.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// `1 step` and `2 steps` where a text says `1 step(s)`, with the verb behind it.
#[cfg(feature = "cli")]
pub(crate) fn counted(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("(s)") {
        let (before, behind) = (rest.get(..at).unwrap_or_default(), rest.get(at + 3..).unwrap_or_default());
        out.push_str(before);
        rest = behind;
        // The nearest number before the word, which may have others between; a quoted name of a column is no word.
        let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let words: Vec<&str> = before.rsplit(' ').take(4).collect();
        let number = words.iter().find(|word| !is_word(word)).copied();
        let is_plain = words.first().is_some_and(is_word) && rest.starts_with(' ');
        match number.filter(|number| is_plain && number.bytes().all(|b| b.is_ascii_digit())) {
            Some("1") => {
                for (many, one) in VERBS {
                    if let Some(behind) = rest.strip_prefix(many) {
                        out.push_str(one);
                        rest = behind;
                        break;
                    }
                }
            }
            _ if is_plain => out.push('s'),
            _ => out.push_str("(s)"),
        }
    }
    out + rest
}

#[cfg(feature = "cli")]
static VERBS: [(&str, &str); 10] = [
    (" have ", " has "),
    (" are ", " is "),
    (" were ", " was "),
    (" do ", " does "),
    (" hold ", " holds "),
    (" repeat ", " repeats "),
    (" belong ", " belongs "),
    (" say ", " says "),
    (" stand ", " stands "),
    (" leave ", " leaves "),
];

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_one_word() {
        for (text, plain) in [
            ("1 step(s) of one row joined", "1 step of one row joined"),
            ("12 row(s) have no frequency and were left out", "12 rows have no frequency and were left out"),
            ("1 row(s) have no Test_ID", "1 row has no Test_ID"),
            ("7 of 12 record(s) are there", "7 of 12 records are there"),
            ("the time of 1 single row(s) falls", "the time of 1 single row falls"),
            ("channel(s) 3, 4 of the info sheet", "channels 3, 4 of the info sheet"),
            ("found \"Test_Time(s)\" and Step Time(s)", "found \"Test_Time(s)\" and Step Time(s)"),
        ] {
            assert_eq!(counted(text), plain);
        }
    }

    #[test]
    fn what_was_meant() {
        assert_eq!((distance("kitten", "sitting"), distance("", "ab"), distance("ab", "ab")), (3, 2, 0));
        let names = ["time_gaps", "voltage_continuity", "eis_zim_sign"];
        assert_eq!(nearest("time_gap", names), Some("time_gaps"));
        assert_eq!(nearest("Time-Gaps", names), Some("time_gaps"));
        assert_eq!(nearest("continuity", names), Some("voltage_continuity"));
        assert_eq!(nearest("spreadsheet", names), None);
        assert_eq!(nearest("Europe/Belrin", ["Europe/Berlin", "Europe/Paris"]), Some("Europe/Berlin"));
        assert_eq!(
            unknown("a check", "time_gap", ["time_gaps"], true),
            "expected a check, found \"time_gap\" (did you mean \"time_gaps\"?); there are time_gaps"
        );
    }
}
