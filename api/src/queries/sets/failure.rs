//! What the caller is told when a read model does not answer.

use event_log::backend::ReadError;
use projections::{read_models::authorised_users::ListError, reader::QueryError};

use crate::{
    directory::reading,
    problem::{Problem, kind},
};

/// A read model did not answer.
#[expect(clippy::needless_pass_by_value, reason = "an error ends here")]
pub(super) fn asking(error: QueryError) -> Problem {
    match &error {
        QueryError::NotBuilt { name, version, next, head } => {
            Problem::new(&kind::READ_MODELS_BUILDING)
                .with("read_model", format!("{name}/{version}"))
                .with("taken_in", next)
                .with("events", head)
        }
        QueryError::TooFarBehind { build, next, wanted } => {
            Problem::new(&kind::READ_MODELS_BUILDING)
                .with("read_model", build.to_string())
                .with("taken_in", next)
                .with("wanted", wanted)
        }
        QueryError::Store(_) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "A read model did not answer"
            );
            Problem::new(&kind::READ_MODELS_UNAVAILABLE)
        }
        QueryError::Log(cause) => {
            tracing::error!(error = cause as &dyn std::error::Error, "The log could not be read");
            match cause {
                ReadError::Unavailable { .. } => Problem::new(&kind::LOG_UNAVAILABLE),
                ReadError::Corrupt { .. } => Problem::new(&kind::INTERNAL),
            }
        }
        QueryError::Unreadable { .. } => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "A document of a read model cannot be read: rebuild it"
            );
            Problem::new(&kind::INTERNAL)
        }
    }
}

/// Users could not be listed.
pub(super) fn listing(error: ListError) -> Problem {
    match error {
        ListError::Query(error) => asking(error),
        ListError::Log(error) => reading(error),
    }
}
