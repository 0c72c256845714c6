//! Where measurements go: specification, lot and cell by name, found or made once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use crate::error::{Error, ErrorKind, Result};
use crate::names;
use crate::platform::{Client, Filter};

/// A cell, by id or by names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Target {
    pub cell_id: Option<String>,
    pub specification_id: Option<String>,
    pub specification: Option<String>,
    pub cell: Option<String>,
    pub lot: Option<String>,
}

impl Target {
    pub fn named(specification: Option<String>, cell: Option<String>, lot: Option<String>) -> Self {
        Self { specification, cell, lot, ..Self::default() }
    }

    /// What is missing is told before anything is sent.
    pub fn check(&self) -> Result<()> {
        let has_specification = self.specification.is_some() || self.specification_id.is_some();
        match (self.cell_id.is_some(), has_specification, self.cell.is_some()) {
            (true, ..) | (_, true, true) => Ok(()),
            (_, false, _) => {
                Err(Error::new(ErrorKind::Options, "expected --cell-spec NAME (or --cell-spec-id, --cell-id, --plan)"))
            }
            _ => Err(Error::new(ErrorKind::Options, "expected --cell NAME (or --cell-id, --plan)")),
        }
    }

    /// For people.
    pub fn display(&self) -> String {
        if let Some(id) = &self.cell_id {
            return format!("cell {id}");
        }
        let specification = self.specification.as_ref().or(self.specification_id.as_ref());
        let lot = self.lot.as_ref().map(|lot| format!(", lot {lot:?}")).unwrap_or_default();
        format!(
            "cell {:?} of {:?}{lot}",
            self.cell.as_deref().unwrap_or_default(),
            specification.map_or("", |name| name)
        )
    }
}

/// Cells that were found; each name is asked for once.
pub struct Targets<'c> {
    client: &'c Client,
    /// Form factor and rated capacity of a specification that has to be made.
    make: Option<(String, Option<f64>)>,
    found: Mutex<HashMap<Target, String>>,
}

impl<'c> Targets<'c> {
    pub fn new(client: &'c Client, form_factor: Option<String>, capacity: Option<f64>) -> Self {
        Self { client, make: form_factor.map(|form| (form, capacity)), found: Mutex::default() }
    }

    /// The id of a cell.
    pub fn cell(&self, target: &Target) -> Result<String> {
        if let Some(id) = &target.cell_id {
            return Ok(id.clone());
        }
        // One at a time: two lines of a plan must not make the same cell.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = found.get(target) {
            return Ok(id.clone());
        }
        let specification = match (&target.specification_id, &target.specification) {
            (Some(id), _) => id.clone(),
            (None, name) => self.once(&mut found, Target::named(name.clone(), None, None), || {
                self.specification(name.as_deref().unwrap_or_default())
            })?,
        };
        let lots = self.client.lots(&specification);
        let lot = match &target.lot {
            Some(name) => {
                let key = Target { cell: None, ..target.clone() };
                Some(self.once(&mut found, key, || Ok(lots.create_or_get(&json!({ "name": name }))?.id().to_owned()))?)
            }
            None => None,
        };
        let mut fields = json!({ "name": target.cell });
        if let Some(lot) = lot {
            fields["batch_id"] = lot.into();
        }
        let cells = self.client.cells(&specification);
        self.once(&mut found, target.clone(), || Ok(cells.create_or_get(&fields)?.id().to_owned()))
    }

    fn once(
        &self,
        found: &mut HashMap<Target, String>,
        key: Target,
        ask: impl FnOnce() -> Result<String>,
    ) -> Result<String> {
        if let Some(id) = found.get(&key) {
            return Ok(id.clone());
        }
        let id = ask()?;
        found.insert(key, id.clone());
        Ok(id)
    }

    fn specification(&self, name: &str) -> Result<String> {
        let all = self.client.specifications();
        if let Some(found) = all.find(name)? {
            return Ok(found.id().to_owned());
        }
        if let Some((form_factor, capacity)) = &self.make {
            let mut fields = json!({"name": name, "form_factor": form_factor});
            if let Some(capacity) = capacity {
                fields["ratings"] = json!({"capacity": {"value": capacity, "unit": "A*h"}});
            }
            return Ok(all.create_or_get(&fields)?.id().to_owned());
        }
        // A typing error must not make a specification.
        let page = all.list(&Filter::default())?;
        let names = page.items.iter().map(|record| record.name());
        let message = names::unknown("the name of a specification", name, names, page.total <= 20);
        Err(Error::new(ErrorKind::Platform, format!("{message}; --form-factor NAME makes it")))
    }
}
