//! Holds and erasures, for the description.

use serde::Serialize;
use utoipa::ToSchema;

/// Why a hold is placed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
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
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErasureGrounds {
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
