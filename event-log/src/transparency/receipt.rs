//! Receipts: proof that an entry is in the log, complete in one small text (C2SP tlog-proof v1).

use std::fmt;

use super::{
    checkpoint::{NotACheckpoint, Signed},
    hash::{Hash, leaf},
    lines,
    policy::{Accepted, NotAccepted, Policy},
    proof::{Unproven, check_inclusion},
};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// The longest receipt that is read.
pub const LONGEST: usize = 512 * 1024;

/// Proof that an entry is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Whatever the log adds. Nothing authenticates it: never believe it by itself.
    pub extra: Option<Vec<u8>>,
    /// The position of the entry.
    pub index: u64,
    /// The hashes from the leaf's sibling up.
    pub proof: Vec<Hash>,
    /// The checkpoint that they lead to.
    pub checkpoint: Signed,
}

/// A text is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAReceipt {
    /// Longer than [`LONGEST`], or not UTF-8.
    #[error("a receipt is a short text")]
    NotText,
    /// The first line is another.
    #[error("the first line of a receipt is {FIRST_LINE:?}")]
    FirstLine,
    /// The extra line is not base64.
    #[error("the extra line of a receipt is base64")]
    Extra,
    /// The index line is missing or no number.
    #[error("a receipt names the index of its entry")]
    Index,
    /// A line of the proof is no hash, there are too many, or no empty line follows them.
    #[error(
        "the proof of a receipt has at most 63 lines, each a hash, and an empty line after them"
    )]
    Proof,
    /// What follows is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] NotACheckpoint),
}

/// Why a receipt does not convince.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotProven {
    /// The checkpoint is not accepted.
    #[error("its checkpoint is not accepted: {0}")]
    Checkpoint(#[from] NotAccepted),
    /// The entry is not at that position of the log.
    #[error("it does not prove that this entry is at that position: {0}")]
    Inclusion(#[from] Unproven),
}

impl Receipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// See [`NotAReceipt`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAReceipt> {
        if bytes.len() > LONGEST {
            return Err(NotAReceipt::NotText);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| NotAReceipt::NotText)?;
        let rest = text.strip_prefix(FIRST_LINE).and_then(|rest| rest.strip_prefix('\n'));
        let mut rest = rest.ok_or(NotAReceipt::FirstLine)?;
        let mut extra = None;
        if let Some(after) = rest.strip_prefix("extra ") {
            let (line, after) = after.split_once('\n').ok_or(NotAReceipt::Extra)?;
            extra = Some(lines::decode(line).ok_or(NotAReceipt::Extra)?);
            rest = after;
        }
        let (index, rest) = rest
            .strip_prefix("index ")
            .and_then(|rest| rest.split_once('\n'))
            .ok_or(NotAReceipt::Index)?;
        let index = lines::decimal(index).ok_or(NotAReceipt::Index)?;
        let (proof, checkpoint) = lines::hashes(rest).ok_or(NotAReceipt::Proof)?;
        Ok(Self { extra, index, proof, checkpoint: Signed::parse(checkpoint.as_bytes())? })
    }

    /// Checks, with nothing else at hand, that this entry is in a log that the policy accepts.
    ///
    /// # Errors
    /// See [`NotProven`].
    pub fn verify<'a>(&self, entry: &[u8], policy: &'a Policy) -> Result<Accepted<'a>, NotProven> {
        let accepted = policy.accept(&self.checkpoint)?;
        let checkpoint = self.checkpoint.checkpoint();
        check_inclusion(&leaf(entry), self.index, checkpoint.size, &self.proof, &checkpoint.root)?;
        Ok(accepted)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", lines::encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", lines::encode(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
