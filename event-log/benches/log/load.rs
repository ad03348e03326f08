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

pub(crate) async fn measure<L: Log>(
    log: &Arc<L>,
    appenders: u64,
    batch: u64,
    duration: Duration,
) -> Figures {
    // The first moments belong to caches and to growing files.
    run_all(log, appenders, batch, duration / 4, 0).await;
    run_all(log, appenders, batch, duration, 1).await
}

async fn run_all<L: Log>(
    log: &Arc<L>,
    appenders: u64,
    batch: u64,
    duration: Duration,
    round: u128,
) -> Figures {
    let begun = Begun::now();
    let tasks: Vec<_> = (0..appenders)
        .map(|of| tokio::spawn(run(Arc::clone(log), of, batch, begun.0 + duration, round)))
        .collect();
    let mut nanos = Vec::new();
    for task in tasks {
        nanos.extend(task.await.unwrap());
    }
    let events = nanos.len() as u64 * batch;
    begun.ended(events, nanos)
}

async fn run<L: Log>(log: Arc<L>, of: u64, batch: u64, until: Instant, round: u128) -> Vec<u64> {
    let mut nanos = Vec::new();
    for turn in 0_u64.. {
        let now = Instant::now();
        if now >= until {
            break;
        }
        let number = (round << 100) | (u128::from(of) << 64) | u128::from(turn);
        log.put(of * STREAMS + turn % STREAMS, number, batch).await;
        nanos.push(now.elapsed().as_nanos() as u64);
    }
    nanos
}
