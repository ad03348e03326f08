//! What can happen to an investigation.

use serde::{Deserialize, Serialize};

use crate::{
    identity::{ChildRef, OverrideId, PractitionerId},
    personal::Personal,
    reason::Text,
};

/// What is being investigated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// An override of a shield.
    Override {
        /// Whose record.
        child: ChildRef,
        /// Which run of the procedure.
        procedure: OverrideId,
    },
    /// A suspicion that led to suspension.
    Suspicion,
}

/// How an investigation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The use was proper.
    Proper,
    /// The wrong procedure was followed, without misuse.
    WrongProcedure,
    /// The use was improper.
    Improper,
}

/// An event of an `investigation-{id}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody was assigned to investigate. May happen again.
    #[serde(rename = "investigation.assigned/1")]
    Assigned {
        /// What it is about.
        origin: Origin,
        /// Whose conduct it is about.
        subject: PractitionerId,
        /// Who investigates; never the subject.
        investigator: PractitionerId,
    },
    /// It was concluded, by somebody other than the subject.
    #[serde(rename = "investigation.concluded/1")]
    Concluded {
        /// The finding.
        finding: Finding,
        /// The report.
        report: Personal<Text>,
    },
}
