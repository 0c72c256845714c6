//! Power is voltage × current (docs/decisions.md#power).

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

/// Gives `Power [W]` the sign of voltage × current where that is known and not 0; leaves other rows, and frames without power,
/// alone. An electrode below 0 V makes it differ from the current's.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Current [A]" => [-2.0, -2.0], "Voltage [V]" => [3.5, -0.1], "Power [W]" => [7.0, -0.2])?;
/// let frame = cyclerprep::transform::resign_power_from_current(frame)?;
/// let power = frame.column("Power [W]")?.f64()?;
/// assert_eq!((power.get(0), power.get(1)), (Some(-7.0), Some(0.2)));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) with power but without `Current [A]` or `Voltage [V]`.
pub fn resign_power_from_current(mut frame: DataFrame) -> Result<DataFrame> {
    let Some(power) = reals(&frame, Column::Power)? else { return Ok(frame) };
    let (current, voltage) = (need(&frame, Column::Current)?, need(&frame, Column::Voltage)?);
    let resigned = |(p, (i, v)): (&f64, (&f64, &f64))| {
        let product = i * v;
        if product == 0.0 || product.is_nan() { *p } else { p.abs() * product.signum() }
    };
    let both = current.par_iter().zip(voltage.par_iter());
    let power: Vec<f64> = power.par_iter().zip(both).with_min_len(PART).map(resigned).collect();
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

    proptest::proptest! {
        /// A file with a power column of either sign ends as the same file without.
        #[test]
        fn a_power_column_changes_nothing(rows in proptest::collection::vec((-3.0f64..3.0, -1.0f64..5.0), 1..40), sign in proptest::bool::ANY) {
            let (current, voltage): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
            let columns = vec![real_series("Current [A]", current.clone()), real_series("Voltage [V]", voltage.clone())];
            let without = set_power(DataFrame::new_infer_height(columns).unwrap()).unwrap();
            let mut with = without.clone();
            let logged = current.iter().zip(&voltage).map(|(i, v)| if sign { (i * v).abs() } else { -i * v }).collect();
            put(&mut with, real_series("Power [W]", logged)).unwrap();
            proptest::prop_assert!(resign_power_from_current(with).unwrap().equals(&without));
        }
    }
}
