//! What there is to do next.

use crate::store::{Build, Built, Stage};

/// Builds that stand at one place, and how far they may go together.
pub(super) struct Work {
    pub(super) stage: Stage,
    pub(super) group: Vec<Build>,
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Work {
    /// The builds that are furthest behind, up to where the next ones stand: they go on together.
    pub(super) fn among(builds: &[Built], stage: Stage, head: u64) -> Option<Self> {
        let behind =
            || builds.iter().filter(|built| built.stage == stage && built.checkpoint.next < head);
        let from = behind().map(|built| built.checkpoint.next).min()?;
        let next = behind().map(|built| built.checkpoint.next).filter(|next| *next > from).min();
        let group = behind().filter(|built| built.checkpoint.next == from);
        let group = group.map(|built| built.build.clone()).collect();
        Some(Self { stage, group, from, until: next.unwrap_or(head) })
    }
}
