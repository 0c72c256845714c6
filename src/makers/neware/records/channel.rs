//! Auxiliary channels: a quantity, a number, a value for some records (docs/formats/nda.md#auxiliary-records,
//! docs/formats/ndax.md#auxiliary-channels).

use rayon::prelude::*;

use crate::binary::at;
use crate::signal::PART;

/// What an auxiliary channel measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Quantity {
    Temperature,
    Voltage,
    SetTemperature,
    Humidity,
    Controller,
    /// What BTSDA has no letter for: a name and a unit.
    Other(&'static str, &'static str),
}

/// One channel with its values by record number.
#[derive(Debug, Clone)]
pub(crate) struct Channel {
    pub(crate) quantity: Quantity,
    pub(crate) number: u32,
    /// Record numbers; empty when the k-th value belongs to record k.
    pub(crate) records: Vec<f64>,
    pub(crate) values: Vec<f64>,
}

impl Channel {
    /// Adds a value to the channel of this quantity and number.
    pub(crate) fn add(channels: &mut Vec<Self>, quantity: Quantity, number: u32, record: f64, value: f64) {
        // Records of one channel come in a row, or alternate between few.
        let known = channels.iter().rposition(|c| (c.quantity, c.number) == (quantity, number));
        let index = known.unwrap_or_else(|| {
            channels.push(Self { quantity, number, records: Vec::new(), values: Vec::new() });
            channels.len() - 1
        });
        if let Some(channel) = channels.get_mut(index) {
            channel.records.push(record);
            channel.values.push(value);
        }
    }

    /// Adds the tenths of a millivolt and of a degree that an auxiliary record holds at these places.
    pub(crate) fn add_both(
        channels: &mut Vec<Self>,
        record: &[u8],
        number: u32,
        row: Option<u32>,
        places: (usize, usize),
    ) {
        let row = row.map_or(f64::NAN, f64::from);
        let voltage = at::<i32>(record, places.0).map_or(f64::NAN, |v| f64::from(v) / 1e4);
        let temperature = at::<i16>(record, places.1).map_or(f64::NAN, |t| f64::from(t) / 10.0);
        Self::add(channels, Quantity::Voltage, number, row, voltage);
        Self::add(channels, Quantity::Temperature, number, row, temperature);
    }

    /// Puts the values behind those of the same channel, if there is one.
    pub(crate) fn append_to(self, channels: &mut Vec<Self>) {
        match channels.iter_mut().find(|c| (c.quantity, c.number) == (self.quantity, self.number)) {
            Some(known) => {
                known.records.extend(self.records);
                known.values.extend(self.values);
            }
            None => channels.push(self),
        }
    }

    /// The header of BTSDA's export; the output's own name for what BTSDA does not export.
    pub(crate) fn header(&self) -> String {
        Self::named(self.quantity, self.number)
    }

    /// The header of a channel of this quantity and number.
    pub(crate) fn named(quantity: Quantity, number: u32) -> String {
        match quantity {
            Quantity::Temperature => format!("T{number}(℃)"),
            Quantity::Voltage => format!("V{number}(V)"),
            Quantity::SetTemperature => format!("t{number}(℃)"),
            Quantity::Humidity => format!("H{number}(%)"),
            Quantity::Controller => format!("CPU{number}(℃)"),
            Quantity::Other(name, unit) => format!("Aux {name} {number} from cycler [{unit}]"),
        }
    }

    /// Number of the last record that it has a value for; 0 without any.
    pub(crate) fn last(&self) -> f64 {
        if self.records.is_empty() {
            return self.values.len() as f64;
        }
        self.records.iter().copied().fold(0.0, f64::max)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.values.iter().all(|v| *v == 0.0 || v.is_nan())
    }

    /// A value for each of the record numbers, which rise; NaN where the channel has none. And how many values found no
    /// record.
    pub(super) fn join(mut self, numbers: &[f64]) -> (Vec<f64>, usize) {
        if self.records.is_empty() {
            let is_in_order = |(part, numbers): (usize, &[f64])| {
                numbers.iter().zip(part * PART + 1..).all(|(number, row)| *number == row as f64)
            };
            if numbers.par_chunks(PART).enumerate().all(is_in_order) {
                // The k-th row is record k.
                self.values.resize(numbers.len(), f64::NAN);
                return (self.values, 0);
            }
            let value = |number: &f64| {
                let slot = (*number >= 1.0).then(|| *number as usize - 1);
                slot.and_then(|slot| self.values.get(slot)).copied().unwrap_or(f64::NAN)
            };
            return (numbers.iter().map(value).collect(), 0);
        }
        if !self.records.is_sorted() {
            let mut order: Vec<usize> = (0..self.records.len()).collect();
            order.sort_by(|a, b| {
                self.records.get(*a).partial_cmp(&self.records.get(*b)).unwrap_or(std::cmp::Ordering::Equal)
            });
            self.values = order.iter().filter_map(|i| self.values.get(*i).copied()).collect();
            self.records.sort_by(f64::total_cmp);
        }
        let mut there = self.records.iter().zip(&self.values).peekable();
        let mut orphans = 0;
        let joined = numbers.iter().map(|number| {
            while there.next_if(|(record, _)| **record < *number).is_some() {
                orphans += 1;
            }
            let mut value = f64::NAN;
            // The first of several values of one record stays.
            while let Some((_, found)) = there.next_if(|(record, _)| **record == *number) {
                if value.is_nan() {
                    value = *found;
                }
            }
            value
        });
        let joined = joined.collect();
        (joined, orphans + there.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_find_their_records() {
        let channel = |records: &[f64], values: &[f64]| Channel {
            quantity: Quantity::Temperature,
            number: 1,
            records: records.to_vec(),
            values: values.to_vec(),
        };
        let shown = |(values, orphans): (Vec<f64>, usize)| format!("{values:?} {orphans}");
        let numbers = [1.0, 2.0, 4.0];
        insta::assert_snapshot!(shown(channel(&[], &[7.0, 8.0, 9.0]).join(&numbers)), @"[7.0, 8.0, NaN] 0");
        insta::assert_snapshot!(shown(channel(&[4.0, 1.0, 3.0, 1.0], &[5.0, 6.0, 7.0, 8.0]).join(&numbers)), @"[6.0, NaN, 5.0] 1");
    }
}
