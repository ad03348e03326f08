//! What one person searched for, and what the lists showed.

mod event;
mod terms;

pub use event::{Event, SearchOutcome, SearchRow};
pub use terms::Terms;
