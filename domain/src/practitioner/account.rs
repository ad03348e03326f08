//! The parts of a standing, each as the alternatives it can be in.

use chrono::{DateTime, NaiveDate, Utc};

use super::{AccountRole, Event, Office, SuspensionCause};
use crate::{
    identity::{InvestigationId, OrganisationId, PractitionerId, TokenId},
    personal::Personal,
    policy::PolicyVersion,
    reason::Text,
    recorded::Recorded,
};

/// Who nominated somebody, and for what.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Nomination {
    /// The organisation they work for.
    pub organisation: OrganisationId,
    /// The kind of account.
    pub role: AccountRole,
    /// Their name.
    pub name: Personal<Text>,
    /// Their surname, for the audit rules on look-ups of relatives.
    pub surname: Personal<Text>,
    /// Who is told when there is suspicion.
    pub manager: PractitionerId,
}

/// An office of the department.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Appointment {
    /// Never appointed.
    #[default]
    None,
    /// Appointed.
    Holds {
        /// To which office.
        office: Office,
    },
    /// The appointment has an end.
    Ended {
        /// Which office it was.
        office: Office,
        /// The first day on which it no longer holds.
        on: NaiveDate,
    },
}

impl Appointment {
    /// The office held on a day.
    pub fn office_on(self, day: NaiveDate) -> Option<Office> {
        match self {
            Self::Holds { office } => Some(office),
            Self::Ended { office, on } if day < on => Some(office),
            Self::None | Self::Ended { .. } => None,
        }
    }

    pub(super) const fn ended(self, on: NaiveDate) -> Self {
        match self {
            Self::Holds { office } | Self::Ended { office, .. } => Self::Ended { office, on },
            Self::None => Self::None,
        }
    }
}

/// The newest enhanced CRB check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrbCheck {
    /// None was ever recorded.
    #[default]
    NotRecorded,
    /// One was recorded. Whether it is still young enough depends on the day and the policy.
    Held {
        /// When it was issued.
        issued_on: NaiveDate,
    },
    /// The clock recorded that it no longer holds. Only a newer check mends that.
    Lapsed {
        /// When it was issued.
        issued_on: NaiveDate,
        /// The first day on which it did not hold.
        on: NaiveDate,
    },
}

impl CrbCheck {
    /// When the newest check was issued.
    pub const fn issued_on(self) -> Option<NaiveDate> {
        match self {
            Self::Held { issued_on } | Self::Lapsed { issued_on, .. } => Some(issued_on),
            Self::NotRecorded => None,
        }
    }

    pub(super) const fn lapsed(self, on: NaiveDate) -> Self {
        match self {
            Self::Held { issued_on } | Self::Lapsed { issued_on, .. } => {
                Self::Lapsed { issued_on, on }
            }
            Self::NotRecorded => Self::NotRecorded,
        }
    }
}

/// How the last test ended. Practitioners take none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestResult {
    /// No test was taken.
    #[default]
    NotTaken,
    /// The last one was passed.
    Passed {
        /// On which day.
        on: NaiveDate,
    },
    /// The last one was failed.
    Failed {
        /// On which day.
        on: NaiveDate,
    },
}

/// A paper that was handed over or signed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Paper {
    /// On which day.
    pub on: NaiveDate,
    /// Which edition.
    pub edition: String,
}

/// Monitoring by the Independent Safeguarding Authority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IsaMonitoring {
    /// Never monitored.
    #[default]
    None,
    /// Monitored.
    Since {
        /// From which day.
        on: NaiveDate,
    },
    /// Monitored for a while.
    Ended {
        /// From which day.
        since: NaiveDate,
        /// The first day on which they were no longer monitored.
        on: NaiveDate,
    },
}

impl IsaMonitoring {
    /// Whether they are monitored on a day.
    pub fn monitored_on(self, day: NaiveDate) -> bool {
        match self {
            Self::None => false,
            Self::Since { on } => on <= day,
            Self::Ended { since, on } => since <= day && day < on,
        }
    }

