//! Specifications, lots and cells: records that are made, found, listed, changed and deleted in one way.

use serde_json::{Value, json};

use super::filter::Filter;
use super::problem::{PlatformError, Result};
use super::record::{Page, Record};
use super::transport::{Call, Transport};

/// The most characters of a name.
const NAME: usize = 255;

/// Records of one kind: all specifications, the lots or cells of one, the measurements of a cell.
///
/// ```
/// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
/// use cyclerprep::platform::{Client, Filter, Settings};
/// use serde_json::json;
///
/// # fn main() -> Result<(), cyclerprep::platform::PlatformError> {
/// # let server = stand_in::StandIn::start();
/// # let url = server.url.as_str();
/// let client = Client::new(Settings::new(url, "key"))?;
/// let specification = client.specifications().create_or_get(&json!({"name": "NMC", "form_factor": "R2032"}))?;
/// let cells = client.cells(specification.id());
/// cells.create(&json!({"name": "cell 1"}))?;
/// cells.create_or_get(&json!({"name": "cell 2"}))?;
/// let names: Vec<_> = cells.all(&Filter::default()).map(|cell| cell.map(|cell| cell.name().to_owned())).collect::<Result<_, _>>()?;
/// assert_eq!(names, ["cell 1", "cell 2"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Collection<'c> {
    pub(super) transport: &'c Transport,
    /// Where records are listed.
    pub(super) path: String,
    /// Where they are made.
    pub(super) make: String,
    /// Before the id of one.
    pub(super) item: &'static str,
    /// Whether a project scopes them.
    pub(super) is_scoped: bool,
}

impl<'c> Collection<'c> {
    fn item_path(&self, id: &str) -> String {
        format!("{}/{}", self.item, super::encode::part(id))
    }

    /// Makes one of a JSON object with a name.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let ratings = json!({"capacity": {"value": 0.005, "unit": "A*h"}});
    /// let made = client.specifications().create(&json!({"name": "NMC", "form_factor": "R2032", "ratings": ratings})).unwrap();
    /// assert_eq!(made.fields()["ratings"]["capacity"]["value"], 0.005);
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Api`] with [`ApiCode::Conflict`](super::ApiCode::Conflict) when the name is taken. When no answer
    /// comes it is asked whether the request took effect.
    pub fn create(&self, fields: &Value) -> Result<Record> {
        check_name(fields)?;
        let mut fields = fields.clone();
        if let (true, Some(project)) = (self.is_scoped, &self.transport.settings().project) {
            fields["project_id"] = json!(project);
        }
        match self.transport.post_again(&self.make, &fields) {
            // An attempt without an answer may have made the record that is in the way of the next one.
            (Err(error), true) => match error.existing_id() {
                Some(id) => self.get(id),
                None => Err(error),
            },
            (answer, _) => record(answer?),
        }
    }

    /// [`create`](Self::create), or the one of that name that is there.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = json!({"name": "NMC", "form_factor": "R2032"});
    /// let first = client.specifications().create_or_get(&nmc).unwrap();
    /// assert_eq!(client.specifications().create_or_get(&nmc).unwrap().id(), first.id());
    /// ```
    ///
    /// # Errors
    /// What the platform refuses otherwise.
    pub fn create_or_get(&self, fields: &Value) -> Result<Record> {
        match self.create(fields) {
            Err(error) => match error.existing_id() {
                Some(id) => self.get(id),
                None => Err(error),
            },
            made => made,
        }
    }

    /// The one with this id.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let made = client.specifications().create(&serde_json::json!({"name": "NMC"})).unwrap();
    /// assert_eq!(client.specifications().get(made.id()).unwrap(), made);
    /// ```
    ///
    /// # Errors
    /// [`ApiCode::NotFound`](super::ApiCode::NotFound) when there is none.
    pub fn get(&self, id: &str) -> Result<Record> {
        record(self.transport.json(Call::get(&self.item_path(check_id(id)?)))?)
    }

    /// The one with exactly this name, if there is one.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// client.specifications().create(&serde_json::json!({"name": "NMC 622"})).unwrap();
    /// assert!(client.specifications().find("NMC").unwrap().is_none());
    /// assert!(client.specifications().find("NMC 622").unwrap().is_some());
    /// ```
    ///
    /// # Errors
    /// What the platform refuses.
    pub fn find(&self, name: &str) -> Result<Option<Record>> {
        // Every server knows the search for a part; where that part is the whole is seen here.
        let filter =
            if name.contains('\\') { Filter::default().name_exact(name) } else { Filter::default().name(name) };
        let project = self.transport.settings().project.as_deref().filter(|_| self.is_scoped);
        let is_here = |found: &Record| project.is_none_or(|own| found.text("project_id").is_none_or(|of| of == own));
        let is_it = |found: &Record| found.name() == name && is_here(found);
        self.all(&filter).find(|found| found.as_ref().map_or(true, is_it)).transpose()
    }

