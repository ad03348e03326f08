//! The conditions of an authorised user.

use serde::{Deserialize, Serialize};

/// Something that must hold at every instant of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The organisation is accredited (S8).
    OrganisationAccredited,
    /// The organisation has been enabled for this use (S12b, S32).
    CapabilityEnabled,
    /// Nominated by an organisation, for work that needs it (S5).
    Nominated,
    /// Identity verified (S30).
    IdentityVerified,
    /// An enhanced CRB check not older than the policy allows (HL4246).
    CurrentCrbCheck,
    /// Mandatory training attended and successfully completed, every mandatory topic (HL4246).
    TrainingCompleted,
    /// The test passed: management teams and trainers only (HL4246).
    TestPassed,
    /// The security operating procedures provided (HL4246).
    ProceduresProvided,
    /// The end-user agreement signed (HL4246).
    AgreementSigned,
    /// Monitored by the ISA, from the day the policy says it is in force (HL4246).
    IsaMonitored,
    /// A security token issued and not revoked (S5).
    SecurityToken,
    /// The account authorised, in the role that is used.
    AccountAuthorised,
    /// The account not suspended (S8).
    NotSuspended,
    /// The account not closed (S25).
    NotClosed,
}
