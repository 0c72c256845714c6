//! A fixture: its path, its bytes, and how much of the simulated test it tells. The entry beside the generator says so.

use std::sync::LazyLock;

/// A file below `fixtures/`, as its generator writes it.
#[derive(Debug)]
pub struct Fixture {
    /// Below `fixtures/`, with `/`.
    pub path: &'static str,
    pub bytes: Vec<u8>,
    pub tells: Tells,
}

/// What a fixture has of the simulated test.
#[derive(Debug, Clone, Copy)]
pub enum Tells {
    /// The whole test, within these bounds.
    Test(Bounds),
    /// Something else; why it cannot be compared.
    Other(&'static str),
    /// Nothing alone: it is read with the file beside it.
    Beside,
}

/// How far the numbers of a file may lie from those of the simulated test: what the file's own digits and widths allow.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// In s.
    pub time: f64,
    /// In V.
    pub voltage: f64,
    /// In A.
    pub current: f64,
    /// Of the first cycle's charge, in A·h.
    pub charge: f64,
    /// The file knows the half second between two steps; step times that are summed do not.
    pub has_gaps: bool,
    /// The current is the mean since the record before: where a step begins, and in its sum, it is not that of the test.
    pub is_mean: bool,
    /// Cycles that the file tells apart.
    pub cycles: usize,
    /// Records behind those of the test.
    pub more: usize,
}

/// A clock of milliseconds; voltage and current as the simulation rounds them, in a float of four bytes or more.
const USUAL: Bounds = Bounds {
    time: 6e-4,
    voltage: 4e-7,
    current: 4e-7,
    charge: 1e-6,
    has_gaps: true,
    is_mean: false,
    cycles: 2,
    more: 0,
};

/// A fixture that tells the test in full; what it does less well is said by the methods below.
pub fn fixture(path: &'static str, bytes: Vec<u8>) -> Fixture {
    Fixture { path, bytes, tells: Tells::Test(USUAL) }
}

impl Fixture {
    /// It holds something else than the test.
    pub fn other(self, why: &'static str) -> Self {
        Self { tells: Tells::Other(why), ..self }
    }

    /// It is read with the file beside it.
    pub fn beside(self) -> Self {
        Self { tells: Tells::Beside, ..self }
    }

    fn bound(mut self, change: impl FnOnce(&mut Bounds)) -> Self {
        match &mut self.tells {
            Tells::Test(bounds) => change(bounds),
            _ => panic!("{} does not tell the test", self.path),
        }
        self
    }

    /// The file's times are this far off, in s.
    pub fn time(self, s: f64) -> Self {
        self.bound(|b| b.time = s)
    }

    /// In V.
    pub fn voltage(self, v: f64) -> Self {
        self.bound(|b| b.voltage = v)
    }

    /// In A.
    pub fn current(self, a: f64) -> Self {
        self.bound(|b| b.current = a)
    }

    /// In A·h.
    pub fn charge(self, ah: f64) -> Self {
        self.bound(|b| b.charge = ah)
    }

    /// Its times are step times, summed.
    pub fn without_gaps(self) -> Self {
        self.bound(|b| b.has_gaps = false)
    }

    /// Its current is the mean since the record before.
    pub fn mean_current(self) -> Self {
        self.bound(|b| b.is_mean = true)
    }

    /// Its software writes a record at the end of a test.
    pub fn with_end_record(self) -> Self {
        self.bound(|b| b.more = 1)
    }

    /// It does not number steps: constant current and constant voltage are one, and the half second of 2 A between them is charge too.
    pub fn without_steps(self) -> Self {
        self.bound(|b| b.charge += 0.5 * 2.0 / 3600.0 * if b.cycles == 1 { 2.0 } else { 1.0 })
    }

    /// It does not count cycles.
    pub fn without_cycles(self) -> Self {
        self.bound(|b| b.cycles = 1)
    }
}

/// Every fixture, made once.
pub fn all() -> &'static [Fixture] {
    static ALL: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
        let mut all = super::dialects::all();
        all.extend(super::dialects_text::all());
        all.extend(super::doubts::all());
        all.extend(super::books::all());
        all.extend(super::mpr::all());
        all.extend(super::nda::all());
        all.extend(super::ndax::all());
        all.extend(super::res::all());
        all.extend(super::resaved::all());
        all.extend(super::odd_arbin::all());
        all.extend(super::odd_maccor::all());
        all.extend(super::units_rows::all());
        all.extend(super::biologic::all());
        all.extend(super::neware::all());
        all.extend(super::novonix::all());
        all.extend(super::basytec::all());
        all.extend(super::landt::all());
        all.extend(super::pec::all());
        all.extend(super::bitrode::all());
        all.extend(super::digatron::all());
        all.extend(super::repower::all());
        all.extend(super::voltaiq::all());
        all.extend(super::gamry::all());
        all.extend(super::scribner::all());
        all.extend(super::princeton::all());
        all.extend(super::chi::all());
        all.extend(super::autolab::all());
        all.extend(super::ivium::all());
        all.extend(super::pieces::all());
        all.extend(super::generic::all());
        all.extend(super::bdf::all());
        // Before any test reads one, so that no snapshot shows a file that is missing yet.
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            for fixture in &all {
                let path = super::fixtures().join(fixture.path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &fixture.bytes).unwrap();
            }
        }
        all
    });
    &ALL
}
