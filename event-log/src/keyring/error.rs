//! Why a ring did not do what it was asked.

use std::path::PathBuf;

use uuid::Uuid;

use super::Refusal;

/// Why the ring did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The subject was erased, and never gets a key again.
    #[error("subject {0} has been erased and never gets a key again")]
    Tombstoned(Uuid),
    /// There is no key of this subject.
    #[error("there is no key of subject {0}")]
    NoKey(Uuid),
    /// The key may not be destroyed now.
    #[error("the key of subject {0} is under a legal hold")]
    Held(Uuid),
    /// The ring belongs to another log.
    #[error("these keys belong to the log {found:?}, not to {wanted:?}")]
    OtherLog {
        /// Whose they are.
        found: String,
        /// Whose were wanted.
        wanted: String,
    },
    /// The files cannot be read or written.
    #[error("the keys cannot be used: {doing}")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is stored contradicts itself.
    #[error("the keys are damaged: {0}")]
    Damaged(&'static str),
    /// Another process has the ring open.
    #[error(
        "the keys in {0} are in use by another process: each server needs a ring of its own \
         (contactpoint keys copy)"
    )]
    InUse(PathBuf),
    /// There is no ring to be copied.
    #[error("there are no keys in {0}")]
    NotThere(PathBuf),
    /// There is a ring where one was to be put.
    #[error("there are keys in {0} already")]
    AlreadyThere(PathBuf),
    /// It is one of several, and is not let in.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A key is destroyed, but not yet in every ring. Asking again looks again.
    #[error(
        "the key is destroyed here, and not yet in the ring of each server: {} not followed. It is done \
         when they are back, or when their folders are destroyed and somebody strikes them off \
         (contactpoint keys strike-off)", have(.0)
    )]
    Awaiting(Vec<Uuid>),
}

fn have(rings: &[Uuid]) -> String {
    let names: Vec<String> = rings.iter().map(Uuid::to_string).collect();
    format!("{} {}", names.join(", "), if names.len() == 1 { "has" } else { "have" })
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn while_doing<E: Into<Cause>>(doing: &'static str) -> impl FnOnce(E) -> KeyringError {
    move |cause| KeyringError::Unavailable { doing, cause: cause.into() }
}

/// Whether it failed because another process has the file.
pub(super) fn is_busy(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let code = cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    code == Some(rusqlite::ErrorCode::DatabaseBusy)
}
