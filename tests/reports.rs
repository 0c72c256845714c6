//! What a report says survives being written and read.

use crate::support::files;
use cyclerprep::{PrepareOptions, Report, Source, prepare_all};

#[test]
fn the_report_of_every_fixture_is_read_as_it_was_written() {
    let mut options = PrepareOptions::default();
    options.validate.strict = true;
    options.validate.rated_capacity = Some(0.1);
    options.validate.voltage_window = Some((2.5, 4.2));
    let bundle = std::env::temp_dir().join(format!("cyclerprep-{}-reports", std::process::id()));
    let (mut reports, mut notes, mut issues) = (0, Vec::new(), Vec::new());
    for path in files("") {
        let source = Source::open(&path, &Default::default());
        for measurement in source.and_then(|source| prepare_all(source, &options)).unwrap_or_default() {
            measurement.write_report(&bundle).unwrap();
            assert_eq!(Report::read(&bundle).unwrap(), measurement.report, "{}", path.display());
            notes.extend(measurement.report.notes.iter().map(|note| note.code));
            issues.extend(measurement.report.issues.iter().map(|issue| issue.code));
            reports += 1;
        }
    }
    std::fs::remove_dir_all(&bundle).unwrap();
    notes.sort_unstable();
    notes.dedup();
    issues.sort_unstable();
    issues.dedup();
    // The fixtures show most kinds of notes and some of findings; else this would prove little.
    assert!(reports > 50 && notes.len() > 10 && issues.len() > 1, "{reports} {notes:?} {issues:?}");
}

#[test]
fn what_is_no_report_is_told() {
    let folder = std::env::temp_dir().join(format!("cyclerprep-{}-no-report", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    assert_eq!(Report::read(&folder).unwrap_err().kind(), cyclerprep::ErrorKind::Io);
    std::fs::write(folder.join("report.json"), "{\"rows_kept\": \"many\"}").unwrap();
    let error = Report::read(&folder).unwrap_err();
    assert_eq!(error.kind(), cyclerprep::ErrorKind::Malformed);
    assert!(error.to_string().contains("report.json"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}
