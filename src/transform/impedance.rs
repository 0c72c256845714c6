//! Impedance components (docs/decisions.md#impedance).

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::{put, real_series, reals};

/// Adds the missing ones of `Z_Re`, `Z_Im` (from modulus and phase) and of `Z_Mod`, `Z_Phase` (from real and imaginary
/// part). Does nothing where neither pair is complete.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Z_Re [Ohm]" => [3.0], "Z_Im [Ohm]" => [-4.0])?;
/// let frame = cyclerprep::transform::derive_impedance_components(frame)?;
/// assert_eq!(frame.column("Z_Mod [Ohm]")?.f64()?.get(0), Some(5.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when one of these columns is not numeric.
pub fn derive_impedance_components(mut frame: DataFrame) -> Result<DataFrame> {
    let get = |frame: &DataFrame, column| Ok::<_, crate::Error>(reals(frame, column)?.map(|c| c.into_owned()));
    let (re, im) = (get(&frame, Column::ZRe)?, get(&frame, Column::ZIm)?);
    let (modulus, phase) = (get(&frame, Column::ZMod)?, get(&frame, Column::ZPhase)?);
    let combine =
        |a: &[f64], b: &[f64], f: fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect::<Vec<_>>();
    if let (Some(m), Some(p)) = (&modulus, &phase) {
        if re.is_none() {
            put(&mut frame, real_series(Column::ZRe.name(), combine(m, p, |m, p| m * p.to_radians().cos())))?;
        }
        if im.is_none() {
            put(&mut frame, real_series(Column::ZIm.name(), combine(m, p, |m, p| m * p.to_radians().sin())))?;
        }
    }
    if let (Some(re), Some(im)) = (&re, &im) {
        if modulus.is_none() {
            put(&mut frame, real_series(Column::ZMod.name(), combine(re, im, f64::hypot)))?;
        }
        if phase.is_none() {
            put(&mut frame, real_series(Column::ZPhase.name(), combine(re, im, |re, im| im.atan2(re).to_degrees())))?;
        }
    }
    Ok(frame)
}

/// Makes capacity, energy and power null on rows with a frequency and without a time.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// // A sweep whose rows all carry the time of its beginning.
/// let frame = df!("Time [s]" => [0.0, 60.0, 60.0, 60.0, 60.0], "Frequency [Hz]" => [None, Some(1e3), Some(1e2), Some(1e1), Some(1.0)])?;
/// let frame = cyclerprep::transform::blank_untimed_impedance_rows(frame)?;
/// assert_eq!(frame.height(), 5);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when one of these columns is not numeric.
pub fn blank_untimed_impedance_rows(mut frame: DataFrame) -> Result<DataFrame> {
    let (Some(frequency), Some(time)) = (reals(&frame, Column::Frequency)?, reals(&frame, Column::Time)?) else {
        return Ok(frame);
    };
    let blank: Vec<bool> = frequency.iter().zip(time.iter()).map(|(f, t)| !f.is_nan() && t.is_nan()).collect();
    if !blank.contains(&true) {
        return Ok(frame);
    }
    for column in Column::CUMULATIVE.into_iter().chain([Column::Power]) {
        if let Some(values) = reals(&frame, column)? {
            let values = values.iter().zip(&blank).map(|(v, blank)| if *blank { f64::NAN } else { *v }).collect();
            put(&mut frame, real_series(column.name(), values))?;
        }
    }
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_gives_the_other() {
        let frame = |a: &str, x: f64, b: &str, y: f64| {
            let columns = vec![real_series(a, vec![x]), real_series(b, vec![y])];
            derive_impedance_components(DataFrame::new_infer_height(columns).unwrap()).unwrap()
        };
        let get = |f: &DataFrame, c| reals(f, c).unwrap().unwrap()[0];
        let polar = frame("Z_Mod [Ohm]", 2.0, "Z_Phase [deg]", -60.0);
        assert!(
            (get(&polar, Column::ZRe) - 1.0).abs() < 1e-12 && (get(&polar, Column::ZIm) + 3f64.sqrt()).abs() < 1e-12
        );
        let cartesian = frame("Z_Re [Ohm]", 3.0, "Z_Im [Ohm]", -4.0);
        assert_eq!(get(&cartesian, Column::ZMod), 5.0);
        assert!((get(&cartesian, Column::ZPhase) + 53.130_102_354).abs() < 1e-8);
    }

    #[test]
    fn only_untimed_impedance_rows_are_blanked() {
        let columns = vec![
            real_series("Time [s]", vec![0.0, f64::NAN, 2.0]),
            real_series("Frequency [Hz]", vec![f64::NAN, 1e3, 1e2]),
            real_series("Power [W]", vec![1.0, 2.0, 3.0]),
        ];
        let frame = blank_untimed_impedance_rows(DataFrame::new_infer_height(columns).unwrap()).unwrap();
        let power = reals(&frame, Column::Power).unwrap().unwrap();
        assert!(power[0] == 1.0 && power[1].is_nan() && power[2] == 3.0);
    }
}
