//! Whom to believe: the logs, the witnesses, and how many of them (C2SP tlog-policy).

mod parse;

use super::{
    checkpoint::Signed,
    note::{Unverified, Verified, VerifierKey},
};

pub use parse::{Fault, NotAPolicy};

/// The most logs, witnesses and groups together that a policy may have.
pub const MOST_LINES: usize = 1_024;

/// A policy, as read from its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Party>,
    /// Witnesses and groups in the order of the file: a group names only what stands before it.
    electors: Vec<Elector>,
    quorum: Quorum,
}

/// A log or a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The key that it signs with.
    pub key: VerifierKey,
    /// Where it is reached; offline nobody needs it.
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Elector {
    /// Octets, compared as such.
    name: Vec<u8>,
    part: Part,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Witness(Party),
    Group { least: usize, members: Vec<usize> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quorum {
    None,
    Elector(usize),
}

/// Who vouches for a checkpoint that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted<'a> {
    /// The keys of the log that signed it.
    pub logs: Vec<Verified<'a>>,
    /// The witnesses that cosigned it, with their times.
    pub witnesses: Vec<Verified<'a>>,
}

/// Why a checkpoint is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// No listed log of that name signed it, or a signature is forged.
    #[error("{0}")]
    Signature(#[from] Unverified),
    /// Too few witnesses cosigned it.
    #[error("too few of the witnesses cosigned it")]
    Quorum,
}

impl Policy {
    /// The policy that believes these keys of a log, without any witness.
    pub fn of_log(keys: impl IntoIterator<Item = VerifierKey>) -> Self {
        let logs = keys.into_iter().map(|key| Party { key, url: None }).collect();
        Self { logs, electors: Vec::new(), quorum: Quorum::None }
    }

    /// Reads a policy file.
    ///
    /// # Errors
    /// Names the line, and what is wrong with it.
    pub fn parse(file: &[u8]) -> Result<Self, NotAPolicy> {
        parse::parse(file)
    }

    /// The logs that it believes.
    pub fn logs(&self) -> &[Party] {
        &self.logs
    }

    /// The witnesses that it knows.
    pub fn witnesses(&self) -> impl Iterator<Item = &Party> {
        self.electors.iter().filter_map(|elector| match &elector.part {
            Part::Witness(party) => Some(party),
            Part::Group { .. } => None,
        })
    }

    /// The first key of the log that should have signed a checkpoint, by this policy, and did not; none if
    /// all did. So no signature can be taken out unseen.
    ///
    /// # Errors
    /// When none signed, or a signature in the name of one is bad.
    pub fn key_that_did_not_sign(
        &self,
        checkpoint: &Signed,
    ) -> Result<Option<&VerifierKey>, Unverified> {
        let keys = self.logs.iter().map(|log| &log.key);
        let mut ours = keys.filter(|key| key.name() == checkpoint.checkpoint().origin);
        let by = checkpoint.signed_by(ours.clone())?;
        Ok(ours.find(|key| !by.iter().any(|verified| verified.key == *key)))
    }

    /// Whether a checkpoint is to be believed, and on whose word.
    ///
    /// # Errors
    /// See [`NotAccepted`].
    pub fn accept(&self, checkpoint: &Signed) -> Result<Accepted<'_>, NotAccepted> {
        let logs = checkpoint.signed_by(self.logs.iter().map(|log| &log.key))?;
        let keys = self.witnesses().map(|witness| &witness.key);
        let witnesses = match checkpoint.note().verified_by(keys) {
            Ok(verified) => verified,
            Err(Unverified::Unknown) => Vec::new(),
            Err(forged @ Unverified::Forged(_)) => return Err(forged.into()),
        };
        let mut votes: Vec<bool> = Vec::with_capacity(self.electors.len());
        for elector in &self.electors {
            votes.push(match &elector.part {
                // A witness's time is never 0: that would say nothing about when.
                Part::Witness(party) => witnesses.iter().any(|verified| {
                    *verified.key == party.key && verified.time.is_some_and(|time| time > 0)
                }),
                Part::Group { least, members } => {
                    let yes = members.iter().filter(|at| votes.get(**at) == Some(&true)).count();
                    yes >= *least
                }
            });
        }
        match self.quorum {
            Quorum::None => Ok(Accepted { logs, witnesses }),
            Quorum::Elector(at) if votes.get(at) == Some(&true) => Ok(Accepted { logs, witnesses }),
            Quorum::Elector(_) => Err(NotAccepted::Quorum),
        }
    }
}
