//! The dated values that the rules need, each with its source, or labelled ours.

mod adopt_state;
mod default_sources;
mod event;
mod retention;
mod source;
mod unusual_looks;
mod values;

pub mod adopt;

pub use adopt_state::{Adopted, Policy};
pub use event::Event;
pub use retention::Retention;
pub use source::Source;
pub use unusual_looks::UnusualLooks;
pub use values::{PolicyVersion, Values};
