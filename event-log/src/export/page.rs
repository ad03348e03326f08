//! The page and the program that go with an export.

use crate::transparency::Checkpoint;

/// A checker that anybody can read.
pub(super) const PROGRAM: &str = include_str!("check.py");

const PAGE: &str = include_str!("CHECKING.md");

pub(super) fn page(checkpoint: &Checkpoint) -> String {
    PAGE.replace("{origin}", &checkpoint.origin).replace("{size}", &checkpoint.size.to_string())
}
