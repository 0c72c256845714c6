//! A page whose rows are asked for, one part after another.

use std::borrow::Cow;
use std::ops::Range;

use polars::prelude::DataFrame;

use super::html::Place;
use super::{Page, series};
use crate::bundle::Report;
use crate::error::Result;
use crate::signal::reals;

/// A page with the rows that it shows.
#[derive(Debug)]
pub(crate) struct ServedPage {
    title: String,
    html: String,
    rows: DataFrame,
}

impl ServedPage {
    /// Like [`Page::new`].
    pub(crate) fn new(
        title: String,
        time_series: DataFrame,
        steps: &DataFrame,
        cycles: &DataFrame,
        report: Option<&Report>,
    ) -> Result<Self> {
        let html = Page::build(&title, &time_series, steps, cycles, report, Place::Server)?;
        Ok(Self { title, html, rows: time_series })
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn html(&self) -> &str {
        &self.html
    }

    /// How many rows a column has, by the name that the page's script has for it.
    pub(crate) fn rows(&self, key: &str) -> Option<usize> {
        let column = series::column(key)?;
        self.rows.column(column.name()).ok().map(|column| column.len())
    }

    /// Some of them; null is NaN.
    pub(crate) fn values(&self, key: &str, rows: Range<usize>) -> Result<Vec<f64>> {
        let Some(column) = series::column(key) else { return Ok(Vec::new()) };
        // Of a column that is not stored as it is sent only these rows are made.
        let part = self.rows.slice(i64::try_from(rows.start).unwrap_or(i64::MAX), rows.len());
        Ok(reals(&part, column)?.map(Cow::into_owned).unwrap_or_default())
    }
}
