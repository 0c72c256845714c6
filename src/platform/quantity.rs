//! Properties: quantities, numbers and texts, looked at before they are sent.

use serde_json::{Value, json};

use super::client::Client;
use super::collection::check_name;
use super::problem::{PlatformError, Result};
use super::record::Record;

impl Client {
    /// Makes a measurement of type `properties`: a JSON object with `name`, `properties` and, perhaps, `notes`, `protocol`,
    /// `test_setup`, `start_time`, `end_time`, `tags`. A property is a text, a number or `{"value", "unit"}`.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
    /// let weight = json!({"name": "weight", "properties": {"mass": {"value": 45.3, "unit": "g"}, "look": "fine"}});
    /// assert_eq!(client.create_properties(cell.id(), &weight).unwrap().fields()["properties"]["mass"]["unit"], "g");
    /// let error = client.create_properties(cell.id(), &json!({"name": "x", "properties": {"mass": {"value": 45.3}}})).unwrap_err();
    /// assert!(error.to_string().contains("\"mass\""));
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Local`] for a quantity without a unit or with something else; nothing is sent then.
    pub fn create_properties(&self, cell: &str, fields: &Value) -> Result<Record> {
        check_name(fields)?;
        let properties = fields.get("properties").and_then(Value::as_object);
        let properties = properties.filter(|properties| !properties.is_empty());
        let properties = properties.ok_or_else(|| PlatformError::options("expected properties, found none"))?;
        properties.iter().try_for_each(|(name, value)| check_property(name, value))?;
        let mut all = json!({"name": fields["name"], "measurement_type": "properties"});
        for (name, value) in fields.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        self.measurements(cell).create(&all)
    }
}

fn check_property(name: &str, value: &Value) -> Result<()> {
    let wrong = |found: &str| {
        let message =
            format!("expected a text, a number or {{\"value\": number, \"unit\": text}} as {name:?}, found {found}");
        Err(PlatformError::options(message))
    };
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(()),
        Value::Object(quantity) => {
            let has_value = quantity.get("value").is_some_and(Value::is_number);
            let unit = quantity.get("unit").and_then(Value::as_str);
            match (has_value, unit) {
                (true, Some(unit)) if !unit.trim().is_empty() && quantity.len() == 2 => Ok(()),
                (true, None) => wrong("a quantity without a unit"),
                _ => wrong(&value.to_string()),
            }
        }
        other => wrong(&other.to_string()),
    }
}
