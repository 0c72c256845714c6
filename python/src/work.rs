//! Work that takes long runs on a thread of its own, so that Ctrl-C is answered while it goes on and other threads of Python
//! are not held up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, OnceLock};
use std::thread::Builder;
use std::time::{Duration, Instant};

use cyclerprep::{bundle, guard};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors;

/// How often the caller looks for a signal.
const LOOK: Duration = Duration::from_millis(20);

/// The stack that a program's first thread has, and readers are tested with.
const STACK: usize = 8 << 20;

/// The process in which threads were started first.
static STARTED_IN: OnceLock<u32> = OnceLock::new();

/// How much work that writes files is under way.
static WRITING: AtomicUsize = AtomicUsize::new(0);

/// Whether what was left behind by Ctrl-C shall begin nothing new.
pub static STOP: AtomicBool = AtomicBool::new(false);

/// Whether this is the child of a fork and its parent had started threads: they are not here, and whoever waits for them waits
/// for ever.
#[pyfunction]
pub fn forked() -> bool {
    STARTED_IN.get().is_some_and(|first| *first != std::process::id())
}

fn check_process() -> PyResult<()> {
    STARTED_IN.get_or_init(std::process::id);
    if forked() {
        return Err(PyRuntimeError::new_err(
            "expected a process of its own, found a fork of one that has used cyclerprep already: its threads are not here. \
             Start workers with multiprocessing.get_context(\"spawn\") or \"forkserver\", or use cyclerprep in the workers only",
        ));
    }
    Ok(())
}

/// Counts work that writes.
struct Writing;

impl Writing {
    fn begin() -> Self {
        WRITING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        WRITING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What work says on its way, or that it is over.
pub enum Said<M, T> {
    News(M),
    Over(T),
}

/// Where what is said comes out. It waits in one place only; the lock says so to the compiler.
pub type News<M, T> = Mutex<Receiver<Said<M, T>>>;

/// Starts work; what it says comes out of the channel. It ends without `Over` when it panicked.
pub fn start<M: Send + 'static, T: Send + 'static>(
    writes: bool,
    work: impl FnOnce(&dyn Fn(M)) -> T + Send + 'static,
) -> PyResult<News<M, T>> {
    check_process()?;
    let (send, receive) = channel();
    let writing = writes.then(Writing::begin);
    let body = move || {
        let news = |message| _ = send.send(Said::News(message));
        if let Ok(result) = catch_unwind(AssertUnwindSafe(|| work(&news))) {
            // Nobody listens any more after Ctrl-C.
            let _ = send.send(Said::Over(result));
        }
        drop(writing);
    };
    Builder::new().name("cyclerprep".to_owned()).stack_size(STACK).spawn(body)?;
    Ok(Mutex::new(receive))
}

/// Waits for what comes next and looks for signals meanwhile.
pub fn next<M: Send, T: Send>(py: Python<'_>, receive: &News<M, T>) -> PyResult<Said<M, T>> {
    loop {
        let wait =
            || receive.lock().map(|receive| receive.recv_timeout(LOOK)).unwrap_or(Err(RecvTimeoutError::Disconnected));
        match py.detach(wait) {
            Ok(said) => return Ok(said),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => return Err(errors::internal(py)),
        }
    }
}

/// Runs work elsewhere and waits for it. After Ctrl-C it is left alone: its result goes nowhere.
pub fn run<T: Send + 'static>(py: Python<'_>, writes: bool, work: impl FnOnce() -> T + Send + 'static) -> PyResult<T> {
    let receive = start::<(), T>(writes, move |_| work())?;
    loop {
        if let Said::Over(result) = next(py, &receive)? {
            return Ok(result);
        }
    }
}

/// Called when Python ends: what writes ends its file, begins no other, and what is half written then is removed.
#[pyfunction]
pub fn finish(py: Python<'_>, seconds: f64) {
    STOP.store(true, Ordering::SeqCst);
    let until = Instant::now() + Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
    while WRITING.load(Ordering::SeqCst) > 0 && Instant::now() < until {
        py.detach(|| std::thread::sleep(LOOK));
        if py.check_signals().is_err() {
            break;
        }
    }
    if WRITING.load(Ordering::SeqCst) > 0 {
        bundle::remove_partials();
    }
}

/// A caught panic of a library is told as the file's error, not twice.
pub fn silence_guarded_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !guard::is_guarded() {
            usual(info);
        }
    }));
}
