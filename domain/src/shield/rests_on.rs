//! What a finding of threat rests on, answered for by whoever makes it.

use serde::{Deserialize, Serialize};

/// What a finding of threat rests on.
///
/// That a child was adopted is no threat by itself (S9b), and whether a text says more than that
/// cannot be read by a program. So the question is put, and the decider answers for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RestsOn {
    /// A threat in this child's own case.
    ThreatInThisCase,
    /// Nothing but that the child is, or will be, adopted.
    AdoptionAlone,
}
