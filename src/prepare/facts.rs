//! The options that shape a measurement, by name: what `report.json` says of them.

use serde_json::{Value, json};

use super::PrepareOptions;
use crate::bundle::OptionsFacts;
use crate::formats::{ReadOptions, SheetChoice};
use crate::map::MapOptions;
use crate::transform::{CapacitySource, ShortSteps, StepIdentity};
use crate::validate::{DataType, ValidateOptions};

impl PrepareOptions {
    /// Those of the options that are not as they are by default, and a fingerprint of them. Limits are not among them: they
    /// decide whether there is a measurement, not what it is.
    ///
    /// ```
    /// use cyclerprep::PrepareOptions;
    ///
    /// let mut options = PrepareOptions::default();
    /// options.validate.strict = true;
    /// assert_eq!(options.facts().values.keys().collect::<Vec<_>>(), ["strict"]);
    /// options.validate.strict = false;
    /// options.read.limits.rows = 7;
    /// assert_eq!(options.facts(), PrepareOptions::default().facts());
    /// ```
    pub fn facts(&self) -> OptionsFacts {
        // All fields by name: a new one has to find its place here.
        let Self {
            reader,
            read,
            map,
            capacity,
            step_identity,
            short_steps,
            time_offset_fix,
            with_fra,
            allow,
            wall_clock,
            required_columns_only,
            parts_with_first: _,
            // What a report tells of its making shapes nothing.
            timings: _,
            validate,
        } = self;
        let ReadOptions { limits: _, named: _, encoding, sheet, cycle_mode, current_ranges } = read;
        let MapOptions { map, units, constants, timezone, is_open_circuit: _, measured_rows_only } = map;
        let ValidateOptions {
            strict,
            skip,
            steps: _,
            rated_capacity,
            voltage_window,
            data_type,
            start_time,
            end_time,
            inline,
        } = validate;
        let sheet = sheet.as_ref().map(|sheet| match sheet {
            SheetChoice::Name(name) => name.clone(),
            SheetChoice::Pattern(pattern) => format!("/{}/", pattern.as_str()),
            SheetChoice::All => "all".to_owned(),
        });
        let capacity = match capacity {
            CapacitySource::Automatic => None,
            CapacitySource::Reported => Some("reported"),
            CapacitySource::Integrated => Some("integrated"),
        };
        let pairs = |pairs: &[(String, String)]| pairs.iter().map(|(a, b)| json!([a, b])).collect::<Vec<_>>();
        let (mut skip, mut allow) = (skip.clone(), allow.iter().map(|code| code.as_str()).collect::<Vec<_>>());
        let files: Vec<String> = with_fra.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        // In which order these were given does not matter.
        skip.sort();
        skip.dedup();
        allow.sort_unstable();
        allow.dedup();
        let zone = timezone.as_ref().map(|zone| zone.name()).filter(|name| *name != "UTC");
        let values: [(&str, Value); 24] = [
            ("allow", json!(allow)),
            ("capacity", json!(capacity)),
            ("constant", json!(pairs(constants))),
            ("current-range", json!(current_ranges)),
            ("cycle-mode", json!((*cycle_mode != Default::default()).then(|| cycle_mode.as_str()))),
            ("data-type", json!((*data_type != DataType::TimeSeries).then(|| data_type.name()))),
            ("encoding", json!(encoding.map(|encoding| encoding.name()))),
            ("end-time", json!(end_time)),
            ("inline", json!(inline)),
            ("map", json!(pairs(map))),
            ("measured-rows-only", json!(measured_rows_only)),
            ("rated-capacity", json!(rated_capacity)),
            ("reader", json!(reader.map(|reader| reader.as_str()))),
            ("required-columns-only", json!(required_columns_only)),
            ("sheet", json!(sheet)),
            ("short-steps", json!((*short_steps == ShortSteps::Join).then_some("join"))),
            ("skip", json!(skip)),
            ("start-time", json!(start_time)),
            ("step-identity", json!((*step_identity == StepIdentity::StepColumn).then_some("step-column"))),
            ("strict", json!(strict)),
            ("time-offset-fix", json!(time_offset_fix)),
            ("unit", json!(pairs(units))),
            ("voltage-window", json!(voltage_window)),
            ("wall-clock", json!(wall_clock)),
        ];
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value));
        OptionsFacts::new(values).and([("timezone".to_owned(), json!(zone)), ("with-fra".to_owned(), json!(files))])
    }
}
