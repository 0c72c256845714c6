//! Sheets beside what another reader of workbooks, calamine, makes of them.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::super::cells::Text;
use super::super::{Sheet, Workbook, field};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;

fn open(bytes: &Arc<Vec<u8>>) -> Result<Workbook> {
    Workbook::open(Arc::clone(bytes), &Limits::default())
}

/// The sheets as calamine reads them.
fn witness(bytes: &[u8]) -> Vec<Sheet> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    let sheet = |name: &String| {
        let mut text = Text::new(&Limits::default());
        let mut cells = match book.worksheet_cells_reader(name) {
            Err(XlsxError::NotAWorksheet(_)) => return text.finish(name),
            cells => cells.unwrap(),
        };
        while let Some(cell) = cells.next_cell().unwrap() {
            let (row, column) = cell.get_position();
            match cell.get_value() {
                DataRef::SharedString(words) => text.words(row, column, words).unwrap(),
                value => text.put(row, column, &value.clone().into()).unwrap(),
            }
        }
        text.finish(name)
    };
    names.iter().map(sheet).collect()
}

/// Compares all sheets of a workbook, whole and their heads; how many cells they have.
fn compare(bytes: Vec<u8>, what: &str) -> usize {
    let bytes = Arc::new(bytes);
    let mut book = open(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let expected = witness(&bytes);
    assert_eq!(book.names(), expected.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>());
    for sheet in &expected {
        let head = book.head(&sheet.name, 5).unwrap();
        let lines = String::from_utf8_lossy(&sheet.text).lines().take(5).collect::<Vec<_>>().join("\n");
        assert_eq!(String::from_utf8_lossy(&head.text).trim_end(), lines.trim_end(), "{what}, head of {}", sheet.name);
        // A long sheet is handed out and read again.
        for _ in 0..2 {
            let got = book.sheet(&sheet.name).unwrap_or_else(|error| panic!("{what}: {error}"));
            let differs =
                got.text.split(|b| *b == b'\n').zip(sheet.text.split(|b| *b == b'\n')).position(|(a, b)| a != b);
            assert_eq!(differs, None, "{what}, sheet {}: index of the first row that differs", sheet.name);
            assert!(got == *sheet, "{what}, sheet {}: {} and {} rows", sheet.name, got.rows, sheet.rows);
        }
    }
    expected.iter().map(|sheet| sheet.text.iter().filter(|b| matches!(b, b'\t' | b'\n')).count()).sum()
}

fn workbooks(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            workbooks(&path, found);
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
            found.push(path);
        }
    }
}

fn compare_all(folder: &Path) -> usize {
    let mut found = Vec::new();
    workbooks(folder, &mut found);
    let readable = found.iter().filter(|path| !path.parent().unwrap().ends_with("bad"));
    readable
        .map(|path| compare(std::fs::read(path).unwrap(), &path.display().to_string()))
        .filter(|cells| *cells > 0)
        .count()
}

#[test]
fn fixtures_have_the_cells_that_another_reader_finds() {
    assert!(compare_all(Path::new("fixtures")) > 8);
}

#[test]
fn real_workbooks_have_the_cells_that_another_reader_finds() {
    let named = std::env::var_os("CYCLERPREP_CORPUS").map(PathBuf::from);
    let corpus = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    if !corpus.join("MANIFEST.csv").is_file() {
        #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
        {
            eprintln!("skipped: cells of real workbooks need the corpus; set CYCLERPREP_CORPUS to its folder");
        }
        return;
    }
    assert!(compare_all(&corpus) > 5);
}

/// A workbook of one sheet, with this XML around the rows and these styles and strings.
fn book(sheet: &str, styles: &str, strings: &str, properties: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let members = [
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook {main} xmlns:r=\"{relations}\">{properties}<sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/styles.xml", format!("<styleSheet {main}>{styles}</styleSheet>")),
        ("xl/sharedStrings.xml", format!("<sst {main}>{strings}</sst>")),
        ("xl/worksheets/sheet1.xml", sheet.to_owned()),
    ];
    for (name, body) in members {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn of_rows(rows: &str) -> Vec<u8> {
    let styles = "<numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"46\"/></cellXfs>";
    let strings = "<si><t>one</t></si><si><r><t> two </t></r><r><t> and </t></r><r><t xml:space=\"preserve\"> three </t></r><r><t>four</t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_b &amp; c</t></si>";
    book(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), styles, strings, "")
}

