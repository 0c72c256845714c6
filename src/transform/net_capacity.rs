//! Net capacity over the whole test (docs/decisions.md#other-transforms).

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::{need, put, real_series};

/// Adds `Capacity [A.h]` = discharge − charge capacity, as the two columns stand.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Discharge capacity [A.h]" => [0.0, 0.5], "Charge capacity [A.h]" => [0.0, 0.2])?;
/// let frame = cyclerprep::transform::set_net_capacity(frame)?;
/// assert_eq!(frame.column("Capacity [A.h]")?.f64()?.get(1), Some(0.3));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without either capacity.
pub fn set_net_capacity(mut frame: DataFrame) -> Result<DataFrame> {
    let (d, c) = (need(&frame, Column::DischargeCapacity)?, need(&frame, Column::ChargeCapacity)?);
    let net = d.iter().zip(c.iter()).map(|(d, c)| d - c).collect();
    put(&mut frame, real_series(Column::Capacity.name(), net))?;
    Ok(frame)
}

/// Adds `Net capacity [A.h]`: discharge minus charge since the start of the test. A fall of a column is a reset of its
/// counter and adds nothing.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// // The counters restart with the second step.
/// let frame = df!("Discharge capacity [A.h]" => [0.0, 0.5, 0.0, 0.0], "Charge capacity [A.h]" => [0.0, 0.0, 0.0, 0.25])?;
/// let frame = cyclerprep::transform::cumulative_net_capacity(frame)?;
/// assert_eq!(frame.column("Net capacity [A.h]")?.f64()?.get(3), Some(0.25));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without either capacity.
pub fn cumulative_net_capacity(mut frame: DataFrame) -> Result<DataFrame> {
    let (d, c) = (need(&frame, Column::DischargeCapacity)?, need(&frame, Column::ChargeCapacity)?);
    let (d, c) = (unwrap_resets(&d), unwrap_resets(&c));
    let net = d.iter().zip(&c).map(|(d, c)| d - c).collect();
    put(&mut frame, real_series(Column::NetCapacity.name(), net))?;
    Ok(frame)
}

fn unwrap_resets(values: &[f64]) -> Vec<f64> {
    let (mut sum, mut last) = (0.0, f64::NAN);
    let step = |v: &f64| {
        if v.is_nan() {
            return f64::NAN;
        }
        sum += (v - last).max(0.0);
        last = *v;
        sum
    };
    values.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::reals;

    #[test]
    fn resets_add_nothing() {
        let columns = vec![
            real_series("Discharge capacity [A.h]", vec![0.0, 1.0, 0.0, 0.0]),
            real_series("Charge capacity [A.h]", vec![0.0, 0.0, 0.0, 0.5]),
        ];
        let frame = DataFrame::new_infer_height(columns).unwrap();
        let net = |f: DataFrame, c| reals(&f, c).unwrap().unwrap().to_vec();
        assert_eq!(net(set_net_capacity(frame.clone()).unwrap(), Column::Capacity), [0.0, 1.0, 0.0, -0.5]);
        assert_eq!(net(cumulative_net_capacity(frame).unwrap(), Column::NetCapacity), [0.0, 1.0, 1.0, 0.5]);
    }
}
