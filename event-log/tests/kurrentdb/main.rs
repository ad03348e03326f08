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
mod faults;
mod keys;
mod killed;
mod real_server;
mod signing;
mod world;
