//! Rule A4: leaving a record ends whatever was begun from that opening.
//!
//! Source: hidden data is shown "only until they leave that record" (S27).
//! Reading: an override that was confirmed ends, and one that was only warned of is withdrawn, in the
//! same append as the closing. To leave, nobody needs to meet any condition: somebody suspended with a
//! record open can still close it. An opening of somebody else reads like one that never was.

use chrono::{DateTime, Utc};

use super::{Access, Event, Stage};
use crate::{caller::Caller, identity::OpeningId};

/// Leave a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// Which opening.
    pub opening: OpeningId,
}

/// Why there is nothing to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller never opened it.
    #[error("no such opening")]
    NoSuchOpening,
    /// They have left already.
    #[error("the record was left already")]
    AlreadyClosed,
}

/// Decides what leaving ends.
pub fn decide(
    access: &Access,
    caller: &Caller<'_>,
    command: &CloseRecord,
) -> Result<Vec<Event>, Rejection> {
    let opening = access
        .opening(command.opening)
        .filter(|opening| opening.user == Some(caller.id))
        .ok_or(Rejection::NoSuchOpening)?;
    if !opening.open {
        return Err(Rejection::AlreadyClosed);
    }
    let ending = access.running(command.opening).map(|(id, running)| match running.stage {
        Stage::Confirmed => Event::ShieldOverrideEnded { procedure: id },
        Stage::Attempted | Stage::Warned | Stage::Withdrawn | Stage::Ended => {
            Event::ShieldOverrideWithdrawn { procedure: id }
        }
    });
    let closed = Event::RecordClosed { opening: command.opening };
    Ok(ending.into_iter().chain([closed]).collect())
}
