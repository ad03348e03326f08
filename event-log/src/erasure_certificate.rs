//! A certificate of erasure: everything it says is an entry of the log with its proof, all under one
//! checkpoint. It holds nothing personal, and convinces with nothing else at hand.

mod check;
mod page;
mod statement;

use std::sync::Arc;

use domain::stream::Stream;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{check::Unconvincing, statement::Statement};
use crate::{
    backend::{ReadError, Stored},
    transparency::Signed,
    transparency_log::{TransparencyError, TransparencyLog},
};

/// The form of certificates, the first thing that stands in one.
pub const FORM: &str = "contactpoint erasure certificate 1";

/// A certificate of erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// [`FORM`].
    form: String,
    /// The handle of the subject.
    subject: Uuid,
    /// What the claims come to. Derived from them, and derived again by whoever checks.
    statement: Statement,
    /// The checkpoint, a signed note, under which all proofs stand.
    checkpoint: String,
    /// Every event of the erasure, that the key was made, and that the record was closed: in the order
    /// of the log.
    claims: Vec<Claim>,
}

/// One event of the log with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its position.
    pub position: u64,
    /// The entry, byte for byte.
    pub entry: String,
    /// The proof that it is in the log (C2SP tlog-proof).
    pub proof: String,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum NoCertificate {
    /// Nothing is known of this subject's erasure, or it is not finished.
    #[error("the erasure of {0} is not finished, so there is nothing to certify")]
    NotErased(Uuid),
    /// The last events are not covered by a published checkpoint yet.
    #[error("no published checkpoint covers the erasure yet: it takes a moment")]
    NotPublished,
    /// The log cannot be read, or is damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The tree cannot be read, or disagrees with the log.
    #[error(transparent)]
    Tree(#[from] TransparencyError),
    /// What the log says of the erasure does not hold together.
    #[error("what the log says of the erasure does not hold together: {0}")]
    Unconvincing(#[from] Unconvincing),
}

impl Certificate {
    /// Makes the certificate of a finished erasure, under the published checkpoint.
    ///
    /// # Errors
    /// See [`NoCertificate`].
    pub async fn of(log: &TransparencyLog, subject: Uuid) -> Result<Self, NoCertificate> {
        let events = events_of(log, subject).await?;
        let last = events.last().ok_or(NoCertificate::NotErased(subject))?.position;
        let checkpoint = log
            .checkpoint()
            .filter(|signed| last < signed.checkpoint().size)
            .ok_or(NoCertificate::NotPublished)?;
        let claims: Vec<Claim> = events
            .iter()
            .map(|stored| claim(log, stored, &checkpoint))
            .collect::<Result<_, TransparencyError>>()?;
        let entries = claims.iter().map(|claim| (claim.position, claim.entry.as_bytes()));
        let statement = match statement::of(subject, entries) {
            Err(Unconvincing::NotFinished) => return Err(NoCertificate::NotErased(subject)),
            said => said?,
        };
        let checkpoint = checkpoint.to_string();
        Ok(Self { form: FORM.to_owned(), subject, statement, checkpoint, claims })
    }

    /// The handle of the subject.
    pub const fn subject(&self) -> Uuid {
        self.subject
    }

    /// What the claims come to. To be believed only after [`Certificate::check`].
    pub const fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The claims, in the order of the log.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The certificate as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// That the key was made, that the record was closed, and every event of the erasure.
async fn events_of(log: &TransparencyLog, subject: Uuid) -> Result<Vec<Stored>, ReadError> {
    let backend = log.log().backend();
    let mut events = backend.read_stream(Stream::Key(subject), 0, None).await?;
    let record = Stream::of_subject(subject).into_iter().find(|one| one.category() == "child");
    if let Some(record) = record
        && let Some(head) = backend.head(record).await?
    {
        // The closing of a record is the last event of its stream.
        let closing = backend.read_stream(record, head.revision, Some(head.revision)).await?;
        events.extend(closing.into_iter().filter(statement::closes));
    }
    events.extend(backend.read_stream(Stream::Erasure(subject), 0, None).await?);
    events.sort_by_key(|stored| stored.position);
    Ok(events)
}

fn claim(
    log: &TransparencyLog,
    stored: &Stored,
    checkpoint: &Arc<Signed>,
) -> Result<Claim, TransparencyError> {
    let proof = log.receipt_under(stored.position, checkpoint)?.to_string();
    let entry = String::from_utf8_lossy(&stored.entry).into_owned();
    Ok(Claim { position: stored.position, entry, proof })
}
