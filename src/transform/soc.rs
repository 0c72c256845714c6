//! Nominal state of charge (docs/decisions.md#other-transforms).

use polars::prelude::DataFrame;

use super::net_capacity::cumulative_net_capacity;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Column;
use crate::signal::frame::{need, put, real_series};
use crate::signal::stats;

/// Adds `SOC` = 1 − net/nominal capacity, shifted so that its maximum is 1. `nominal` is in A.h.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Discharge capacity [A.h]" => [0.0, 1.0], "Charge capacity [A.h]" => [0.0, 0.0])?;
/// let frame = cyclerprep::transform::set_nominal_soc(frame, 4.0)?;
/// assert_eq!(frame.column("SOC")?.f64()?.get(1), Some(0.75));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] when `nominal` is not positive; [`ErrorKind::MissingColumn`] without either capacity.
pub fn set_nominal_soc(frame: DataFrame, nominal: f64) -> Result<DataFrame> {
    if !(nominal > 0.0 && nominal.is_finite()) {
        return Err(Error::new(
            ErrorKind::Options,
            format!("expected a positive nominal capacity in A.h, found {nominal}"),
        ));
    }
    let net = need(&cumulative_net_capacity(frame.clone())?, Column::NetCapacity)?.into_owned();
    let soc: Vec<f64> = net.iter().map(|q| 1.0 - q / nominal).collect();
    let top = stats::max(&soc);
    let mut frame = frame;
    put(&mut frame, real_series(Column::Soc.name(), soc.iter().map(|s| s + (1.0 - top)).collect()))?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maximum_is_full() {
        let columns = vec![
            real_series("Discharge capacity [A.h]", vec![0.0, 0.0, 1.0]),
            real_series("Charge capacity [A.h]", vec![0.0, 0.5, 0.5]),
        ];
        let frame = set_nominal_soc(DataFrame::new_infer_height(columns).unwrap(), 2.0).unwrap();
        assert_eq!(need(&frame, Column::Soc).unwrap().to_vec(), [0.75, 1.0, 0.5]);
    }
}
