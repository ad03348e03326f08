#![doc = include_str!("../README.md")]

pub mod candidates;
pub mod compare;
pub mod dated;
mod folding;
pub mod follower;
pub mod intervals;
pub mod known;
pub mod marks;
pub mod oversight;
pub mod projection;
pub mod projector;
pub mod purge;
pub mod reaction;
pub mod read_models;
pub mod reader;
mod sightings;
pub mod store;

pub use folding::FoldError;
