//! Several servers on one log and one set of read models: real processes, a double of the cluster, a
//! real Redis, real kills under load.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test that finds anything unexpected fails, and says what it measured"
)]

mod aimed;
mod between;
mod erasing;
mod killed;
mod load;
mod published;
#[expect(dead_code, reason = "the tests of the stores do more to it")]
#[path = "../../../projections/tests/conformance/server.rs"]
mod redis;
mod servers;
mod unchecked;
#[expect(dead_code, reason = "shared with the tests over HTTP, which use all of it")]
#[path = "../http/world.rs"]
mod world;
