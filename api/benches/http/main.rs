//! How fast records are opened over HTTP, and how fast questions about looks are answered there.
//!
//! `scripts/bench-http` runs this. The server is the real program, in a process of its own, with everything on;
//! whoever asks it shares its cores. Rates depend on the machine and on whoever else uses it, so each is given
//! as a ratio, too: of the cheapest answer that the same server gives, on the same connections in the same run.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be made has failed"
)]

mod client;
#[path = "../../../event-log/benches/log/cores.rs"]
#[expect(dead_code, reason = "only threads are asked about here")]
mod cores;
mod figures;
#[path = "../../../projections/benches/rebuild/generated.rs"]
#[expect(dead_code, reason = "what it writes is used, and not all that it knows of it")]
mod generated;
mod load;
mod prepared;
mod served;

use std::{path::PathBuf, time::Duration};

use clap::Parser;

use self::{
    figures::{goal, limit},
    load::{Bounds, closed_loop},
    prepared::Prepared,
    served::Served,
};

/// What is to be measured.
#[derive(Parser)]
struct Wanted {
    /// How many events the log holds before anything is measured.
    #[arg(long, default_value_t = 100_000)]
    events: u64,
    /// How many connections open records at once.
    #[arg(long, default_value_t = 64)]
    connections: u64,
    /// How many connections ask questions at once.
    #[arg(long, default_value_t = 4)]
    asking: u64,
    /// For how many seconds each is measured, after a quarter of that.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many requests of each kind at most.
    #[arg(long, default_value_t = 200_000)]
    most: u64,
    /// The folder in which generated logs are kept between runs.
    #[arg(long)]
    logs: PathBuf,
    /// Another build of the server than that of this measurement, to compare the two on one log.
    #[arg(long)]
    server: Option<PathBuf>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// As reached for in the project's own goals.
const OPENINGS_A_SECOND: f64 = 5_000.0;
const OPENING_P99_MS: f64 = 25.0;
const QUESTION_P99_MS: f64 = 20.0;

// One thread, so that whoever asks takes at most one of the cores.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let wanted = Wanted::parse();
    let prepared = Prepared::of(&wanted.logs, wanted.events, wanted.asking).await;
    let served = Served::start(&prepared, wanted.server.as_deref()).await;
    let bounds = Bounds { seconds: Duration::from_secs(wanted.seconds), most: wanted.most };
    println!("\n{} events when the measuring began", served.events);

    let live = closed_loop(&served, wanted.connections, bounds, |_, _| client::get("/health/live"));
    let live = live.await;
    println!("\n{} connections", wanted.connections);
    live.print("GET /health/live", &live);
    let open =
        closed_loop(&served, wanted.connections, bounds, |who, turn| prepared.opening(who, turn));
    let open = open.await;
    open.print("a record is opened", &live);
    goal("records a second", open.per_second, OPENINGS_A_SECOND);
    limit("p99 in ms", open.millis(0.99), OPENING_P99_MS);

    served.caught_up().await;
    let live = closed_loop(&served, wanted.asking, bounds, |_, _| client::get("/health/live"));
    let live = live.await;
    println!("\n{} connections", wanted.asking);
    live.print("GET /health/live", &live);
    let asked = Bounds { most: bounds.most.min(4_000), ..bounds };
    for question in prepared::QUESTIONS {
        let answered = closed_loop(&served, wanted.asking, asked, |who, turn| {
            prepared.question(question, who, turn)
        });
        let answered = answered.await;
        answered.print(question.what, &live);
        limit("p99 in ms", answered.millis(0.99), QUESTION_P99_MS);
    }
    served.stop();
}
