//! In what capacity somebody would look, and everything that stands in their way.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Basis, Purpose, Refusal};
use crate::{
    actor::Role,
    caller::{Caller, Needs, NotEntitled, require},
    child::Child,
    organisation::Capability,
    policy::Policy,
};

/// Judges somebody who wants to open a record.
pub(super) fn to_open(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
    purpose: &Purpose,
) -> (Basis, BTreeSet<Refusal>) {
    let (basis, needs) = match caller.role {
        Role::ManagementTeam => (
            Basis::ResponsibleTeam,
            Needs::ManagementTeamUsing(caller.organisation_id, Capability::Shield),
        ),
        Role::Practitioner | Role::Trainer | Role::Official | Role::Auditor | Role::System => {
            (Basis::Practitioner, Needs::Practitioner(Capability::Search))
        }
    };
    let mut refusals = of_caller(policy, caller, at, needs);
    refusals.extend(of_reason(policy, at, purpose));
    refusals.extend((!child.is_live()).then_some(Refusal::NoSuchRecord));
    let responsible = child.responsible_authority() == Some(caller.organisation_id);
    if basis == Basis::ResponsibleTeam && !responsible {
        refusals.insert(Refusal::NotEntitled);
    }
    (basis, refusals)
}

/// Judges somebody who wants to see behind a shield.
pub(super) fn to_override(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
) -> BTreeSet<Refusal> {
    let mut refusals = of_caller(policy, caller, at, Needs::Practitioner(Capability::Search));
    if !caller.standing.holds_override_right() {
        refusals.insert(Refusal::OverrideRightNotHeld);
    }
    refusals.extend((!child.is_live()).then_some(Refusal::NoSuchRecord));
    refusals
}

/// Judges somebody who wants to be put in touch with whoever else works with a child.
pub(super) fn to_ask_for_contact(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
    purpose: &Purpose,
) -> BTreeSet<Refusal> {
    let mut refusals = of_caller(policy, caller, at, Needs::Practitioner(Capability::Search));
    refusals.extend(of_reason(policy, at, purpose));
    refusals.extend((!child.is_live()).then_some(Refusal::NoSuchRecord));
    refusals
}

/// Judges somebody who wants to look behind a shield in order to broker.
pub(super) fn to_broker(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
) -> BTreeSet<Refusal> {
    let needs = Needs::ManagementTeamUsing(caller.organisation_id, Capability::Shield);
    let mut refusals = of_caller(policy, caller, at, needs);
    refusals.extend((!child.is_live()).then_some(Refusal::NoSuchRecord));
    if child.responsible_authority() != Some(caller.organisation_id) {
        refusals.insert(Refusal::NotEntitled);
    }
    refusals
}

/// What stands in the caller's way by their own streams.
pub(crate) fn of_caller(
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
    needs: Needs<'_>,
) -> BTreeSet<Refusal> {
    let refusal = match require(caller, policy, at, needs) {
        Ok(_) => return BTreeSet::new(),
        Err(NotEntitled::Unmet { conditions, policy: _ }) => Refusal::Unmet(conditions),
        Err(NotEntitled::OtherOrganisation { .. }) => Refusal::NotEntitled,
        Err(
            NotEntitled::OtherOffice { .. }
            | NotEntitled::NotAppointed { .. }
            | NotEntitled::OwnStanding,
        ) => Refusal::OfficeMayNotLook,
    };
    BTreeSet::from([refusal])
}

/// Whether the reason's code is in the list of the policy in force.
pub(crate) fn of_reason(policy: &Policy, at: DateTime<Utc>, purpose: &Purpose) -> Option<Refusal> {
    let listed = policy.on(at.date_naive()).1.reason_codes.contains(purpose.code.as_str());
    (!listed).then_some(Refusal::ReasonNotListed)
}
