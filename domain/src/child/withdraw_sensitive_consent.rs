//! Rule R16: when consent to a sensitive involvement is withdrawn, it is hidden at once from everybody.
//!
//! Source: recorded only with consent, S7; the other basis is regulation 11(3), S5b.
//! Reading: the provider records the withdrawal, or the management team of the responsible authority.
//! An involvement that rests on suspected harm has no consent that could be withdrawn. Withdrawing
//! twice is quiet. Whoever may not withdraw is told that there is no such involvement.

use chrono::{DateTime, Utc};

use super::{
    Child, Event, SensitiveBasis,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, identity::InvolvementId, organisation::Capability, policy::Policy};

/// Withdraws consent to a sensitive involvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawSensitiveConsent {
    /// When.
    pub at: DateTime<Utc>,
    /// Which involvement.
    pub involvement: InvolvementId,
}

/// Why nothing is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// There is no such involvement that this caller may know of.
    #[error("there is no such involvement")]
    NoSuchInvolvement,
    /// It rests on suspected harm, not on consent.
    #[error("the involvement does not rest on consent")]
    NotByConsent,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &WithdrawSensitiveConsent,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    let responsible = entitlement::is_responsible_team(child, caller);
    let own = |provider| responsible || provider == Some(caller.organisation_id);
    if let Some(provider) = child.withdrawn().get(&command.involvement) {
        return if own(*provider) { Ok(Vec::new()) } else { Err(Rejection::NoSuchInvolvement) };
    }
    match child.sensitive_involvements().get(&command.involvement) {
        Some(found) if own(found.provider) => match found.basis {
            SensitiveBasis::ConsentOfChild | SensitiveBasis::ConsentOfCarer => {
                Ok(vec![Event::SensitiveConsentWithdrawn { involvement: command.involvement }])
            }
            SensitiveBasis::SuspectedHarm => Err(Rejection::NotByConsent),
        },
        Some(_) | None => Err(Rejection::NoSuchInvolvement),
    }
}
