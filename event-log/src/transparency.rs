//! What outsiders can check: every entry is a leaf of an RFC 6962 tree.
//!
//! Pure: no I/O, no clock, and nothing in here panics on hostile input. Formats are those of RFC 6962
//! and C2SP tlog-tiles v0.1.0, so that tools of other authors can check what this produces.

pub mod hash;
pub mod proof;
pub mod tile;
pub mod tree;

pub use hash::{EMPTY_ROOT, Hash, leaf, node};