#[test]
fn any_cell_is_what_another_reader_finds() {
    let rows = [
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"D1\" t=\"s\"><v>2</v></c></row>",
        "<row r=\"3\"><c r=\"A3\" t=\"b\"><v>1</v></c><c r=\"B3\" t=\"b\"><v>0</v></c><c r=\"C3\" t=\"e\"><v>#DIV/0!</v></c><c r=\"D3\"><v>1</v></c></row>",
        "<row r=\"4\"><c r=\"A4\"><f>1+1</f><v>2</v></c><c r=\"B4\" t=\"str\"><f>A&amp;B</f><v>x &lt;&#181;&gt;</v></c><c r=\"C4\" t=\"str\"><v/></c></row>",
        "<row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t>in</t></is></c><c r=\"B5\" t=\"inlineStr\"><is><r><t>two</t></r><r><t> runs</t></r></is></c><c r=\"C5\" t=\"inlineStr\"/></row>",
        "<row><c><v>6</v></c><c><v>6.5</v></c></row><row><c s=\"1\"><v>45352.333449074074</v></c><c s=\"2\"><v>1.5</v></c><c s=\"9\"><v>7</v></c></row>",
        "<row r=\"9\" spans=\"1:3\"/><row r=\"10\"><c r=\"A10\" t=\"d\"><v>2024-03-01T08:00:00</v></c><c r=\"B10\" t=\"n\" s=\"0\"><v>1E-7</v></c></row>",
        "\n <row r=\"11\">\r\n  <c r=\"A11\">\n<v>997.22699999999998</v> </c>\n  <c r=\"B11\"><v>-0</v></c><!-- <c r=\"C11\"><v>9</v></c> --><c r=\"D11\"><v>1e300</v></c></row>",
        "<row r='12'><c r='A12' t='s'><v>0</v></c><c r='B12' t=\"str\"><v>a\tb\n\"c\"</v></c><c r=\"C12\"><v>no number</v></c></row>",
    ];
    for row in rows {
        assert!(compare(of_rows(row), row) > 0);
    }
    compare(of_rows(&rows.concat()), "all");
    compare(of_rows(""), "none");
    compare(book("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData/></worksheet>", "", "", ""), "empty");
    compare(book("<chartsheet><drawing r:id=\"rId1\"/></chartsheet>", "", "", ""), "chart");
}

#[test]
fn prefixes_and_bases_are_what_another_reader_finds() {
    let rows = "<x:row r=\"1\"><x:c r=\"A1\" s=\"1\"><x:v>40000.25</x:v></x:c><x:c t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c></x:row>";
    let sheet = format!("<x:worksheet><x:sheetData>{rows}</x:sheetData></x:worksheet>");
    let styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs>";
    for properties in
        ["", "<workbookPr date1904=\"1\"/>", "<workbookPr date1904=\"0\"/>", "<workbookPr date1904=\"true\"/>"]
    {
        assert_eq!(compare(book(&sheet, styles, "", properties), properties), 2);
    }
}

