//! Areal and total quantities (docs/decisions.md#other-transforms).

use polars::prelude::DataFrame;

use crate::error::{Error, ErrorKind, Result};
use crate::signal::frame::{put, real_series, reals_by_name};

/// Total column, areal column; 1 A = 1000 mA.
static PAIRS: &[(&str, &str)] = &[
    ("Current [A]", "Current [mA.cm-2]"),
    ("Capacity [A.h]", "Capacity [mA.h.cm-2]"),
    ("Discharge capacity [A.h]", "Discharge capacity [mA.h.cm-2]"),
    ("Charge capacity [A.h]", "Charge capacity [mA.h.cm-2]"),
];

/// Replaces `Current [mA.cm-2]` and `… [mA.h.cm-2]` by `Current [A]` and `… [A.h]` for an electrode area in cm².
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Current [mA.cm-2]" => [5.0])?;
/// let frame = cyclerprep::transform::convert_current_density_to_total_current(frame, 2.0)?;
/// assert_eq!(frame.column("Current [A]")?.f64()?.get(0), Some(0.01));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] when the area is not positive.
pub fn convert_current_density_to_total_current(frame: DataFrame, area: f64) -> Result<DataFrame> {
    convert(frame, area, |(total, areal)| (areal, total), |value| value * area / 1000.0)
}

/// The reverse of [`convert_current_density_to_total_current`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Current [A]" => [0.01])?;
/// let frame = cyclerprep::transform::convert_total_current_to_current_density(frame, 2.0)?;
/// assert_eq!(frame.column("Current [mA.cm-2]")?.f64()?.get(0), Some(5.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] when the area is not positive.
pub fn convert_total_current_to_current_density(frame: DataFrame, area: f64) -> Result<DataFrame> {
    convert(frame, area, |(total, areal)| (total, areal), |value| value * 1000.0 / area)
}

fn convert(
    mut frame: DataFrame,
    area: f64,
    direction: impl Fn((&'static str, &'static str)) -> (&'static str, &'static str),
    scale: impl Fn(f64) -> f64,
) -> Result<DataFrame> {
    if !(area > 0.0 && area.is_finite()) {
        return Err(Error::new(ErrorKind::Options, format!("expected a positive electrode area in cm², found {area}")));
    }
    for (from, to) in PAIRS.iter().map(|pair| direction(*pair)) {
        if let Some(values) = reals_by_name(&frame, from)? {
            let values = values.iter().map(|v| scale(*v)).collect();
            put(&mut frame, real_series(to, values))?;
            frame = frame.drop(from).map_err(Error::polars)?;
        }
    }
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let frame = DataFrame::new_infer_height(vec![real_series("Current [mA.cm-2]", vec![2.0])]).unwrap();
        let total = convert_current_density_to_total_current(frame.clone(), 1.5).unwrap();
        assert_eq!(reals_by_name(&total, "Current [A]").unwrap().unwrap()[0], 0.003);
        assert!(convert_total_current_to_current_density(total, 1.5).unwrap().equals(&frame));
        assert!(convert_current_density_to_total_current(frame, 0.0).is_err());
    }
}
