//! Ctrl-C: the first lets what has begun finish, the second ends the command at once; neither leaves a partial output.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use super::exit::Exit;
use crate::bundle;
use crate::error::{Error, ErrorKind, Result};

/// Whether the user asked to stop.
static STOP: AtomicBool = AtomicBool::new(false);

/// Whether the command that runs looks at [`STOP`]; one that does not is ended at once.
static IS_HEARD: AtomicBool = AtomicBool::new(false);

/// Tells [`watch`] that it need not wait for its command any longer.
static END: Mutex<Option<Sender<Message>>> = Mutex::new(None);

/// How a command ended, or that it must.
enum Message {
    Ended(thread::Result<Exit>),
    Now,
}

/// The stack of a program's first thread, where commands ran before they were watched.
const STACK: usize = 8 << 20;

/// Runs a command on a thread of its own and waits until it ends or the user asks twice to stop. So no signal has to end the
/// process: that is the caller's.
pub fn watch(command: impl FnOnce() -> Exit + Send + 'static) -> Result<Exit> {
    let (send, receive) = channel();
    *END.lock().unwrap_or_else(PoisonError::into_inner) = Some(send.clone());
    STOP.store(false, Ordering::Relaxed);
    IS_HEARD.store(false, Ordering::Relaxed);
    let work = move || _ = send.send(Message::Ended(catch_unwind(AssertUnwindSafe(command))));
    let started = thread::Builder::new().name("prep".to_owned()).stack_size(STACK).spawn(work);
    started.map_err(|e| Error::io("cannot start", e))?;
    match receive.recv() {
        Ok(Message::Ended(Ok(exit))) => Ok(exit),
        Ok(Message::Ended(Err(panic))) => resume_unwind(panic),
        Ok(Message::Now) | Err(_) => {
            bundle::remove_partials();
            Ok(Exit::Interrupted)
        }
    }
}

/// From now on the command looks at [`is_stopped`].
pub fn listen() -> Result<()> {
    // A process has one handler, however many commands it runs.
    static HANDLER: OnceLock<Result<(), String>> = OnceLock::new();
    let handler = || {
        if STOP.swap(true, Ordering::Relaxed) || !IS_HEARD.load(Ordering::Relaxed) {
            let end = END.lock().unwrap_or_else(PoisonError::into_inner);
            end.iter().for_each(|end| _ = end.send(Message::Now));
        }
    };
    let set = HANDLER.get_or_init(|| ctrlc::set_handler(handler).map_err(|e| e.to_string()));
    set.as_ref().map_err(|e| Error::new(ErrorKind::Io, format!("cannot listen to signals: {e}")))?;
    IS_HEARD.store(true, Ordering::Relaxed);
    Ok(())
}

/// Whether the user asked to stop.
pub fn is_stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}
