//! Rule S1: anybody with reason may ask for a shield, through somebody who may use the directory.
//!
//! Source: parents or anyone with reason may ask, S9e; signed form, identity evidence for the requester,
//! S35; several services may each ask, S38.
//! Reading: a practitioner asks of their own accord, or conveys the request of a child, a carer or
//! somebody else, whose identity must have been checked. Asking needs no responsibility for the record;
//! asking for the authority itself does. A request while one is pending, or while the record is
//! shielded, is recorded like any other and answered alike, so that asking does not show a shield.

use chrono::{DateTime, Utc};

use super::{Event, Grounds, Requester, Shield};
use crate::{
    caller::{Caller, Needs, require},
    child::{Barred, Child, entitlement},
    identity::ShieldRequestId,
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Who asks, or challenges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Who.
    pub requester: Requester,
    /// Whether their identity was checked.
    pub identity_checked: bool,
}

/// Asks for a shield.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestShield {
    /// When.
    pub at: DateTime<Utc>,
    /// Which request.
    pub request: ShieldRequestId,
    /// Who asks.
    pub requester: Requester,
    /// Whether the identity of the one who asks was checked.
    pub identity_checked: bool,
    /// The grounds given.
    pub grounds: Grounds,
    /// The circumstances, in words.
    pub circumstances: Text,
}

/// Why no request is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not ask, or not for this requester.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The identity of the one who asks was not checked.
    #[error("the identity of the requester has not been checked")]
    IdentityNotChecked,
}

/// Decides. The shield is not looked at: no answer depends on it.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    _shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RequestShield,
) -> Result<Vec<Event>, Rejection> {
    let RequestShield { requester, identity_checked, .. } = *command;
    may_ask(child, policy, caller, command.at, Asker { requester, identity_checked })?;
    Ok(vec![Event::Requested {
        request: command.request,
        requester: command.requester,
        identity_checked: command.identity_checked,
        grounds: command.grounds.clone(),
        circumstances: Personal::Known(command.circumstances.clone()),
    }])
}

/// Whether the caller may ask for a shield, for this asker.
pub(super) fn may_ask(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
    asker: Asker,
) -> Result<(), Rejection> {
    let needs = [
        Needs::Practitioner(Capability::Search),
        Needs::ManagementTeamUsing(caller.organisation_id, Capability::Shield),
    ];
    require(caller, policy, at, Needs::AnyOf(&needs)).map_err(Barred::NotEntitled)?;
    entitlement::knows_of(child, caller)?;
    match asker.requester {
        Requester::Practitioner => Ok(()),
        Requester::Authority if entitlement::is_responsible_team(child, caller) => Ok(()),
        Requester::Authority => Err(Barred::NotResponsible.into()),
        Requester::Child | Requester::Carer | Requester::Other if asker.identity_checked => Ok(()),
        Requester::Child | Requester::Carer | Requester::Other => {
            Err(Rejection::IdentityNotChecked)
        }
    }
}
