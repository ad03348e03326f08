//! Rule E11: what comes for somebody whose erasure has begun is not recorded about them; that it came, is.
//!
//! Source: none; ours.
//! Reading: no key is ever made again. What is kept says where it would have stood, what kind of thing it was and of
//! which command, and nothing that was in it. The actor and the time are those of the attempt.

use uuid::Uuid;

use super::{Erasure, Event};
use crate::stream::Stream;

/// Records that something came too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateEvent {
    /// Where it was to stand.
    pub stream: Stream,
    /// What it was, by its stored name.
    pub event: String,
    /// The command that it came of.
    pub command: Uuid,
}

/// Why nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the erasure of this subject has not begun")]
pub struct NotTooLate;

/// Decides.
///
/// # Errors
/// When it did not come too late.
pub fn decide(state: &Erasure, command: &LateEvent) -> Result<Vec<Event>, NotTooLate> {
    if !state.has_begun() {
        return Err(NotTooLate);
    }
    let LateEvent { stream, event, command } = command.clone();
    Ok(vec![Event::LateEventRefused { stream, event, command }])
}
