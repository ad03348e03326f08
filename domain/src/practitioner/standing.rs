//! Rule U1: somebody may use the directory only while every condition of an authorised user holds.
//!
//! Source: HL4246 (check, training, procedures, agreement, ISA; tests for management teams and
//! trainers only); HL4249 ("only to those authorised users … subject to vetting and have completed
//! mandatory training"); Commons 12 October 2009, 283329 (accredited organisation, suspension).
//! Reading: a check lapses *on* the day the policy's months are over (its third anniversary; one of
//! 29 February lapses on 28 February), and a day is a day in UTC. The last test counts. Topics count
//! together, whatever course they were part of. All of it is judged afresh at every use, and the same
//! function answers for a past day when it is given the states of that day.

use std::collections::BTreeSet;

use chrono::{DateTime, Months, NaiveDate, Utc};

use super::{AccountRole, Condition, CrbCheck, Practitioner, TestResult, Token};
use crate::{
    organisation::{Capability, Organisation},
    policy::{Policy, PolicyVersion, Values},
};

/// What was found when the conditions were judged.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// The conditions that applied.
    pub judged: BTreeSet<Condition>,
    /// Those that did not hold.
    pub unmet: BTreeSet<Condition>,
    /// The policy they were judged under.
    pub policy: PolicyVersion,
    /// If all hold now: the first day on which one will not, if nothing else happens.
    pub lapses_on: Option<NaiveDate>,
}

impl Standing {
    /// Whether every condition holds.
    pub fn authorised(&self) -> bool {
        self.unmet.is_empty()
    }
}

/// Judges somebody in an account role, of an organisation, at an instant; with a capability, also
/// whether the organisation has been enabled for that part of the system.
pub fn assess(
    practitioner: &Practitioner,
    organisation: &Organisation,
    policy: &Policy,
    role: AccountRole,
    capability: Option<Capability>,
    at: DateTime<Utc>,
) -> Standing {
    let day = at.date_naive();
    let (version, values) = policy.on(day);
    let used = Used { practitioner, organisation, role, capability };
    let judged = used.judged(values, day);
    let unmet = used.unmet(values, day);
    let lapses_on = if unmet.is_empty() { used.first_day_unmet(policy, day) } else { None };
    Standing { judged, unmet, policy: version, lapses_on }
}

/// The day on which a check issued on a day lapses.
pub fn crb_check_lapses_on(issued_on: NaiveDate, values: &Values) -> NaiveDate {
    issued_on.checked_add_months(Months::new(values.crb_valid_months)).unwrap_or(NaiveDate::MAX)
}

/// Who is judged, and for what.
#[derive(Clone, Copy)]
pub(super) struct Used<'a> {
    pub(super) practitioner: &'a Practitioner,
    pub(super) organisation: &'a Organisation,
    pub(super) role: AccountRole,
    pub(super) capability: Option<Capability>,
}

impl Used<'_> {
    /// The conditions that apply on a day.
    pub(super) fn judged(self, values: &Values, day: NaiveDate) -> BTreeSet<Condition> {
        let tested = match self.role {
            AccountRole::Practitioner => None,
            AccountRole::ManagementTeam | AccountRole::Trainer => Some(Condition::TestPassed),
        };
        let monitored = values.isa_in_force_from.filter(|from| *from <= day);
        [
            Condition::OrganisationAccredited,
            Condition::Nominated,
            Condition::IdentityVerified,
            Condition::CurrentCrbCheck,
            Condition::TrainingCompleted,
            Condition::ProceduresProvided,
            Condition::AgreementSigned,
            Condition::SecurityToken,
            Condition::AccountAuthorised,
            Condition::NotSuspended,
            Condition::NotClosed,
        ]
        .into_iter()
        .chain(tested)
        .chain(monitored.map(|_| Condition::IsaMonitored))
        .chain(self.capability.map(|_| Condition::CapabilityEnabled))
        .collect()
    }

    /// Those that apply on a day, and do not hold.
    pub(super) fn unmet(self, values: &Values, day: NaiveDate) -> BTreeSet<Condition> {
        let mut judged = self.judged(values, day);
        judged.retain(|condition| !self.holds(*condition, values, day));
        judged
    }

    fn holds(self, condition: Condition, values: &Values, day: NaiveDate) -> bool {
        let person = self.practitioner;
        match condition {
            Condition::OrganisationAccredited => self.organisation.accredited_on(day),
            Condition::CapabilityEnabled => {
                self.capability.is_none_or(|capability| self.organisation.enabled(capability))
            }
            Condition::Nominated => person.nomination().is_some_and(|nomination| {
                nomination.role == self.role
                    && self.organisation.id() == Some(nomination.organisation)
            }),
            Condition::IdentityVerified => person.identity().is_some(),
            Condition::CurrentCrbCheck => match person.crb_check() {
                CrbCheck::NotRecorded | CrbCheck::Lapsed { .. } => false,
                CrbCheck::Held { issued_on } => {
                    issued_on <= day && day < crb_check_lapses_on(issued_on, values)
                }
            },
            Condition::TrainingCompleted => values.mandatory_topics.iter().all(|topic| {
                person.completed().get(topic).is_some_and(|on| *on <= day)
                    && person.attended().contains_key(topic)
            }),
            Condition::TestPassed => match person.test() {
                TestResult::Passed { on } => on <= day,
                TestResult::NotTaken | TestResult::Failed { .. } => false,
            },
            Condition::ProceduresProvided => person.procedures().is_some_and(|it| it.on <= day),
            Condition::AgreementSigned => person.agreement().is_some_and(|it| it.on <= day),
            Condition::IsaMonitored => person.isa().monitored_on(day),
            Condition::SecurityToken => matches!(person.token(), Token::Held(_)),
            Condition::AccountAuthorised => {
                person.account().authorisation().is_some_and(|it| it.role == self.role)
            }
            Condition::NotSuspended => person.account().suspension().is_none(),
            Condition::NotClosed => !person.is_closed(),
        }
    }

    /// Tries every later day on which anything dated changes, in order.
    fn first_day_unmet(self, policy: &Policy, day: NaiveDate) -> Option<NaiveDate> {
        let mut turns: BTreeSet<NaiveDate> =
            self.organisation.accredited_until().into_iter().collect();
        let issued_on = self.practitioner.crb_check().issued_on();
        let (_, now) = policy.on(day);
        for (from, values) in std::iter::once((day, now))
            .chain(policy.adopted().iter().map(|set| (set.effective_from, &set.values)))
        {
            turns.insert(from);
            turns.extend(values.isa_in_force_from);
            turns.extend(issued_on.map(|issued| crb_check_lapses_on(issued, values)));
        }
        turns
            .into_iter()
            .filter(|turn| *turn > day)
            .find(|turn| !self.unmet(policy.on(*turn).1, *turn).is_empty())
    }
}
