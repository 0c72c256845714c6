//! `dQ`, EC-Lab's running charge of a sequence (docs/formats/biologic.md#charge-and-energy).

use crate::map::cells::Cells;
use crate::schema::Column;
use crate::vocab::Role;

/// Makes the charge of each record of it, where the file has neither that nor the charge of the whole test. Only `dq` is the
/// charge of a record as it stands: `dQ` runs on and begins anew with each sequence and each loop.
pub(super) fn to_increments(cells: &mut Cells, loops: &[usize]) {
    let Some(running) = cells.take(Role::SequenceCharge) else { return };
    if [Role::ChargeIncrement, Role::RunningCharge].iter().any(|better| cells.reals(*better).is_some()) {
        return;
    }
    let sequence = cells.column(Column::StepFromCycler);
    let mark = cells.reals(Role::SequenceStart);
    let begins = |row: usize| {
        row == 0
            || sequence.is_some_and(|sequence| sequence[row] != sequence[row - 1])
            || mark.is_some_and(|mark| mark[row] == 1.0)
            || loops.binary_search(&row).is_ok()
    };
    let gained = |row: usize| if begins(row) { running[row] } else { running[row] - running[row - 1] };
    let gained: Vec<f64> = (0..running.len()).map(gained).collect();
    cells.put_numbered(Role::ChargeIncrement, vec![(0, gained)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(columns: &[(Role, &[f64])]) -> Cells {
        let mut cells = Cells::default();
        for (role, values) in columns {
            cells.rows = values.len();
            cells.put_numbered(*role, vec![(0, values.to_vec())]);
        }
        cells
    }

    #[test]
    fn a_running_charge_begins_anew_with_each_sequence() {
        let ns = Role::Column(Column::StepFromCycler);
        // 2 and 3 are gained in the first sequence; the second gains 1 and then loses 4; a loop sets it back once more.
        let running: &[f64] = &[0.0, 2.0, 5.0, 1.0, -3.0, 0.5];
        let mut cells = with(&[(ns, &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]), (Role::SequenceCharge, running)]);
        to_increments(&mut cells, &[5]);
        assert_eq!(cells.reals(Role::ChargeIncrement).unwrap(), [0.0, 2.0, 3.0, 1.0, -4.0, 0.5]);
        let mut known = with(&[(Role::ChargeIncrement, &[7.0]), (Role::SequenceCharge, &[1.0])]);
        to_increments(&mut known, &[]);
        assert_eq!(known.reals(Role::ChargeIncrement).unwrap(), [7.0]);
    }
}
