//! Recorded verdicts of the platform's own validator (fixtures/parity).

use crate::support::fixtures;
use cyclerprep::validate::DataType;
use cyclerprep::{Limits, ValidateOptions, load, validate_measurement_data};
use serde_json::Value;

#[test]
fn recorded_verdicts_agree() {
    let folder = fixtures().join("parity");
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut codes = std::collections::BTreeSet::new();
    for case in &cases {
        let number = case["case"].as_str().unwrap();
        let limits = Limits::default();
        let frame = load::load_frame_file(folder.join(format!("{number}.parquet")), &limits).unwrap();
        let mut options = ValidateOptions::default();
        options.strict = case["strict"].as_bool().unwrap();
        options.data_type = match case["data_type"].as_str() {
            Some("eis") => DataType::Eis,
            Some("ocp") => DataType::Ocp,
            _ => DataType::TimeSeries,
        };
        options.rated_capacity = case["rated"].as_f64();
        options.voltage_window = case["window"].as_array().map(|w| (w[0].as_f64().unwrap(), w[1].as_f64().unwrap()));
        options.skip = case["skip"].as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()).collect();
        if case["steps"] == true {
            options.steps =
                Some(load::load_frame_file(folder.join(format!("{number}.steps.parquet")), &limits).unwrap());
        }
        let report = validate_measurement_data(&frame, &options).unwrap();
        let got = serde_json::to_value(&report.issues).unwrap();
        let (got, want) = (sorted(&got), sorted(&case["issues"]));
        assert_eq!(got.len(), want.len(), "case {number} {}: {got:#?} {want:#?}", case["label"]);
        for (got, want) in got.iter().zip(&want) {
            assert_eq!((&got["code"], &got["severity"]), (&want["code"], &want["severity"]), "case {number}");
            assert!(same(&got["payload"], &want["payload"]), "case {number}: {got:#} {want:#}");
            codes.insert(got["code"].as_str().unwrap().to_owned());
        }
    }
    assert!(codes.len() >= 25, "the cases reach {codes:?}");
}

/// By code, then by the place that the payload names.
fn sorted(issues: &Value) -> Vec<Value> {
    let mut issues = issues.as_array().unwrap().clone();
    let place = |issue: &Value| {
        let payload = &issue["payload"];
        let step = payload["step_index"].as_f64().or(payload["previous_step"].as_f64()).unwrap_or(0.0);
        (issue["code"].as_str().unwrap().to_owned(), payload["column"].to_string(), (step * 1e3) as i64)
    };
    issues.sort_by_key(place);
    issues
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-9f64.max(1e-6 * a.abs().max(b.abs()))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
