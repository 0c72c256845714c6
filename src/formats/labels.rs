//! Facts in preambles: `Label: value`, several on a line or one a line.

/// Splits a text at known labels, wherever they stand; a value runs to the next label or the end.
///
/// ```text
/// Today's Date 09/01/2020  Date of Test:<TAB>12/16/2019 → [("Today's Date", "09/01/2020"), ("Date of Test", "12/16/2019")]
/// ```
pub(crate) fn scan(text: &str, labels: &[&str]) -> Vec<(String, String)> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<(usize, &str)> = Vec::new();
    for label in labels {
        let needle = label.to_ascii_lowercase();
        let mut from = 0;
        while let Some(at) = lower.get(from..).and_then(|rest| rest.find(&needle)) {
            let at = from + at;
            from = at + needle.len();
            let starts_word = !text.get(..at).unwrap_or_default().ends_with(|c: char| c.is_alphanumeric());
            // A longer label that begins earlier at this place wins ("Tester Channel" over "Channel").
            let covered = found.iter().any(|(start, other)| (*start..start + other.len()).contains(&at));
            if starts_word && !covered {
                found.push((at, label));
            }
        }
    }
    found.sort_unstable();
    let ends = found.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    found
        .iter()
        .zip(ends)
        .map(|((at, label), end)| {
            let value = text.get(at + label.len()..end).unwrap_or_default();
            let value = value.trim_start_matches([':', ' ', '\t', ',']).trim_end_matches([' ', '\t', ',']);
            ((*label).to_owned(), value.to_owned())
        })
        .collect()
}

/// One fact a line: what stands before the first of the separators, and what stands behind it. Marks of comments, quotes, and
/// the separators that a spreadsheet pads a line with, go.
///
/// ```text
/// ~Battery: cell 7 → ("Battery", "cell 7")     Start Time:,01/06/2026 17:46:49,,, → ("Start Time", "01/06/2026 17:46:49")
/// ```
pub(crate) fn lines(text: &str, separators: &[char]) -> Vec<(String, String)> {
    let is_mark = |c: char| c.is_whitespace() || separators.contains(&c) || matches!(c, '~' | '"');
    let fact = |line: &str| {
        let (label, value) = line.trim_matches(is_mark).split_once(separators)?;
        let (label, value) = (label.trim_matches(is_mark), value.trim_matches(is_mark));
        (!label.is_empty() && !value.is_empty()).then(|| (label.to_owned(), value.to_owned()))
    };
    text.lines().filter_map(fact).collect()
}

/// The first value of a label that is not empty.
pub(crate) fn get<'a>(facts: &'a [(String, String)], label: &str) -> Option<&'a str> {
    facts.iter().find(|(l, v)| l.eq_ignore_ascii_case(label) && !v.is_empty()).map(|(_, value)| value.as_str())
}

/// The last part of a path of either kind.
pub(crate) fn last_component(path: &str) -> &str {
    path.rsplit(['\\', '/']).next().unwrap_or(path).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_anywhere() {
        let text = "Today's Date 09/01/2020  Date of Test:\t12/16/2019\t Filename:\tE:\\B\\x.034 Procedure: P.000\tComment/Barcode: 0229";
        let got = scan(text, &["Today's Date", "Date of Test", "Filename", "Procedure", "Comment/Barcode", "Comment"]);
        insta::assert_debug_snapshot!(got.iter().map(|(a, b)| format!("{a} = {b}")).collect::<Vec<_>>(), @r#"
        [
            "Today's Date = 09/01/2020",
            "Date of Test = 12/16/2019",
            "Filename = E:\\B\\x.034",
            "Procedure = P.000",
            "Comment/Barcode = 0229",
        ]
        "#);
        assert_eq!(last_component(r"E:\B\x.034"), "x.034");
        let got = lines("~Battery: cell 7\n~\nStart Time:,01/06/2026 17:46:49,,\n\"ID,557,\"\nempty:,,\n", &[':', ',']);
        let pairs = [("Battery", "cell 7"), ("Start Time", "01/06/2026 17:46:49"), ("ID", "557")];
        assert_eq!(got, pairs.map(|(label, value)| (label.to_owned(), value.to_owned())));
    }
}
