//! Personal values, sealed under a key for one event alone.
//!
//! AES-256-GCM-SIV with a nonce of zeros: the key is used once. Were an event's identity ever used
//! again with other content, only equality would show. An AEAD does not commit to its key, so the
//! entry holds a commitment, checked before anything is opened: nobody can show another plaintext
//! for the same bytes. The formats are in `docs/adr/0003-sealed-sections-and-keys.md`.

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use domain::identity::EventId;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use crate::entry::{Algorithm, Role, Section, sha256};

/// 32 secret bytes. Never printed; wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    /// Takes secret bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes. Only for a cipher, or a file that is itself secret.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The commitment to this key: `SHA-256("kc1" || key)`.
    pub fn commitment(&self) -> [u8; 32] {
        sha256(&[b"kc1", self.expose()])
    }

    /// Another secret that follows from this one and the parts: HKDF-SHA256, each part with its
    /// length before it.
    pub(crate) fn derive(&self, parts: &[&[u8]]) -> Result<Self, Refused> {
        let info = with_lengths(parts);
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.expose());
        let mut derived = Zeroizing::new([0; 32]);
        extracted
            .expand(&[&info], hkdf::HKDF_SHA256)
            .and_then(|key| key.fill(&mut *derived))
            .map_err(|_| Refused::Cipher)?;
        Ok(Self(derived))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// Why a section was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The key is not the one the entry commits to.
    #[error("the key is not the one that the entry commits to")]
    WrongKey,
    /// The sealed bytes are not the ones the entry names.
    #[error("the sealed section is not the one that the entry names")]
    OtherBytes,
    /// The bytes were not sealed for this event under this key.
    #[error("the sealed section does not open")]
    NotOpened,
    /// What was sealed is not text.
    #[error("the sealed section does not hold text")]
    NotText,
    /// The cipher itself failed.
    #[error("the cipher failed")]
    Cipher,
}

/// Where a section belongs: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) origin: &'a str,
    pub(crate) event: EventId,
    pub(crate) role: Role,
    pub(crate) key_id: Uuid,
}

impl Place<'_> {
    /// The key for this event and role alone.
    pub(crate) fn key(self, subject: &Secret) -> Result<Secret, Refused> {
        let event = self.event.uuid();
        subject.derive(&[
            b"evt1",
            self.origin.as_bytes(),
            event.as_bytes(),
            self.role.as_str().as_bytes(),
        ])
    }

    fn additional_data(self) -> Vec<u8> {
        with_lengths(&[
            b"contactpoint section 1",
            self.origin.as_bytes(),
            self.event.uuid().as_bytes(),
            self.role.as_str().as_bytes(),
            self.key_id.as_bytes(),
        ])
    }

    /// Seals a text under the key of this event.
    pub(crate) fn seal(self, key: &Secret, text: &str) -> Result<(Section, Vec<u8>), Refused> {
        let size = padded(text.len());
        // Room for the tag, so that the plaintext is never left behind by growing.
        let mut bytes = Vec::with_capacity(size.saturating_add(AES_256_GCM_SIV.tag_len()));
        bytes.extend_from_slice(text.as_bytes());
        bytes.resize(size, b' ');
        cipher(key)?
            .seal_in_place_append_tag(nonce(), Aad::from(self.additional_data()), &mut bytes)
            .map_err(|_| Refused::Cipher)?;
        let section = Section {
            role: self.role,
            key_id: self.key_id,
            alg: Algorithm::Aes256GcmSiv,
            len: u32::try_from(bytes.len()).map_err(|_| Refused::Cipher)?,
            sha256: sha256(&[&bytes]),
            kc: key.commitment(),
        };
        Ok((section, bytes))
    }

    /// Opens a section with the key of this event, once both are what the entry says.
    pub(crate) fn open(
        self,
        key: &Secret,
        section: &Section,
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, Refused> {
        if !is_named(section, sealed) {
            return Err(Refused::OtherBytes);
        }
        if section.kc != key.commitment() {
            return Err(Refused::WrongKey);
        }
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let opened = cipher(key)?
            .open_in_place(nonce(), Aad::from(self.additional_data()), &mut bytes)
            .map_err(|_| Refused::NotOpened)?;
        let text = str::from_utf8(opened).map_err(|_| Refused::NotText)?;
        Ok(Zeroizing::new(text.trim_end_matches(' ').to_owned()))
    }
}

