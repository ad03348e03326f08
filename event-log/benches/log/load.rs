//! Appenders in a closed loop: each waits for its answer before it asks again.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::figures::{Begun, Figures};

/// What takes events and answers when they are durable.
pub(crate) trait Log: Send + Sync + 'static {
    /// Appends so many events to a stream; `number` is that of the append, and never comes again.
    fn put(&self, stream: u64, number: u128, events: u64) -> impl Future<Output = ()> + Send;
}

/// How many streams one appender writes to, in turn.
pub(crate) const STREAMS: u64 = 16;

/// How long somebody waited for an answer.
#[derive(Clone, Copy)]
pub(crate) struct Answered {
    pub(crate) asked: Instant,
    pub(crate) took: Duration,
}

/// What all appenders do in a measurement.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) appenders: u64,
    /// Events in each append.
    pub(crate) batch: u64,
}

pub(crate) async fn measure<L: Log>(log: &Arc<L>, shape: Shape, duration: Duration) -> Figures {
    // The first moments belong to caches and to growing files.
    turn(log, shape, duration / 4, 0).await;
    let begun = Begun::now();
    let answers = turn(log, shape, duration, 1).await;
    begun.ended(answers.len() as u64 * shape.batch, nanos(&answers))
}

pub(crate) fn nanos(answers: &[Answered]) -> Vec<u64> {
    answers.iter().map(|answer| answer.took.as_nanos() as u64).collect()
}

/// All appenders at once for so long. `round` is never the same for one log.
pub(crate) async fn turn<L: Log>(
    log: &Arc<L>,
    shape: Shape,
    duration: Duration,
    round: u128,
) -> Vec<Answered> {
    let until = Instant::now() + duration;
    let tasks: Vec<_> = (0..shape.appenders)
        .map(|of| tokio::spawn(run(Arc::clone(log), of, shape.batch, until, round)))
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.extend(task.await.unwrap());
    }
    answers
}

async fn run<L: Log>(
    log: Arc<L>,
    of: u64,
    batch: u64,
    until: Instant,
    round: u128,
) -> Vec<Answered> {
    let mut answers = Vec::new();
    for turn in 0_u64.. {
        let asked = Instant::now();
        if asked >= until {
            break;
        }
        let number = (round << 100) | (u128::from(of) << 64) | u128::from(turn);
        log.put(of * STREAMS + turn % STREAMS, number, batch).await;
        answers.push(Answered { asked, took: asked.elapsed() });
    }
    answers
}