    pub(super) const fn ended(self, on: NaiveDate) -> Self {
        match self {
            Self::Since { on: since } | Self::Ended { since, .. } => Self::Ended { since, on },
            Self::None => Self::None,
        }
    }
}

/// The security token, the second factor. One at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// None was issued, or none that still counts.
    #[default]
    None,
    /// In their hands.
    Held(TokenId),
}

/// The right to override shields, granted to one user at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverrideRight {
    /// Never granted, or withdrawn.
    #[default]
    NotHeld,
    /// Granted.
    Held,
}

/// How an account was authorised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Authorisation {
    /// The kind of account.
    pub role: AccountRole,
    /// The policy under which the conditions were judged.
    pub policy: PolicyVersion,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why an account is suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suspension {
    /// What the account was authorised for before, if it was.
    pub before: Option<Authorisation>,
    /// Why.
    pub cause: SuspensionCause,
    /// When.
    pub at: DateTime<Utc>,
    /// The investigation that has to be concluded first.
    pub investigation: Option<InvestigationId>,
}

/// The account itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// Not authorised yet.
    #[default]
    NotAuthorised,
    /// Authorised. Whether it may be used today is for [`super::assess`] to say.
    Authorised(Authorisation),
    /// Suspended.
    Suspended(Suspension),
    /// Closed, for good.
    Closed {
        /// When.
        at: DateTime<Utc>,
        /// The suspension in force then: closing does not lift it.
        suspension: Option<Suspension>,
    },
}

impl Account {
    /// What it is or was authorised for, suspended or not; nothing once closed.
    pub const fn authorisation(&self) -> Option<&Authorisation> {
        match self {
            Self::Authorised(authorisation) => Some(authorisation),
            Self::Suspended(suspension) => suspension.before.as_ref(),
            Self::NotAuthorised | Self::Closed { .. } => None,
        }
    }

    /// The suspension in force, on a closed account too.
    pub const fn suspension(&self) -> Option<&Suspension> {
        match self {
            Self::Suspended(suspension) => Some(suspension),
            Self::Closed { suspension, .. } => suspension.as_ref(),
            Self::NotAuthorised | Self::Authorised(_) => None,
        }
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::AccountAuthorised { role, conditions: _, policy } => {
                *self = Self::Authorised(Authorisation {
                    role: *role,
                    policy: *policy,
                    at: recorded.stamp.at,
                });
            }
            Event::AccountSuspended { cause, particulars: _ } => {
                *self = Self::Suspended(Suspension {
                    before: self.authorisation().copied(),
                    cause: *cause,
                    at: recorded.stamp.at,
                    investigation: None,
                });
            }
            Event::InvestigationOpened { investigation, due: _ } => {
                if let Self::Suspended(suspension) = self {
                    suspension.investigation = Some(*investigation);
                }
            }
            Event::AccountReinstated { .. } => {
                *self = self.authorisation().copied().map_or(Self::NotAuthorised, Self::Authorised);
            }
            Event::AccountClosed { reason: _ } => {
                let suspension = self.suspension().copied();
                *self = Self::Closed { at: recorded.stamp.at, suspension };
            }
            Event::ManagerNotified { .. }
            | Event::Nominated { .. }
            | Event::AppointedToDepartment { .. }
            | Event::DepartmentAppointmentEnded { .. }
            | Event::IdentityVerified { .. }
            | Event::EnhancedCrbCheckRecorded { .. }
            | Event::EnhancedCrbCheckExpired { .. }
            | Event::TrainingAttended { .. }
            | Event::TrainingCompleted { .. }
            | Event::TrainingTestPassed { .. }
            | Event::TrainingTestFailed { .. }
            | Event::SecurityProceduresProvided { .. }
            | Event::EndUserAgreementSigned { .. }
            | Event::IsaMonitoringStarted { .. }
            | Event::IsaMonitoringEnded { .. }
            | Event::SecurityTokenIssued { .. }
            | Event::SecurityTokenRevoked { .. }
            | Event::ShieldOverrideRightGranted { .. }
            | Event::ShieldOverrideRightWithdrawn { .. } => {}
        }
    }
}
