//! `contactpoint keys`.

use std::{io::Write, path::PathBuf};

use clap::{Args, Subcommand};
use event_log::log_keys::LogKeys;

use super::Failure;
use crate::configuration::DEFAULT_ORIGIN;

/// The keys that the log is signed with.
#[derive(Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(Init),
}

/// Make the log's signing keys, and print the public ones.
///
/// Done once in the life of a log, before it is served: with other keys it would be another log. Print what
/// it says, or have it published where nobody here can change it quietly: outsiders check the log against it.
/// Keys that are there are never replaced. Keep DIR/keys on another volume and in another backup than DIR/log.
#[derive(Args)]
struct Init {
    /// The data folder. It is made if there is none.
    #[arg(long, env = "CONTACTPOINT_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The name of the log; the server must be started with the same.
    #[arg(long, env = "CONTACTPOINT_ORIGIN", value_name = "NAME", default_value = DEFAULT_ORIGIN)]
    origin: String,
}

impl Keys {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Command::Init(Init { data, origin }) = self.command;
        let keys = LogKeys::init(&data.join("keys"), &origin)?;
        let mut out = std::io::stdout();
        for key in keys.verifiers() {
            writeln!(out, "{key}")?;
        }
        Ok(())
    }
}
