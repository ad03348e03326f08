#![doc = include_str!("../README.md")]

pub mod abreast;
pub mod compare;
mod counting;
pub mod dated;
pub mod erasures;
mod folding;
pub mod holder;
pub mod intervals;
pub mod known;
pub mod marks;
mod ordered;
pub mod oversight;
pub mod projection;
pub mod projector;
pub mod purge;
pub mod reaction;
pub mod read_models;
pub mod reader;
pub mod rederive;
pub mod store;

pub use folding::FoldError;
