//! The keys that check signatures, and the text form in which they are handed out.
//!
//! Ed25519 and ML-DSA-44 are those of AWS-LC. Its Ed25519 refuses a scalar that is not canonical, as
//! RFC 8032 demands, and takes public keys of small order, which stricter implementations refuse. Here
//! that is no weakness: a key is believed because somebody put it into a policy, and whoever publishes a
//! key of small order gives away nothing but the worth of their own signature.

use std::{fmt, str::FromStr};

use aws_lc_rs::signature::{ED25519, ML_DSA_44, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::super::{checkpoint::Checkpoint, lines};

/// What kind of signature a key makes. The note format knows more; these are the ones read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Type 01: Ed25519 over the text.
    Ed25519,
    /// Type 04: a cosignature in Ed25519, with its time.
    CosignatureEd25519,
    /// Type 06: a cosignature in ML-DSA-44, with its time, over origin, size and root.
    CosignatureMlDsa44,
}

impl Kind {
    /// The byte by which keys name it.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::CosignatureEd25519 => 4,
            Self::CosignatureMlDsa44 => 6,
        }
    }

    /// The kind with this byte.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Ed25519),
            4 => Some(Self::CosignatureEd25519),
            6 => Some(Self::CosignatureMlDsa44),
            _ => None,
        }
    }

    const fn public_key_bytes(self) -> usize {
        match self {
            Self::Ed25519 | Self::CosignatureEd25519 => 32,
            Self::CosignatureMlDsa44 => 1_312,
        }
    }
}

/// A key that checks signatures.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: Kind,
    public: Vec<u8>,
    id: [u8; 4],
}

/// Why something is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// The name is empty or too long, or has a space, a plus or a control character in it.
    #[error("the key's name is not one")]
    Name,
    /// The parts of the text are not those of a key.
    #[error("the text is not that of a key")]
    Text,
    /// A signature type that is not read here.
    #[error("keys of this type are not known")]
    Type,
    /// The key does not have the length that its type asks for.
    #[error("the key has the wrong length for its type")]
    Length,
    /// The id in the text is not that of the key.
    #[error("the key's id is not that of the key")]
    Id,
}

/// A signature does not fit the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit the text")]
pub struct BadSignature;

/// Whether a key or a log can have this name.
pub(crate) fn is_name(name: &str) -> bool {
    let forbidden = |char: char| char.is_whitespace() || char.is_control() || char == '+';
    !name.is_empty() && name.len() <= 255 && !name.contains(forbidden)
}

impl VerifierKey {
    /// The key of this name and type.
    ///
    /// # Errors
    /// See [`BadKey`].
    pub fn new(name: &str, kind: Kind, public: &[u8]) -> Result<Self, BadKey> {
        if !is_name(name) {
            return Err(BadKey::Name);
        }
        if public.len() != kind.public_key_bytes() {
            return Err(BadKey::Length);
        }
        let digest = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', kind.byte()])
            .chain_update(public)
            .finalize();
        let id = digest.first_chunk().copied().unwrap_or_default();
        Ok(Self { name: name.to_owned(), kind, public: public.to_vec(), id })
    }

    /// Whose key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs with.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The four bytes by which signature lines name it, beside the name.
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The public key.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Checks what follows the key id in a signature line, and answers the time in it.
    ///
    /// # Errors
    /// When it is no signature of this key over this text.
    pub fn verify(&self, text: &str, payload: &[u8]) -> Result<Option<u64>, BadSignature> {
        if self.kind == Kind::Ed25519 {
            return self.check(text.as_bytes(), payload).map(|()| None);
        }
        let (time, signature) = payload.split_first_chunk().ok_or(BadSignature)?;
        let time = u64::from_be_bytes(*time);
        let signed = cosigned(self.kind, &self.name, time, text).ok_or(BadSignature)?;
        self.check(&signed, signature).map(|()| Some(time))
    }

    fn check(&self, signed: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let checked = match self.kind {
            Kind::Ed25519 | Kind::CosignatureEd25519 => {
                UnparsedPublicKey::new(&ED25519, &self.public).verify(signed, signature)
            }
            Kind::CosignatureMlDsa44 => {
                UnparsedPublicKey::new(&ML_DSA_44, &self.public).verify(signed, signature)
            }
        };
        checked.map_err(|_| BadSignature)
    }
}

/// What a key of this kind signs for a note with this text; none where there is no such message: a
/// time beyond 2^63 - 1, or an ML-DSA cosignature of something that is no checkpoint.
pub(super) fn cosigned(kind: Kind, name: &str, time: u64, text: &str) -> Option<Vec<u8>> {
    i64::try_from(time).ok()?;
    match kind {
        Kind::Ed25519 => Some(text.as_bytes().to_vec()),
        Kind::CosignatureEd25519 => {
            Some(format!("cosignature/v1\ntime {time}\n{text}").into_bytes())
        }
        Kind::CosignatureMlDsa44 => {
            let checkpoint = Checkpoint::parse(text).ok()?;
            let mut message = b"subtree/v1\n\0".to_vec();
            message.push(u8::try_from(name.len()).ok()?);
            message.extend_from_slice(name.as_bytes());
            message.extend_from_slice(&time.to_be_bytes());
            message.push(u8::try_from(checkpoint.origin.len()).ok()?);
            message.extend_from_slice(checkpoint.origin.as_bytes());
            message.extend_from_slice(&0_u64.to_be_bytes());
            message.extend_from_slice(&checkpoint.size.to_be_bytes());
            message.extend_from_slice(&checkpoint.root);
            Some(message)
        }
    }
}

impl fmt::Display for VerifierKey {
    /// `name+id+base64(type || public key)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.kind.byte()], self.public.as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), lines::encode(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{:?}", self.name, hex::encode(self.id), self.kind)
    }
}

impl FromStr for VerifierKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (name, id, kind, public) = parts(text)?;
        let key = Self::new(name, kind, &public)?;
        if hex::encode(key.id) == id { Ok(key) } else { Err(BadKey::Id) }
    }
}

/// Name, id, kind and bytes of a key's text.
pub(super) fn parts(text: &str) -> Result<(&str, &str, Kind, Vec<u8>), BadKey> {
    let (name, rest) = text.split_once('+').ok_or(BadKey::Text)?;
    let (id, key) = rest.split_once('+').ok_or(BadKey::Text)?;
    let key = lines::decode(key).ok_or(BadKey::Text)?;
    let (kind, bytes) = key.split_first().ok_or(BadKey::Text)?;
    let kind = Kind::from_byte(*kind).ok_or(BadKey::Type)?;
    Ok((name, id, kind, bytes.to_vec()))
}
