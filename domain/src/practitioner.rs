//! The standing of a person: what they must have done before they may look, and what they hold.

mod condition;
mod event;

pub use condition::Condition;
pub use event::{AccountRole, Event, IdentityEvidence, Office, SuspensionCause, Topic};
