//! `contactpoint keys`.

mod rings;

use std::{io::Write, path::PathBuf};

use clap::{Args, Subcommand};
use event_log::{keyring::Keyring, log_keys::LogKeys};

use super::Failure;
use crate::configuration::DEFAULT_ORIGIN;

/// The keys that the log is signed with, and the rings of subjects' keys of its servers.
#[derive(Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(Init),
    Copy(Copy),
    Rings(rings::List),
    StrikeOff(rings::StrikeOff),
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

/// Make a ring of subjects' keys for another server of a log on a cluster, and print its handle.
///
/// Each server has a ring of its own. The copy joins the others when a server is first started with it, and then takes in
/// by itself what happened since. The server whose ring is copied must be stopped; a backup of one does as well.
/// Nothing else is copied: who signs the log has these keys apart.
#[derive(Args)]
struct Copy {
    /// The folder of a ring that takes part: DIR/keys of a stopped server.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The folder of the new ring. It is made if there is none.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The name of the log.
    #[arg(long, env = "CONTACTPOINT_ORIGIN", value_name = "NAME", default_value = DEFAULT_ORIGIN)]
    origin: String,
}

impl Keys {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Init(init) => init.run(),
            Command::Copy(copy) => copy.run(),
            Command::Rings(list) => list.run(),
            Command::StrikeOff(strike_off) => strike_off.run(),
        }
    }
}

impl Init {
    fn run(self) -> Result<(), Failure> {
        let keys = LogKeys::init(&self.data.join("keys"), &self.origin)?;
        let mut out = std::io::stdout();
        for key in keys.verifiers() {
            writeln!(out, "{key}")?;
        }
        Ok(())
    }
}

impl Copy {
    fn run(self) -> Result<(), Failure> {
        let ring = Keyring::copy(&self.from, &self.to, &self.origin)?;
        writeln!(std::io::stdout(), "{ring}")?;
        Ok(())
    }
}
