//! Rows whose time falls below the row before and that the next row does not follow (docs/decisions.md#time).

/// How a row gets its time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mend {
    /// By the rows' clock.
    Clock(f64),
    /// By the step time.
    StepTime(f64),
    /// Not at all: it repeats a neighbour.
    Drop,
    /// Halfway between its neighbours.
    Between(f64),
}

/// An isolated dip: its row, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dip {
    /// The row.
    pub row: usize,
    /// What becomes of it.
    pub mend: Mend,
}

/// What there is beside the time. NaN where a row has none.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Clock of a row in s.
    pub clock: Option<&'a dyn Fn(usize) -> f64>,
    /// Step time in s.
    pub step_time: Option<&'a [f64]>,
    /// Whether two rows have the same values.
    pub is_repeat: &'a dyn Fn(usize, usize) -> bool,
}

/// All isolated dips of a time.
pub fn find(time: &[f64], beside: &Beside<'_>) -> Vec<Dip> {
    let mut dips = Vec::new();
    let mut last: Option<usize> = None;
    let timed: Vec<usize> = (0..time.len()).filter(|row| !time[*row].is_nan()).collect();
    for (k, row) in timed.iter().enumerate() {
        if let (Some(before), Some(after)) = (last, timed.get(k + 1))
            && time[*row] < time[before]
            && time[*after] >= time[before]
        {
            dips.push(Dip { row: *row, mend: mend(time, beside, before, *row, *after) });
        } else {
            last = Some(*row);
        }
    }
    dips
}

fn mend(time: &[f64], beside: &Beside<'_>, before: usize, row: usize, after: usize) -> Mend {
    let (from, to) = (time[before], time[after]);
    let fits = |t: &f64| *t >= from && *t <= to;
    if let Some(clock) = beside.clock
        && let Some(t) = carried_on(clock, from, (before, row, after)).filter(fits)
    {
        return Mend::Clock(t);
    }
    if let Some(step) = beside.step_time {
        // A step that begins at this row shows how long before the next row that was.
        let begins = step[row] < step[before];
        let by_step = if begins {
            (step[after] >= step[row]).then(|| to - (step[after] - step[row]))
        } else {
            carried_on(&|k| step[k], from, (before, row, after))
        };
        if let Some(t) = by_step.filter(fits) {
            return Mend::StepTime(t);
        }
    }
    if (beside.is_repeat)(before, row) || (beside.is_repeat)(row, after) {
        return Mend::Drop;
    }
    Mend::Between(f64::midpoint(from, to))
}

/// The time of a row by another column that rises over its neighbours.
fn carried_on(other: &dyn Fn(usize) -> f64, from: f64, (before, row, after): (usize, usize, usize)) -> Option<f64> {
    let (start, now, end) = (other(before), other(row), other(after));
    (start <= now && now <= end && start < end).then_some(from + now - start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(time: &[f64], clock: Option<&[f64]>, step_time: Option<&[f64]>, repeats: bool) -> Vec<Dip> {
        let of_row = |row: usize| clock.map_or(f64::NAN, |clock| clock[row]);
        let clock: Option<&dyn Fn(usize) -> f64> = if clock.is_some() { Some(&of_row) } else { None };
        find(time, &Beside { clock, step_time, is_repeat: &|_, _| repeats })
    }

    #[test]
    fn a_dip_gets_its_time_from_who_carries_on() {
        let time = [0.0, 10.0, 20.0, -84.0, 40.0, 50.0];
        let clock = [100.0, 110.0, 120.0, 131.0, 140.0, 150.0];
        let one = |mend: Mend| vec![Dip { row: 3, mend }];
        assert_eq!(found(&time, Some(&clock), None, false), one(Mend::Clock(31.0)));
        // Its clock is of the start state as well, its step time is not: a step begins, 8 s before the next row.
        let clock = [100.0, 110.0, 120.0, 100.0, 140.0, 150.0];
        let step = [5.0, 15.0, 25.0, 0.0, 8.0, 18.0];
        assert_eq!(found(&time, Some(&clock), Some(&step), false), one(Mend::StepTime(32.0)));
        let step = [5.0, 15.0, 25.0, 33.0, 45.0, 55.0];
        assert_eq!(found(&time, None, Some(&step), false), one(Mend::StepTime(28.0)));
        assert_eq!(found(&time, None, None, true), one(Mend::Drop));
        assert_eq!(found(&time, None, None, false), one(Mend::Between(30.0)));
    }

    #[test]
    fn what_stays_behind_is_no_dip() {
        assert!(found(&[0.0, 10.0, 3.0, 4.0, 5.0], None, None, false).is_empty(), "the rest follows the fall");
        assert!(found(&[0.0, 10.0, 3.0], None, None, false).is_empty(), "nothing follows");
        assert!(found(&[0.0, 10.0, f64::NAN, 10.0, 11.0], None, None, false).is_empty());
        let two = found(&[0.0, 10.0, 0.0, 20.0, 0.0, 30.0], None, None, false);
        assert_eq!(two.iter().map(|dip| dip.row).collect::<Vec<_>>(), [2, 4]);
    }
}
