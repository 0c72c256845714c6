//! Power with the sign of the current (docs/decisions.md#power).

use polars::prelude::DataFrame;

use rayon::prelude::*;

use super::energy::power_of;
use crate::error::Result;
use crate::schema::Column;
use crate::signal::PART;
use crate::signal::frame::{need, put, real_series, reals};

/// Adds `Power [W]` = V·I unless there is one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Current [A]" => [2.0], "Voltage [V]" => [3.5])?;
/// let frame = cyclerprep::set_power(frame)?;
/// assert_eq!(frame.column("Power [W]")?.f64()?.get(0), Some(7.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without `Current [A]` or `Voltage [V]`.
pub fn set_power(mut frame: DataFrame) -> Result<DataFrame> {
    if frame.column(Column::Power.name()).is_err() {
        let power = power_of(&frame)?.into_owned();
        put(&mut frame, real_series(Column::Power.name(), power))?;
    }
    Ok(frame)
}

/// Gives `Power [W]` the sign of `Current [A]` where the current is not 0; leaves other rows, and frames without power, alone.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Current [A]" => [-2.0], "Power [W]" => [7.0])?;
/// let frame = cyclerprep::transform::resign_power_from_current(frame)?;
/// assert_eq!(frame.column("Power [W]")?.f64()?.get(0), Some(-7.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) with power but without `Current [A]`.
pub fn resign_power_from_current(mut frame: DataFrame) -> Result<DataFrame> {
    let Some(power) = reals(&frame, Column::Power)? else { return Ok(frame) };
    let current = need(&frame, Column::Current)?;
    let resigned = |(p, i): (&f64, &f64)| if *i == 0.0 || i.is_nan() { *p } else { p.abs() * i.signum() };
    let power: Vec<f64> = power.par_iter().zip(current.par_iter()).with_min_len(PART).map(resigned).collect();
    put(&mut frame, real_series(Column::Power.name(), power))?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_and_resigns() {
        let columns =
            vec![real_series("Current [A]", vec![1.0, -2.0, 0.0]), real_series("Voltage [V]", vec![3.0, 3.0, 3.0])];
        let frame = set_power(DataFrame::new_infer_height(columns).unwrap()).unwrap();
        let power = |f: &DataFrame| reals(f, Column::Power).unwrap().unwrap().to_vec();
        assert_eq!(power(&frame), [3.0, -6.0, 0.0]);
        let mut frame = frame;
        put(&mut frame, real_series("Power [W]", vec![-3.0, 6.0, -0.5])).unwrap();
        assert_eq!(power(&resign_power_from_current(frame).unwrap()), [3.0, -6.0, -0.5]);
    }
}
