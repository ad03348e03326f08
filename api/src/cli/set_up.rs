//! `contactpoint set-up`.

use std::{io::Write, path::PathBuf};

use anyhow::anyhow;
use clap::Args;
use domain::{identity::PractitionerId, reason::Text};

use super::Failure;
use crate::{
    cluster::Cluster,
    configuration::{ClockKind, DEFAULT_ORIGIN},
    directory::{Directory, Keeping},
    set_up::set_up,
};

/// Set up a new directory: register the department, and appoint its first official.
///
/// Everything else is done by people, over HTTP, beginning with that official. Done again, it changes
/// nothing. The server must not be running on the folder.
#[derive(Args)]
pub(super) struct SetUp {
    /// The data folder. It is made if there is none.
    #[arg(long, env = "CONTACTPOINT_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The name of the log: given to a new one for good, and compared with that of an existing one.
    #[arg(long, env = "CONTACTPOINT_ORIGIN", value_name = "NAME", default_value = DEFAULT_ORIGIN)]
    origin: String,
    #[command(flatten)]
    cluster: Cluster,
    /// The handle of the first official: a random UUID, the `sub` of their tokens.
    #[arg(long, value_name = "ID")]
    official: PractitionerId,
    /// The name of the first official. It is sealed.
    #[arg(long, value_name = "NAME", value_parser = text)]
    name: Text,
}

fn text(text: &str) -> Result<Text, domain::reason::UnusableText> {
    Text::try_from(text)
}

impl SetUp {
    pub(super) fn run(self) -> Result<(), Failure> {
        std::fs::create_dir_all(&self.data)?;
        let options = event_log::Options { origin: self.origin };
        actix_web::rt::System::new().block_on(async {
            let keeping = Keeping::default();
            let directory = Directory::open_where(
                &self.cluster,
                &self.data,
                &options,
                ClockKind::System,
                &keeping,
            )
            .await?;
            set_up(&directory, self.official, self.name)
                .await
                .map_err(|problem| anyhow!("the directory could not be set up: {problem}"))
        })?;
        writeln!(std::io::stdout(), "{} is an official of the department", self.official)?;
        Ok(())
    }
}
