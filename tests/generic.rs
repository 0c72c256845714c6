//! Tables of no maker: what the headers say is enough, or the error says what would be; and tables of the schema, which come back
//! as they are.

use polars::prelude::DataFrame;

use crate::support::{CYCLERS, files, fixtures, name};
use cyclerprep::bundle::parquet_bytes;
use cyclerprep::detect::{candidates, detect};
use cyclerprep::{Measurement, NoteCode, PrepareOptions, Result, Source, prepare, prepare_source};

fn source(name: &str, text: &str) -> Source {
    Source::from_bytes(name, text.as_bytes().to_vec())
}

fn read(text: &str, options: &PrepareOptions) -> Result<Measurement> {
    prepare_source(source("table.csv", text), options)
}

fn column(cell: &Measurement, name: &str) -> Vec<f64> {
    let column = cell.time_series.column(name).unwrap_or_else(|e| panic!("{name}: {e}"));
    column
        .cast(&polars::prelude::DataType::Float64)
        .unwrap()
        .f64()
        .unwrap()
        .iter()
        .map(|v| v.unwrap_or(f64::NAN))
        .collect()
}

/// Rows of a discharge at `current`, in any units.
fn table(header: &str, current: f64, volts: f64, tick: f64) -> String {
    let rows = (0..20).map(|k| {
        let k = f64::from(k);
        format!("{},{},{current}\n", k * tick, volts * (3.9 - 0.01 * k))
    });
    format!("{header}\n{}", rows.collect::<String>())
}

/// A table is the same after it was written and read, to the last bit.
fn comes_back(what: &str, frame: &DataFrame, again: Source) {
    let again = prepare_source(again, &PrepareOptions::default()).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(again.time_series.get_column_names(), frame.get_column_names(), "{what}");
    for (got, want) in again.time_series.columns().iter().zip(frame.columns()) {
        assert!(got.equals_missing(want), "{what}: {}\n{got:?}\n{want:?}", got.name());
    }
}

