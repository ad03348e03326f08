//! Rule U3: the identity of a user is verified, on stated evidence.
//!
//! Source: "ContactPoint: ready for the rollout" (trade press, S30).
//! Reading: the kinds of evidence are ours. It is verified once; other evidence may be added, and an
//! address that it shows. The address serves the audit of unusual looks (L1) alone, and is on no screen.

use chrono::{DateTime, Utc};

use super::{
    Event, IdentityEvidence, Practitioner,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    child::Address,
    personal::Personal,
    policy::Policy,
};

/// Verify an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyIdentity {
    /// Now.
    pub at: DateTime<Utc>,
    /// On what evidence.
    pub evidence: IdentityEvidence,
    /// The address that the evidence shows, if it shows one.
    pub home: Option<Personal<Address>>,
}

/// Why an identity is not recorded as verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
}

/// Records the evidence; quiet if it is the same as before.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &VerifyIdentity,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;

    if practitioner.identity() == Some(command.evidence) && command.home.is_none() {
        return Ok(Vec::new());
    }
    let (evidence, home) = (command.evidence, command.home.clone());
    Ok(vec![Event::IdentityVerified { evidence, home }])
}
