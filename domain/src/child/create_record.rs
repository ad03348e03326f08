//! Rule R3: a record of a child is created with one responsible authority; one that nearly matches
//! another is quarantined, and its creator is told nothing of that.
//!
//! Source: records allocated to a local authority, S1, S3; everybody under 18, and over 18 by consent
//! only, S1, S3, S28b; automatic refresh made unshielded duplicates of shielded children, S24, S9c, S23b.
//! Reading: near matches are found at the edge and come in with the command. Any match, shielded or not,
//! quarantines the new record, so that quarantine itself says nothing about a shield. No refusal depends
//! on the matches, and the edge must answer alike with and without them: neither the events nor their
//! number are for the caller. Participation over 18 rests on the person's consent, which follows a
//! record that exists; so nobody enters at 18 or over. The source of the facts is the creator's office.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    Child, ChildNumber, DateOfBirth, Event, Gender, Name, Whereabouts, entitlement::Barred,
    source_of,
};
use crate::{
    caller::{Caller, Needs, require},
    identity::{ChildRef, OrganisationId},
    organisation::{Capability, Organisation, OrganisationKind},
    personal::Personal,
    policy::Policy,
};

/// The age at which a record needs the person's own consent (S3).
const CONSENT_NEEDED_FROM: u32 = 18;

/// Creates a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// The number chosen for the child.
    pub number: ChildNumber,
    /// The name.
    pub name: Name,
    /// Gender, or that it is not specified.
    pub gender: Gender,
    /// Date of birth.
    pub date_of_birth: DateOfBirth,
    /// Where the child is, or why that is not known.
    pub whereabouts: Whereabouts,
    /// The authority that is to be responsible.
    pub authority: OrganisationId,
    /// Records that this one nearly matches, shielded ones included. Found by the edge.
    pub matches: BTreeSet<ChildRef>,
}

/// Something about the new record that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unmet {
    /// The date of birth lies in the future.
    #[error("the date of birth lies in the future")]
    BornInTheFuture,
    /// The person is 18 or over, so would have to consent first.
    #[error("the person is 18 or over")]
    NotUnderEighteen,
    /// The body named is not a local authority.
    #[error("the body named as responsible is not a local authority")]
    NotALocalAuthority,
    /// The authority named is not accredited.
    #[error("the authority named as responsible is not accredited")]
    NotAccredited,
}

/// Why no record is created.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not create records.
    #[error(transparent)]
    Barred(Barred),
    /// The handle is taken. Handles are chosen at random, so this tells of a repeated request only.
    #[error("a record with this handle exists")]
    HandleTaken,
    /// Everything about the new record that stands in the way.
    #[error("the record cannot be created as described")]
    Unmet(BTreeSet<Unmet>),
}

/// Decides. `authority` is the state of the authority that the command names.
///
/// # Errors
/// Names everything that stands in the way.
pub fn decide(
    child: &Child,
    authority: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &CreateRecord,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::User(Capability::Update))
        .map_err(|lacking| Rejection::Barred(Barred::NotEntitled(lacking)))?;
    if child.exists() {
        return Err(Rejection::HandleTaken);
    }
    let unmet = unmet(authority, command);
    if !unmet.is_empty() {
        return Err(Rejection::Unmet(unmet));
    }
    let mut events = vec![Event::RecordCreated {
        number: Personal::Known(command.number.clone()),
        name: Personal::Known(command.name.clone()),
        gender: Personal::Known(command.gender),
        date_of_birth: Personal::Known(command.date_of_birth),
        whereabouts: Personal::Known(command.whereabouts.clone()),
        source: source_of(caller),
    }];
    if !command.matches.is_empty() {
        events.push(Event::RecordQuarantined { matches: command.matches.clone() });
    }
    events.push(Event::ResponsibilityAllocated { authority: command.authority });
    Ok(events)
}

fn unmet(authority: &Organisation, command: &CreateRecord) -> BTreeSet<Unmet> {
    let mut unmet = BTreeSet::new();
    let day = command.at.date_naive();
    let born = command.date_of_birth.expose();
    if born > day {
        unmet.insert(Unmet::BornInTheFuture);
    }
    if day.years_since(born).is_some_and(|age| age >= CONSENT_NEEDED_FROM) {
        unmet.insert(Unmet::NotUnderEighteen);
    }
    if authority.registration().map(|known| known.kind) != Some(OrganisationKind::LocalAuthority) {
        unmet.insert(Unmet::NotALocalAuthority);
    }
    if !authority.accredited_on(day) {
        unmet.insert(Unmet::NotAccredited);
    }
    unmet
}
