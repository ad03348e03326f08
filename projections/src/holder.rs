//! Who may hold something personal beside the log, and gets rid of it when its subject is erased.
//!
//! Every cache, index and store that a server keeps registers as a holder. An erasure is finished when
//! each has acknowledged, by name; the names are fixed in the log when it begins.

mod folded_states;
mod read_models;

use std::{future::Future, pin::Pin};

use domain::erasure::PurgeMethod;
use uuid::Uuid;

pub use self::{folded_states::FoldedStates, read_models::ReadModelStore};

/// What a holder acknowledges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purged {
    /// How it got rid of what it had.
    pub method: PurgeMethod,
    /// How many things it removed. Asked again, there is nothing left to remove.
    pub count: u64,
    /// SHA-256 of what it looked through, where there is something to show.
    pub evidence: Option<[u8; 32]>,
}

/// A holder could not get rid of what it has. The erasure waits, and asks again.
#[derive(Debug, thiserror::Error)]
#[error("the holder {holder} could not purge what it has")]
pub struct NotPurged {
    /// Who.
    pub holder: &'static str,
    /// Why.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

/// The answer of a holder.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Purged, NotPurged>> + Send + 'a>>;

/// Somebody who may hold something personal.
pub trait Holder: Send + Sync {
    /// Its name: stored, so it never changes.
    fn name(&self) -> &'static str;

    /// Gets rid of everything about a subject whose key is destroyed by now. When this answers, nothing
    /// personal of the subject is left here, and none comes back. It may be asked more than once.
    fn purge(&self, subject: Uuid) -> Answer<'_>;
}
