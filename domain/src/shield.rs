//! A shield: whether a child's whereabouts are hidden, why, and by whose decision.

mod event;
mod grounds;
mod views;

pub use event::{Event, Requester, ReviewOutcome, ThreatLevel};
pub use grounds::{Ground, Grounds, NoUsableGround};
pub use views::{Party, View, ViewKind};
