//! The standing of a person: what they must have done before they may look, and what they hold.
//!
//! One stream is one account: nominated once, by one organisation, for one role. Somebody who serves
//! in two roles holds two accounts, so a look is always made in one of them.

mod account;
mod condition;
mod custody;
mod event;
mod standing;

pub mod appoint_to_department;
pub mod authorise_account;
pub mod begin_isa_monitoring;
pub mod close_account;
pub mod complete_training;
pub mod demand_examination;
pub mod end_appointment;
pub mod end_isa_monitoring;
pub mod grant_override_right;
pub mod issue_token;
pub mod nominate;
pub mod provide_procedures;
pub mod record_crb_check;
pub mod record_lapse;
pub mod record_test;
pub mod record_training_attended;
pub mod reinstate;
pub mod revoke_token;
pub mod sign_agreement;
pub mod suspend;
pub mod verify_identity;
pub mod withdraw_override_right;

pub use account::{
    Account, Appointment, Authorisation, CrbCheck, IsaMonitoring, Nomination, OverrideRight, Paper,
    Suspension, TestResult, Token,
};
pub use condition::Condition;
pub use custody::NoOpenAccount;
pub use event::{AccountRole, Event, IdentityEvidence, Office, SuspensionCause, Topic};
pub use standing::{Standing, assess, crb_check_lapses_on};

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::{
    fold::Fold,
    identity::{PractitionerId, TokenId},
    recorded::Recorded,
    stream::Stream,
};

/// Everything the rules need to know of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Practitioner {
    id: Option<PractitionerId>,
    nomination: Option<Nomination>,
    appointment: Appointment,
    identity: Option<IdentityEvidence>,
    crb_check: CrbCheck,
    attended: BTreeMap<Topic, NaiveDate>,
    completed: BTreeMap<Topic, NaiveDate>,
    test: TestResult,
    procedures: Option<Paper>,
    agreement: Option<Paper>,
    isa: IsaMonitoring,
    token: Token,
    revoked_tokens: BTreeSet<TokenId>,
    account: Account,
    override_right: OverrideRight,
}

impl Practitioner {
    /// Whose stream this is; none before its first event.
    pub const fn id(&self) -> Option<PractitionerId> {
        self.id
    }

    /// By whom they were nominated, and for what.
    pub const fn nomination(&self) -> Option<&Nomination> {
        self.nomination.as_ref()
    }

    /// The office of the department they hold or held.
    pub const fn appointment(&self) -> Appointment {
        self.appointment
    }

    /// On what their identity was verified.
    pub const fn identity(&self) -> Option<IdentityEvidence> {
        self.identity
    }

    /// The newest enhanced CRB check.
    pub const fn crb_check(&self) -> CrbCheck {
        self.crb_check
    }

    /// Each topic of which they attended training, with the first day.
    pub const fn attended(&self) -> &BTreeMap<Topic, NaiveDate> {
        &self.attended
    }

    /// Each topic that they successfully completed, with the first day.
    pub const fn completed(&self) -> &BTreeMap<Topic, NaiveDate> {
        &self.completed
    }

    /// How their last test ended.
    pub const fn test(&self) -> TestResult {
        self.test
    }

    /// The security operating procedures they were handed last.
    pub const fn procedures(&self) -> Option<&Paper> {
        self.procedures.as_ref()
    }

    /// The end-user agreement they signed last.
    pub const fn agreement(&self) -> Option<&Paper> {
        self.agreement.as_ref()
    }

    /// Whether the ISA monitors them.
    pub const fn isa(&self) -> IsaMonitoring {
        self.isa
    }

    /// Their security token.
    pub const fn token(&self) -> Token {
        self.token
    }

    /// Every token of theirs that no longer counts.
    pub const fn revoked_tokens(&self) -> &BTreeSet<TokenId> {
        &self.revoked_tokens
    }

    /// Their account.
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// Whether they hold the right to override shields. Says nothing of the conditions of use.
    pub const fn holds_override_right(&self) -> bool {
        matches!(self.override_right, OverrideRight::Held)
    }

    /// Whether the account is closed, for good.
    pub const fn is_closed(&self) -> bool {
        matches!(self.account, Account::Closed { .. })
    }
}

impl Fold for Practitioner {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        if let Stream::Practitioner(id) = recorded.stamp.stream {
            self.id = Some(id);
        }
        match &recorded.event {
            Event::Nominated { organisation, role, name, surname, manager, need: _ } => {
                self.nomination = Some(Nomination {
                    organisation: *organisation,
                    role: *role,
                    name: name.clone(),
                    surname: surname.clone(),
                    manager: *manager,
                });
            }
            Event::AppointedToDepartment { office, name: _ } => {
                self.appointment = Appointment::Holds { office: *office };
            }
            Event::DepartmentAppointmentEnded { on } => {
                self.appointment = self.appointment.ended(*on);
            }
            Event::IdentityVerified { evidence, home: _ } => self.identity = Some(*evidence),
            Event::EnhancedCrbCheckRecorded { issued_on, disclosure_number: _ } => {
                self.crb_check = CrbCheck::Held { issued_on: *issued_on };
            }
            Event::EnhancedCrbCheckExpired { on } => self.crb_check = self.crb_check.lapsed(*on),
            Event::TrainingAttended { on, topics } => {
                for topic in topics {
                    self.attended.entry(*topic).or_insert(*on);
                }
            }
            Event::TrainingCompleted { on, topics } => {
                for topic in topics {
                    self.completed.entry(*topic).or_insert(*on);
                }
            }
            Event::TrainingTestPassed { on } => self.test = TestResult::Passed { on: *on },
            Event::TrainingTestFailed { on } => self.test = TestResult::Failed { on: *on },
            Event::SecurityProceduresProvided { on, edition } => {
                self.procedures = Some(Paper { on: *on, edition: edition.clone() });
            }
            Event::EndUserAgreementSigned { on, edition } => {
                self.agreement = Some(Paper { on: *on, edition: edition.clone() });
            }
            Event::IsaMonitoringStarted { on } => self.isa = IsaMonitoring::Since { on: *on },
            Event::IsaMonitoringEnded { on } => self.isa = self.isa.ended(*on),
            Event::SecurityTokenIssued { token } => self.token = Token::Held(*token),
            Event::SecurityTokenRevoked { token } => {
                self.token = Token::None;
                self.revoked_tokens.insert(*token);
            }
            Event::ShieldOverrideRightGranted { justification: _ } => {
                self.override_right = OverrideRight::Held;
            }
            Event::ShieldOverrideRightWithdrawn { reason: _ } => {
                self.override_right = OverrideRight::NotHeld;
            }
            Event::AccountAuthorised { .. }
            | Event::AccountSuspended { .. }
            | Event::ManagerNotified { .. }
            | Event::InvestigationOpened { .. }
            | Event::AccountReinstated { .. }
            | Event::AccountClosed { .. } => self.account.evolve(recorded),
        }
    }
}
