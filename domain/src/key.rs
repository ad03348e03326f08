//! The keys under which personal values are sealed: created once, by an explicit event.

mod event;

pub use event::Event;
