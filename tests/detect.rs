//! Detection goes by content: every fixture is its folder's, whatever it is called.

use crate::support::{GOOD, RESAVED, files, name};
use cyclerprep::Source;
use cyclerprep::detect::{candidates, detect};
use cyclerprep::readers::READERS;

#[test]
fn every_fixture_is_detected_with_and_without_its_extension() {
    for folder in GOOD.iter().chain([&RESAVED]) {
        for file in files(folder) {
            let bytes = std::fs::read(&file).unwrap();
            for called in [name(&file), "x".to_owned(), "x.res".to_owned()] {
                let best = detect(&Source::from_bytes(called.as_str(), bytes.clone())).unwrap();
                let maker = best.reader.info().maker.name().to_lowercase();
                let own = if *folder == RESAVED { file_maker(&file) } else { (*folder).to_owned() };
                assert_eq!(maker, own, "{} called {called}", name(&file));
                assert!(!best.score.why.is_empty());
            }
        }
    }
}

/// First word of the file's name.
fn file_maker(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_string_lossy().split('_').next().unwrap().to_owned()
}

#[test]
fn every_reader_has_a_fixture_and_no_file_has_two_claimants() {
    let mut seen = vec![0; READERS.len()];
    for file in GOOD.iter().chain([&RESAVED]).flat_map(|folder| files(folder)) {
        let all = candidates(&Source::from_bytes(name(&file), std::fs::read(&file).unwrap()));
        assert_eq!(all.iter().filter(|c| c.score.points > 0).count(), 1, "{}: {all:?}", name(&file));
        let id = all[0].reader.info().id;
        seen[READERS.iter().position(|r| r.info().id == id).unwrap()] += 1;
    }
    assert!(seen.iter().all(|n| *n > 0), "{seen:?}");
}

#[test]
fn ids_are_unique_and_extensions_lower_case() {
    for (i, reader) in READERS.iter().enumerate() {
        assert!(READERS[i + 1..].iter().all(|other| other.info().id != reader.info().id));
        assert!(reader.info().extensions.iter().all(|e| *e == e.to_lowercase()));
    }
}
