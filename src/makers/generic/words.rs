//! What people usually call the columns of a test (docs/formats/generic.md#words).
//!
//! Seen in: the headers that the platform's own reader takes, tables of published data sets, frames of Python and MATLAB.

use super::direction::direction;
use super::fold;
use crate::schema::{Column, Quantity};
use crate::vocab::Role::{BareTime, Column as C, Temperature};
use crate::vocab::{CurrentSign, Read, Term, Vocabulary, count, duration, number, stamp};

/// Words that nobody defines.
pub(super) static GENERIC: Vocabulary = Vocabulary {
    maker: "Generic",
    terms: TERMS,
    fold: |cell| fold::fold(cell, TERMS),
    direction,
    current: CurrentSign::Undefined,
    may_log_magnitudes: true,
    emitted: &[
        Column::Mode,
        Column::Status,
        Column::StepTime,
        Column::Record,
        Column::Timestamp,
        Column::ChamberTemperature,
    ],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

const fn time(key: &'static str) -> Term {
    duration(key, Column::Time)
}

const fn step_time(key: &'static str) -> Term {
    duration(key, Column::StepTime)
}

const fn volts(key: &'static str) -> Term {
    number(key, Column::Voltage, Quantity::Voltage)
}

const fn amps(key: &'static str) -> Term {
    number(key, Column::Current, Quantity::Current)
}

const fn charge(key: &'static str) -> Term {
    number(key, Column::ChargeCapacity, Quantity::Capacity)
}

const fn discharge(key: &'static str) -> Term {
    number(key, Column::DischargeCapacity, Quantity::Capacity)
}

const fn degrees(key: &'static str) -> Term {
    number(key, Column::Temperature, Quantity::Temperature)
}

const fn sensor(key: &'static str) -> Term {
    Term { key, role: Temperature, read: Read::Number(Quantity::Temperature) }
}

const fn mode(key: &'static str) -> Term {
    Term { key, role: C(Column::Mode), read: Read::Label }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    time("testtime"), time("totaltime"), time("elapsedtime"), time("timeelapsed"), time("elapsed"), time("runtime"),
    time("cumulativetime"), time("experimenttime"), time("timevector"), time("time"), time("t"), time("zeit"), time("testzeit"),
    stamp("datetime"), stamp("timestamp"), stamp("dateandtime"), stamp("datetimestamp"), stamp("date"),
    stamp("absolutetime"), stamp("realtime"), stamp("systemtime"), stamp("localtime"), stamp("utctime"),
    stamp("unixtime"), stamp("epochtime"), stamp("epoch"), stamp("datum"),
    Term { key: fold::COUNTED_CLOCK, role: BareTime, read: Read::Duration },
    step_time("steptime"), step_time("timeinstep"),
    volts("voltage"), volts("cellvoltage"), volts("voltagecell"), volts("terminalvoltage"), volts("batteryvoltage"), volts("packvoltage"),
    volts("voltagemeasured"), volts("measuredvoltage"), volts("potential"), volts("cellpotential"), volts("ecell"), volts("ewe"),
    volts("vcell"), volts("ucell"), volts("vbat"), volts("vbatt"), volts("ubat"), volts("v"), volts("u"), volts("e"), volts("volt"),
    volts("spannung"), volts("zellspannung"), volts("tension"),
    amps("current"), amps("cellcurrent"), amps("currentcell"), amps("batterycurrent"), amps("packcurrent"),
    amps("currentmeasured"), amps("measuredcurrent"), amps("icell"), amps("ibat"), amps("ibatt"), amps("i"),
    amps("strom"), amps("zellstrom"), amps("courant"), amps("curr"), amps("amp"),
    number("power", Column::Power, Quantity::Power), number("p", Column::Power, Quantity::Power),
    charge("chargecapacity"), charge("chargingcapacity"), charge("chgcapacity"), charge("capacitycharge"), charge("chargedcapacity"),
    charge("qcharge"), charge("qchg"), charge("qc"), charge("chgcap"), charge("chargecap"),
    discharge("dischargecapacity"), discharge("dischargingcapacity"), discharge("dchgcapacity"), discharge("capacitydischarge"),
    discharge("dischargedcapacity"), discharge("qdischarge"), discharge("qdchg"), discharge("qd"), discharge("dchgcap"), discharge("dischargecap"),
    number("chargeenergy", Column::ChargeEnergy, Quantity::Energy), number("chargingenergy", Column::ChargeEnergy, Quantity::Energy),
    number("energycharge", Column::ChargeEnergy, Quantity::Energy), number("echarge", Column::ChargeEnergy, Quantity::Energy),
    number("dischargeenergy", Column::DischargeEnergy, Quantity::Energy), number("dischargingenergy", Column::DischargeEnergy, Quantity::Energy),
    number("energydischarge", Column::DischargeEnergy, Quantity::Energy), number("edischarge", Column::DischargeEnergy, Quantity::Energy),
    number("stepcapacity", Column::Capacity, Quantity::Capacity), number("capacity", Column::Capacity, Quantity::Capacity),
    number("q", Column::Capacity, Quantity::Capacity),
    number("stepenergy", Column::Energy, Quantity::Energy), number("energy", Column::Energy, Quantity::Energy),
    degrees("celltemperature"), degrees("surfacetemperature"), degrees("temperaturecell"), degrees("temperaturemeasured"), degrees("temperature"),
    degrees("celltemp"), degrees("surfacetemp"), degrees("tcell"), degrees("temp"), degrees("temperatur"),
    number("ambienttemperature", Column::ChamberTemperature, Quantity::Temperature),
    number("chambertemperature", Column::ChamberTemperature, Quantity::Temperature),
    number("tambient", Column::ChamberTemperature, Quantity::Temperature), number("tamb", Column::ChamberTemperature, Quantity::Temperature),
    sensor("temperature#"), sensor("temp#"), sensor("t#"), sensor("auxtemperature#"),
    number("internalresistance", Column::DcResistance, Quantity::Resistance), number("dcresistance", Column::DcResistance, Quantity::Resistance),
    number("frequency", Column::Frequency, Quantity::Frequency), number("freq", Column::Frequency, Quantity::Frequency),
    number("zre", Column::ZRe, Quantity::Resistance), number("zreal", Column::ZRe, Quantity::Resistance),
    number("zim", Column::ZIm, Quantity::Resistance), number("zimag", Column::ZIm, Quantity::Resistance),
    number("zmod", Column::ZMod, Quantity::Resistance), number("zphase", Column::ZPhase, Quantity::Angle),
    count("stepfromcycler", Column::StepFromCycler), count("stepindex", Column::StepFromCycler), count("stepnumber", Column::StepFromCycler),
    count("stepno", Column::StepFromCycler), count("stepid", Column::StepFromCycler), count("step", Column::StepFromCycler),
    count("ns", Column::StepFromCycler), count("schritt", Column::StepFromCycler),
    count("stepcount", Column::StepRun),
    count("cyclefromcycler", Column::CycleFromCycler), count("cycleindex", Column::CycleFromCycler), count("cyclenumber", Column::CycleFromCycler),
    count("cycleno", Column::CycleFromCycler), count("cycleid", Column::CycleFromCycler), count("cyclecount", Column::CycleFromCycler),
    count("cycle", Column::CycleFromCycler), count("zyklus", Column::CycleFromCycler),
    count("recordindex", Column::Record), count("recordnumber", Column::Record), count("recordid", Column::Record),
    count("datapoint", Column::Record), count("record", Column::Record),
    mode("mode"), mode("state"), mode("operation"),
    Term { key: "status", role: C(Column::Status), read: Read::Label },
    Term { key: "steptype", role: C(Column::Status), read: Read::Label },
    Term { key: "stepname", role: C(Column::Status), read: Read::Label },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What a header becomes, with its unit.
    fn told(cell: &str) -> String {
        let folded = (GENERIC.fold)(cell);
        let meaning = GENERIC.find(&folded).map_or("nothing", |(_, term, _)| term.role.name());
        format!("{meaning}, {}", folded.unit.as_deref().unwrap_or("no unit"))
    }

    #[test]
    fn a_name_and_its_unit_in_every_way_of_writing_them() {
        for (cells, meaning) in [
            (
                &[
                    "Voltage [V]",
                    "Voltage(V)",
                    "voltage_V",
                    "U / V",
                    "Ewe/V",
                    "<V>/V",
                    "Cell Voltage, V",
                    "voltage__V",
                    "h_potential__V",
                    "Ewe_V_vs_Li",
                    "E (V vs. Li/Li+)",
                    "Ewe/V vs. SCE",
                    "voltage_in_V",
                    "V (V)",
                    "Potential V",
                ][..],
                "Voltage [V], V",
            ),
            (&["U/mV", "Voltage [mV]", "voltage mV", "mV"], "Voltage [V], mV"),
            (&["I (mA)", "<I>/mA", "current_mA", "Current [mA]", "i__mA", "mA"], "Current [A], mA"),
            (&["current_ma"], "Current [A], ma"),
            (
                &[
                    "t_s",
                    "Time [s]",
                    "time/s",
                    "TestTime(s)",
                    "h_test_time__s",
                    "Elapsed Time, s",
                    "time__s",
                    "test_time_s",
                ],
                "Time [s], s",
            ),
            (&["Test Time (h)", "t [h]", "Time/h", "t_h"], "Time [s], h"),
            (&["Amps", "amperes"], "Current [A], A"),
            (&["Volts"], "Voltage [V], V"),
            (&["T [°C]", "Temp_°C", "Temperature (°C)"], "Temperature [degC], °C"),
            (&["T1 [degC]", "Temperature 1 [degC]"], "temperature, degC"),
            (&["voltage", "U", "Potential"], "Voltage [V], no unit"),
            (&["T", "A", "Current Price", "Current user", "", "Total Current A"], "nothing, no unit"),
        ] {
            for cell in cells {
                let got = told(cell);
                // An unknown name may have something like a unit.
                let got = if got.starts_with("nothing") { "nothing, no unit" } else { &got };
                assert_eq!(got, meaning, "{cell}");
            }
        }
    }
}
