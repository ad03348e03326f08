//! Rule O4: an organisation is enabled part by part: shielding first, search after the shields are on.
//!
//! Source: Commons 28 January 2009 (all authorities enabled for shielding only); Lords 16 October 2008
//! (shields applied before any practitioner had access); R14 of the facts.
//! Reading: search needs the organisation's own shielding phase signed off, where it has one (authorities
//! and national partners), and, while the policy says so, that of every authority given with the command,
//! since a user of one can see children of another. Shielding and updating wait for accreditation only.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Capability, Event, Organisation, OrganisationKind, ShieldingPhase};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    identity::OrganisationId,
    policy::Policy,
};

/// Enable an organisation for a part of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnableCapability {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which part.
    pub capability: Capability,
}

/// Why it is not enabled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not registered.
    #[error("no such organisation is registered")]
    NotRegistered,
    /// It is not accredited.
    #[error("the organisation is not accredited")]
    NotAccredited,
    /// Shielding is not signed off: every organisation that is still to do so.
    #[error("search waits until shielding is signed off by {organisations:?}")]
    ShieldingNotSignedOff {
        /// All of them.
        organisations: BTreeSet<OrganisationId>,
    },
}

/// Enables the organisation; quiet if it is enabled. `authorities` are all that there are.
pub fn decide(
    organisation: &Organisation,
    authorities: &[&Organisation],
    policy: &Policy,
    caller: &Caller<'_>,
    command: &EnableCapability,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::Official)?;
    let id = organisation.id().filter(|_| organisation.registration().is_some());
    let id = id.ok_or(Rejection::NotRegistered)?;
    let today = command.at.date_naive();
    if !organisation.accredited_on(today) {
        return Err(Rejection::NotAccredited);
    }
    if organisation.enabled(command.capability) {
        return Ok(Vec::new());
    }
    match command.capability {
        Capability::Shield | Capability::Update => {}
        Capability::Search => {
            let mut organisations = BTreeSet::new();
            if still_shielding(organisation) {
                organisations.insert(id);
            }
            if policy.on(today).1.search_waits_for_shielding {
                let waiting = authorities.iter().filter(|authority| still_shielding(authority));
                organisations.extend(waiting.filter_map(|authority| authority.id()));
            }
            if !organisations.is_empty() {
                return Err(Rejection::ShieldingNotSignedOff { organisations });
            }
        }
    }
    Ok(vec![Event::CapabilityEnabled { capability: command.capability }])
}

/// Whether it has shields of its own to apply, and has not signed them off.
fn still_shielding(organisation: &Organisation) -> bool {
    let shields = match organisation.registration().map(|it| it.kind) {
        Some(OrganisationKind::LocalAuthority | OrganisationKind::NationalPartner) => true,
        Some(OrganisationKind::Department | OrganisationKind::Other) | None => false,
    };
    let signed_off = match organisation.shielding() {
        ShieldingPhase::Completed { .. } => true,
        ShieldingPhase::NotReported | ShieldingPhase::Underway { .. } => false,
    };
    shields && !signed_off
}
