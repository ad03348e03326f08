//! Tokens that were found to be good: the same one again costs no second check of its signature.
//!
//! Nothing is decided by that. The trusted keys are read once, when the server starts, so that a signature that
//! was good stays good. A token is answered from here only between the second at which it was checked and the
//! second at which it expires; before and after that it is checked anew, and refused for its own reason. What a
//! person may do comes from their own streams, each time.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use event_log::recent::Recent;

use super::Claims;

/// How many tokens are kept at hand, up to twice as many.
const AT_HAND: usize = 20_000;

/// By the digest of the token, which is not kept: a token is a secret, and claims hold handles and codes.
type Digest = [u8; 32];

/// The tokens that were found to be good.
pub(super) struct Verified(Mutex<Recent<Digest, Found>>);

#[derive(Clone)]
struct Found {
    claims: Arc<Claims>,
    /// When it was checked, in seconds since 1970.
    at: u64,
}

impl Verified {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Recent::new(AT_HAND)))
    }

    /// What a token says, if it was found to be good and this is within its time.
    pub(super) fn get(&self, token: &str, now: u64) -> Option<Arc<Claims>> {
        let found = self.tokens().get(&named(token)?)?;
        (found.at <= now && now <= found.claims.exp).then_some(found.claims)
    }

    /// Keeps what a token says that was found to be good at a second.
    pub(super) fn put(&self, token: &str, claims: Arc<Claims>, at: u64) {
        if let Some(name) = named(token) {
            self.tokens().put(name, Found { claims, at });
        }
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, Recent<Digest, Found>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn named(token: &str) -> Option<Digest> {
    digest(&SHA256, token.as_bytes()).as_ref().try_into().ok()
}

#[cfg(test)]
mod tests {
    use domain::{
        actor::Role,
        identity::{OrganisationId, PractitionerId},
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_token_is_known_again_between_its_check_and_its_end_and_no_other_is() {
        let claims = Arc::new(Claims {
            sub: PractitionerId::new(Uuid::from_u128(1)),
            role: Role::Auditor,
            org: OrganisationId::DEPARTMENT,
            exp: 200,
            iss: None,
            aud: None,
            amr: ["mfa".to_owned()].into(),
            acr: None,
            on_behalf_of: None,
        });
        let verified = Verified::new();
        verified.put("a.b.c", claims, 100);
        let known = |token, now| verified.get(token, now).is_some();
        let times = [99, 100, 200, 201].map(|now| known("a.b.c", now));
        assert_eq!(times, [false, true, true, false]);
        assert!(!known("a.b.C", 150) && !known("a.b", 150));
    }
}
