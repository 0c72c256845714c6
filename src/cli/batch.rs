//! Many files: started in their order, worked on side by side, told in their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use cyclerprep::{Error, ErrorKind, Result, bundle};

use crate::inputs::Input;
use crate::progress::Progress;
use crate::report::FileReport;

/// What files in work may need together. One that needs more than all of it is worked on alone.
const BUDGET: u64 = 4 << 30;

/// Memory that a file needs for each of its bytes, and what it needs whatever its size.
const PER_BYTE: u64 = 5;
const LEAST: u64 = 4 << 20;

/// Set by Ctrl-C: no further file is started.
static STOP: AtomicBool = AtomicBool::new(false);

/// Makes Ctrl-C finish what has begun, and a second one stop at once; neither leaves a partial output.
pub fn stop_on_signal() -> Result<()> {
    let handler = || {
        if STOP.swap(true, Ordering::Relaxed) {
            bundle::remove_partials();
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).map_err(|e| Error::new(ErrorKind::Io, format!("cannot listen to signals: {e}")))
}

/// Whether the user asked to stop.
pub fn is_stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Memory that is given to files and taken back. Only the thread that starts files waits for it: a thread that works on one
/// may begin another while it waits for its own parts, and must never wait for what it holds itself.
struct Budget {
    used: Mutex<(u64, usize)>,
    freed: Condvar,
    files: usize,
}

impl Budget {
    fn take(&self, cost: u64) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |(bytes, files): &mut (u64, usize)| *files > 0 && (*bytes + cost > BUDGET || *files >= self.files);
        let mut used = self.freed.wait_while(used, full).unwrap_or_else(PoisonError::into_inner);
        used.0 += cost;
        used.1 += 1;
    }

    fn give_back(&self, cost: u64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.0 -= cost;
        used.1 -= 1;
        self.freed.notify_one();
    }
}

/// Reports in the order of the inputs, whoever finishes first.
struct InOrder<F> {
    next: usize,
    waiting: BTreeMap<usize, Vec<FileReport>>,
    tell: F,
}

/// Works on all inputs. `tell` gets the reports of each, in their order, on one thread at a time.
pub fn run(
    inputs: &[Input],
    progress: &Progress,
    work: impl Fn(&Input) -> Vec<FileReport> + Sync,
    tell: impl FnMut(Vec<FileReport>) + Send,
) {
    let threads = rayon::current_num_threads();
    let budget = Budget { used: Mutex::new((0, 0)), freed: Condvar::new(), files: 2 * threads };
    let order = Mutex::new(InOrder { next: 0, waiting: BTreeMap::new(), tell });
    let (budget, order, work) = (&budget, &order, &work);
    rayon::in_place_scope(|scope| {
        for (index, input) in inputs.iter().enumerate() {
            let size = std::fs::metadata(&input.path).map_or(0, |meta| meta.len());
            let cost = size.saturating_mul(PER_BYTE).saturating_add(LEAST).min(BUDGET);
            budget.take(cost);
            if is_stopped() {
                budget.give_back(cost);
                break;
            }
            scope.spawn(move |_| {
                progress.begin(&input.path);
                let reports = work(input);
                progress.end(&input.path, size);
                let mut order = order.lock().unwrap_or_else(PoisonError::into_inner);
                order.waiting.insert(index, reports);
                let InOrder { next, waiting, tell } = &mut *order;
                while let Some(reports) = waiting.remove(next) {
                    progress.suspend(|| tell(reports));
                    *next += 1;
                    progress.told(*next);
                }
                budget.give_back(cost);
            });
        }
    });
}
