//! A closed loop: each connection waits for its answer before it asks again.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use futures_util::future::join_all;

use crate::{
    client::Connection,
    cores::Cores,
    figures::{Answered, Figures},
    served::Served,
};

/// How long, and how many requests at most.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) seconds: Duration,
    pub(crate) most: u64,
}

/// Asks on so many connections; `request` makes what a connection asks at a turn, which no other has.
pub(crate) async fn closed_loop(
    served: &Served,
    connections: u64,
    bounds: Bounds,
    request: impl Fn(u64, u64) -> Vec<u8>,
) -> Figures {
    let turns = Cell::new(0);
    // Turns of one kind are not repeated in warming up and in measuring.
    run(served, connections, (bounds.seconds / 4, bounds.most / 4), (&turns, &request)).await;
    run(served, connections, (bounds.seconds, bounds.most), (&turns, &request)).await
}

async fn run(
    served: &Served,
    connections: u64,
    (seconds, most): (Duration, u64),
    (turns, request): (&Cell<u64>, &impl Fn(u64, u64) -> Vec<u8>),
) -> Figures {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::to(&served.address).await);
    }
    let last = turns.get() + most;
    let before = (served.cores(), Cores::now());
    let begun = Instant::now();
    let asking = open.into_iter().zip(0..).map(|(mut connection, who)| async move {
        let mut times = Vec::new();
        while turns.get() < last && begun.elapsed() < seconds {
            let turn = turns.replace(turns.get() + 1);
            let request = request(who, turn);
            let asked = Instant::now();
            connection.ask(&request).await;
            times.push(Answered { after: asked.elapsed(), at: begun.elapsed() });
        }
        times
    });
    let answers = join_all(asking).await.concat();
    let took = begun.elapsed();
    let cores = (served.cores().since(&before.0), Cores::now().since(&before.1));
    Figures::of(&answers, took, cores)
}
