//! docs/validator.md#impedance-tables.

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};
use crate::signal::reals;

rule! {
    /// **What it finds.** The imaginary part is positive on the capacitive arc.
    ///
    /// **Why it matters.** The column holds −Im(Z); fits to it give negative capacitances.
    ///
    /// **What to do.** Negate `Z_Im [Ohm]`.
    RULE = EisZimSignReversed, Error, Some("eis_zim_sign"), "impedance-tables";
}

/// Points that are finite in all three columns, sorted by frequency; `None` without the columns.
pub(super) fn spectrum(context: &Context<'_>) -> Result<Option<Vec<(f64, f64, f64)>>> {
    let get = |column| reals(context.frame, column);
    let (Some(f), Some(re), Some(im)) = (get(Column::Frequency)?, get(Column::ZRe)?, get(Column::ZIm)?) else {
        return Ok(None);
    };
    let all = f.iter().zip(re.iter()).zip(im.iter()).map(|((f, re), im)| (*f, *re, *im));
    let mut points: Vec<_> = all.filter(|(f, re, im)| f.is_finite() && re.is_finite() && im.is_finite()).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(Some(points))
}

/// Index of the point with the smallest real part.
pub(super) fn intercept(points: &[(f64, f64, f64)]) -> usize {
    let mut best = 0;
    for (i, point) in points.iter().enumerate() {
        if point.1 < points[best].1 {
            best = i;
        }
    }
    best
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let Some(points) = spectrum(context)?.filter(|points| points.len() >= 3) else { return Ok(()) };
    let at = intercept(&points);
    let band = &points[..=at];
    let total: f64 = band.iter().map(|(_, _, im)| im.abs()).sum();
    let positive: f64 = band.iter().map(|(_, _, im)| im.max(0.0)).sum();
    let fraction = positive / total;
    if total == 0.0 || fraction < 0.75 {
        return Ok(());
    }
    let message = format!("Z_Im [Ohm] is positive in {:.0} % of the capacitive arc; negate it", 100.0 * fraction);
    let payload =
        Payload::EisSign { positive_fraction: fraction, r0: points[at].1, n_capacitive_points: band.len() as u64 };
    issues.push(ValidationIssue::error(IssueCode::EisZimSignReversed, payload, message));
    Ok(())
}
