#![doc = include_str!("../README.md")]

pub mod candidates;
mod folding;
pub mod follower;
pub mod known;
pub mod projection;
pub mod projector;
pub mod reaction;
mod sightings;
pub mod store;

pub use folding::FoldError;
