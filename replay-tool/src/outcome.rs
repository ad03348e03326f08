//! How a run ended, and the exit code that says so.

use std::process::ExitCode;

use crate::print::Unread;

/// The exit code of a command that was interrupted: that of a shell for SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;

/// The exit code of a command whose reader has gone: that of a shell for SIGPIPE.
const UNREAD: u8 = 141;

/// Why a run did not do as asked. The kind picks the exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something went wrong on the way: exit code 1.
    Runtime(anyhow::Error),
    /// The arguments do not fit together: exit code 2.
    Usage(String),
    /// The log is not what it claims to be: exit code 4.
    Integrity(String),
    /// The source ended early, or lacks what the question needs: exit code 5.
    Incomplete(String),
    /// The server refused: exit code 6.
    Denied(String),
    /// It was interrupted: exit code 130.
    Interrupted(String),
    /// Nobody reads the answer any more: exit code 141, and nothing is said.
    Unread,
}

impl From<anyhow::Error> for Failure {
    fn from(cause: anyhow::Error) -> Self {
        Self::Runtime(cause)
    }
}

impl From<std::io::Error> for Failure {
    fn from(cause: std::io::Error) -> Self {
        match cause.get_ref() {
            Some(inner) if inner.is::<Unread>() => Self::Unread,
            Some(_) | None => Self::Runtime(cause.into()),
        }
    }
}

/// What a run that did as asked came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is something to show: exit code 0.
    Found,
    /// Nothing matched: exit code 3, as `grep` does.
    Nothing,
}

/// The exit code of a run, and what has to be said on standard error.
pub(crate) fn conclude(result: Result<Answer, Failure>) -> (ExitCode, Option<String>) {
    match result {
        Ok(Answer::Found) => (ExitCode::SUCCESS, None),
        Ok(Answer::Nothing) => (ExitCode::from(3), None),
        Err(Failure::Runtime(cause)) => (ExitCode::from(1), Some(format!("{cause:#}"))),
        Err(Failure::Usage(text)) => (ExitCode::from(2), Some(text)),
        Err(Failure::Integrity(text)) => (ExitCode::from(4), Some(text)),
        Err(Failure::Incomplete(text)) => (ExitCode::from(5), Some(text)),
        Err(Failure::Denied(text)) => (ExitCode::from(6), Some(text)),
        Err(Failure::Interrupted(text)) => (ExitCode::from(INTERRUPTED), Some(text)),
        Err(Failure::Unread) => (ExitCode::from(UNREAD), None),
    }
}
