//! `Cycle count`: +1 wherever the cycler's cycle changes (docs/decisions.md#steps-and-cycles).

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::{count_marks, integer_series, mark_changes, put};

/// Adds `Cycle count` (i64, from 0): +1 wherever `Cycle from cycler` changes, 0 everywhere when there is none.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Cycle from cycler" => [1i64, 1, 3, 3])?;
/// let frame = cyclerprep::set_cycle_count(frame)?;
/// assert_eq!(frame.column("Cycle count")?.i64()?.get(3), Some(1));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when `Cycle from cycler` is not numeric.
pub fn set_cycle_count(mut frame: DataFrame) -> Result<DataFrame> {
    let mut begins = Vec::new();
    begins.resize(frame.height(), false);
    mark_changes(&frame, Column::CycleFromCycler.name(), &mut begins)?;
    let column = integer_series(Column::CycleCount.name(), count_marks(&begins));
    put(&mut frame, column)?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{real_series, reals};

    #[test]
    fn counts_changes_of_any_kind() {
        let frame =
            |name: &str| DataFrame::new_infer_height(vec![real_series(name, vec![3.0, 3.0, 5.0, 4.0])]).unwrap();
        let counts = |name: &str| {
            let frame = set_cycle_count(frame(name)).unwrap();
            reals(&frame, Column::CycleCount).unwrap().unwrap().into_owned()
        };
        assert_eq!(counts("Cycle from cycler"), [0.0, 0.0, 1.0, 2.0]);
        assert_eq!(counts("Voltage [V]"), [0.0; 4]);
    }
}
