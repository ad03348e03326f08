//! Looking at one child's record: opened, refused, overridden, closed.

mod event;
mod field;
mod purpose;

pub use event::{Basis, Event, Refusal, ShieldState};
pub use field::Field;
pub use purpose::{Purpose, ReasonCode, UnusableReasonCode};
