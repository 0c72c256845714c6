//! Pictures: what they say, that they are whole, and that they lose no spike.

use crate::support::cell;
use crate::support::svg::{self, Drawn};
use cyclerprep::plot::{Format, Picture};
use cyclerprep::{PrepareOptions, prepare};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

fn picture(fixture: &str) -> Picture {
    let cell = prepare(format!("fixtures/{fixture}"), &PrepareOptions::default()).unwrap();
    cell.picture().unwrap()
}

fn drawn(fixture: &str) -> Drawn {
    Drawn::read(&picture(fixture).svg().unwrap())
}

/// The nearest of some points in pixels, as a distance in pixels along the worse axis.
fn distance(points: &[(f64, f64)], to: (f64, f64)) -> f64 {
    let off = |p: &(f64, f64)| (p.0 - to.0).abs().max((p.1 - to.1).abs());
    points.iter().map(off).fold(f64::INFINITY, f64::min)
}

#[test]
fn a_cycling_test_shows_its_steps_and_cycles() {
    insta::assert_snapshot!(drawn("neware/flat.csv").show());
}

#[test]
fn impedance_is_a_nyquist_plot() {
    insta::assert_snapshot!(drawn("biologic/impedance.mpt").show());
}

#[test]
fn a_file_without_rows_says_so() {
    insta::assert_snapshot!(drawn("biologic/no_rows.mpt").show());
}

/// Read by its labels, the picture gives the simulated test back: pixels are whole, so within one of them and a half.
#[test]
fn lines_and_bands_lie_where_the_labels_say() {
    let (drawn, truth) = (drawn("neware/flat.csv"), cell::test());
    let names: Vec<&str> = drawn.panels.iter().map(|panel| panel.name.as_str()).collect();
    assert_eq!(names[..2], ["Voltage [V]", "Current [A], discharge > 0"]);
    let x = &drawn.panels[1].x;
    assert_eq!(drawn.panels[1].x_name, "Time [min]");
    for (panel, of) in drawn.panels.iter().zip([|r: &cell::Record| r.voltage, |r: &cell::Record| -r.current]) {
        let points: Vec<(f64, f64)> = panel.lines.concat();
        for r in &truth {
            let wanted = (svg::pixel(x, r.time / 60.0), svg::pixel(&panel.y, of(r)));
            let off = distance(&points, wanted);
            assert!(off <= 1.5, "{}: {r:?} should be at {wanted:?}, the line passes {off} pixels away", panel.name);
        }
        // And nothing else is drawn: no point lies higher or lower than the test reaches.
        let reach = |pick: fn(f64, f64) -> f64| truth.iter().map(of).reduce(pick).unwrap();
        let (low, high) = (reach(f64::min), reach(f64::max));
        for (_, y) in &points {
            let shown = svg::value(&panel.y, *y);
            let room = 1.5 * svg::pixel_size(&panel.y);
            assert!(shown >= low - room && shown <= high + room, "{}: {shown} is drawn", panel.name);
        }
        // A band begins with the first record of a step and ends where the next begins.
        let first = |run: u32| truth.iter().find(|r| r.run == run).or(truth.last()).unwrap().time;
        let words = ["rest", "charge", "constant voltage charge", "rest", "discharge"];
        assert_eq!(panel.bands.len(), 10);
        for ((color, left, right), run) in panel.bands.iter().zip(1u32..) {
            let word = drawn.legend.iter().find(|(known, _)| known == color).map(|(_, word)| word.as_str());
            assert_eq!(word, Some(words[(run as usize - 1) % 5]), "step {run}");
            for (found, time) in [(*left, first(run)), (*right, first(run + 1))] {
                let wanted = svg::pixel(x, time / 60.0);
                assert!((found - wanted).abs() <= 1.5, "step {run}: {found} should be {wanted}");
            }
        }
    }
}

#[test]
fn spots_of_cycles_lie_where_the_labels_say() {
    let (drawn, truth) = (drawn("neware/flat.csv"), cell::test());
    // Counters restart at each step: the last record of a step has all of its charge.
    let of_step = |cycle: u32, step: u32| truth.iter().rfind(|r| (r.cycle, r.step) == (cycle, step)).unwrap().capacity;
    let (charge, discharge) = (|cycle| of_step(cycle, 2) + of_step(cycle, 3), |cycle| of_step(cycle, 5));
    let efficiency = |cycle| 100.0 * discharge(cycle) / charge(cycle);
    let (capacities, efficiencies) = (&drawn.panels[2], &drawn.panels[3]);
    assert_eq!(
        (capacities.name.as_str(), capacities.x_name.as_str()),
        ("Capacity of the cycle [A·h]", "Cycle from cycler")
    );
    assert_eq!(efficiencies.name, "Efficiency [%], discharge ÷ charge");
    let (blue, orange) = ("#0B4F9E", "#A83C00");
    for cycle in 1..=2 {
        for (panel, color, wanted) in [
            (capacities, blue, charge(cycle)),
            (capacities, orange, discharge(cycle)),
            (efficiencies, orange, efficiency(cycle)),
        ] {
            let points: Vec<(f64, f64)> = panel.spots.iter().filter(|(c, _)| c == color).map(|(_, at)| *at).collect();
            assert_eq!(points.len(), 2, "{}", panel.name);
            let place = (svg::pixel(&panel.x, f64::from(cycle)), svg::pixel(&panel.y, wanted));
            let off = distance(&points, place);
            assert!(off <= 1.5, "{}: {wanted} should be at {place:?}, the nearest is {off} pixels away", panel.name);
        }
    }
}

/// The sweep of the fixture is R0 + R/(1 + iωRC) with 20 mΩ, 30 mΩ and RC = 10 ms, at half decades from 10 kHz down.
#[test]
fn spots_of_a_spectrum_lie_on_its_arc() {
    let drawn = drawn("biologic/impedance.mpt");
    let panel = drawn.panels.last().unwrap();
    assert_eq!((panel.name.as_str(), panel.x_name.as_str()), ("−Im Z [mΩ]", "Re Z [mΩ]"));
    assert_eq!(panel.spots.len(), 12);
    let points: Vec<(f64, f64)> = panel.spots.iter().map(|(_, at)| *at).collect();
    for k in 0..12 {
        let w = std::f64::consts::TAU * 10f64.powf(4.0 - 0.5 * f64::from(k)) * 0.01;
        let (re, minus_im) = (20.0 + 30.0 / (1.0 + w * w), 30.0 * w / (1.0 + w * w));
        let wanted = (svg::pixel(&panel.x, re), svg::pixel(&panel.y, minus_im));
        let off = distance(&points, wanted);
        assert!(off <= 1.5, "point {k} should be at {wanted:?}, the nearest is {off} pixels away");
    }
    // An arc stays an arc; the labels' pixels are whole, so a part in a hundred is not told.
    let ratio = svg::pixel_size(&panel.x) / svg::pixel_size(&panel.y);
    assert!((ratio - 1.0).abs() < 0.01, "a mΩ is {ratio} times as long on one axis as on the other");
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
        "docs/overview.svg is of another version; UPDATE_DOCS=1 cargo test --test suite plot draws it anew"
    );
}
