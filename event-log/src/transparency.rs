//! What outsiders can check: every entry is a leaf of an RFC 6962 tree.
//!
//! Pure: no I/O, no clock, and nothing in here panics on hostile input. Formats are those of RFC 6962
//! and of C2SP (tlog-tiles, signed-note, tlog-checkpoint, tlog-cosignature, tlog-witness, tlog-proof,
//! tlog-policy), so that tools of other authors can check what this produces.

pub mod bundle;
pub mod checkpoint;
pub mod hash;
mod lines;
pub mod note;
pub mod policy;
pub mod proof;
pub mod receipt;
pub mod tile;
pub mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, Signed};
pub use hash::{EMPTY_ROOT, Hash, leaf, node};
pub use policy::Policy;
pub use receipt::Receipt;