    /// One page.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Filter, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// for name in ["a", "b", "c"] {
    ///     client.specifications().create(&serde_json::json!({"name": name})).unwrap();
    /// }
    /// let page = client.specifications().list(&Filter::default().order_by("name", true).page(2, 0)).unwrap();
    /// assert_eq!((page.items[0].name(), page.count, page.total), ("c", 2, 3));
    /// ```
    ///
    /// # Errors
    /// What the platform refuses; [`PlatformError::Local`] for a page of none or of more than 1000.
    pub fn list(&self, filter: &Filter) -> Result<Page> {
        if let Some(limit) = filter.limit().filter(|limit| !(1..=1000).contains(limit)) {
            return Err(PlatformError::options(format!("expected a page of 1 to 1000 records, found {limit}")));
        }
        let mut query = filter.query();
        let is_exact = query.iter().any(|(name, value)| name == "name" && value.starts_with("eq."));
        if let (true, true, Some(project)) = (self.is_scoped, is_exact, &self.transport.settings().project) {
            query.push(("project_id".to_owned(), project.clone()));
        }
        let call = Call { method: "GET", path: &self.path, query: &query, body: None };
        let page = serde_json::from_value(self.transport.json(call)?);
        page.map_err(|_| PlatformError::unexpected(format!("GET {}", self.path), "a page of records"))
    }

    /// All of them, page by page as they are asked for.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Filter, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// for name in ["a", "b", "c"] {
    ///     client.specifications().create(&serde_json::json!({"name": name})).unwrap();
    /// }
    /// // Two requests: a page of two, a page of one.
    /// assert_eq!(client.specifications().all(&Filter::default().page(2, 0)).count(), 3);
    /// ```
    pub fn all(&self, filter: &Filter) -> All<'c> {
        let size = filter.limit();
        let next = filter.offset();
        All { collection: self.clone(), filter: filter.clone(), size, next, total: None, page: Vec::new().into_iter() }
    }

    /// Changes fields of one.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let made = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let changed = client.specifications().update(made.id(), &json!({"notes": "coin cells"})).unwrap();
    /// assert_eq!(changed.text("notes"), Some("coin cells"));
    /// ```
    ///
    /// # Errors
    /// What the platform refuses.
    pub fn update(&self, id: &str, fields: &Value) -> Result<Record> {
        record(self.transport.json(Call::with_body("PATCH", &self.item_path(check_id(id)?), fields))?)
    }

    /// Deletes one, with all that belongs to it.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let made = client.specifications().create(&serde_json::json!({"name": "NMC"})).unwrap();
    /// client.specifications().delete(made.id()).unwrap();
    /// assert!(client.specifications().get(made.id()).is_err());
    /// ```
    ///
    /// # Errors
    /// What the platform refuses.
    pub fn delete(&self, id: &str) -> Result<()> {
        let path = self.item_path(check_id(id)?);
        self.transport.json(Call { method: "DELETE", path: &path, query: &[], body: None }).map(|_| ())
    }
}

/// The records of a list, page by page. After an error it ends.
///
/// ```
/// use cyclerprep::platform::{Client, Filter, Settings};
///
/// let client = Client::new(Settings::new("http://127.0.0.1:9", "key").with_attempts(1)).unwrap();
/// let mut all = client.specifications().all(&Filter::default());
/// assert!(all.next().is_some_and(|first| first.is_err()) && all.next().is_none());
/// ```
#[derive(Debug)]
pub struct All<'c> {
    collection: Collection<'c>,
    filter: Filter,
    size: Option<usize>,
    next: usize,
    total: Option<usize>,
    page: std::vec::IntoIter<Record>,
}

impl Iterator for All<'_> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.page.next() {
                return Some(Ok(record));
            }
            if self.total.is_some_and(|total| self.next >= total) {
                return None;
            }
            let is_first = self.total.is_none();
            let filter = match (self.size, is_first) {
                (None, true) => self.filter.clone(),
                (size, _) => self.filter.clone().page(size.unwrap_or(1000), self.next),
            };
            match self.collection.list(&filter) {
                Ok(page) => {
                    self.next += page.items.len();
                    // A page without records is the last, whatever the total says.
                    self.total = Some(if page.items.is_empty() { 0 } else { page.total });
                    self.page = page.items.into_iter();
                }
                Err(error) => {
                    self.total = Some(0);
                    return Some(Err(error));
                }
            }
        }
    }
}

pub(super) fn record(value: Value) -> Result<Record> {
    serde_json::from_value(value).map_err(|_| PlatformError::unexpected("the platform", "a record"))
}

/// An id that is empty would ask for a list.
pub(super) fn check_id(id: &str) -> Result<&str> {
    if id.trim().is_empty() { Err(PlatformError::options("expected an id, found none")) } else { Ok(id) }
}

/// What the platform would refuse is told before a request.
pub(super) fn check_name(fields: &Value) -> Result<()> {
    let name = fields.get("name").and_then(Value::as_str).unwrap_or_default();
    let length = name.chars().count();
    if name.trim().is_empty() || length > NAME {
        let message = format!("expected a name of 1 to {NAME} characters, found {length} in {:?}", shortened(name));
        return Err(PlatformError::options(message));
    }
    Ok(())
}

fn shortened(name: &str) -> String {
    let start: String = name.chars().take(40).collect();
    if start.len() < name.len() { format!("{start}…") } else { start }
}
