use super::*;

pub(super) fn grid(text: &str, separator: u8, width: usize) -> Grid {
    Grid {
        bytes: text.as_bytes().to_vec().into(),
        start: 0,
        first_line: 1,
        separator,
        width,
        header: b"a,b,c".to_vec(),
        drop_repeats: true,
        joins_thousands: false,
        pads: false,
        most_rows: u64::MAX,
    }
}

fn numbers(outcome: &Outcome, column: usize) -> &[f64] {
    match &outcome.columns[column].values {
        Values::Number(v) => v,
        other => panic!("{other:?}"),
    }
}

#[test]
fn fields_become_columns() {
    let got = grid("1,x,2.5\r\n2,\"y,z\",3.5\r\n\r\n3,,\n", b',', 3)
        .read(&[(0, Want::Number), (1, Want::Label), (2, Want::Number)])
        .unwrap();
    assert_eq!(got.rows, 3);
    assert_eq!(numbers(&got, 0), [1.0, 2.0, 3.0]);
    let Values::Label { codes, names } = &got.columns[1].values else { panic!() };
    assert_eq!((codes.as_slice(), names.len()), ([1, 2, 0].as_slice(), 3));
    assert_eq!(names[2], b"y,z");
    assert!(numbers(&got, 2)[2].is_nan() && got.columns[2].unreadable.count == 0);
}

#[test]
fn what_is_dropped_or_padded_is_counted_with_its_line() {
    let got = grid("1,2,3\n1,2,3\na,b,c\n4,oops,6\n7,8\n9,9,9,9\n1,1,1\n5,6", b',', 3)
        .read(&[(0, Want::Number), (1, Want::Number)])
        .unwrap();
    assert_eq!(numbers(&got, 0), [1.0, 4.0, 7.0, 9.0, 1.0, 5.0]);
    assert_eq!((got.repeated.count, got.repeated.first), (1, Some(Place::line(2))));
    assert_eq!((got.headers.count, got.headers.first), (1, Some(Place::line(3))));
    assert_eq!(got.columns[1].unreadable.first, Some(Place::Line { line: 4, field: Some(2) }));
    assert_eq!(got.columns[1].unreadable.examples, [b"oops".to_vec()]);
    assert_eq!((got.short.count, got.short.first), (2, Some(Place::line(5))));
    assert_eq!((got.long.count, got.long.first), (1, Some(Place::line(6))));
    assert_eq!(got.cut, None, "short rows are this file's habit");
}

#[test]
fn a_single_short_row_at_the_end_is_cut_off() {
    let got = grid("1,2,3\n4,5,6\n7,8", b',', 3).read(&[(0, Want::Number)]).unwrap();
    assert_eq!((numbers(&got, 0), &got.cut), ([1.0, 4.0].as_slice(), &Some(Place::line(3))));
    assert_eq!(got.short.count, 0);
}

#[test]
fn a_row_whose_last_cell_was_cut_is_dropped_when_the_cell_is_wanted() {
    let g = grid("1,2,3.50\n4,5,3.60\n7,8,3.55\n9,9,3.5", b',', 3);
    let got = g.read(&[(0, Want::Number), (2, Want::Number)]).unwrap();
    assert_eq!((numbers(&got, 0), got.cut_cell.as_ref().map(|cut| cut.line)), ([1.0, 4.0, 7.0].as_slice(), Some(4)));
    let got = g.read(&[(0, Want::Number)]).unwrap();
    assert_eq!((got.rows, got.cut_cell.map(|cut| (cut.field, cut.cell))), (4, Some((2, b"3.5".to_vec()))));
}

#[test]
fn the_decimal_sign_is_one_for_the_file_even_when_it_shows_late() {
    let mut text = "1\t2\n".repeat(20_000);
    text.push_str("1,5\t2\n");
    text.push_str(&"1\t3\n".repeat(20_000));
    let mut grid = grid(&text, b'\t', 2);
    grid.drop_repeats = false;
    let got = grid.read(&[(0, Want::Number)]).unwrap();
    assert_eq!((got.decimal, got.rows, numbers(&got, 0)[20_000]), (Decimal::Comma, 40_001, 1.5));
}

#[test]
fn pieces_join_as_if_there_were_one() {
    let mut text = String::new();
    for i in 0..200_000 {
        text.push_str(&format!("{i},{},{}\n", ["Rest", "CC", ""][i / 70_000], i as f64 / 8.0));
        if i % 1000 == 0 {
            text.push_str("a,b,c\n\n");
        }
    }
    assert!(text.len() > 2 * crate::text::held::BLOCK);
    let got = grid(&text, b',', 3).read(&[(0, Want::Number), (1, Want::Label), (2, Want::Number)]).unwrap();
    assert_eq!((got.rows, got.headers.count), (200_000, 200));
    assert!(numbers(&got, 0).iter().enumerate().all(|(i, v)| *v == i as f64));
    assert!(numbers(&got, 2).iter().enumerate().all(|(i, v)| *v == i as f64 / 8.0));
    let Values::Label { codes, names } = &got.columns[1].values else { panic!() };
    assert!(codes.iter().enumerate().all(|(i, c)| names[*c as usize] == [&b"Rest"[..], b"CC", b""][i / 70_000]));
}

