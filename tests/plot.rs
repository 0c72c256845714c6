//! Pictures: what they say, that they are whole, and that they lose no spike.

#![cfg(feature = "plot")]

use cyclerprep::plot::{Format, Picture};
use cyclerprep::{PrepareOptions, prepare};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

fn picture(fixture: &str) -> Picture {
    let cell = prepare(format!("fixtures/{fixture}"), &PrepareOptions::default()).unwrap();
    cell.picture().unwrap()
}

/// The texts of a picture, in their order; it must be well-formed.
fn texts(svg: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut texts, mut text) = (Vec::new(), None::<String>);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "text" => text = Some(String::new()),
            Event::End(_) => texts.extend(text.take().map(|text| text.trim().to_owned())),
            Event::Text(piece) => text.iter_mut().for_each(|text| text.push_str(&piece)),
            Event::GeneralRef(name) => text.iter_mut().for_each(|text| text.push_str(&format!("&{};", &*name))),
            Event::Eof => return texts,
            _ => {}
        }
    }
}

fn words(fixture: &str) -> String {
    let is_word = |text: &String| !text.is_empty() && text.parse::<f64>().is_err();
    texts(&picture(fixture).svg().unwrap()).into_iter().filter(is_word).collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_cycling_test_shows_its_steps_and_cycles() {
    insta::assert_snapshot!(words("neware/flat.csv"), @"flat.csv | Neware csv  ·  112 rows, 10 steps, 2 cycles  ·  from 2024-03-01T08:00:00+00:00 | rest | charge | constant voltage charge | discharge | Voltage [V] | Current [A], discharge &gt; 0 | Time [min] | Capacity of the cycle [A·h] | Cycle count | discharge | charge | Coulombic efficiency [%] | Cycle count");
}

#[test]
fn impedance_is_a_nyquist_plot() {
    insta::assert_snapshot!(words("biologic/impedance.mpt"), @"impedance.mpt | BioLogic text  ·  42 rows, 3 steps, 1 cycles  ·  from 2024-03-01T08:00:00.250+00:00 | discharge | impedance | rest | Voltage [V] | Current [A], discharge &gt; 0 | Time [min] | −Im Z [mΩ] | Re Z [mΩ]");
}

#[test]
fn a_file_without_rows_says_so() {
    insta::assert_snapshot!(words("biologic/no_rows.mpt"), @"no_rows.mpt | BioLogic text  ·  0 rows, 0 steps, 0 cycles | no values to draw");
}

#[test]
fn pixels_are_those_of_the_picture() {
    let png = picture("neware/flat.csv").bytes(Format::Png).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (2400, 1684));
    let share = |wanted: fn(&[u8]) -> bool| {
        pixels.chunks_exact(3).filter(|pixel| wanted(pixel)).count() as f64 / (pixels.len() / 3) as f64
    };
    assert!(share(|pixel| pixel == [255; 3]) > 0.4, "a white ground");
    assert!(share(|pixel| pixel[0] < 0x20 && pixel[2] > 0x80) > 0.0005, "a blue line");
    assert!(share(|pixel| pixel == [0xd0, 0xe4, 0xf6]) > 0.1, "bands of charging");
}

#[test]
fn one_row_among_a_million_is_seen() {
    let rows = 1_000_000;
    let mut voltage = vec![3.7; rows];
    voltage[654_321] = 9.9;
    let real = |name: &str, values: Vec<f64>| Column::from(Series::new(name.into(), values));
    let frame = DataFrame::new_infer_height(vec![
        real("Time [s]", (0..rows).map(|t| t as f64).collect()),
        real("Voltage [V]", voltage),
    ])
    .unwrap();
    let picture = Picture::new("spike", "", &frame, &DataFrame::default(), &DataFrame::default()).unwrap();
    let svg = picture.svg().unwrap();
    // The flat line lies at the bottom of its panel, the spike at its top.
    let points = svg.split("<polyline").flat_map(|line| line.split("points=\"").nth(1)).flat_map(|points| {
        points
            .split('"')
            .next()
            .unwrap()
            .split_whitespace()
            .map(|xy| xy.split_once(',').unwrap().1.parse::<i32>().unwrap())
    });
    let (low, high) = points.fold((i32::MAX, 0), |(low, high), y| (low.min(y), high.max(y)));
    assert!(high - low > 250, "the line spans its panel, found {low} to {high}");
    assert!(svg.len() < 100_000, "and is short all the same: {}", svg.len());
}

#[test]
fn names_decide_the_format() {
    let of = |name: &str| Format::of_path(std::path::Path::new(name)).map_err(|e| e.to_string());
    assert_eq!(of("a/b.SVG"), Ok(Format::Svg));
    assert_eq!(of("b.png"), Ok(Format::Png));
    insta::assert_snapshot!(of("b.pdf").unwrap_err(), @r#"expected a picture's name that ends in .svg or .png, found "b.pdf""#);
}

#[test]
fn the_picture_of_the_readme_is_that_of_a_fixture() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/overview.svg");
    let svg = picture("neware/flat.csv").svg().unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &svg).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == svg,
        "docs/overview.svg is of another version; UPDATE_DOCS=1 cargo test --test plot draws it anew"
    );
}
