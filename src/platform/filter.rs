//! What a list shall show.

/// Which records a list shows, and in which order. Times are ISO 8601 with a zone.
///
/// ```
/// use cyclerprep::platform::Filter;
///
/// let filter = Filter::default().name("graphite").created_after("2026-01-01T00:00:00Z").order_by("created_at", true);
/// assert_ne!(filter, Filter::default());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    window: [Option<usize>; 2],
    pairs: Vec<(String, String)>,
}

macro_rules! setters {
    ($($(#[doc = $doc:literal])+ $name:ident($field:literal, $($prefix:literal)? ..) ;)*) => {$(
        $(#[doc = $doc])+
        #[doc = ""]
        #[doc = "```"]
        #[doc = concat!("let filter = cyclerprep::platform::Filter::default().", stringify!($name), "(\"x\");")]
        #[doc = "assert_ne!(filter, Default::default());"]
        #[doc = "```"]
        #[must_use]
        pub fn $name(self, value: impl AsRef<str>) -> Self {
            self.with($field, format!(concat!($($prefix,)? "{}"), value.as_ref()))
        }
    )*};
}

impl Filter {
    fn with(mut self, field: &str, value: String) -> Self {
        self.pairs.push((field.to_owned(), value));
        self
    }

    /// Names with this part, in capitals or not.
    ///
    /// ```
    /// let filter = cyclerprep::platform::Filter::default().name("cell");
    /// assert_ne!(filter, Default::default());
    /// ```
    #[must_use]
    pub fn name(self, part: impl AsRef<str>) -> Self {
        self.with("name", format!("ilike.%{}%", part.as_ref()))
    }

    /// Records that somebody made whose address has this part.
    ///
    /// ```
    /// let filter = cyclerprep::platform::Filter::default().created_by_email("jane");
    /// assert_ne!(filter, Default::default());
    /// ```
    #[must_use]
    pub fn created_by_email(self, part: impl AsRef<str>) -> Self {
        self.with("created_by_email", format!("ilike.%{}%", part.as_ref()))
    }

    setters! {
        /// The record of exactly this name, whatever part of it is asked for beside.
        name_exact("name", "eq." ..);
        /// Specifications of this form factor.
        form_factor("form_factor", "eq." ..);
        /// Cells of this lot.
        lot_id("batch_id", ..);
        /// Measurements of this type: `time_series`, `properties`, `file`.
        measurement_type("measurement_type", ..);
        /// Measurements with this tag, and with every other one that is asked for.
        tag("tags_all", ..);
        /// Measurements with this tag, or another one that is asked for.
        any_tag("tags_any", ..);
        /// Made after this time.
        created_after("created_at_gt", ..);
        /// Made before this time.
        created_before("created_at_lt", ..);
        /// Changed after this time.
        updated_after("updated_at_gt", ..);
        /// Changed before this time.
        updated_before("updated_at_lt", ..);
        /// Measurements that started after this time.
        started_after("start_time_gt", ..);
        /// Measurements that started before this time.
        started_before("start_time_lt", ..);
    }

    /// Sorted by `name`, `created_at`, `updated_at` or `start_time`.
    ///
    /// ```
    /// let filter = cyclerprep::platform::Filter::default();
    /// assert_ne!(filter.clone().order_by("name", true), filter.order_by("name", false));
    /// ```
    #[must_use]
    pub fn order_by(self, column: impl AsRef<str>, is_descending: bool) -> Self {
        let order = if is_descending { "desc" } else { "asc" };
        self.with("order_by", column.as_ref().to_owned()).with("order", order.to_owned())
    }

    /// So many records, 1 to 1000, after leaving out so many.
    ///
    /// ```
    /// let filter = cyclerprep::platform::Filter::default().page(50, 100);
    /// assert_ne!(filter, Default::default());
    /// ```
    #[must_use]
    pub fn page(mut self, limit: usize, offset: usize) -> Self {
        self.window = [Some(limit), Some(offset)];
        self
    }

    pub(crate) fn limit(&self) -> Option<usize> {
        self.window[0]
    }

    pub(crate) fn offset(&self) -> usize {
        self.window[1].unwrap_or(0)
    }

    /// The query, the window first.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        let window = ["limit", "offset"].into_iter().zip(self.window);
        let window = window.filter_map(|(name, value)| Some((name.to_owned(), value?.to_string())));
        // As the platform's own client does, and no server has to make sense of both.
        let is_exact = self.pairs.iter().any(|(name, value)| name == "name" && value.starts_with("eq."));
        let is_less = |name: &str, value: &str| is_exact && name == "name" && !value.starts_with("eq.");
        window.chain(self.pairs.iter().filter(|(name, value)| !is_less(name, value)).cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_name_is_asked_for_alone() {
        // Recorded: `list(name="part", name_exact="NMC")` of the platform's own client.
        let both = Filter::default().name("part").name_exact("NMC").form_factor("R2032");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(both.query(), [pair("name", "eq.NMC"), pair("form_factor", "eq.R2032")]);
    }
}
