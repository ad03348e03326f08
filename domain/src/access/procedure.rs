//! One run of the override procedure, which is gone through anew every time (S27).

use super::Purpose;
use crate::identity::{OpeningId, PractitionerId};

/// How far a run has come. From `Warned` it goes on to `Confirmed` or `Withdrawn`, and from
/// `Confirmed` to `Ended`; never back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Asked for; the warning follows in the same append.
    Attempted,
    /// Warned that going on triggers an immediate investigation.
    Warned,
    /// Gone on: what was hidden is shown until the user leaves the record.
    Confirmed,
    /// Stepped back from after the warning.
    Withdrawn,
    /// Over.
    Ended,
}

impl Stage {
    /// Whether the run has not come to its end.
    pub const fn is_running(self) -> bool {
        match self {
            Self::Attempted | Self::Warned | Self::Confirmed => true,
            Self::Withdrawn | Self::Ended => false,
        }
    }
}

/// A run of the procedure.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Procedure {
    /// From which opening.
    pub opening: OpeningId,
    /// Whose; every run is a person's.
    pub user: Option<PractitionerId>,
    /// Why, as stated at the attempt.
    pub purpose: Purpose,
    /// How far it has come.
    pub stage: Stage,
}
