//! Checkpoints: how large the log is and what its root is, signed (C2SP tlog-checkpoint v1.0.0).
//!
//! Extension lines are refused: nobody can audit them, and ML-DSA cosignatures do not cover them.

use std::fmt;

use super::{
    hash::Hash,
    lines,
    note::{self, Note, Unverified, Verified, VerifierKey},
};

/// How large a log is, and what its root is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// A text is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACheckpoint {
    /// It is no signed note.
    #[error(transparent)]
    Note(#[from] note::Malformed),
    /// The first line is not the name of a log.
    #[error("the first line of a checkpoint is the log's name")]
    Origin,
    /// The second line is not a number without leading zeros.
    #[error("the second line of a checkpoint is the log's size")]
    Size,
    /// The third line is not a hash in base64.
    #[error("the third line of a checkpoint is the root")]
    Root,
    /// There are further lines.
    #[error("a checkpoint has three lines; extension lines are not read here")]
    Extension,
}

impl Checkpoint {
    /// Reads the text of a checkpoint.
    ///
    /// # Errors
    /// See [`NotACheckpoint`].
    pub fn parse(text: &str) -> Result<Self, NotACheckpoint> {
        let (origin, rest) = text.split_once('\n').ok_or(NotACheckpoint::Origin)?;
        if !note::is_name(origin) {
            return Err(NotACheckpoint::Origin);
        }
        let (size, rest) = rest.split_once('\n').ok_or(NotACheckpoint::Size)?;
        let size = lines::decimal(size).ok_or(NotACheckpoint::Size)?;
        let (root, rest) = rest.split_once('\n').ok_or(NotACheckpoint::Root)?;
        let root = lines::hash(root).ok_or(NotACheckpoint::Root)?;
        if rest.is_empty() {
            Ok(Self { origin: origin.to_owned(), size, root })
        } else {
            Err(NotACheckpoint::Extension)
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, lines::encode(&self.root))
    }
}

/// A checkpoint with its signatures, of which nothing is believed before they are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    checkpoint: Checkpoint,
    note: Note,
}

impl Signed {
    /// Reads a signed checkpoint.
    ///
    /// # Errors
    /// See [`NotACheckpoint`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NotACheckpoint> {
        let note = Note::parse(bytes)?;
        Ok(Self { checkpoint: Checkpoint::parse(note.text())?, note })
    }

    /// Signs a checkpoint with each key, in order. `time` is in seconds since 1970.
    ///
    /// # Errors
    /// When the origin cannot be written, or a key cannot sign.
    pub fn sign<'a>(
        checkpoint: Checkpoint,
        keys: impl IntoIterator<Item = &'a note::SigningKey>,
        time: u64,
    ) -> Result<Self, note::NotSigned> {
        let text = checkpoint.to_string();
        if Checkpoint::parse(&text).as_ref() != Ok(&checkpoint) {
            return Err(note::NotSigned::NoCheckpoint);
        }
        let mut note = Note::unsigned(text).map_err(|_| note::NotSigned::NoCheckpoint)?;
        for key in keys {
            let signature = key.sign(note.text(), time)?;
            note.add(signature);
        }
        Ok(Self { checkpoint, note })
    }

    /// What was signed.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note that carries it.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Which of the log's own keys signed it: those that bear its name.
    ///
    /// # Errors
    /// See [`Unverified`].
    pub fn signed_by<'a>(
        &self,
        log: impl IntoIterator<Item = &'a VerifierKey>,
    ) -> Result<Vec<Verified<'a>>, Unverified> {
        let mut by = self.note.verified_by(log)?;
        by.retain(|verified| verified.key.name() == self.checkpoint.origin);
        if by.is_empty() { Err(Unverified::Unknown) } else { Ok(by) }
    }

    /// Adds signatures of others, such as cosignatures of witnesses.
    pub fn add(&mut self, signatures: impl IntoIterator<Item = note::Signature>) {
        signatures.into_iter().for_each(|signature| self.note.add(signature));
    }
}

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}
