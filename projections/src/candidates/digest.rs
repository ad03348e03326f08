//! Keyed digests of what a search may ask about.

use aws_lc_rs::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use domain::child::{Gender, alike};

/// Eight bytes of a keyed hash. That two values share one only widens a search by a record that the
/// fold then drops.
pub(super) type Digest = u64;

/// The machine has no randomness to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no random key can be had for the search index")]
pub struct NoRandomness;

/// Makes digests under a key of its own.
pub(super) struct Digests(hmac::Key);

impl Digests {
    pub(super) fn new() -> Result<Self, NoRandomness> {
        let mut key = [0_u8; 32];
        SystemRandom::new().fill(&mut key).map_err(|_| NoRandomness)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// Of a text, as alike as the search's own comparison takes texts to be.
    pub(super) fn text(&self, field: &[u8], text: &str) -> Digest {
        self.digest(field, alike(text).as_bytes())
    }

    pub(super) fn day(&self, day: chrono::NaiveDate) -> Digest {
        self.digest(b"date-of-birth", &chrono::Datelike::num_days_from_ce(&day).to_be_bytes())
    }

    pub(super) fn gender(&self, gender: Gender) -> Digest {
        let code = match gender {
            Gender::Female => 1,
            Gender::Male => 2,
            Gender::NotSpecified => 3,
        };
        self.digest(b"gender", &[code])
    }

    fn digest(&self, field: &[u8], value: &[u8]) -> Digest {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(field);
        context.update(&[0]);
        context.update(value);
        let tag = context.sign();
        tag.as_ref().iter().take(8).fold(0, |digest, byte| (digest << 8) | u64::from(*byte))
    }
}

impl std::fmt::Debug for Digests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[key]")
    }
}
