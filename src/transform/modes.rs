//! Mode or status labels with what each says of the direction.

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::schema::Column;
use crate::vocab::Direction;

/// The rows of a mode column.
pub(super) struct Modes {
    /// The column's name.
    pub(super) name: String,
    rows: Vec<Direction>,
}

impl Modes {
    /// The named column, else the mode, else the status; `None` when there is none or it is no text.
    pub(super) fn of(frame: &DataFrame, name: Option<&str>, direction: fn(&str) -> Direction) -> Result<Option<Self>> {
        let default = [Column::Mode.name(), Column::Status.name()];
        let names = name.map_or(default.to_vec(), |name| vec![name]);
        let Some(name) = names.into_iter().find(|name| frame.column(name).is_ok()) else { return Ok(None) };
        let column = frame.column(name).map_err(crate::Error::polars)?;
        let Ok(texts) = column.as_materialized_series().str().cloned() else { return Ok(None) };
        let mut last: Option<(&str, Direction)> = None;
        let mut rows = Vec::new();
        for text in texts.iter() {
            let text = text.unwrap_or_default();
            let meant = match last {
                Some((same, meant)) if same == text => meant,
                _ if text.is_empty() => Direction::Neither,
                _ => direction(text),
            };
            last = Some((text, meant));
            rows.push(meant);
        }
        Ok(Some(Self { name: name.to_owned(), rows }))
    }

    pub(super) fn direction(&self, row: usize) -> Direction {
        self.rows.get(row).copied().unwrap_or(Direction::Unknown)
    }

    /// Whether the rows labelled charge and the rows labelled discharge are there and mostly have one sign.
    pub(super) fn share_a_sign<'v>(&self, above: impl Iterator<Item = (usize, &'v f64)>) -> bool {
        let (mut charge, mut discharge) = ((0usize, 0usize), (0usize, 0usize));
        for (row, value) in above {
            let side = match self.direction(row) {
                Direction::Charge => &mut charge,
                Direction::Discharge => &mut discharge,
                _ => continue,
            };
            if *value > 0.0 { side.0 += 1 } else { side.1 += 1 }
        }
        let mostly = |many: usize, few: usize| many > 9 * few;
        (mostly(charge.0, charge.1) && mostly(discharge.0, discharge.1))
            || (mostly(charge.1, charge.0) && mostly(discharge.1, discharge.0))
    }

    /// Some row has a direction, and when only one direction is labelled, no row that carries current is unknown.
    pub(super) fn trusted(&self, above: impl Iterator<Item = usize>) -> bool {
        let (mut charge, mut discharge, mut unknown) = (false, false, false);
        for row in above {
            match self.direction(row) {
                Direction::Charge => charge = true,
                Direction::Discharge => discharge = true,
                Direction::Unknown => unknown = true,
                Direction::Neither => {}
            }
        }
        (charge && discharge) || ((charge || discharge) && !unknown)
    }
}
