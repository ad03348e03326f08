#![doc = include_str!("../README.md")]

pub mod caller;
pub mod cli;
mod commands;
pub mod configuration;
pub mod directory;
mod documentation;
mod health;
pub mod identity;
mod logging;
pub mod now;
pub mod openapi;
pub mod problem;
mod queries;
pub mod request;
mod response_headers;
pub mod routes;
pub mod startup;
