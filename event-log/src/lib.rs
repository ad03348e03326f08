#![doc = include_str!("../README.md")]

pub mod append;
pub mod backend;
pub mod codec;
pub mod embedded;
pub mod entry;
pub mod event_log;
pub mod keyring;
pub mod keys;
pub mod memory;
mod recent;
pub mod seal;
pub mod transparency;
pub mod verify;

pub use event_log::{
    AsOf, Commit, CommitError, Context, EventLog, OpenError, Options, Reading, Subscription,
};
pub use keys::Keys;
