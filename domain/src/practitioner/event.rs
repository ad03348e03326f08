//! What can happen to a standing.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    child::Address,
    identity::{InvestigationId, OrganisationId, PractitionerId, TokenId},
    personal::Personal,
    policy::PolicyVersion,
    practitioner::Condition,
    reason::Text,
};

/// The kind of account somebody is nominated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountRole {
    /// Looks records up. Needs no examination (HL4246).
    Practitioner,
    /// Administers accounts and shields. Is tested (HL4246).
    ManagementTeam,
    /// Trains the others. Is tested (HL4246).
    Trainer,
}

/// An office of the department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Office {
    /// Runs the directory: policy, accreditation, programme.
    Official,
    /// Reviews the use of the directory by everybody.
    Auditor,
}

/// A topic of the mandatory training. Source: HL4246; shielding: trade press (S30).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// The use of ContactPoint.
    Use,
    /// One's own security responsibilities.
    SecurityResponsibilities,
    /// The importance of good security practice.
    GoodSecurityPractice,
    /// The Data Protection Act.
    DataProtectionAct,
    /// The Human Rights Act.
    HumanRightsAct,
    /// Shielding. Not among the four answers' topics; a policy may demand it.
    Shielding,
}

/// How an identity was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityEvidence {
    /// A passport.
    Passport,
    /// A driving licence with photograph.
    DrivingLicence,
    /// A birth certificate with proof of address.
    BirthCertificateAndAddress,
}

/// Why an account was suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuspensionCause {
    /// A regular audit found unusual activity.
    AuditFinding,
    /// Misuse is suspected.
    Suspected,
    /// Misuse was reported.
    Reported,
    /// The manager asked for it.
    ManagerRequest,
}

