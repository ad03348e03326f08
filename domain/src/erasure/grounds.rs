//! The closed lists that erasure goes by. Codes, because their words outlive the person.

use serde::{Deserialize, Serialize};

use crate::child::ArchiveBasis;

/// Why a hold is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldGround {
    /// Proceedings before a court.
    Litigation,
    /// An inquiry by law.
    StatutoryInquiry,
    /// A serious case review (S9).
    SeriousCaseReview,
    /// An enquiry under section 47 of the Children Act 1989 (S9).
    ChildProtectionEnquiry,
    /// An investigation into a child's death (S9).
    ChildDeathInvestigation,
    /// A request for access by the subject that has not been answered.
    SubjectAccess,
    /// A complaint that has not been resolved.
    Complaint,
}

/// Why somebody is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grounds {
    /// A rule demands it: the time for which it was kept is over (S9).
    RetentionEnded,
    /// A court ordered it.
    OrderedByCourt,
    /// The person asked for it, and it was upheld.
    RequestUpheld,
    /// It should never have been recorded.
    EnteredInError,
    /// The directory is closed down (S20, S21).
    SystemClosed,
}

/// The rule that demands an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetentionRule {
    /// The person turned 18, and the years in the archive are over.
    ReachedAge,
    /// The consent to stay ended, and the years in the archive are over.
    ConsentEnded,
    /// The child died; the last year and those in the archive are over.
    Death,
    /// A user's account was closed, and the time after that is over.
    AccountClosed,
}

impl From<ArchiveBasis> for RetentionRule {
    fn from(basis: ArchiveBasis) -> Self {
        match basis {
            ArchiveBasis::ReachedAge => Self::ReachedAge,
            ArchiveBasis::ConsentEnded => Self::ConsentEnded,
            ArchiveBasis::Death => Self::Death,
        }
    }
}

/// How somebody who may have held something personal got rid of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PurgeMethod {
    /// It was deleted from storage.
    Deleted,
    /// It was put out of memory.
    Evicted,
    /// They looked, and hold handles, codes and dates only.
    NothingPersonalHeld,
}
