//! The tree, its notes and its proofs, held against implementations by other authors.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod hostile;
mod keys;
mod notes;
mod oracle;
mod policies;
mod receipts;
mod tiles;
mod time_stamps;
mod witnesses;