/// An event of a `practitioner-{id}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// An organisation nominated somebody who needs access for their work.
    #[serde(rename = "practitioner.nominated/1")]
    Nominated {
        /// By which organisation.
        organisation: OrganisationId,
        /// For which kind of account.
        role: AccountRole,
        /// Their name.
        name: Personal<Text>,
        /// Their surname, for the audit rules on look-ups of relatives.
        surname: Personal<Text>,
        /// Who is told when there is suspicion.
        manager: PractitionerId,
        /// Why they need access.
        need: Personal<Text>,
    },
    /// Somebody was appointed to an office of the department.
    #[serde(rename = "practitioner.appointed-to-department/1")]
    AppointedToDepartment {
        /// Which office.
        office: Office,
        /// Their name.
        name: Personal<Text>,
    },
    /// The appointment ended.
    #[serde(rename = "practitioner.department-appointment-ended/1")]
    DepartmentAppointmentEnded {
        /// On which day it no longer held.
        on: NaiveDate,
    },
    /// Their identity was verified.
    #[serde(rename = "practitioner.identity-verified/1")]
    IdentityVerified {
        /// On what evidence.
        evidence: IdentityEvidence,
        /// The address that the evidence shows, for the audit rules on look-ups of relatives.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        home: Option<Personal<Address>>,
    },
    /// An enhanced CRB check was issued.
    #[serde(rename = "practitioner.enhanced-crb-check-recorded/1")]
    EnhancedCrbCheckRecorded {
        /// On which day it was issued.
        issued_on: NaiveDate,
        /// The number of the disclosure.
        disclosure_number: Personal<Text>,
    },
    /// The clock found that the CRB check no longer holds.
    #[serde(rename = "practitioner.enhanced-crb-check-expired/1")]
    EnhancedCrbCheckExpired {
        /// The first day on which it did not hold.
        on: NaiveDate,
    },
    /// They attended training. By itself this meets no condition.
    #[serde(rename = "practitioner.training-attended/1")]
    TrainingAttended {
        /// On which day.
        on: NaiveDate,
        /// What was covered.
        topics: BTreeSet<Topic>,
    },
    /// They successfully completed training that they had attended.
    #[serde(rename = "practitioner.training-completed/1")]
    TrainingCompleted {
        /// On which day.
        on: NaiveDate,
        /// What they completed.
        topics: BTreeSet<Topic>,
    },
    /// A member of a management team or a trainer passed the test.
    #[serde(rename = "practitioner.training-test-passed/1")]
    TrainingTestPassed {
        /// On which day.
        on: NaiveDate,
    },
    /// A member of a management team or a trainer failed the test.
    #[serde(rename = "practitioner.training-test-failed/1")]
    TrainingTestFailed {
        /// On which day.
        on: NaiveDate,
    },
    /// They were handed the security operating procedures.
    #[serde(rename = "practitioner.security-procedures-provided/1")]
    SecurityProceduresProvided {
        /// On which day.
        on: NaiveDate,
        /// Which edition.
        edition: String,
    },
    /// They signed the end-user agreement.
    #[serde(rename = "practitioner.end-user-agreement-signed/1")]
    EndUserAgreementSigned {
        /// On which day.
        on: NaiveDate,
        /// Which edition.
        edition: String,
    },
    /// The ISA began to monitor them.
    #[serde(rename = "practitioner.isa-monitoring-started/1")]
    IsaMonitoringStarted {
        /// From which day.
        on: NaiveDate,
    },
    /// The ISA ceased to monitor them.
    #[serde(rename = "practitioner.isa-monitoring-ended/1")]
    IsaMonitoringEnded {
        /// From which day.
        on: NaiveDate,
    },
    /// They were given a security token of their own.
    #[serde(rename = "practitioner.security-token-issued/1")]
    SecurityTokenIssued {
        /// Which.
        token: TokenId,
    },
    /// A token no longer counts.
    #[serde(rename = "practitioner.security-token-revoked/1")]
    SecurityTokenRevoked {
        /// Which.
        token: TokenId,
    },
    /// The account was authorised: every condition then in force held.
    #[serde(rename = "practitioner.account-authorised/1")]
    AccountAuthorised {
        /// Which kind of account.
        role: AccountRole,
        /// The conditions that were judged, and held.
        conditions: BTreeSet<Condition>,
        /// Under which policy.
        policy: PolicyVersion,
    },
    /// The right to override shields was granted to this one user.
    #[serde(rename = "practitioner.shield-override-right-granted/1")]
    ShieldOverrideRightGranted {
        /// Why they need it.
        justification: Personal<Text>,
    },
    /// The right to override shields was withdrawn.
    #[serde(rename = "practitioner.shield-override-right-withdrawn/1")]
    ShieldOverrideRightWithdrawn {
        /// Why.
        reason: Personal<Text>,
    },
    /// The account was suspended. On suspicion this is a duty (S8).
    #[serde(rename = "practitioner.account-suspended/1")]
    AccountSuspended {
        /// Why.
        cause: SuspensionCause,
        /// In words.
        particulars: Personal<Text>,
    },
    /// The manager was told. Follows a suspension in the same append.
    #[serde(rename = "practitioner.manager-notified/1")]
    ManagerNotified {
        /// Who was told.
        manager: PractitionerId,
    },
    /// An investigation was opened. Follows a suspension on suspicion in the same append.
    #[serde(rename = "practitioner.investigation-opened/1")]
    InvestigationOpened {
        /// Which.
        investigation: InvestigationId,
        /// By which day it should be concluded.
        due: NaiveDate,
    },
    /// The account was reinstated.
    #[serde(rename = "practitioner.account-reinstated/1")]
    AccountReinstated {
        /// The concluded investigation on which this rests, if there was one.
        investigation: Option<InvestigationId>,
        /// Why.
        reason: Personal<Text>,
    },
    /// The account was closed, for good.
    #[serde(rename = "practitioner.account-closed/1")]
    AccountClosed {
        /// Why.
        reason: Personal<Text>,
    },
}
