//! Inputs are begun in their order, worked on side by side and told in their order.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Duration;

use rayon::{Scope, ThreadPool, Yield};

use super::event::Event;
use super::memory::Memory;
use super::record::Record;
use super::summary::Summary;
use super::walk::Input;
use crate::error::{Error, ErrorKind, Result};

/// Threads for so many jobs; `None` for those that all work shares.
pub(crate) fn pool(jobs: Option<usize>) -> Result<Option<ThreadPool>> {
    let pool = |jobs| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        pool.map_err(|e| Error::new(ErrorKind::Options, format!("cannot start {jobs} jobs: {e}")))
    };
    jobs.map(pool).transpose()
}

/// What a thread says of the input with this number.
enum Message {
    Started(usize),
    Ended(usize, Vec<Record>),
}

/// Says that work on an input has ended, also when it ends with a panic: nobody waits for it then.
struct Ending {
    number: usize,
    records: Vec<Record>,
    send: Sender<Message>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.send.send(Message::Ended(self.number, std::mem::take(&mut self.records)));
    }
}

/// Works on all inputs, as far as there is memory for them. `tell` is called on this thread alone: a callback that waits for
/// threads of its own can never be begun again meanwhile.
pub(super) fn run(
    inputs: &[Input],
    pool: Option<&ThreadPool>,
    work: impl Fn(&Input) -> Vec<Record> + Sync,
    mut tell: impl FnMut(Event<'_>) -> ControlFlow<()>,
) -> Summary {
    let threads = pool.map_or_else(rayon::current_num_threads, ThreadPool::current_num_threads);
    let (mut memory, work) = (Memory::for_threads(threads), &work);
    let needs: Vec<u64> = inputs.iter().map(need).collect();
    let (mut summary, mut begun, mut told) = (Summary::default(), 0, 0);
    let mut is_stopped = tell(Event::Found(inputs)).is_break();
    in_scope(pool, |scope| {
        let (send, receive) = channel();
        let mut waiting: BTreeMap<usize, Vec<Record>> = BTreeMap::new();
        loop {
            while !is_stopped && begun < inputs.len() && memory.take(needs[begun]) {
                let (number, send) = (begun, send.clone());
                scope.spawn(move |_| {
                    let _ = send.send(Message::Started(number));
                    let mut ending = Ending { number, records: Vec::new(), send };
                    ending.records = work(&inputs[number]);
                });
                begun += 1;
            }
            if !memory.is_in_use() {
                break;
            }
            let mut tell = |event: Event<'_>| is_stopped |= tell(event).is_break();
            match next(&receive) {
                None => break,
                Some(Message::Started(number)) => tell(Event::Started(&inputs[number])),
                Some(Message::Ended(number, records)) => {
                    memory.give_back(needs[number]);
                    tell(Event::Ended(&inputs[number]));
                    waiting.insert(number, records);
                    while let Some(records) = waiting.remove(&told) {
                        records.iter().for_each(|record| summary.add(record));
                        tell(Event::Done { input: &inputs[told], records: &records });
                        told += 1;
                    }
                }
            }
        }
    });
    Summary { left: inputs.len() - told, ..summary }
}

/// `operate` on this thread, and what it spawns in the pool.
fn in_scope<'scope, R>(pool: Option<&ThreadPool>, operate: impl FnOnce(&Scope<'scope>) -> R) -> R {
    match pool {
        Some(pool) => pool.in_place_scope(operate),
        None => rayon::in_place_scope(operate),
    }
}

fn need(input: &Input) -> u64 {
    let size = |input: &Input| std::fs::metadata(&input.path).map_or(0, |meta| meta.len());
    Memory::need(size(input) + input.with.iter().map(size).sum::<u64>())
}

/// The next message. A thread that is one of the pool's own helps while it waits: it may be the only one.
fn next(receive: &Receiver<Message>) -> Option<Message> {
    loop {
        match receive.try_recv() {
            Ok(message) => return Some(message),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        match rayon::yield_now() {
            Some(Yield::Executed) => {}
            Some(Yield::Idle) => std::thread::sleep(Duration::from_millis(1)),
            None => return receive.recv().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::status::Status;
    use std::path::Path;

    fn inputs(count: usize) -> Vec<Input> {
        (0..count).map(|number| Input::named(Path::new(&format!("no file {number}")))).collect()
    }

    /// Fast and slow ones mixed.
    fn work(input: &Input) -> Vec<Record> {
        let last = input.path.to_string_lossy().bytes().last().unwrap_or_default();
        std::thread::sleep(Duration::from_millis(u64::from(last % 3)));
        vec![Record::new(input, Status::Prepared)]
    }

    #[test]
    fn inputs_are_told_in_their_order_on_one_thread() {
        let inputs = inputs(40);
        for jobs in [1, 3] {
            let (mut told, mut started, mut ended) = (Vec::new(), 0, 0);
            let summary = run(&inputs, pool(Some(jobs)).unwrap().as_ref(), work, |event| {
                match event {
                    Event::Found(found) => assert_eq!(found.len(), 40),
                    Event::Started(_) => started += 1,
                    Event::Ended(_) => ended += 1,
                    Event::Done { input, records } => {
                        assert_eq!(records[0].source, input.path);
                        told.push(input.clone());
                    }
                }
                ControlFlow::Continue(())
            });
            assert_eq!((told == inputs, started, ended), (true, 40, 40));
            assert_eq!((summary.prepared, summary.left), (40, 0));
        }
    }

    #[test]
    fn a_run_that_is_stopped_tells_what_it_began() {
        let inputs = inputs(40);
        let mut told = 0;
        let summary = run(&inputs, pool(Some(2)).unwrap().as_ref(), work, |event| match event {
            Event::Done { .. } => {
                told += 1;
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        });
        assert!((1..40).contains(&told), "{told}");
        assert_eq!((summary.prepared, summary.left), (told, 40 - told));
    }

    #[test]
    fn a_run_inside_the_only_thread_of_a_pool_ends() {
        let (one, inputs) = (pool(Some(1)).unwrap().unwrap(), inputs(5));
        let summary = one.install(|| run(&inputs, None, work, |_| ControlFlow::Continue(())));
        assert_eq!(summary.prepared, 5);
    }
}
