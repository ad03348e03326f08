//! What is particular to the log on KurrentDB: faults of a cluster, and checks of it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test that meets the unexpected fails"
)]

mod checks;
mod copying;
mod damage;
#[expect(dead_code, reason = "shared with the tests over other stores, which use all of it")]
#[path = "../event_log/world.rs"]
mod events;
mod faults;
mod keys;
mod killed;
mod personal;
mod real_server;
mod signing;
mod world;
