//! The simulated test with one fault each, of the kind that a second column of the file contradicts.

use super::dialects::{arbin_mits7, maccor_flat, neware_flat};
use super::fixture::{Fixture, fixture};

/// A delimited text as cells, to change some of them.
pub struct Table {
    above: Vec<String>,
    separator: char,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// `above`: lines above the header.
    fn of(bytes: Vec<u8>, above: usize, separator: char) -> Self {
        let text = String::from_utf8(bytes).unwrap();
        let mut lines = text.lines().map(str::to_owned);
        let above = lines.by_ref().take(above).collect();
        let rows = lines.map(|line| line.split(separator).map(str::to_owned).collect()).collect();
        Self { above, separator, rows }
    }

    /// A test that has a charge and a discharge counter, step times and a clock, and no record numbers.
    pub fn arbin() -> Self {
        Self::of(arbin_mits7(), 0, ',')
    }

    /// A test that has labels, a power, a clock and record numbers.
    pub fn neware() -> Self {
        Self::of(neware_flat(), 0, ',')
    }

    /// A test that has labels, one counter, step times and record numbers.
    pub fn maccor() -> Self {
        Self::of(maccor_flat(), 1, '\t')
    }

    fn column(&self, header: &str) -> usize {
        self.rows[0].iter().position(|name| name == header).unwrap()
    }

    /// Data row `row` from 0, in the column of this header.
    pub fn number(&self, row: usize, header: &str) -> f64 {
        self.rows[row + 1][self.column(header)].parse().unwrap()
    }

    /// With another cell.
    pub fn with(mut self, row: usize, header: &str, cell: impl ToString) -> Self {
        let column = self.column(header);
        self.rows[row + 1][column] = cell.to_string();
        self
    }

    /// With another header.
    pub fn named(mut self, header: &str, name: &str) -> Self {
        let column = self.column(header);
        name.clone_into(&mut self.rows[0][column]);
        self
    }

    /// Without some data rows.
    pub fn without(mut self, rows: std::ops::Range<usize>) -> Self {
        self.rows.drain(rows.start + 1..rows.end + 1);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let separator = self.separator.to_string();
        let rows = self.rows.iter().map(|cells| cells.join(&separator));
        let lines: Vec<String> = self.above.iter().cloned().chain(rows).collect();
        (lines.join("\n") + "\n").into_bytes()
    }
}

/// Row 12 lies in the first charge: 5 rows rest, then 18 rows of 2 A.
pub fn all() -> Vec<Fixture> {
    let one = |path, table: Table| fixture(path, table.bytes()).other("one cell of it is wrong");
    let lacks = |path, table: Table| fixture(path, table.bytes()).other("rows of it are missing");
    vec![
        one("odd/wrong_current.csv", Table::arbin().with(12, "Current(A)", "7.000000000")),
        one("odd/wrong_sign.csv", Table::neware().with(12, "Current(A)", "-2.000000")),
        one("odd/wrong_voltage.csv", Table::arbin().with(12, "Voltage(V)", "8.517260000")),
        one("odd/wrong_time.csv", Table::arbin().with(12, "Test_Time(s)", "1180.5000")),
        one("odd/wrong_power.csv", Table::neware().with(12, "Power(W)", "70.000000")),
        one("odd/wrong_step.034", Table::maccor().with(12, "Step", "7")),
        one("odd/blank_counter.csv", Table::arbin().with(5, "Charge_Capacity(Ah)", "")),
        one("odd/fraction_of_a_step.csv", Table::arbin().with(12, "Step_Index", "3.5173")),
        fixture("odd/volts_as_millivolts.csv", Table::arbin().named("Voltage(V)", "Voltage(mV)").bytes())
            .other("the unit of its voltage is wrong"),
        lacks("odd/missed_beat.csv", Table::arbin().without(12..13)),
        lacks("odd/first_rows_lost.034", Table::maccor().without(0..3)),
    ]
}
