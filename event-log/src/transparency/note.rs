//! Signed notes: a text, and who signed it (C2SP signed-note v1.0.0).

mod key;
mod signing_key;

use std::fmt;

pub(crate) use key::is_name;
pub use key::{BadKey, BadSignature, Kind, VerifierKey};
pub use signing_key::{NotSigned, SEED_BYTES, SigningKey};

use super::lines;

/// The longest note that is read: room for sixteen signatures of any kind, several times over.
pub const LONGEST: usize = 256 * 1024;

/// The most signatures that are read.
pub const MOST_SIGNATURES: usize = 64;

/// A text with signatures, of which nothing is believed before [`Note::verified_by`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A line that says who signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    pub(super) name: String,
    pub(super) id: [u8; 4],
    pub(super) payload: Vec<u8>,
}

/// What is wrong with the form of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Longer than [`LONGEST`], or more signatures than [`MOST_SIGNATURES`].
    #[error("the note is too long")]
    TooLong,
    /// Not UTF-8, or with control characters in it.
    #[error("the note is not plain text")]
    NotText,
    /// No text that ends in a line end, an empty line, and signatures after it.
    #[error("the note has no text and signatures")]
    NoSignatures,
    /// A line after the last empty one is no signature.
    #[error("line {0} of the note's signatures is none")]
    NotASignature(usize),
}

/// Why a note is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// A signature in the name of a known key does not fit the text.
    #[error("the signature of {0} does not fit the text")]
    Forged(String),
    /// No known key signed it.
    #[error("none of the known keys signed it")]
    Unknown,
}

/// A key whose signature was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The key.
    pub key: &'a VerifierKey,
    /// The time in its signature, if it is of a kind that has one.
    pub time: Option<u64>,
}

impl Note {
    /// The note of a text, still unsigned.
    ///
    /// # Errors
    /// When the text does not end in a line end or is not plain.
    pub fn unsigned(text: String) -> Result<Self, Malformed> {
        if !text.ends_with('\n') {
            return Err(Malformed::NoSignatures);
        }
        if is_plain(&text) {
            Ok(Self { text, signatures: Vec::new() })
        } else {
            Err(Malformed::NotText)
        }
    }

    /// Reads a note.
    ///
    /// # Errors
    /// See [`Malformed`].
    pub fn parse(note: &[u8]) -> Result<Self, Malformed> {
        if note.len() > LONGEST {
            return Err(Malformed::TooLong);
        }
        let note = std::str::from_utf8(note).map_err(|_| Malformed::NotText)?;
        if !is_plain(note) {
            return Err(Malformed::NotText);
        }
        // The last empty line parts the two; the text keeps its own line end.
        let at = note.rfind("\n\n").ok_or(Malformed::NoSignatures)?.saturating_add(1);
        let (text, rest) = note.split_at_checked(at).ok_or(Malformed::NoSignatures)?;
        let rest = rest.strip_prefix('\n').filter(|rest| !rest.is_empty());
        let signatures = Signature::parse_lines(rest.ok_or(Malformed::NoSignatures)?)?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, with its final line end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in order; good ones, bad ones and those of others.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature, unless the same one is there.
    pub fn add(&mut self, signature: Signature) {
        if !self.signatures.contains(&signature) {
            self.signatures.push(signature);
        }
    }

    /// Which of these keys signed the text. Signatures of other keys count for nothing.
    ///
    /// # Errors
    /// When none of the keys signed, or one signature in the name of a known key is bad.
    pub fn verified_by<'a>(
        &self,
        keys: impl IntoIterator<Item = &'a VerifierKey>,
    ) -> Result<Vec<Verified<'a>>, Unverified> {
        let keys: Vec<&VerifierKey> = keys.into_iter().collect();
        let mut verified = Vec::new();
        for signature in &self.signatures {
            let known = |key: &&VerifierKey| signature.is_of(key);
            let Some(key) = keys.iter().copied().find(known) else { continue };
            match key.verify(&self.text, &signature.payload) {
                Ok(time) => verified.push(Verified { key, time }),
                Err(BadSignature) => return Err(Unverified::Forged(signature.name.clone())),
            }
        }
        if verified.is_empty() { Err(Unverified::Unknown) } else { Ok(verified) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl Signature {
    /// The name of the key that is said to have made it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is made in the name of this key. Whether it is good is another question.
    pub fn is_of(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    /// Reads lines of signatures, each with its line end.
    ///
    /// # Errors
    /// See [`Malformed`].
    pub fn parse_lines(text: &str) -> Result<Vec<Self>, Malformed> {
        let mut signatures = Vec::new();
        for (place, line) in text.split_inclusive('\n').enumerate() {
            if place == MOST_SIGNATURES {
                return Err(Malformed::TooLong);
            }
            signatures.push(Self::parse(line).ok_or(Malformed::NotASignature(place))?);
        }
        Ok(signatures)
    }

    fn parse(line: &str) -> Option<Self> {
        let line = line.strip_suffix('\n')?.strip_prefix("\u{2014} ")?;
        let (name, signature) = line.split_once(' ').filter(|(name, _)| is_name(name))?;
        let signature = lines::decode(signature)?;
        let (id, payload) = signature.split_first_chunk().filter(|(_, rest)| !rest.is_empty())?;
        Some(Self { name: name.to_owned(), id: *id, payload: payload.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = lines::encode(&[&self.id, self.payload.as_slice()].concat());
        write!(f, "\u{2014} {} {signature}", self.name)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}+{})", self.name, hex::encode(self.id))
    }
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|char| char >= ' ' || char == '\n')
}
