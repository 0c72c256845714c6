//! Steps of a table that counts cycles and no steps.

use super::Cells;
use crate::schema::Column;
use crate::signal::runs::signs;

impl Cells {
    /// Numbers the steps where the table has cycles and no steps of its own: a step ends with its cycle, with its label, or where
    /// the current has another sign. `false` where it has steps, or nothing but the current, whose runs are the steps anyway.
    pub(crate) fn number_steps(&mut self) -> bool {
        let has = |column| self.column(column).is_some();
        if has(Column::StepFromCycler) || has(Column::StepRun) {
            return false;
        }
        let labels =
            self.labels(Column::Mode).or_else(|| self.labels(Column::Status)).map(|labels| labels.codes.as_slice());
        let (cycle, Some(current)) = (self.column(Column::CycleFromCycler), self.column(Column::Current)) else {
            return false;
        };
        if cycle.is_none() && labels.is_none() {
            return false;
        }
        let signs = signs(current);
        let begins = |row: usize| {
            let changes =
                |values: &[f64]| values[row] != values[row - 1] && !(values[row].is_nan() && values[row - 1].is_nan());
            cycle.is_some_and(changes)
                || labels.is_some_and(|codes| codes[row] != codes[row - 1])
                || signs[row] != signs[row - 1]
        };
        let mut number = 0.0;
        let numbers = (0..self.rows).map(|row| {
            number += f64::from(row > 0 && begins(row));
            number
        });
        let numbers = numbers.collect();
        self.put(Column::StepRun, numbers);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_ends_with_its_cycle_and_with_the_sign() {
        let mut cells = Cells { rows: 6, ..Cells::default() };
        cells.put(Column::Current, vec![1.0, 1.0, -1.0, -1.0, -1.0, 0.0]);
        assert!(!cells.number_steps(), "the runs of the current are the steps");
        cells.put(Column::CycleFromCycler, vec![1.0, 1.0, 1.0, 1.0, 2.0, 2.0]);
        assert!(cells.number_steps());
        assert_eq!(cells.column(Column::StepRun).unwrap(), [0.0, 0.0, 1.0, 1.0, 2.0, 3.0]);
        assert!(!cells.number_steps(), "it has steps");
    }
}
