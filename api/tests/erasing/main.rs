//! Subjects are erased in real folders: nothing of them is left anywhere, whatever happens on the way.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that finds anything unexpected fails"
)]

mod canary;
mod certificate;
mod crash;
mod order;
mod redis;
mod world;
