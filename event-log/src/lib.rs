#![doc = include_str!("../README.md")]

pub mod append;
pub mod backend;
pub mod memory;
pub mod transparency;
