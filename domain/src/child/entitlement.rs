//! Who may write to a child's record, and to its shield.
//!
//! Rule R2: a record is written by authorised users of an organisation enabled for it; what belongs to
//! the responsible authority is done by its management team alone.
//!
//! Source: what practitioners and management teams may do, S1b, S25, S27; responsibility, S3; shielding
//! by the local authority, HL4249 and S1b (regulation 6(5)).
//! Reading: a record in quarantine is there for the management team of its responsible authority
//! only. To everybody else it is as if it did not exist, whatever they ask. No answer to a writer depends on
//! anything that a shield may hide: not on the shield, and not on a value or its absence. Where that would
//! need a refusal ("there is no school to end"), the fact is recorded and changes nothing. What is named by
//! its handle is the exception: handles are random, so whoever has one has seen what it stands for.

use chrono::{DateTime, Utc};

use super::{Child, RecordStanding};
use crate::{
    actor::Role,
    caller::{Caller, Needs, NotEntitled, require},
    organisation::Capability,
    policy::Policy,
};

/// Why somebody may not write here at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// Something is lacking in the caller's own standing, or in their organisation's.
    #[error("the caller is not entitled to this")]
    NotEntitled(NotEntitled),
    /// There is no record here that this caller may know of.
    #[error("there is no such record")]
    NoSuchRecord,
    /// The caller's authority is not the responsible one.
    #[error("the caller's authority is not responsible for this record")]
    NotResponsible,
}

/// Whether the caller may write to this record, as a user.
pub(crate) fn user(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
    capability: Capability,
) -> Result<(), Barred> {
    require(caller, policy, at, Needs::User(capability)).map_err(Barred::NotEntitled)?;
    knows_of(child, caller)
}

/// Whether the caller may know that there is a record here.
pub(crate) fn knows_of(child: &Child, caller: &Caller<'_>) -> Result<(), Barred> {
    if child.is_live() || (child.is_quarantined() && is_responsible_team(child, caller)) {
        Ok(())
    } else {
        Err(Barred::NoSuchRecord)
    }
}

/// Whether the caller may decide what is the responsible authority's to decide.
pub(crate) fn responsible_team(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
    capability: Capability,
) -> Result<(), Barred> {
    team(caller, policy, at, capability)?;
    let responsible = is_responsible_team(child, caller);
    match child.standing() {
        RecordStanding::Absent
        | RecordStanding::SameChild
        | RecordStanding::Archived { .. }
        | RecordStanding::Purged => Err(Barred::NoSuchRecord),
        RecordStanding::Quarantined { .. } if !responsible => Err(Barred::NoSuchRecord),
        RecordStanding::Live if !responsible => Err(Barred::NotResponsible),
        RecordStanding::Live | RecordStanding::Quarantined { .. } => Ok(()),
    }
}

/// Whether the caller is of a management team, of an organisation enabled for this part.
///
/// Whose record it is stays out of the question put here, because the refusal would name the
/// authority, and under a shield that is part of the whereabouts.
pub(crate) fn team(
    caller: &Caller<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
    capability: Capability,
) -> Result<(), Barred> {
    let needs = Needs::ManagementTeamUsing(caller.organisation_id, capability);
    require(caller, policy, at, needs).map(drop).map_err(Barred::NotEntitled)
}

/// Whether the caller belongs to the management team of the responsible authority.
pub(crate) fn is_responsible_team(child: &Child, caller: &Caller<'_>) -> bool {
    caller.role == Role::ManagementTeam
        && child.responsible_authority() == Some(caller.organisation_id)
}
