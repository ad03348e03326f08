//! Real servers, a real Redis, real kills: read models are taken over, and a feed is resumed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that finds anything unexpected fails"
)]

mod processes;
#[expect(dead_code, reason = "the tests of the stores do more to it")]
#[path = "../../../projections/tests/conformance/server.rs"]
mod server;
mod taking_over;
