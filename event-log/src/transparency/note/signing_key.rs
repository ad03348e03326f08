//! The keys that make signatures.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, ML_DSA_44_SIGNING, PqdsaKeyPair};
use zeroize::Zeroizing;

use super::{
    super::lines,
    Signature,
    key::{BadKey, Kind, VerifierKey, cosigned, parts},
};

/// How many bytes the seed of a key has, of every kind.
pub const SEED_BYTES: usize = 32;

/// A key that makes signatures. It never prints its secret.
pub struct SigningKey {
    verifier: VerifierKey,
    pair: Pair,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    MlDsa44(PqdsaKeyPair),
}

/// A text could not be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// A cosignature is made over a checkpoint, at a time below 2^63; this is none.
    #[error("only a checkpoint can be cosigned")]
    NoCheckpoint,
    /// The library refused.
    #[error("the signature could not be made")]
    Failed,
}

impl SigningKey {
    /// The key that grows from a seed; the same one each time.
    ///
    /// # Errors
    /// See [`BadKey`].
    pub fn from_seed(name: &str, kind: Kind, seed: &[u8; SEED_BYTES]) -> Result<Self, BadKey> {
        let (pair, public) = match kind {
            Kind::Ed25519 | Kind::CosignatureEd25519 => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| BadKey::Length)?;
                let public = pair.public_key().as_ref().to_vec();
                (Pair::Ed25519(pair), public)
            }
            Kind::CosignatureMlDsa44 => {
                let pair = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, seed)
                    .map_err(|_| BadKey::Length)?;
                let public = pair.public_key().as_ref().to_vec();
                (Pair::MlDsa44(pair), public)
            }
        };
        Ok(Self { verifier: VerifierKey::new(name, kind, &public)?, pair })
    }

    /// The secret text of the key with this seed: `PRIVATE+KEY+name+id+base64(type || seed)`.
    ///
    /// # Errors
    /// See [`BadKey`].
    pub fn secret_text(
        name: &str,
        kind: Kind,
        seed: &[u8; SEED_BYTES],
    ) -> Result<Zeroizing<String>, BadKey> {
        let id = hex::encode(Self::from_seed(name, kind, seed)?.verifier.id());
        let bytes = Zeroizing::new([&[kind.byte()], seed.as_slice()].concat());
        let key = Zeroizing::new(lines::encode(&bytes));
        Ok(Zeroizing::new(format!("PRIVATE+KEY+{name}+{id}+{}", *key)))
    }

    /// Reads a secret text.
    ///
    /// # Errors
    /// See [`BadKey`].
    pub fn from_secret_text(text: &str) -> Result<Self, BadKey> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(BadKey::Text)?;
        let (name, id, kind, seed) = parts(rest)?;
        let seed = Zeroizing::new(seed);
        let seed = seed.as_slice().try_into().map_err(|_| BadKey::Length)?;
        let key = Self::from_seed(name, kind, seed)?;
        if hex::encode(key.verifier.id()) == id { Ok(key) } else { Err(BadKey::Id) }
    }

    /// The key that checks what this one signs.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs the text of a note. `time`, in seconds since 1970, goes into cosignatures; type 01 has none.
    ///
    /// # Errors
    /// See [`NotSigned`].
    pub fn sign(&self, text: &str, time: u64) -> Result<Signature, NotSigned> {
        let kind = self.verifier.kind();
        let message =
            cosigned(kind, self.verifier.name(), time, text).ok_or(NotSigned::NoCheckpoint)?;
        let mut payload = match kind {
            Kind::Ed25519 => Vec::new(),
            Kind::CosignatureEd25519 | Kind::CosignatureMlDsa44 => time.to_be_bytes().to_vec(),
        };
        match &self.pair {
            Pair::Ed25519(pair) => payload.extend_from_slice(pair.sign(&message).as_ref()),
            Pair::MlDsa44(pair) => {
                let mut signature = vec![0; ML_DSA_44_SIGNING.signature_len()];
                pair.sign(&message, &mut signature).map_err(|_| NotSigned::Failed)?;
                payload.extend_from_slice(&signature);
            }
        }
        Ok(Signature { name: self.verifier.name().to_owned(), id: self.verifier.id(), payload })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.verifier)
    }
}
