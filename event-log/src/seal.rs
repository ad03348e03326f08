//! Personal values, sealed under a key for one event alone.
//!
//! AES-256-GCM-SIV with a nonce of zeros: the key is used once. Were an event's identity ever used
//! again with other content, only equality would show. An AEAD does not commit to its key, so the
//! entry holds a commitment, checked before anything is opened: nobody can show another plaintext
//! for the same bytes. The formats are in `docs/adr/0003-sealed-sections-and-keys.md`.

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf, hmac,
};
use domain::identity::EventId;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use crate::entry::{Algorithm, Role, Section, sha256};

/// A personal text, wiped when dropped: as one slice, for `Zeroizing` wipes what can grow byte by byte, which was a
/// twentieth of opening an event. It must not have grown, or been longer: what it left behind stays.
pub(crate) struct Wiped(pub(crate) String);

impl std::ops::Deref for Wiped {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Wiped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[personal]")
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.as_mut_str().zeroize();
    }
}

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
        let mut named = Zeroizing::new([0; 35]);
        let (name, key) = named.split_at_mut(3);
        name.copy_from_slice(b"kc1");
        key.copy_from_slice(self.expose());
        sha256(&*named)
    }

    /// Another secret that follows from this one and the parts: HKDF-SHA256, each part with its
    /// length before it.
    pub(crate) fn derive(&self, parts: &[&[u8]]) -> Result<Self, Refused> {
        expand(&hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.expose()), parts)
    }
}

fn expand(extracted: &hkdf::Prk, parts: &[&[u8]]) -> Result<Secret, Refused> {
    let info = with_lengths(parts);
    let mut derived = Zeroizing::new([0; 32]);
    extracted
        .expand(&[&info], hkdf::HKDF_SHA256)
        .and_then(|key| key.fill(&mut *derived))
        .map_err(|_| Refused::Cipher)?;
    Ok(Secret(derived))
}

/// The key of a subject, made ready once for the keys of its events: the half of their derivation that is the
/// same for all of them is done. Wiped when dropped, as the key is.
pub struct SubjectKey {
    secret: Secret,
    extracted: hkdf::Prk,
}

impl SubjectKey {
    /// Makes a subject's key ready.
    ///
    /// # Errors
    /// When the cipher fails.
    pub(crate) fn of(secret: Secret) -> Result<Self, Refused> {
        // RFC 5869 section 2.2: without a salt, HMAC under as many zeros as the hash has bytes.
        let salt = hmac::Key::new(hmac::HMAC_SHA256, &[0; 32]);
        let mut extracted = Zeroizing::new([0; 32]);
        hmac::sign_to_buffer(&salt, secret.expose(), &mut *extracted)
            .map_err(|_| Refused::Cipher)?;
        let extracted = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, &*extracted);
        Ok(Self { secret, extracted })
    }
}

impl std::ops::Deref for SubjectKey {
    type Target = Secret;
    fn deref(&self) -> &Secret {
        &self.secret
    }
}

impl PartialEq for SubjectKey {
    fn eq(&self, other: &Self) -> bool {
        self.secret == other.secret
    }
}

impl Eq for SubjectKey {}

impl std::fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.secret.fmt(f)
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
    pub(crate) fn key(self, subject: &SubjectKey) -> Result<Secret, Refused> {
        let event = self.event.uuid();
        let (origin, role) = (self.origin.as_bytes(), self.role.as_str().as_bytes());
        expand(&subject.extracted, &[b"evt1", origin, event.as_bytes(), role])
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
            sha256: sha256(&bytes),
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
    ) -> Result<Wiped, Refused> {
        if !is_named(section, sealed) {
            return Err(Refused::OtherBytes);
        }
        if section.kc != key.commitment() {
            return Err(Refused::WrongKey);
        }
        let mut bytes = sealed.to_vec();
        match self.opened(key, &mut bytes) {
            Ok(length) => bytes.truncate(length),
            Err(why) => {
                bytes.as_mut_slice().zeroize();
                return Err(why);
            }
        }
        String::from_utf8(bytes).map(Wiped).map_err(|error| {
            error.into_bytes().as_mut_slice().zeroize();
            Refused::NotText
        })
    }

    /// Opens sealed bytes where they are; answers how long the text is, without its padding.
    fn opened(self, key: &Secret, bytes: &mut [u8]) -> Result<usize, Refused> {
        let opened = cipher(key)?
            .open_in_place(nonce(), Aad::from(self.additional_data()), bytes)
            .map_err(|_| Refused::NotOpened)?;
        Ok(opened.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last.saturating_add(1)))
    }
}

/// Whether these are the sealed bytes that the entry names.
pub(crate) fn is_named(section: &Section, sealed: &[u8]) -> bool {
    usize::try_from(section.len) == Ok(sealed.len()) && section.sha256 == sha256(sealed)
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

    fn subject(byte: u8) -> SubjectKey {
        SubjectKey::of(Secret::new([byte; 32])).unwrap()
    }

    #[test]
    fn a_key_made_ready_derives_what_the_key_itself_does() {
        let parts: [&[u8]; 2] = [b"evt1", b"example"];
        let ready = expand(&subject(7).extracted, &parts).unwrap();
        assert!(ready == Secret::new([7; 32]).derive(&parts).unwrap());
        assert_eq!(format!("{:?}", subject(7)), "[secret]");
    }

    #[test]
    fn opens_what_was_sealed_and_shows_nothing_of_it() {
        let key = place(1).key(&subject(1)).unwrap();
        let (section, sealed) = place(1).seal(&key, r#"["Jane"]"#).unwrap();
        assert_eq!(sealed.len(), 64 + 16, "padded, with its tag");
        assert!(!sealed.windows(4).any(|bytes| bytes == b"Jane"));
        assert_eq!(&*place(1).open(&key, &section, &sealed).unwrap(), r#"["Jane"]"#);
    }

    #[test]
    fn refuses_another_key_before_opening() {
        let key = place(1).key(&subject(1)).unwrap();
        let (section, sealed) = place(1).seal(&key, "[1]").unwrap();
        let other = place(1).key(&subject(2)).unwrap();
        assert_eq!(place(1).open(&other, &section, &sealed).unwrap_err(), Refused::WrongKey);
    }

    #[test]
    fn refuses_other_bytes_and_another_place() {
        let key = place(1).key(&subject(1)).unwrap();
        let (section, sealed) = place(1).seal(&key, "[1]").unwrap();
        let mut altered = sealed.clone();
        altered[3] ^= 1;
        assert_eq!(place(1).open(&key, &section, &altered).unwrap_err(), Refused::OtherBytes);
        assert_eq!(place(2).open(&key, &section, &sealed).unwrap_err(), Refused::NotOpened);
    }

    #[test]
    fn the_key_of_an_event_is_that_of_hkdf() {
        // Worked out by hand with HMAC-SHA256: PRK = HMAC(0^32, SK), OKM = HMAC(PRK, info || 1).
        let prk = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &[0; 32]), &[1; 32]);
        let mut info = Vec::new();
        for part in [&b"evt1"[..], b"example", &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]] {
            info.extend_from_slice(&u32::try_from(part.len()).unwrap().to_be_bytes());
            info.extend_from_slice(part);
        }
        info.extend_from_slice(&[0, 0, 0, 7]);
        info.extend_from_slice(b"subject\x01");
        let expected = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, prk.as_ref()), &info);
        let key = place(1).key(&subject(1)).unwrap();
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
