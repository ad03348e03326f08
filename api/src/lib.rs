#![doc = include_str!("../README.md")]

pub mod by_the_clock;
pub mod caller;
mod chronicle;
pub mod cli;
pub mod cluster;
mod commands;
pub mod configuration;
pub mod demonstration;
pub mod directory;
mod documentation;
pub mod erasure;
pub mod generation;
mod health;
pub mod identity;
mod logging;
pub mod now;
pub mod openapi;
pub mod problem;
pub mod publication;
mod queries;
pub mod read_models;
pub mod request;
mod response_headers;
pub mod routes;
pub mod set_up;
pub mod startup;
mod tlog;
