//! `contactpoint generate`.

use std::{io::Write, path::PathBuf};

use clap::Args;

use super::Failure;
use crate::{
    cluster::Cluster,
    configuration::{ClockKind, DEFAULT_ORIGIN},
    directory::{Directory, Keeping},
    generation::{self, Plan},
    publication::{self, SignedBy},
};

/// Fill a data folder with a synthetic England of any size. Nobody in it exists.
///
/// Everything is decided by the rules, as it would be over HTTP: authorities, training, records,
/// shields, then days on which practitioners search, open records, are refused, and go behind shields.
/// It can be interrupted at any time; the same command goes on where it was. More days can be added
/// later. The same seed makes the same people and the same deeds.
#[derive(Args)]
pub(super) struct Generate {
    /// The data folder. It is made if there is none.
    #[arg(long, env = "CONTACTPOINT_DATA", value_name = "DIR")]
    data: PathBuf,
    /// How many children.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    children: u64,
    /// On how many days people look.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(0..=3_650))]
    days: u64,
    /// From which seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The name of the log, if it is a new one.
    #[arg(long, env = "CONTACTPOINT_ORIGIN", value_name = "NAME", default_value = DEFAULT_ORIGIN)]
    origin: String,
    #[command(flatten)]
    cluster: Cluster,
}

impl Generate {
    pub(super) fn run(self) -> Result<(), Failure> {
        std::fs::create_dir_all(&self.data)?;
        let options = event_log::Options { origin: self.origin.clone() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let keeping = Keeping::default();
        let directory = runtime.block_on(Directory::open_where(
            &self.cluster,
            &self.data,
            &options,
            ClockKind::System,
            &keeping,
        ))?;
        let plan = Plan { seed: self.seed, children: self.children, days: self.days };
        let mut say = std::io::stderr();
        let report = generation::generate(&directory, &self.data, &plan, &mut say)?;
        runtime.block_on(async {
            directory.close().await;
            publication::make_keys(&self.data, &self.origin)?;
            let (log, clock) = (directory.log(), directory.clock());
            let here = (self.origin.as_str(), &SignedBy::Here);
            publication::open(&self.data, log, here, clock).await.map(drop)
        })?;
        drop(directory);
        writeln!(
            std::io::stdout(),
            "{} events added in {:.1} s ({} a second); the log in {} holds {}",
            report.events,
            report.took.as_secs_f64(),
            report.rate(),
            self.data.display(),
            report.length,
        )?;
        Ok(())
    }
}