/// Whether these are the sealed bytes that the entry names.
pub(crate) fn is_named(section: &Section, sealed: &[u8]) -> bool {
    usize::try_from(section.len) == Ok(sealed.len()) && section.sha256 == sha256(&[sealed])
}

pub(crate) fn cipher(key: &Secret) -> Result<LessSafeKey, Refused> {
    UnboundKey::new(&AES_256_GCM_SIV, key.expose())
        .map(LessSafeKey::new)
        .map_err(|_| Refused::Cipher)
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// Each part with its length in four bytes, most significant first, before it.
pub(crate) fn with_lengths(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(160);
    for part in parts {
        joined.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

/// 64, 256, 1,024 …: so that the length says little.
fn padded(length: usize) -> usize {
    let mut size = 64_usize;
    while size < length {
        size = size.saturating_mul(4);
    }
    size
}

/// The key of one event: it opens that event and no other, so it can be handed out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventKey {
    /// The log it belongs to.
    pub origin: String,
    /// The event.
    pub event: EventId,
    /// The section of the event.
    pub role: Role,
    /// The key.
    pub key: Secret,
}

impl serde::Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::entry::digest_hex::serialize(self.expose(), serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bytes = crate::entry::digest_hex::deserialize(deserializer)?;
        let secret = Self::new(bytes);
        bytes.zeroize();
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(event: u128) -> Place<'static> {
        let event = EventId::new(Uuid::from_u128(event));
        Place { origin: "example", event, role: Role::Subject, key_id: Uuid::from_u128(7) }
    }

    #[test]
    fn opens_what_was_sealed_and_shows_nothing_of_it() {
        let subject = Secret::new([1; 32]);
        let key = place(1).key(&subject).unwrap();
        let (section, sealed) = place(1).seal(&key, r#"["Jane"]"#).unwrap();
        assert_eq!(sealed.len(), 64 + 16, "padded, with its tag");
        assert!(!sealed.windows(4).any(|bytes| bytes == b"Jane"));
        assert_eq!(*place(1).open(&key, &section, &sealed).unwrap(), r#"["Jane"]"#);
    }

    #[test]
    fn refuses_another_key_before_opening() {
        let key = place(1).key(&Secret::new([1; 32])).unwrap();
        let (section, sealed) = place(1).seal(&key, "[1]").unwrap();
        let other = place(1).key(&Secret::new([2; 32])).unwrap();
        assert_eq!(place(1).open(&other, &section, &sealed).unwrap_err(), Refused::WrongKey);
    }

    #[test]
    fn refuses_other_bytes_and_another_place() {
        let key = place(1).key(&Secret::new([1; 32])).unwrap();
        let (section, sealed) = place(1).seal(&key, "[1]").unwrap();
        let mut altered = sealed.clone();
        altered[3] ^= 1;
        assert_eq!(place(1).open(&key, &section, &altered).unwrap_err(), Refused::OtherBytes);
        assert_eq!(place(2).open(&key, &section, &sealed).unwrap_err(), Refused::NotOpened);
    }

    #[test]
    fn the_key_of_an_event_is_that_of_hkdf() {
        // Worked out by hand with HMAC-SHA256: PRK = HMAC(0^32, SK), OKM = HMAC(PRK, info || 1).
        use aws_lc_rs::hmac;
        let prk = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &[0; 32]), &[1; 32]);
        let mut info = Vec::new();
        for part in [&b"evt1"[..], b"example", &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]] {
            info.extend_from_slice(&u32::try_from(part.len()).unwrap().to_be_bytes());
            info.extend_from_slice(part);
        }
        info.extend_from_slice(&[0, 0, 0, 7]);
        info.extend_from_slice(b"subject\x01");
        let expected = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, prk.as_ref()), &info);
        let key = place(1).key(&Secret::new([1; 32])).unwrap();
        assert_eq!(key.expose(), expected.as_ref());
    }

    #[test]
    fn lengths_come_in_steps() {
        assert_eq!([0, 64, 65, 256, 257, 1025].map(padded), [64, 64, 256, 256, 1024, 4096]);
    }

    #[test]
    fn a_secret_never_prints_itself() {
        assert_eq!(format!("{:?}", Secret::new([9; 32])), "[secret]");
    }
}
