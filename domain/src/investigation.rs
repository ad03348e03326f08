//! An investigation of an override, or of suspected misuse.

mod event;

pub use event::{Event, Finding, Origin};
