//! Rule A3: a record opens only for somebody who meets every condition at that instant, and says why.
//!
//! Source: HL4246 (the conditions); "users must state a reason", "clear reasons" (S5, S9d); the
//! matrix of who sees what (S1b, S27): a practitioner as one, a management team only where its own
//! authority is responsible.
//! Reading: the reason is a code of the policy's list and words of their own. A refusal is recorded
//! with everything that stood in the way, before the caller is told. A team needs to be enabled for
//! shielding, since all authorities were given that first and alone (S12b); a practitioner's
//! organisation must be enabled for search. A record in quarantine is refused and that is recorded,
//! but the caller hears what they would hear of a handle that names nothing. Of such a handle nothing
//! is recorded: there is no stream for it to stand in, and an access stream must not come before its
//! record. Nobody reads a record through another opening: every look is an opening of its own. Who else
//! looked is no condition, so an opening does not rest on the access stream; its handle follows from the
//! request, as the identities of its events do, and a request that comes again is found before it is decided.

use chrono::{DateTime, Utc};

use super::{Decided, Event, Purpose, entitlement, visible};
use crate::{caller::Caller, child::Child, identity::OpeningId, policy::Policy, shield::Shield};

/// Open a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// The handle of the opening, chosen by the edge: no other request's.
    pub opening: OpeningId,
    /// Why.
    pub purpose: Purpose,
}

/// Decides whether the record opens, and what it shows.
pub fn decide(
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &OpenRecord,
) -> Decided<Event> {
    let OpenRecord { at, opening, purpose } = command;
    let (basis, refusals) = entitlement::to_open(child, policy, caller, *at, purpose);
    if !refusals.is_empty() {
        let refused = Event::AccessRefused {
            purpose: purpose.clone(),
            sought: basis,
            refusals: refusals.clone(),
        };
        let events = child.exists().then_some(refused).into_iter().collect();
        return Decided::refused(events, refusals);
    }
    let seen = visible(child, shield, basis, policy.on(at.date_naive()).1);
    Decided::granted(vec![Event::RecordOpened {
        opening: *opening,
        purpose: purpose.clone(),
        basis,
        shield: shield.state(),
        shown: seen.shown,
        withheld: seen.withheld,
    }])
}
