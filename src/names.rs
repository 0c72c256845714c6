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

/// `1 step` and `2 steps` where a text says `1 step(s)`, and what is said of one thing as it is said of one.
#[cfg(feature = "cli")]
pub(crate) fn counted(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.to_owned();
    while let Some((before, behind)) = rest.split_once("(s)") {
        out.push_str(before);
        // The nearest number before the word, which may have others between; a quoted name of a column is no word.
        let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let words: Vec<&str> = before.rsplit(' ').take(4).collect();
        let number = words.iter().find(|word| !is_word(word)).copied();
        let is_plain = words.first().is_some_and(is_word) && behind.starts_with([' ', ',', ':', ';', '.']);
        rest = match number.filter(|number| is_plain && number.bytes().all(|b| b.is_ascii_digit())) {
            Some("1") => {
                let (own, next) = behind.split_at(behind.find("(s)").unwrap_or(behind.len()));
                of_one(own) + next
            }
            _ => {
                out.push_str(if is_plain { "s" } else { "(s)" });
                behind.to_owned()
            }
        };
    }
    out + &rest
}

/// What follows a noun of which there is one: its verb, others that an `and` puts beside that, and words that stand for the noun.
#[cfg(feature = "cli")]
fn of_one(text: &str) -> String {
    let (clause, others) = text.split_at(text.find([',', ';', ':']).unwrap_or(text.len()));
    let mut clause = format!("{clause} ");
    let is_apart = BETWEEN.iter().any(|word| clause.trim_start().starts_with(word));
    // The verb stands at once behind the noun, or behind what tells where the thing is.
    let found = VERBS.iter().filter_map(|(many, one)| Some((clause.find(&format!(" {many} "))?, many, one)));
    if let Some((at, many, one)) = found.min().filter(|(at, ..)| is_apart || *at == 0) {
        clause.replace_range(at..=at + many.len(), &format!(" {one}"));
        for (many, one) in &VERBS {
            clause = clause.replace(&format!(" and {many} "), &format!(" and {one} "));
        }
    }
    clause.pop();
    STAND_FOR.iter().fold(clause + others, |text, (many, one)| text.replace(many, one))
}

#[cfg(feature = "cli")]
static VERBS: [(&str, &str); 16] = [
    ("have", "has"),
    ("are", "is"),
    ("were", "was"),
    ("do", "does"),
    ("hold", "holds"),
    ("repeat", "repeats"),
    ("belong", "belongs"),
    ("say", "says"),
    ("stand", "stands"),
    ("leave", "leaves"),
    ("take", "takes"),
    ("explain", "explains"),
    ("follow", "follows"),
    ("grow", "grows"),
    ("show", "shows"),
    ("lie", "lies"),
];

/// What may stand between a noun and its verb begins with one of these.
#[cfg(feature = "cli")]
static BETWEEN: [&str; 8] = ["of ", "at ", "in ", "behind ", "before ", "beside ", "outside ", "without "];

#[cfg(feature = "cli")]
static STAND_FOR: [(&str, &str); 8] = [
    ("they were", "it was"),
    ("They were", "It was"),
    ("they are", "it is"),
    ("they have", "it has"),
    ("they became", "it became"),
    ("they go", "it goes"),
    (" their ", " its "),
    ("behind them ", "behind it "),
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
            ("1 row(s) repeat the row before and were dropped", "1 row repeats the row before and was dropped"),
            ("2 row(s) repeat the row before and were dropped", "2 rows repeat the row before and were dropped"),
            ("1 byte(s) behind the last whole record were dropped", "1 byte behind the last whole record was dropped"),
            (
                "1 line(s) behind the rows are a summary or a remark and were dropped",
                "1 line behind the rows is a summary or a remark and was dropped",
            ),
            (
                "1 cell(s) leave the counter, which carries on as if they were not there; they were set between their neighbours",
                "1 cell leaves the counter, which carries on as if it was not there; it was set between its neighbours",
            ),
            (
                "1 row(s) have a current of the other sign than their label",
                "1 row has a current of the other sign than its label",
            ),
            ("is 0 on 1 row(s) where power and current are not", "is 0 on 1 row where power and current are not"),
            ("promises 1 channel(s), 3 are there", "promises 1 channel, 3 are there"),
            ("1 pause(s) explain 3 s, 2 row(s) are late", "1 pause explains 3 s, 2 rows are late"),
            ("expected 1 record(s), found none", "expected 1 record, found none"),
            (
                "1 record(s) hold neither data nor values (log lines) and were passed over",
                "1 record holds neither data nor values (log lines) and was passed over",
            ),
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
