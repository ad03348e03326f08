//! What a log says to a witness, and what a witness answers (C2SP tlog-witness v1.0.0).
//!
//! Only forms and the decision are here. Whoever keeps the witness's state must check and store in one
//! atomic step, durable before the answer: otherwise two requests can roll the witness back.

use std::fmt;

use super::{
    checkpoint::{NotACheckpoint, Signed},
    hash::{EMPTY_ROOT, Hash},
    lines,
    note::{Malformed, NotSigned, Signature, SigningKey, VerifierKey},
    proof::{Unproven, check_consistency},
};

/// The content type of the answer to a request with another old size than the witness's.
pub const SIZE_TYPE: &str = "text/x.tlog.size";

/// The longest request that is read.
pub const LONGEST: usize = 512 * 1024;

/// A log asks to have a checkpoint cosigned: the body of `POST <prefix>/add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the checkpoint that the witness last cosigned.
    pub old: u64,
    /// The proof from that to this.
    pub proof: Vec<Hash>,
    /// The new checkpoint.
    pub checkpoint: Signed,
}

/// A body is no such request. The answer is 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARequest {
    /// Too long, or not UTF-8.
    #[error("the request is no text, or too long")]
    NotText,
    /// The first line is not `old <size>`.
    #[error("the first line of the request is the old size")]
    Old,
    /// The proof is not at most 63 hashes and an empty line.
    #[error("the proof has at most 63 lines, each a hash, and an empty line after them")]
    Proof,
    /// What follows is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] NotACheckpoint),
}

impl AddCheckpoint {
    /// Reads a request.
    ///
    /// # Errors
    /// See [`NotARequest`].
    pub fn parse(body: &[u8]) -> Result<Self, NotARequest> {
        if body.len() > LONGEST {
            return Err(NotARequest::NotText);
        }
        let text = std::str::from_utf8(body).map_err(|_| NotARequest::NotText)?;
        let (old, rest) = text
            .strip_prefix("old ")
            .and_then(|rest| rest.split_once('\n'))
            .ok_or(NotARequest::Old)?;
        let old = lines::decimal(old).ok_or(NotARequest::Old)?;
        let (proof, checkpoint) = lines::hashes(rest).ok_or(NotARequest::Proof)?;
        Ok(Self { old, proof, checkpoint: Signed::parse(checkpoint.as_bytes())? })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", lines::encode(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// The largest tree of a log that a witness has cosigned. None yet: size 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

impl Default for Seen {
    fn default() -> Self {
        Self { size: 0, root: EMPTY_ROOT }
    }
}

/// A witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body is no request.
    #[error(transparent)]
    NotARequest(#[from] NotARequest),
    /// The old size is larger than the checkpoint's.
    #[error("the old size is larger than that of the checkpoint")]
    OldAhead,
    /// No trusted key of that log signed it, or a signature is forged.
    #[error("the log has not signed the checkpoint")]
    NotSigned,
    /// The witness does not watch that log.
    #[error("this log is not watched here")]
    UnknownLog,
    /// The old size is not what was last cosigned.
    #[error("the checkpoint last cosigned has size {size}")]
    OtherOld {
        /// The size that was last cosigned.
        size: u64,
    },
    /// The proof does not hold, or an empty tree has a root that is not its.
    #[error("the checkpoint does not follow from the last one: {0}")]
    Inconsistent(#[from] Unproven),
}

impl Refusal {
    /// The status of the answer.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotARequest(_) | Self::OldAhead => 400,
            Self::NotSigned => 403,
            Self::UnknownLog => 404,
            Self::OtherOld { .. } => 409,
            Self::Inconsistent(_) => 422,
        }
    }

    /// The body of the answer. Of type [`SIZE_TYPE`] when the status is 409.
    pub fn body(&self) -> String {
        match self {
            Self::OtherOld { size } => format!("{size}\n"),
            Self::NotARequest(_)
            | Self::OldAhead
            | Self::NotSigned
            | Self::UnknownLog
            | Self::Inconsistent(_) => format!("{self}\n"),
        }
    }
}

/// Decides about a request: what is to be stored before it is cosigned. `trusted` are the keys of the
/// log that the request names, none if it is not watched; `seen` is what was last stored for it.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    request: &AddCheckpoint,
    trusted: Option<&[VerifierKey]>,
    seen: Seen,
) -> Result<Seen, Refusal> {
    let checkpoint = request.checkpoint.checkpoint();
    let trusted = trusted.ok_or(Refusal::UnknownLog)?;
    request.checkpoint.signed_by(trusted).map_err(|_| Refusal::NotSigned)?;
    if request.old > checkpoint.size {
        return Err(Refusal::OldAhead);
    }
    if request.old != seen.size {
        return Err(Refusal::OtherOld { size: seen.size });
    }
    if checkpoint.size == 0 && checkpoint.root != EMPTY_ROOT {
        return Err(Refusal::Inconsistent(Unproven::WrongRoot));
    }
    let (old, new) = (request.old, checkpoint.size);
    check_consistency(old, new, &request.proof, &seen.root, &checkpoint.root)?;
    Ok(Seen { size: new, root: checkpoint.root })
}

/// The body of the answer to a request that was granted and stored: one cosignature of each key.
///
/// # Errors
/// When a key cannot cosign.
pub fn cosign(keys: &[SigningKey], checkpoint: &Signed, time: u64) -> Result<String, NotSigned> {
    keys.iter().map(|key| Ok(format!("{}\n", key.sign(checkpoint.note().text(), time)?))).collect()
}

/// The cosignatures in a witness's answer that are good ones of these keys. Others are ignored, as
/// are lines of unknown keys.
///
/// # Errors
/// When the answer is not made of signature lines.
pub fn read_answer(
    answer: &str,
    checkpoint: &Signed,
    keys: &[VerifierKey],
) -> Result<Vec<Signature>, Malformed> {
    let mut cosignatures = Signature::parse_lines(answer)?;
    cosignatures.retain(|signature| {
        let key = keys.iter().find(|key| signature.is_of(key));
        key.is_some_and(|key| key.verify(checkpoint.note().text(), &signature.payload).is_ok())
    });
    Ok(cosignatures)
}
