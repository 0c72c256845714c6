//! Detection goes by content: every fixture is its folder's, whatever it is called.

use crate::support::{GOOD, RESAVED, files, name};
use cyclerprep::detect::{candidates, detect};
use cyclerprep::readers::READERS;
use cyclerprep::{ErrorKind, Source};

#[test]
fn every_fixture_is_detected_with_and_without_its_extension() {
    for folder in GOOD.iter().chain([&RESAVED]) {
        for file in files(folder) {
            let bytes = std::fs::read(&file).unwrap();
            for called in [name(&file), "x".to_owned(), "x.res".to_owned()] {
                let best = detect(&Source::from_bytes(called.as_str(), bytes.clone())).unwrap();
                let maker = folder_of(best.reader.info().maker.name());
                let own = if *folder == RESAVED { file_maker(&file) } else { (*folder).to_owned() };
                assert_eq!(maker, own, "{} called {called}", name(&file));
                assert!(!best.score.why.is_empty());
            }
        }
    }
}

/// The folder of a maker's fixtures.
fn folder_of(maker: &str) -> String {
    if maker == "Battery Data Format" { "bdf".to_owned() } else { maker.to_lowercase() }
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
        // What people usually call columns is in many makers' tables as well: a guess counts where nobody else claims.
        let best = all[0].score.points;
        let claims = all.iter().filter(|c| c.score.points == best || c.score.points > 20);
        assert_eq!(claims.count(), 1, "{}: {all:?}", name(&file));
        let id = all[0].reader.info().id;
        seen[READERS.iter().position(|r| r.info().id == id).unwrap()] += 1;
    }
    assert!(seen.iter().all(|n| *n > 0), "{seen:?}");
}

/// Tables about tests, and tables of anything else: none has time, voltage and current in columns of its own.
#[test]
fn tables_without_time_voltage_and_current_are_nobodys() {
    let about = |header: &str| {
        let mut table = "maker,file,bytes,notes\n".to_owned();
        for file in ["a.csv", "b.csv"] {
            table.push_str(&format!("x,{file},12,\"CRLF; 3 rows; header: {header}\"\n"));
        }
        table
    };
    let headers = [
        "mode;ox/red;error;Ns changes;time/s;Ewe/V;I/mA;cycle number",
        "Rec#;Cyc#;Step;Test Time (s);Amps;Volts;State",
        "Data_Point;Test_Time(s);Step_Index;Current(A);Voltage(V)",
        "Record Index;Status;Time;Current(A);Voltage(V)",
        "Rec#\tCyc#\tStep\tTest Time (s)\tAmps\tVolts",
        "Data_Point,Test_Time(s),Step_Index,Current(A),Voltage(V)",
    ];
    let others = [
        "name,street,city\nAda,1 High Street,London\n",
        "cell;chemistry;nominal voltage (V);max current (A)\nA1;NMC;3.7;5\n",
        "Cycle Index,Step Index,Step Type,Capacity(Ah)\n1,1,CC Chg,2.0\n",
        "time,temperature\n0,25.1\n1,25.2\n",
        "file,sha256,current,voltage\na.csv,12ab,yes,no\n",
    ];
    let tables = headers.iter().map(|header| about(header)).chain(others.map(str::to_owned));
    for table in tables {
        let error = detect(&Source::from_bytes("MANIFEST.csv", table.clone().into_bytes())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownFormat, "{table}\n{error}");
    }
}

#[test]
fn ids_are_unique_and_extensions_lower_case() {
    for (i, reader) in READERS.iter().enumerate() {
        assert!(READERS[i + 1..].iter().all(|other| other.info().id != reader.info().id));
        assert!(reader.info().extensions.iter().all(|e| *e == e.to_lowercase()));
    }
}
