//! Subjects are erased in real folders: nothing of them is left anywhere, whatever happens on the way.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that finds anything unexpected fails, and says what it did and what it skips"
)]

mod canary;
mod certificate;
mod crash;
mod faults;
mod order;
mod redis;
#[path = "../../../event-log/tests/torture/strace.rs"]
mod strace;
mod world;
