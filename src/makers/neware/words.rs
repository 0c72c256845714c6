//! Neware's words, English and Chinese (docs/formats/neware.md#status-codes, docs/formats/neware.md#header-words).
//!
//! Seen in: BTSDA 7, 8 and 9 flat exports, the names of docs/formats/neware.md#column-names.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::{
    AuxVoltage, BareTime, Column as C, ControllerTemperature, Humidity, SetTemperature, StepMark, Temperature,
};
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{Direction, Read, Role, Term, Vocabulary, count, ignored, number, stamp};

/// Neware.
pub(super) static NEWARE: Vocabulary = Vocabulary {
    maker: "Neware",
    terms: TERMS,
    fold,
    direction,
    may_log_magnitudes: true,
    emitted: &[Column::Status, Column::StepRun, Column::StepTime, Column::Record, Column::Timestamp],
    pair_outranks_single: true,
    ..Vocabulary::PLAIN
};

/// Labels without direction, folded: lower case, `_` as blank (docs/formats/neware.md#status-codes).
#[rustfmt::skip]
static NEITHER: &[&str] = &[
    "control", "cycle", "cyclicvoltammetry", "end", "follow", "ir", "ocv", "pause", "pulse", "pulse step", "ramp", "rest",
    "sim", "substep", "undefined", "循环", "搁置", "暂停", "结束", "脉冲", "静置",
];

/// Discharge is tested first: `dchg` ends in `chg`.
fn direction(text: &str) -> Direction {
    let folded = text.trim().to_lowercase().replace('_', " ");
    let ends = |words: [&str; 2]| words.iter().any(|word| folded.ends_with(word));
    if ends(["dchg", "discharge"]) || folded.contains("放电") {
        Direction::Discharge
    } else if ends(["chg", "charge"]) || folded.contains("充电") {
        Direction::Charge
    } else if NEITHER.contains(&folded.as_str()) {
        Direction::Neither
    } else {
        Direction::Unknown
    }
}

const fn status(key: &'static str) -> Term {
    Term { key, role: C(Column::Status), read: Read::Label }
}
const fn time(key: &'static str, role: Role) -> Term {
    Term { key, role, read: Read::Duration }
}
#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("datapoint", Column::Record), count("recordid", Column::Record), count("recordindex", Column::Record),
    count("recordnumber", Column::Record), count("recordserialnumber", Column::Record),
    count("数据序号", Column::Record), count("记录序号", Column::Record),
    count("cycleindex", Column::CycleFromCycler), count("cycleid", Column::CycleFromCycler),
    count("cycle", Column::CycleFromCycler), count("循环号", Column::CycleFromCycler),
    count("循环序号", Column::CycleFromCycler), count("循环", Column::CycleFromCycler),
    count("rawstepid", Column::StepFromCycler), count("stepindex", Column::StepFromCycler),
    count("工步号", Column::StepFromCycler), count("stepid", Column::StepFromCycler),
    count("stepnumber", Column::StepRun), count("steps", Column::StepRun), count("step", Column::StepRun),
    count("工步序号", Column::StepRun), count("步次", Column::StepRun),
    Term { key: "stepstartandendidentification", role: StepMark, read: Read::Count },
    Term { key: "工步开始结束标识", role: StepMark, read: Read::Count },
    status("steptype"), status("status"), status("state"), status("stepname"), status("工步类型"), status("状态"),
    time("steptime", C(Column::StepTime)), time("relativetime", C(Column::StepTime)),
    time("工步时间", C(Column::StepTime)), time("相对时间", C(Column::StepTime)),
    time("time", BareTime), time("时间", BareTime),
    time("totaltime", C(Column::Time)), time("cumulativetime", C(Column::Time)), time("总时间", C(Column::Time)),
    stamp("date"), stamp("datetime"), stamp("absolutetime"), stamp("realtime"), stamp("绝对时间"),
    number("current", Column::Current, Quantity::Current), number("cur", Column::Current, Quantity::Current),
    number("电流", Column::Current, Quantity::Current),
    number("voltage", Column::Voltage, Quantity::Voltage), number("volt", Column::Voltage, Quantity::Voltage),
    number("vol", Column::Voltage, Quantity::Voltage), number("电压", Column::Voltage, Quantity::Voltage),
    number("capacity", Column::Capacity, Quantity::Capacity), number("cap", Column::Capacity, Quantity::Capacity),
    number("容量", Column::Capacity, Quantity::Capacity),
    number("chgcap", Column::ChargeCapacity, Quantity::Capacity),
    number("capacitancechg", Column::ChargeCapacity, Quantity::Capacity),
    number("capchg", Column::ChargeCapacity, Quantity::Capacity),
    number("chargecapacity", Column::ChargeCapacity, Quantity::Capacity),
    number("充电容量", Column::ChargeCapacity, Quantity::Capacity),
    number("dchgcap", Column::DischargeCapacity, Quantity::Capacity),
    number("capacitancedchg", Column::DischargeCapacity, Quantity::Capacity),
    number("capdchg", Column::DischargeCapacity, Quantity::Capacity),
    number("dischargecapacity", Column::DischargeCapacity, Quantity::Capacity),
    number("放电容量", Column::DischargeCapacity, Quantity::Capacity),
    number("energy", Column::Energy, Quantity::Energy), number("engy", Column::Energy, Quantity::Energy),
    number("能量", Column::Energy, Quantity::Energy),
    number("chgenergy", Column::ChargeEnergy, Quantity::Energy), number("engychg", Column::ChargeEnergy, Quantity::Energy),
    number("chargeenergy", Column::ChargeEnergy, Quantity::Energy), number("充电能量", Column::ChargeEnergy, Quantity::Energy),
    number("dchgenergy", Column::DischargeEnergy, Quantity::Energy),
    number("engydchg", Column::DischargeEnergy, Quantity::Energy),
    number("dischargeenergy", Column::DischargeEnergy, Quantity::Energy),
    number("放电能量", Column::DischargeEnergy, Quantity::Energy),
    number("power", Column::Power, Quantity::Power), number("功率", Column::Power, Quantity::Power),
    number("temperature", Column::Temperature, Quantity::Temperature),
    number("temperature1", Column::Temperature, Quantity::Temperature),
    number("temp", Column::Temperature, Quantity::Temperature),
    Term { key: "T#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "V#", role: AuxVoltage, read: Read::Number(Quantity::Voltage) },
    Term { key: "t#", role: SetTemperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "H#", role: Humidity, read: Read::Plain },
    Term { key: "cpu", role: ControllerTemperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "CPU#", role: ControllerTemperature, read: Read::Number(Quantity::Temperature) },
    ignored("jumpto"), ignored("jump"), ignored("跳转"), ignored("socdod"), ignored("lgd"),
    ignored("modulestartstopswitch"), ignored("模块启停开关"), ignored("gapofvoltage"), ignored("gapoftemperature"),
];

