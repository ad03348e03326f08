//! The log among a failing disk, killed processes, cut power and tampering hands.
//!
//! Real processes: this test binary, started again with [`victim::OPERATION`] set, under `strace`, which
//! fails or kills at one chosen file call. What is tried by default and how to try everything is in
//! `docs/torture.md`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it did and what it skips"
)]

mod checks;
mod matrix;
mod mutations;
#[path = "../transparency/others.rs"]
mod others;
mod outcome;
mod power;
mod strace;
mod victim;
mod world;
