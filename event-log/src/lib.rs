#![doc = include_str!("../README.md")]

pub mod append;
pub mod audit;
pub mod backend;
pub mod checkpoints;
pub mod codec;
pub mod copying;
mod durable;
pub mod embedded;
pub mod entry;
pub mod erasure_certificate;
pub mod event_log;
pub mod export;
pub mod folder_check;
pub mod keyring;
pub mod keys;
#[cfg(feature = "kurrentdb")]
pub mod kurrent;
pub mod last_signed;
pub mod log_keys;
pub mod memory;
mod on_all_cores;
pub mod recent;
pub mod seal;
pub mod time_stamps;
pub mod transparency;
pub mod transparency_log;
pub mod tree_store;
pub mod verify;
pub mod witness;
pub mod write_ahead;

pub use event_log::{
    AsOf, Commit, CommitError, Context, EventLog, OpenError, Options, Reading, Subscription,
};
pub use keys::Keys;
