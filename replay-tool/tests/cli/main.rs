//! The investigators' tool, run as a person runs it, against the demonstration as it is served.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "kurrentdb")]
mod cluster;
mod compare;
mod demonstration;
mod erasure;
mod explain;
mod interrupted;
mod investigators;
mod looks;
mod manual;
mod published;
mod screen;
mod shielding;
mod states;
mod time_stamps;
mod verify;
mod witnesses;
