//! A small workbook writer for fixtures: stored zip members, shared strings, two date styles.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// One cell.
#[derive(Debug, Clone)]
pub enum Cell {
    Blank,
    Number(f64),
    Text(String),
    /// A day number shown as date and time.
    Date(f64),
    /// A day number shown as hours, however many.
    Hours(f64),
}

pub fn t(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// `1.23` as the number that the digits say.
pub fn n(value: f64, digits: usize) -> Cell {
    Cell::Number(format!("{value:.digits$}").parse().unwrap())
}

/// A sheet: its name and rows.
pub type Sheet = (String, Vec<Vec<Cell>>);

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn name(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (column % 26) as u8);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().map(|b| *b as char).collect()
}

fn sheet_xml(rows: &[Vec<Cell>], strings: &mut Vec<String>) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (r, row) in rows.iter().enumerate() {
        if row.is_empty() {
            continue;
        }
        out += &format!("<row r=\"{}\">", r + 1);
        for (c, cell) in row.iter().enumerate() {
            let at = format!("{}{}", name(c), r + 1);
            match cell {
                Cell::Blank => {}
                Cell::Number(v) => out += &format!("<c r=\"{at}\"><v>{v}</v></c>"),
                Cell::Date(v) => out += &format!("<c r=\"{at}\" s=\"1\"><v>{v}</v></c>"),
                Cell::Hours(v) => out += &format!("<c r=\"{at}\" s=\"2\"><v>{v}</v></c>"),
                Cell::Text(text) => {
                    let index = strings.iter().position(|s| s == text).unwrap_or_else(|| {
                        strings.push(text.clone());
                        strings.len() - 1
                    });
                    out += &format!("<c r=\"{at}\" t=\"s\"><v>{index}</v></c>");
                }
            }
        }
        out += "</row>";
    }
    out + "</sheetData></worksheet>"
}

const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd hh:mm:ss.000\"/></numFmts><fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>";

/// The members of a workbook; tests bend them before they are packed.
pub fn members(sheets: &[Sheet]) -> Vec<(String, String)> {
    let mut strings = Vec::new();
    let bodies: Vec<String> = sheets.iter().map(|(_, rows)| sheet_xml(rows, &mut strings)).collect();
    let each = |f: &dyn Fn(usize, &str) -> String| {
        sheets.iter().enumerate().map(|(i, (name, _))| f(i + 1, name)).collect::<String>()
    };
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let mut members = vec![
        (
            "[Content_Types].xml".to_owned(),
            format!(
                "{head}<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                "{head}<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                "{head}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{relations}\"><sheets>{}</sheets></workbook>",
                each(&|i, name| format!("<sheet name=\"{}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>", escape(name)))
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                "{head}<Relationships xmlns=\"{package}/relationships\">{}<Relationship Id=\"rId100\" Type=\"{relations}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId101\" Type=\"{relations}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
                each(&|i, _| format!(
                    "<Relationship Id=\"rId{i}\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"
                ))
            ),
        ),
        ("xl/styles.xml".to_owned(), STYLES.to_owned()),
    ];
    for (i, body) in bodies.into_iter().enumerate() {
        members.push((format!("xl/worksheets/sheet{}.xml", i + 1), body));
    }
    let items: String = strings.iter().map(|s| format!("<si><t>{}</t></si>", escape(s))).collect();
    let count = strings.len();
    members.push(("xl/sharedStrings.xml".to_owned(), format!("{head}<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"{count}\" uniqueCount=\"{count}\">{items}</sst>")));
    members
}

/// Packs members into a zip.
pub fn pack(members: &[(String, String)], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method).last_modified_time(zip::DateTime::default());
    for (name, body) in members {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    pack(&members(sheets), CompressionMethod::Deflated)
}
