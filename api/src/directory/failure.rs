//! What the caller is told when the log fails: that nothing was disclosed, and whether to try again.
//! Why it failed goes into the service's own log, once, here.

use event_log::{CommitError, append::AppendError, backend::ReadError};
use projections::{abreast::AbreastError, read_models::search::SearchError, reader::QueryError};

use crate::{
    logging::causes,
    problem::{Problem, kind},
};

/// Reading failed.
#[expect(clippy::needless_pass_by_value, reason = "an error ends here")]
pub(crate) fn reading(error: ReadError) -> Problem {
    match error {
        ReadError::Unavailable { .. } => {
            tracing::error!(error = %causes(&error), "The log could not be read");
            Problem::new(&kind::LOG_UNAVAILABLE)
        }
        // What led to it may speak of what stands there.
        ReadError::Corrupt { .. } => {
            tracing::error!(error = %error, "The log could not be read");
            Problem::new(&kind::INTERNAL)
        }
    }
}

/// Searching failed.
pub(crate) fn searching(error: SearchError) -> Problem {
    match error {
        SearchError::Log(error) => reading(error),
        SearchError::Abreast(error) => behind(error),
    }
}

/// A read model is not abreast of the log.
#[expect(clippy::needless_pass_by_value, reason = "an error ends here")]
pub(crate) fn behind(error: AbreastError) -> Problem {
    tracing::warn!(error = &error as &dyn std::error::Error, "A read model was waited for in vain");
    match error {
        AbreastError::Query(QueryError::NotBuilt { .. } | QueryError::TooFarBehind { .. }) => {
            Problem::new(&kind::READ_MODELS_BUILDING)
        }
        AbreastError::Query(QueryError::Log(_)) => Problem::new(&kind::LOG_UNAVAILABLE),
        AbreastError::Query(QueryError::Store(_)) => Problem::new(&kind::READ_MODELS_UNAVAILABLE),
        AbreastError::Query(QueryError::Unreadable { .. }) | AbreastError::Follow(_) => {
            Problem::new(&kind::READ_MODELS_STOPPED)
        }
    }
}

/// Writing failed.
#[expect(clippy::needless_pass_by_value, reason = "an error ends here")]
pub(super) fn writing(error: CommitError) -> Problem {
    match &error {
        CommitError::Append(AppendError::Poisoned(_)) => {
            tracing::error!(error = %error, "The log is closed to writing: restart once the disk is mended");
            Problem::new(&kind::LOG_CLOSED)
        }
        CommitError::Append(AppendError::Unstorable(_)) | CommitError::Unwritable(_) => {
            Problem::new(&kind::TOO_LARGE)
        }
        CommitError::Append(
            AppendError::Conflict { .. }
            | AppendError::GuardMoved { .. }
            | AppendError::Unavailable(_)
            | AppendError::Unknown(_),
        )
        | CommitError::Read(ReadError::Unavailable { .. })
        | CommitError::Keyring(_) => {
            let error = causes(&error);
            tracing::error!(%error, "Nothing could be recorded, so nothing was disclosed");
            Problem::new(&kind::LOG_UNAVAILABLE)
        }
        CommitError::Erased(_) => Problem::not_found(),
        CommitError::Read(ReadError::Corrupt { .. })
        | CommitError::NoKey(_)
        | CommitError::AboutNobody(_)
        | CommitError::WrongStream { .. }
        | CommitError::Unencodable(_)
        | CommitError::Unsealable(_)
        | CommitError::ReadOnly => {
            tracing::error!(error = %error, "A decision could not be recorded");
            Problem::new(&kind::INTERNAL)
        }
    }
}