#[test]
fn formats_are_what_another_reader_takes_them_for() {
    let own = [
        "yyyy\\-mm\\-dd",
        "[h]:mm:ss",
        "[$-409]m/d/yy h:mm AM/PM;@",
        "0.00E+00",
        "General",
        "[Red]0.0",
        "\"day\" 0",
        "mm:ss.0",
        "[ss].00",
        "[mm]:ss",
        "#,##0.00_);[Red]\\(#,##0.00\\)",
        "0\\d",
        "@",
        "[Blue]General;dd",
        "_-* #,##0.00_-",
        "hh:mm:ss.000",
        "d",
        "[HH]:MM",
        "0.0\" s\"",
        "[$s-409]0",
        "[hm]",
        "AM/PM",
        "[Color10]d",
        "*d0",
        "[h]",
        "[$-F800]dddd",
        "General\"h\"",
        "_h0",
        "E",
        "yyyy\"T\"hh",
    ];
    let formats: String = own
        .iter()
        .enumerate()
        .map(|(k, code)| format!("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 164 + k, code.replace('"', "&quot;")))
        .collect();
    let ids: Vec<usize> = (0..82).chain(164..164 + own.len()).collect();
    let styles: String = ids.iter().map(|id| format!("<xf numFmtId=\"{id}\"/>")).collect();
    let styles = format!("<numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs>");
    let mut differ = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let sheet = format!(
            "<worksheet><sheetData><row><c s=\"{index}\"><v>45352.3</v></c><c s=\"{index}\"><v>0.7</v></c></row></sheetData></worksheet>"
        );
        let code = id.checked_sub(164).and_then(|k| own.get(k)).copied().unwrap_or_default();
        let bytes = Arc::new(book(&sheet, &styles, "", ""));
        let (got, expected) = (open(&bytes).unwrap().sheet("s").unwrap(), witness(&bytes).remove(0));
        if got != expected {
            differ.push(format!("format {id} {code}: {:?}", String::from_utf8_lossy(&expected.text)));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

/// Long enough for several blocks.
fn long(row: impl Fn(u32) -> String) -> String {
    (1..=40_000).map(row).collect()
}

#[test]
fn blocks_of_rows_are_what_another_reader_finds() {
    let cells = |k: u32| format!("<c r=\"A{k}\"><v>{k}</v></c><c r=\"C{k}\" t=\"s\"><v>{}</v></c>", k % 3);
    let numbered = long(|k| format!("<row r=\"{k}\">{}</row>", cells(k)));
    assert!(compare(of_rows(&numbered), "rows say their number") > 80_000);
    compare(of_rows(&long(|k| format!("<row>{}</row>", cells(k)))), "cells say their number");
    compare(
        of_rows(&long(|k| format!("<row><c><v>{k}</v></c><c><v>{}.5</v></c></row>", k % 7))),
        "nobody says a number",
    );
    compare(of_rows(&long(|k| format!("<row r=\"{}\"><c><v>{k}</v></c></row>", 3 * k))), "gaps");
    compare(of_rows(&numbered.replace("</row>", "</row><!-- <row r=\"1\"> -->")), "comments");
    // Rows count from where the cells begin.
    compare(of_rows(&long(|k| format!("<row>{}</row>", cells(k + 100)))), "cells far below their rows");
}

#[test]
fn what_is_broken_is_told_where_it_is_needed() {
    let rows = long(|k| format!("<row r=\"{k}\"><c r=\"A{k}\"><v>{k}</v></c></row>"));
    let bad = [
        "<row r=\"x\"/>",
        "<row><c r=\"7\"><v>1</v></c></row>",
        "<row><c t=\"s\"><v>7</v></c></row>",
        "<row><c t=\"n\"><v>a</v></c></row>",
        "<row><c t=\"b\"><v>2</v></c></row>",
        "<row><c><v>1</c></row>",
        "<row r=\"1\"><c><v>1</v></c></row>",
        "<row><c t=\"str\"><v>&no;</v></c></row>",
    ];
    for bad in bad {
        let mut book = open(&Arc::new(of_rows(&(rows.clone() + bad)))).unwrap();
        assert_eq!(book.head("s", 80).unwrap().rows, 80, "{bad}");
        for _ in 0..2 {
            let error = book.sheet("s").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{bad}: {error}");
        }
        assert_eq!(book.head("s", 80_000).unwrap_err().kind(), ErrorKind::Malformed, "{bad}");
    }
    // XML that ends, at any byte.
    let whole = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c><c><v>1</v></c></row></sheetData>";
    for end in 0..whole.len() {
        let error = open(&Arc::new(book(&whole[..end], "", "", ""))).unwrap().sheet("s");
        // Without rows it may be a chart.
        assert!(end < 30 || error.is_err(), "{}", &whole[..end]);
    }
}

#[test]
fn sheets_of_one_member_are_read_once() {
    let rows = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let more = "<sheets><sheet name=\"t\" sheetId=\"2\" r:id=\"rId1\"/><sheet name=\"u\" sheetId=\"3\" r:id=\"none\"/></sheets>";
    let bytes = book(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), "", "", more);
    let mut book = open(&Arc::new(bytes)).unwrap();
    assert_eq!(book.names(), ["t", "u", "s"]);
    let texts: Vec<_> = ["s", "t"].iter().map(|name| book.sheet(name).unwrap().text).collect();
    assert_eq!(texts, [b"1\n", b"1\n"]);
    assert!(book.sheet("u").unwrap_err().message().contains("no member"));
    assert!(book.sheet("v").unwrap_err().message().contains("none of that name"));
}

#[test]
fn limits_hold() {
    let rows = long(|k| format!("<row r=\"{k}\"><c r=\"A{k}\"><v>{k}</v></c></row>"));
    let bytes = Arc::new(of_rows(&rows));
    let limits = |change: &dyn Fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        Workbook::open(Arc::clone(&bytes), &limits)
            .and_then(|mut book| book.sheet("s"))
            .map(|_| ())
            .map_err(|e| e.kind())
    };
    assert_eq!(limits(&|_| ()), Ok(()));
    assert_eq!(limits(&|limits| limits.rows = 39_999), Err(ErrorKind::Limit));
    assert_eq!(limits(&|limits| limits.columns = 0), Err(ErrorKind::Limit));
    assert_eq!(limits(&|limits| limits.inflated_bytes = 100_000), Err(ErrorKind::Limit));
    assert_eq!(limits(&|limits| limits.members = 5), Err(ErrorKind::Limit));
}

proptest::proptest! {
    #[test]
    fn numbers_are_the_same_however_they_are_written(value: f64, digits in 0usize..20) {
        proptest::prop_assume!(value.is_finite());
        for written in [format!("{value}"), format!("{value:e}"), format!("{value:.digits$e}"), format!("{:.digits$}", value % 1e6)] {
            let (mut text, mut expected) = (Text::new(&Limits::default()), Vec::new());
            proptest::prop_assert!(text.digits(0, 0, written.as_bytes()).unwrap());
            field::number(written.parse().unwrap(), &mut expected);
            expected.push(b'\n');
            proptest::prop_assert_eq!(text.finish("s").text, expected);
        }
    }
}