#[test]
fn clocks_and_stamps() {
    let g = grid("0d 00:00:1.5,03/01/2024 08:00:00\n0d 01:00:00,\n7,x\n", b',', 2);
    assert!(g.is_clock(0));
    let got = g.read(&[(0, Want::Duration { clock: true }), (1, Want::Timestamp(Order::MonthDayYear))]).unwrap();
    assert_eq!(numbers(&got, 0)[..2], [1.5, 3600.0]);
    assert!(numbers(&got, 0)[2].is_nan());
    assert_eq!(got.columns[0].unreadable.count, 1, "a bare number among clocks has no unit");
    assert_eq!(got.columns[1].values, Values::Timestamp(vec![1_709_280_000_000, NO_TIME, NO_TIME]));
    assert_eq!(got.columns[1].unreadable.count, 1);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "[0-9,\"\na.\\-]{0,200}") {
        let got = grid(&text, b',', 3).read(&[(0, Want::Number), (1, Want::Label), (3, Want::Number)]).unwrap();
        for column in &got.columns {
            let len = match &column.values {
                Values::Number(v) => v.len(),
                Values::Label { codes, .. } => codes.len(),
                Values::Timestamp(v) => v.len(),
            };
            proptest::prop_assert_eq!(len, got.rows);
        }
    }
}

/// Cells that are alike: beginnings of each other, of 15 to 17 bytes, blank, quoted, no numbers.
static ALIKE: &[&str] = &[
    "1",
    "1.5",
    "1.50",
    "15",
    "-1",
    "",
    " 1",
    "\"1\"",
    "1e3",
    "x",
    "123456789.12345",
    "123456789.123456",
    "123456789.1234567",
    "123456789.1234568",
    "\u{fffd}",
    "00:00:01",
    "\0",
];

proptest::proptest! {
    /// What the row before held never changes what a cell means.
    #[test]
    fn each_cell_is_read_as_if_alone(rows in proptest::collection::vec([0..ALIKE.len(), 0..ALIKE.len(), 0..2], 1..40)) {
        let text: String = rows.iter().map(|[a, b, c]| format!("{},{},{c}\r\n", ALIKE[*a], ALIKE[*b])).collect();
        let grid = Grid { drop_repeats: false, ..grid(&text, b',', 3) };
        let wants = [(0, Want::Number), (1, Want::Duration { clock: true }), (2, Want::Number)];
        let got = grid.read_with(&wants, Decimal::Point, text.len()).unwrap().0;
        proptest::prop_assert_eq!(got.rows, rows.len());
        for (row, [a, b, c]) in rows.iter().enumerate() {
            let number = match crate::text::number::parse(ALIKE[*a].as_bytes(), Decimal::Point) {
                crate::text::number::Cell::Number(value) => value,
                _ => f64::NAN,
            };
            let clock = crate::text::duration::seconds(crate::text::number::trim(ALIKE[*b].as_bytes())).unwrap_or(f64::NAN);
            for (column, want) in [(0, number), (1, clock), (2, *c as f64)] {
                proptest::prop_assert_eq!(numbers(&got, column)[row].to_bits(), want.to_bits(), "row {} of {:?}", row, text);
            }
        }
    }
}

/// Cells of a run of rows, and some that end it: of other shapes, blank, long, with blanks around them.
static CELLS: &[&str] = &[
    "0.00000",
    "3.12793",
    "-3.12794",
    "12",
    "13",
    "1.5",
    "",
    " 7",
    "2.5000000E+003",
    "1.5E+0012",
    "1.0000001",
    "-1.2500000E-001",
    "6.803700000000000E+02",
    "9.053472222222226E+01",
    "00:00:10.000",
    "00:00:20.000",
    "03/01/2024 08:00:10",
    "03/01/2024 08:00:20.5",
    "Rest",
    "CC_Chg",
];

proptest::proptest! {
    /// Quotes around each cell change nothing, though such rows are read one by one: a run of rows is read as its rows are.
    #[test]
    fn a_run_is_read_as_its_rows(
        rows in proptest::collection::vec((proptest::collection::vec(0..CELLS.len(), 2..6), 0..4usize), 1..60), pads: bool, crlf: bool
    ) {
        let line = |cells: &[usize], quote: &str| {
            cells.iter().map(|cell| format!("{quote}{}{quote}", CELLS[*cell])).collect::<Vec<_>>().join("\t")
        };
        let text = |quote: &str| {
            let end = if crlf { "\r\n" } else { "\n" };
            let rows = rows.iter().map(|(cells, kind)| match kind {
                0 => format!("{}{end}{end}", line(cells, quote)),
                1 => format!("{}\t\t{end}", line(cells, quote)),
                _ => format!("{}{end}", line(cells, quote)),
            });
            rows.collect::<String>()
        };
        let wants = [
            (0, Want::Number),
            (1, Want::Label),
            (2, Want::Duration { clock: true }),
            (3, Want::Timestamp(Order::MonthDayYear)),
        ];
        let read = |quote: &str| {
            let grid = Grid { drop_repeats: false, pads, ..grid(&text(quote), b'\t', 4) };
            let (mut out, evidence) = grid.read_with(&wants, Decimal::Point, grid.bytes.len()).unwrap();
            for column in &mut out.columns {
                // Examples have their quotes, and NaN is not equal to itself.
                column.unreadable.examples.clear();
                if let Values::Number(values) = &mut column.values {
                    values.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = -77.0);
                }
            }
            [&mut out.short, &mut out.long].into_iter().for_each(|trouble| trouble.examples.clear());
            (out, evidence.comma)
        };
        proptest::prop_assert_eq!(read(""), read("\""));
    }
}