/// docs/formats/neware.md#folding.
fn fold(cell: &str) -> Folded {
    let ascii: String = cell
        .chars()
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '：' => ':',
            '［' => '[',
            '］' => ']',
            c => c,
        })
        .collect();
    let cell = clean(&ascii);
    let (base, unit) = split_unit(cell);
    let unit = unit.map(str::to_owned);
    let folded = |key: String| Folded { key, unit: unit.clone(), prefix: Prefix::None, number: None };
    // Old exports: `Auxiliary channel TU1 T(°C)`, `Aux.CH TU2 U(V)`.
    let spelled: String = base.chars().filter(|c| c.is_alphanumeric()).collect();
    for head in ["AuxiliarychannelTU", "AuxCHTU"] {
        if let Some(rest) = spelled.strip_prefix(head)
            && let Some((number, letter)) = rest.split_at_checked(rest.len().saturating_sub(1))
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
        {
            match letter {
                "T" => return folded(format!("T{number}")),
                "U" => return folded(format!("V{number}")),
                _ => {}
            }
        }
    }
    // Auxiliary channels by case: T1 is measured, t1 is a set point.
    let letter = base.strip_prefix("CPU").or_else(|| base.strip_prefix(['T', 't', 'V', 'H']));
    if let Some(rest) = letter
        && !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_digit())
    {
        return folded(base.to_owned());
    }
    folded(base.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::units_row::tests::with_units;

    #[test]
    fn a_row_of_units_goes_to_the_names() {
        let found = with_units(&NEWARE, "DataPoint,Total Time,Current,Voltage", "#,hh:mm:ss,mA,V").unwrap();
        assert_eq!(found, "DataPoint,Total Time [hh:mm:ss],Current [mA],Voltage [V]");
    }

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, NEWARE.find(&f).map(|(_, t, n)| (t.role, n)))
        };
        insta::assert_snapshot!(f("DChg. Cap.(Ah)"), @r#"dchgcap Some("Ah") -> Some((Column(DischargeCapacity), None))"#);
        insta::assert_snapshot!(f("Current(µA)"), @r#"current Some("µA") -> Some((Column(Current), None))"#);
        insta::assert_snapshot!(f("电流（A）"), @r#"电流 Some("A") -> Some((Column(Current), None))"#);
        insta::assert_snapshot!(f("T1(℃)"), @r#"T1 Some("℃") -> Some((Temperature, Some(1)))"#);
        insta::assert_snapshot!(f("t1(℃)"), @r#"t1 Some("℃") -> Some((SetTemperature, Some(1)))"#);
        insta::assert_snapshot!(f("Time(h:min:s.ms)"), @r#"time Some("h:min:s.ms") -> Some((BareTime, None))"#);
        insta::assert_snapshot!(f("Spec. Cap.(mAh/g)"), @r#"speccap Some("mAh/g") -> None"#);
    }

    #[test]
    fn labels() {
        use Direction::{Charge, Discharge, Neither, Unknown};
        let labels = ["CC_DChg", "CC Chg", "CCCV_Chg", "Rest", "CC DChg", "恒流充电", "恒流放电", "搁置", "Foo"];
        let want = [Discharge, Charge, Charge, Neither, Discharge, Charge, Discharge, Neither, Unknown];
        assert_eq!(labels.map(direction), want);
        assert!(NEITHER.is_sorted());
    }
}
