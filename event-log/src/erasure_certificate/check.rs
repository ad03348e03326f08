//! Whether a certificate convinces, with nothing at hand but a policy.

use domain::stream::Stream;

use super::{Certificate, FORM, Statement, statement};
use crate::transparency::{
    Policy, Receipt, Signed, checkpoint::NotACheckpoint, policy::NotAccepted, receipt::NotAReceipt,
    receipt::NotProven,
};

/// Why a certificate does not convince.
#[derive(Debug, thiserror::Error)]
pub enum Unconvincing {
    /// The text is no certificate.
    #[error("it is not a certificate of erasure (line {line}, column {column})")]
    NotACertificate {
        /// Where the text goes wrong.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// It is a certificate of another form.
    #[error("its form is not {FORM:?}")]
    OtherForm,
    /// Its checkpoint is none.
    #[error(transparent)]
    NotACheckpoint(#[from] NotACheckpoint),
    /// Its checkpoint is not accepted.
    #[error(transparent)]
    NotAccepted(#[from] NotAccepted),
    /// A claim's proof is none.
    #[error("the proof of position {position} cannot be read: {cause}")]
    NotAProof {
        /// Of which claim.
        position: u64,
        /// Why not.
        cause: NotAReceipt,
    },
    /// A claim's proof is of another position, or under another checkpoint.
    #[error("the proof of position {position} is of something else")]
    OtherProof {
        /// Of which claim.
        position: u64,
    },
    /// A claim is not proven.
    #[error("position {position} is not proven: {cause}")]
    NotProven {
        /// Of which claim.
        position: u64,
        /// Why not.
        cause: NotProven,
    },
    /// A claim is no entry of an event that is known.
    #[error("what stands for position {position} is no entry that can be read")]
    NoEntry {
        /// Of which claim.
        position: u64,
    },
    /// A claim is about something else.
    #[error("an event of {0} has no place in this certificate")]
    NotOfIt(Stream),
    /// An event of the erasure was left out.
    #[error("revision {revision} of the erasure has been left out")]
    EventMissing {
        /// Which.
        revision: u64,
    },
    /// A step is missing.
    #[error("the erasure is said to be finished, and {0} is missing")]
    StepMissing(&'static str),
    /// It is not finished.
    #[error("the erasure is not finished")]
    NotFinished,
    /// One officer did what takes two.
    #[error("the officer who proposed it is the one who authorised it")]
    OneOfficer,
    /// The key that was destroyed is not the one that was made.
    #[error("the key that was destroyed is not the one that was made for the subject")]
    OtherKey,
    /// What it states is not what its claims come to.
    #[error("what it states is not what its claims come to")]
    OtherStatement,
}

impl Certificate {
    /// Reads a certificate. It has yet to be checked.
    ///
    /// # Errors
    /// When the text is none.
    pub fn parse(json: &str) -> Result<Self, Unconvincing> {
        let read: Self = serde_json::from_str(json).map_err(|error| {
            Unconvincing::NotACertificate { line: error.line(), column: error.column() }
        })?;
        if read.form == FORM { Ok(read) } else { Err(Unconvincing::OtherForm) }
    }

    /// Checks that every claim is an entry of a log that the policy accepts, all under one checkpoint;
    /// that no event of the erasure was left out; that they come to a finished erasure, authorised by two
    /// officers, of the key that was made; and that this is what the certificate states.
    ///
    /// # Errors
    /// See [`Unconvincing`].
    pub fn check(&self, policy: &Policy) -> Result<&Statement, Unconvincing> {
        policy.accept(&Signed::parse(self.checkpoint.as_bytes())?)?;
        for claim in &self.claims {
            let position = claim.position;
            let receipt = Receipt::parse(claim.proof.as_bytes())
                .map_err(|cause| Unconvincing::NotAProof { position, cause })?;
            if receipt.index != position || receipt.checkpoint.to_string() != self.checkpoint {
                return Err(Unconvincing::OtherProof { position });
            }
            receipt
                .verify(claim.entry.as_bytes(), policy)
                .map_err(|cause| Unconvincing::NotProven { position, cause })?;
        }
        let entries = self.claims.iter().map(|claim| (claim.position, claim.entry.as_bytes()));
        let says = statement::of(self.subject, entries)?;
        if says == self.statement { Ok(&self.statement) } else { Err(Unconvincing::OtherStatement) }
    }
}
