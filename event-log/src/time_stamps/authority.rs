//! Asking a time-stamping authority, and checking what it answers.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sigstore_tsa::{TsaAuthority, verify_timestamp_for_authority};
use sigstore_types::{DerCertificate, SignatureBytes, TimestampToken};

/// What stands before the hash in a `TimeStampReq` (RFC 3161 section 2.4.1): version 1, SHA-256.
const BEFORE_THE_HASH: [u8; 24] = [
    0x30, 0x39, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/// What stands behind it: the certificate of the authority shall come with the answer.
const BEHIND_THE_HASH: [u8; 3] = [0x01, 0x01, 0xff];

/// Asks for a time-stamp of the text of a checkpoint (`application/timestamp-query`).
///
/// There is no nonce in it. A nonce shows that an answer is not an older one; of the same text an older answer is
/// as true, and says more.
pub fn request(text: &str) -> Vec<u8> {
    [&BEFORE_THE_HASH[..], &Sha256::digest(text), &BEHIND_THE_HASH].concat()
}

/// A time-stamping authority: its certificate, and those up to a root that is believed.
#[derive(Clone, Debug)]
pub struct Authority(TsaAuthority);

/// The certificates of an authority are not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAuthority {
    /// It is no PEM file of certificates.
    #[error("certificate {number} cannot be read: {why}")]
    Certificate {
        /// Which of them, from 1.
        number: usize,
        /// Why not.
        why: String,
    },
    /// There are too few.
    #[error(
        "there must be the authority's own certificate first and that of the root last, and there are {0}"
    )]
    TooFew(usize),
}

/// An answer is no time-stamp of this authority for this text.
#[derive(Debug, thiserror::Error)]
#[error("it is no time-stamp of the authority for this checkpoint: {0}")]
pub struct NotStamped(String);

impl Authority {
    /// Reads certificates in PEM, the authority's own first, then those between, the root last.
    ///
    /// # Errors
    /// See [`NotAnAuthority`].
    pub fn parse(pem: &str) -> Result<Self, NotAnAuthority> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        let texts = pem.split(BEGIN).skip(1).enumerate();
        let chain = texts.map(|(before, text)| {
            DerCertificate::from_pem(&format!("{BEGIN}{text}")).map_err(|why| {
                let number = before.saturating_add(1);
                NotAnAuthority::Certificate { number, why: why.to_string() }
            })
        });
        let mut chain = chain.collect::<Result<Vec<_>, _>>()?;
        let number = chain.len();
        match (chain.pop(), chain.is_empty()) {
            (Some(root), false) => {
                let leaf = chain.remove(0);
                Ok(Self(TsaAuthority::new(leaf, chain, root, None)))
            }
            _ => Err(NotAnAuthority::TooFew(number)),
        }
    }

    /// When the authority saw this text, by its own clock.
    ///
    /// Checked is all of it: that the answer is granted, that its hash is that of the text, the authority's signature,
    /// and its certificate, which must be for time-stamping and have been good at that time.
    ///
    /// # Errors
    /// See [`NotStamped`].
    pub fn time_of(&self, answer: &[u8], text: &str) -> Result<DateTime<Utc>, NotStamped> {
        let token = TimestampToken::from_bytes(answer);
        // So the crate calls what was stamped.
        let stamped = SignatureBytes::from_bytes(text.as_bytes());
        let at = verify_timestamp_for_authority(&token, &stamped, &self.0)
            .map_err(|why| NotStamped(why.to_string()))?;
        DateTime::from_timestamp(at.as_second(), 0)
            .ok_or_else(|| NotStamped(format!("{at} is no time")))
    }
}
