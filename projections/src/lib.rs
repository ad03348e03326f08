#![doc = include_str!("../README.md")]

pub mod candidates;
pub mod follower;
mod sightings;
