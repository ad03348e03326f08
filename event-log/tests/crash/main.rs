//! A process that appends is killed at any moment, or its disk fails: what it acknowledged is
//! there, and the log opens again.
//!
//! The process is this test binary, started again with [`writer::ROLE`] set.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test that meets the unexpected fails"
)]

mod disk;
mod kill;
mod writer;