#[test]
fn bundles_come_back_as_they_are() {
    let mut seen = 0;
    for file in CYCLERS.iter().flat_map(|folder| files(folder)) {
        let cell = prepare(&file, &PrepareOptions::default()).unwrap();
        if cell.time_series.height() == 0 {
            continue;
        }
        let bytes = parquet_bytes(&cell.time_series, &Default::default()).unwrap();
        comes_back(&name(&file), &cell.time_series, Source::from_bytes("time_series.parquet", bytes));
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}

/// A sign that the voltage speaks against stays as well: the schema defines it.
#[test]
fn the_sign_of_a_table_of_the_schema_is_its_own() {
    let rows = (0..40).map(|k| format!("{k},1,{},{},0\n", 3.0 + 0.01 * f64::from(k), i32::from(k >= 20)));
    let text = format!("Time [s],Current [A],Voltage [V],Step count,Cycle count\n{}", rows.collect::<String>());
    let cell = read(&text, &PrepareOptions::default()).unwrap();
    assert_eq!(column(&cell, "Current [A]"), [1.0; 40]);
    let step: Vec<f64> = (0..40).map(|k| f64::from(k / 20)).collect();
    assert_eq!(column(&cell, "Step count"), step);
    // One ampere for 19 s in each step; the interval between them belongs to none.
    assert!((column(&cell, "Discharge capacity [A.h]")[39] - 19.0 / 3600.0).abs() < 1e-12);
    let note = cell.report.notes.iter().find(|note| note.code == NoteCode::SignCheckFailed);
    assert!(note.is_some(), "what the voltage says is told");
}

/// What an error proposes is tried until the table is read.
fn cured(text: &str, tries: usize) -> (Measurement, PrepareOptions) {
    let mut options = PrepareOptions::default();
    for _ in 0..tries {
        let error = match read(text, &options) {
            Ok(cell) => return (cell, options),
            Err(error) => error.message().to_owned(),
        };
        let (_, rest) = error.split_once("`--").unwrap_or_else(|| panic!("no way out in {error:?}"));
        let (option, rest) = rest.split_once(" '").unwrap();
        let (header, value) = rest.split_once('\'').unwrap().0.rsplit_once('=').unwrap();
        let list = if option == "unit" { &mut options.map.units } else { &mut options.map.map };
        list.push((header.to_owned(), value.to_owned()));
    }
    panic!("not read after {tries} proposals: {:?}", options.map);
}

#[test]
fn what_an_error_proposes_works() {
    // Three units, one proposal each.
    let (cell, options) = cured(&table("time,voltage,current", 500.0, 1000.0, 10.0), 5);
    assert_eq!(options.map.units.len(), 3, "{:?}", options.map);
    assert_eq!(column(&cell, "Current [A]")[0], 0.5);
    assert_eq!(column(&cell, "Voltage [V]")[0], 3.9);
    assert_eq!(column(&cell, "Time [s]")[1], 10.0);
    // A unit that is none of a current is no current, until the caller says so.
    let text = table("t [s],Ewe/V,I [stone]", 0.5, 1.0, 10.0);
    let mut options = PrepareOptions::default();
    let error = read(&text, &options).unwrap_err();
    assert!(error.message().contains("`--map 'HEADER=Current [A]'`, with `--unit 'HEADER=mA'`"), "{error}");
    options.map.map.push(("I [stone]".to_owned(), "Current [A]".to_owned()));
    let error = read(&text, &options).unwrap_err();
    assert!(error.message().contains("`--unit 'I [stone]=mA'`"), "{error}");
    options.map.units.push(("I [stone]".to_owned(), "mA".to_owned()));
    assert_eq!(column(&read(&text, &options).unwrap(), "Current [A]")[0], 0.0005);
    // Two voltages.
    let text = std::fs::read_to_string(fixtures().join("bad/two_voltages.csv")).unwrap();
    let (cell, options) = cured(&text, 3);
    assert_eq!(options.map.map, [("Ewe/V".to_owned(), "Voltage [V]".to_owned())]);
    assert_eq!(column(&cell, "Voltage [V]"), [3.7, 3.71, 3.72]);
    assert!(cell.report.notes.has(NoteCode::ColumnsDuplicate));
}

#[test]
fn the_callers_mapping_goes_by_the_units_of_headers() {
    let mut options = PrepareOptions::default();
    options.map.map.push(("i(mA)".to_owned(), "Current [A]".to_owned()));
    let text = table("zeit,U/V,i(mA)", 500.0, 1.0, 1.0);
    options.map.map.push(("zeit".to_owned(), "Time [s]".to_owned()));
    options.map.units.push(("zeit".to_owned(), "min".to_owned()));
    let cell = read(&text, &options).unwrap();
    assert_eq!((column(&cell, "Current [A]")[0], column(&cell, "Time [s]")[1]), (0.5, 60.0));
    let told = |what: &str| cell.report.notes.iter().any(|note| note.message.contains(what));
    assert!(!told("as the caller says"));
    assert!(told("\"i(mA)\" was converted to A: ÷ 1000") && told("\"zeit\" was converted to s: × 60"));
    // A header that nobody knows and that states no unit is taken in the schema's.
    options.map.map.push(("strom".to_owned(), "Current [A]".to_owned()));
    options.map.map.remove(0);
    let cell = read(&text.replace("i(mA)", "strom"), &options).unwrap();
    assert_eq!(column(&cell, "Current [A]")[0], 500.0);
    // In a maker's file a mapped column is taken as it is, unless its unit is said.
    let mut options = PrepareOptions::default();
    options.map.map.push(("Current(A)".to_owned(), "Current [A]".to_owned()));
    let flat = fixtures().join("neware/flat.csv");
    let as_it_is = column(&prepare(&flat, &options).unwrap(), "Current [A]");
    options.map.units.push(("Current(A)".to_owned(), "mA".to_owned()));
    let said = column(&prepare(&flat, &options).unwrap(), "Current [A]");
    assert!(as_it_is.iter().zip(&said).all(|(a, b)| *b == a / 1000.0) && as_it_is.iter().any(|i| *i != 0.0));
}

#[test]
fn wrong_units_are_refused_with_what_was_meant() {
    let told = |header: &str, unit: &str| {
        let mut options = PrepareOptions::default();
        options.map.units.push((header.to_owned(), unit.to_owned()));
        read(&table("t_s,U/V,I/A", 1.0, 1.0, 1.0), &options).unwrap_err().message().to_owned()
    };
    assert_eq!(told("I/A", "mV"), "expected a unit of Current such as \"mA\" for \"I/A\", found \"mV\"");
    assert!(told("J/A", "mA").starts_with("expected a column \"J/A\" that is in \"mA\", found \"t_s\""));
    let mut options = PrepareOptions::default();
    options.map.units.push(("x".to_owned(), "mA".to_owned()));
    let text = table("t_s,U/V,I/A", 1.0, 1.0, 1.0).replace("t_s,U/V,I/A", "t_s,U/V,I/A,x");
    let error = read(&text, &options).unwrap_err();
    assert!(error.message().contains("`--map 'x=COLUMN'`"), "{error}");
}

/// The headers that the platform's own reader takes, and ways of writing them that people use.
#[test]
fn every_way_of_writing_a_header_is_read() {
    let times: &[(&str, f64)] = &[
        ("Time [s]", 1.0),
        ("Time[s]", 1.0),
        ("Time (s)", 1.0),
        ("Time(s)", 1.0),
        ("t_s", 1.0),
        ("time/s", 1.0),
        ("TestTime(s)", 1.0),
        ("time__s", 1.0),
        ("h_test_time__s", 1.0),
        ("test_time_s", 1.0),
        ("Time[h]", 3600.0),
        ("Time (h)", 3600.0),
        ("t_h", 3600.0),
        ("time/h", 3600.0),
        ("Test Time / min", 60.0),
        ("time_in_s", 1.0),
        ("Elapsed Time [ms]", 1e-3),
        ("Run Time (h)", 3600.0),
    ];
    let volts: &[(&str, f64)] = &[
        ("Voltage[V]", 1.0),
        ("Voltage(V)", 1.0),
        ("Ewe/V", 1.0),
        ("Ewe_V_vs_Li", 1.0),
        ("<V>/V", 1.0),
        ("Ecell/V", 1.0),
        ("Potential[V]", 1.0),
        ("Potential(V)", 1.0),
        ("voltage__V", 1.0),
        ("h_potential__V", 1.0),
        ("voltage_V", 1.0),
        ("Voltage[mV]", 1e-3),
        ("Voltage(mV)", 1e-3),
        ("Ewe/mV", 1e-3),
        ("<V>/mV", 1e-3),
        ("U / mV", 1e-3),
        ("Volts", 1.0),
    ];
    let amps: &[(&str, f64)] = &[
        ("Current[A]", 1.0),
        ("Current(A)", 1.0),
        ("I/A", 1.0),
        ("<I>/A", 1.0),
        ("current__A", 1.0),
        ("h_current__A", 1.0),
        ("current_A", 1.0),
        ("Current[mA]", 1e-3),
        ("Current(mA)", 1e-3),
        ("I/mA", 1e-3),
        ("<I>/mA", 1e-3),
        ("current_ma", 1e-3),
        ("I (µA)", 1e-6),
        ("Amps", 1.0),
    ];
    let check = |header: &str, [t, v, i]: [f64; 3]| {
        let cell = read(&table(header, 0.5 / i, 1.0 / v, 10.0 / t), &PrepareOptions::default());
        let cell = cell.unwrap_or_else(|e| panic!("{header}: {e}"));
        let near = |got: f64, want: f64| (got - want).abs() < 1e-9;
        let got = (column(&cell, "Time [s]")[1], column(&cell, "Voltage [V]")[0], column(&cell, "Current [A]")[0]);
        assert!(near(got.0, 10.0) && near(got.1, 3.9) && near(got.2, 0.5), "{header}: {got:?}");
    };
    times.iter().for_each(|(t, f)| check(&format!("{t},Voltage [V],Current [A]"), [*f, 1.0, 1.0]));
    volts.iter().for_each(|(v, f)| check(&format!("Time [s],{v},Current [A]"), [1.0, *f, 1.0]));
    amps.iter().for_each(|(i, f)| check(&format!("Time [s],Voltage [V],{i}"), [1.0, 1.0, *f]));
}

/// A guess is told, and stands below every maker.
#[test]
fn a_guess_says_that_it_is_one() {
    let cell = read(&table("t_s,U/V,I/A", 1.0, 1.0, 1.0), &PrepareOptions::default()).unwrap();
    let note = cell.report.notes.iter().find(|note| note.code == NoteCode::HeadersGuessed).unwrap();
    assert!(note.message.contains("\"t_s\" as \"Time [s]\", \"U/V\" as \"Voltage [V]\""), "{}", note.message);
    assert_eq!(cell.metadata.test_setup.cycler, None);
    for file in CYCLERS.iter().flat_map(|folder| files(folder)) {
        let all = candidates(&Source::from_bytes(name(&file), std::fs::read(&file).unwrap()));
        let guess = all.iter().filter(|c| c.reader.info().maker.name() == "Generic").map(|c| c.score.points).max();
        assert!(guess.unwrap() < all[0].score.points, "{}", name(&file));
    }
}

type Row = fn(usize) -> String;

/// Tables of other trades. None has a time, a voltage and a current in units of these.
#[rustfmt::skip]
static OTHERS: &[(&str, Row)] = &[
    ("Date,Payee,Amount,Balance,Current account", |k| format!("2024-03-{:02},Shop {k},-{k}.50,{}.00,yes", k % 28 + 1, 1000 - k)),
    ("Buchungstag;Betrag;Saldo;Waehrung", |k| format!("{:02}.03.2024;-{k},50;{},00;EUR", k % 28 + 1, 1000 - k)),
    ("time,temperature_C,humidity_%,pressure_hPa", |k| format!("{k},21.{k},45,1013")),
    ("timestamp,lat,lon,altitude [m],speed [m/s]", |k| format!("2024-03-01T08:00:{:02}Z,48.1,11.5,520,{k}", k % 60)),
    ("R.Time (min),Intensity (mV),Area", |k| format!("{k},{},{}", k * 3, k * 7)),
    ("Time [min],Absorbance [mAU],Pressure [bar],Flow [mL/min]", |k| format!("{k},{},200,1.0", k * 3)),
    ("date,T_max,T_min,rain_mm,wind_kmh", |k| format!("2024-03-{:02},12,3,{k},15", k % 28 + 1)),
    ("time,depth [m],Current [m/s],direction [deg]", |k| format!("{k},10,0.{k},180")),
    ("time [s],Voltage [V],Current [m/s]", |k| format!("{k},12.{k},0.4")),
    ("time,Current price,Voltage class", |k| format!("{k},{k}.99,HV")),
    ("Current user,Time,Voltage setting,Action", |k| format!("user{k},08:00:{:02},low,login", k % 60)),
    ("Date,Open,High,Low,Close,Volume", |k| format!("2024-03-{:02},1,2,0.5,1.{k},1000", k % 28 + 1)),
    ("time,price,current,voltage", |k| format!("{k},{k},steady,low")),
    ("timestamp,V_wind,I_solar", |k| format!("2024-03-01 08:00:{:02},5.{k},800", k % 60)),
    ("Time (s),CH1 (V),CH2 (V)", |k| format!("{k}e-6,0.{k},1.{k}")),
    ("Second,Volt,Volt", |k| format!("{k}e-6,0.{k},1.{k}")),
    ("time_ms,accel_x,accel_y,accel_z", |k| format!("{k},0.1,0.2,9.8")),
    ("t,x,y,v,i", |k| format!("{k},{k},{k},fast,{k}")),
    ("sample,wavelength_nm,transmission", |k| format!("A{k},{},0.9", 400 + k)),
    ("2theta,counts,background", |k| format!("{k}.5,{},12", k * 100)),
    ("id,name,voltage (V),current (A)", |k| format!("{k},Motor {k},230,1.5")),
    ("part,nominal voltage,max current,price", |k| format!("P{k},3.7 V,2 A,9.99")),
    ("time [s],power [W],frequency [Hz]", |k| format!("{k},{},50.0", 100 + k)),
    ("Zeit,Spannung [MPa],Strom [m3/s]", |k| format!("{k},{k}.5,12")),
    ("time (s),stress (MPa),strain (%)", |k| format!("{k},{},{}", k * 2, k)),
    ("Temps (s),Tension (N),Courant (m/s)", |k| format!("{k},{k}.1,0.5")),
    ("time,E (GPa),I (mm4)", |k| format!("{k},210,{}", 1000 + k)),
    ("t (s),u (m/s),i (index)", |k| format!("{k},{k}.5,{k}")),
    ("frequency/Hz,Re(Z)/Ohm,-Im(Z)/Ohm", |k| format!("{},1.0,0.{k}", 1000 - k)),
    ("cycle,charge capacity (mAh),discharge capacity (mAh),efficiency", |k| format!("{k},2500,2490,0.99")),
    ("Voltage (V),Capacity (mAh),dQ/dV", |k| format!("3.{k},{k},1.5")),
    ("lap,time,sector1,sector2,speed", |k| format!("{k},01:30.{k},30.1,30.2,210")),
    ("step,calories,distance_km,duration_min", |k| format!("{k},{},1.2,30", k * 10)),
    ("user_id,session_time,current_page,version", |k| format!("{k},{},home,v2", k * 60)),
    ("epoch,loss,val_loss,lr", |k| format!("{k},0.{k},0.5,0.001")),
    ("from,to,time,edge_current,node_voltage_level", |k| format!("a{k},b{k},{k},1.0,2")),
    ("time;U;V;W;I", |k| format!("{k};a;b;c;d")),
    ("Name,E-Mail,Current employer,Time zone,Voltage", |k| format!("N{k},n@example.org,Firm,UTC,none")),
    ("time [s],heart rate [1/min],ECG [mV]", |k| format!("{k},{},0.{k}", 60 + k)),
    ("time,pH,conductivity [mS/cm],redox potential [mV]", |k| format!("{k},7.{k},1.2,210")),
    ("Time,Engine speed [1/min],Battery voltage [V],Coolant [degC]", |k| format!("{k},{},13.{k},90", 800 + k)),
];

fn other(header: &str, row: Row) -> String {
    let rows: Vec<String> = (0..30).map(row).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn tables_of_other_trades_are_nobodys() {
    assert!(OTHERS.len() >= 40, "{}", OTHERS.len());
    for (header, row) in OTHERS {
        for called in ["table.csv", "x", "x.bdf", "x.txt"] {
            let found = detect(&source(called, &other(header, *row)));
            let found = found.map(|best| (best.reader.info().id, best.score));
            assert!(found.is_err(), "{header}: {found:?}");
        }
    }
}

/// A log of a house's supply is time, voltage and current; nothing in it says that there is no cell. It is read, and told.
#[test]
fn a_power_meter_is_read_with_what_speaks_against_it() {
    let rows =
        (0..60).map(|k| format!("2024-03-01 08:{k:02}:00,{},{}\n", 230.0 + f64::from(k % 5), 2.0 + f64::from(k % 7)));
    let text = format!("Timestamp,Voltage (V),Current (A)\n{}", rows.collect::<String>());
    let cell = read(&text, &PrepareOptions::default()).unwrap();
    assert!(cell.report.notes.has(NoteCode::HeadersGuessed));
    let message = &cell.report.notes.iter().find(|note| note.code == NoteCode::ScaleDoubt).unwrap().message;
    assert!(message.contains("230"), "{message}");
}

/// Columns of types that hold no numbers are left out with a note, texts that hold numbers are read.
#[test]
fn parquet_with_texts_for_numbers() {
    use polars::prelude::df;

    let frame = df!(
        "t_s" => (0..20).map(|k| (k * 10).to_string()).collect::<Vec<_>>(),
        "U/V" => (0..20).map(|k| 3.9 - 0.01 * f64::from(k)).collect::<Vec<_>>(),
        "I/mA" => vec![500i64; 20],
        "on" => vec![true; 20]
    )
    .unwrap();
    let bytes = parquet_bytes(&frame, &Default::default()).unwrap();
    let cell = prepare_source(Source::from_bytes("x.parquet", bytes.clone()), &PrepareOptions::default()).unwrap();
    assert_eq!((column(&cell, "Time [s]")[19], column(&cell, "Current [A]")[0]), (190.0, 0.5));
    assert_eq!(column(&cell, "on"), [1.0; 20]);
    let mut options = PrepareOptions::default();
    options.read.limits.rows = 19;
    let error = prepare_source(Source::from_bytes("x.parquet", bytes), &options).unwrap_err();
    assert_eq!(error.kind(), cyclerprep::ErrorKind::Limit);
}

/// A number under a clock's name is what its unit or its size says: never days where it counts seconds.
#[test]
fn clocks_as_numbers() {
    // Ten minutes of 1 A: 1/6 A.h.
    let of = |header: &str, at: &dyn Fn(u32) -> String| {
        let rows = (0..11u32).map(|k| format!("{},{},1.0\n", at(k), 3.9 - 0.01 * f64::from(k)));
        read(&format!("{header},voltage_V,current_A\n{}", rows.collect::<String>()), &PrepareOptions::default())
    };
    let seconds = |k: u32| 60 * u64::from(k);
    let whole = |base: u64, times: u64| move |k: u32| ((base + seconds(k)) * times).to_string();
    let start = |cell: &Measurement| cell.metadata.start_time.clone();
    for (header, base, times, began) in [
        ("timestamp_s", 36_000, 1, None),
        ("Timestamp (s)", 0, 1, None),
        ("Absolute Time [ms]", 36_000, 1000, None),
        ("timestamp_us", 1_600_000_000, 1_000_000, None),
        // 2020-09-13 12:26:40 UTC.
        ("unix_time_s", 1_600_000_000, 1, Some("2020-09-13T12:26:40+00:00")),
        ("timestamp", 1_600_000_000, 1, Some("2020-09-13T12:26:40+00:00")),
        ("timestamp", 1_600_000_000, 1_000_000, Some("2020-09-13T12:26:40+00:00")),
        ("timestamp", 1_600_000_000, 1_000_000_000, Some("2020-09-13T12:26:40+00:00")),
    ] {
        let cell = of(header, &whole(base, times)).unwrap_or_else(|error| panic!("{header}: {error}"));
        let time = column(&cell, "Time [s]");
        assert!((time[10] - time[0] - 600.0).abs() < 1e-3, "{header}: {time:?}");
        let moved = column(&cell, "Discharge capacity [A.h]").last().copied().unwrap()
            + column(&cell, "Charge capacity [A.h]").last().copied().unwrap();
        assert!((moved - 1.0 / 6.0).abs() < 1e-6, "{header}: {moved}");
        assert_eq!(start(&cell).as_deref(), began, "{header}");
    }
    // 2020-09-13 in the days of a spreadsheet.
    let days = of("timestamp", &|k| format!("{:.9}", 44_087.5 + f64::from(k) / 1440.0)).unwrap();
    assert!((column(&days, "Time [s]")[10] - 600.0).abs() < 0.01);
    assert_eq!(start(&days).as_deref(), Some("2020-09-13T12:00:00+00:00"));
    let error = of("timestamp", &whole(36_000, 1)).unwrap_err();
    assert_eq!(error.kind(), cyclerprep::ErrorKind::UnknownUnit);
    let mut options = PrepareOptions::default();
    options.map.map.push(("timestamp".to_owned(), "Time [s]".to_owned()));
    options.map.units.push(("timestamp".to_owned(), "s".to_owned()));
    let rows: String = (0..11).map(|k| format!("{},{},1.0\n", 36_000 + 60 * k, 3.9 - 0.01 * f64::from(k))).collect();
    let cell = read(&format!("timestamp,voltage_V,current_A\n{rows}"), &options).unwrap();
    assert_eq!(column(&cell, "Time [s]")[10], 600.0, "what the error says works");
    let zone: cyclerprep::Zone = "Europe/Berlin".parse().unwrap();
    options = PrepareOptions::default();
    options.map.timezone = Some(zone);
    let rows: String =
        (0..11).map(|k| format!("{},{},1.0\n", 1_600_000_000 + 60 * k, 3.9 - 0.01 * f64::from(k))).collect();
    let cell = read(&format!("unix_time_s,voltage_V,current_A\n{rows}"), &options).unwrap();
    assert_eq!(start(&cell).as_deref(), Some("2020-09-13T14:26:40+02:00"), "the same instant");
}

/// A column whose unit is another quantity's does not compete.
#[test]
fn energy_is_no_voltage() {
    let rows: String = (0..11).map(|k| format!("{},{},{},1.0\n", 60 * k, k, 3.9 - 0.01 * f64::from(k))).collect();
    let cell = read(&format!("time_s,E (Wh),voltage_V,current_A\n{rows}"), &PrepareOptions::default()).unwrap();
    assert_eq!(column(&cell, "Voltage [V]")[0], 3.9);
    assert!(cell.report.notes.iter().any(|note| note.message.contains("\"E (Wh)\"")), "{:?}", cell.report.notes);
}

#[test]
fn the_callers_unit_against_the_headers_is_told() {
    let mut options = PrepareOptions::default();
    options.map.units.push(("I [mA]".to_owned(), "A".to_owned()));
    let cell = read(&table("t [s],Ewe/V,I [mA]", 0.5, 1.0, 10.0), &options).unwrap();
    assert_eq!(column(&cell, "Current [A]")[0], 0.5);
    let told = |what: &str| cell.report.notes.iter().any(|note| note.message.contains(what));
    assert!(told("the header \"I [mA]\" states mA and was taken in A, as the caller says"));
}
