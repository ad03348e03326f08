//! The tree, its tiles and its proofs, held against implementations by other authors.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod oracle;
mod tiles;
