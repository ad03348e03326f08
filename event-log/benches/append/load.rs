//! Appenders in a closed loop: each waits for its answer before it asks again.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    identity::{ChildRef, EventId},
    stream::Stream,
};
use event_log::{
    append::{Append, NewEvent},
    backend::Backend,
    embedded::Embedded,
};
use uuid::Uuid;

/// What takes appends and answers when they are durable.
pub(crate) trait Log: Send + Sync + 'static {
    fn put(&self, append: Append) -> impl Future<Output = ()> + Send;
}

impl Log for Embedded {
    async fn put(&self, append: Append) {
        self.append(append).await.unwrap();
    }
}

/// What was measured.
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    /// From asking to the answer, in microseconds, sorted.
    micros: Vec<u32>,
}

impl Figures {
    pub(crate) fn of(mut micros: Vec<u32>, events: u64, took: Duration) -> Self {
        micros.sort_unstable();
        Self { per_second: events as f64 / took.as_secs_f64(), micros }
    }

    pub(crate) fn at(&self, part: f64) -> u32 {
        self.micros[((self.micros.len() - 1) as f64 * part) as usize]
    }
}

pub(crate) async fn measure<L: Log>(
    log: &Arc<L>,
    appenders: u128,
    batch: u64,
    duration: Duration,
) -> Figures {
    let started = Instant::now();
    let tasks: Vec<_> = (0..appenders)
        .map(|appender| tokio::spawn(run(Arc::clone(log), appender, batch, started + duration)))
        .collect();
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await.unwrap());
    }
    let events = micros.len() as u64 * batch;
    Figures::of(micros, events, started.elapsed())
}

/// Four appends to a stream, then the next stream.
async fn run<L: Log>(log: Arc<L>, appender: u128, batch: u64, until: Instant) -> Vec<u32> {
    let mut micros = Vec::new();
    for stream in 0.. {
        for turn in 0..4_u64 {
            let now = Instant::now();
            if now >= until {
                return micros;
            }
            let expected = (turn * batch).checked_sub(1);
            let stream = child((appender << 64) | stream);
            log.put(append(stream, expected, batch)).await;
            micros.push(now.elapsed().as_micros() as u32);
        }
    }
    micros
}

pub(crate) fn child(number: u128) -> Stream {
    // Spread as random handles are.
    let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    Stream::Child(ChildRef::new(Uuid::from_u128(spread)))
}

pub(crate) fn append(stream: Stream, expected: Option<u64>, batch: u64) -> Append {
    let events = (0..batch).map(|nth| event(stream, nth)).collect();
    Append { stream, expected, guards: Vec::new(), events }
}

/// As long as the record of a look: a header of 313 bytes and a sealed section of 96.
fn event(stream: Stream, nth: u64) -> NewEvent {
    let mut entry = format!("{{\"stream\":\"{stream}\",\"nth\":{nth},\"filler\":\"");
    entry.extend(std::iter::repeat_n('x', 311_usize.saturating_sub(entry.len())));
    entry.push_str("\"}");
    let id = EventId::new(Uuid::nil());
    NewEvent { id, entry: entry.into_bytes(), sealed: Some(vec![0x5A; 96]) }
}
