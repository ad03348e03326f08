//! `contactpoint read-models`.

mod building;
mod standing_still;
mod table;

use std::{io::Write, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};
use event_log::{EventLog, keys::Keys};
use projections::{
    oversight::Oversight,
    projector::{Projector, Settings},
    read_models,
    store::{Build, Place, Store},
};
use uuid::Uuid;

use super::Failure;

/// List, rebuild, compare, switch and drop the read models.
///
/// Works beside running servers, and without one. A rebuild is made beside the build that answers, by
/// whichever process follows the log: a server if one runs, else this command. Interrupted, it goes on
/// where it was when it is asked for again. What was rebuilt is compared, then switched to; the build
/// before is kept up to date, so that one can switch back, until it is dropped.
#[derive(Args)]
pub(super) struct ReadModels {
    /// The data folder, in which the log is.
    #[arg(long, env = "CONTACTPOINT_DATA", value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Where read models are kept: `embedded`, another folder, or a Redis server.
    #[arg(
        long = "read-models",
        env = "CONTACTPOINT_READ_MODELS",
        hide_env_values = true,
        value_name = "WHERE",
        default_value = "embedded",
        global = true
    )]
    place: Place,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Say which builds there are, how far each is, and which answer queries.
    List {
        /// One JSON value instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Build read models anew, beside those that answer, and wait until they are built.
    Rebuild {
        /// Which; `all` for every one.
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
    /// Compare a build with the one that answers, key by key, while both stand still. Exit code 4 if
    /// they differ.
    Compare {
        /// Which, as `shields/1.2`.
        build: Build,
    },
    /// Answer queries from this build from now on.
    Switch {
        /// Which, as `shields/1.2`.
        build: Build,
    },
    /// Drop a build that does not answer: an old one, or one whose building is to be cancelled.
    Drop {
        /// Which, as `shields/1.2`.
        build: Build,
    },
}

/// What every action works on.
struct Bench {
    log: EventLog,
    store: Arc<dyn Store>,
}

impl Bench {
    /// A projector of this process. It is a stand-by: a server that follows the log keeps the lease.
    fn projector(&self, settings: Settings) -> (Projector, Uuid) {
        let process = Uuid::now_v7();
        let store = Arc::clone(&self.store);
        (Projector::new(&self.log, store, read_models::all(), settings, process), process)
    }

    fn oversight(&self) -> Oversight {
        Oversight::of(&self.projector(Settings::default()).0)
    }

    /// Whether another process holds the lease, and so follows the log.
    async fn somebody_follows(&self) -> Result<bool, Failure> {
        let asks = Uuid::now_v7().to_string();
        let free = self.store.take_lease(&asks, Duration::from_secs(1)).await?;
        if free {
            self.store.release_lease(&asks).await?;
        }
        Ok(!free)
    }

    /// How many events there are by now. A log that is only read looks when it is asked.
    async fn length(&self) -> Result<u64, Failure> {
        self.log.read_stored(self.log.length(), 1).await.context("the log cannot be read")?;
        Ok(self.log.length())
    }
}

impl ReadModels {
    pub(super) fn run(self) -> Result<(), Failure> {
        // Work on stretches of the log is spread over threads.
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.act())
    }

    async fn act(self) -> Result<(), Failure> {
        let data = self.data.ok_or_else(|| {
            Failure::with_code(2, anyhow!("which log? Give --data DIR, or set CONTACTPOINT_DATA"))
        })?;
        let log =
            EventLog::open_read_only(&data, Keys::Absent).context("the log cannot be opened")?;
        let bench = Bench { log, store: self.place.open(&data)? };
        match self.action {
            Action::List { json } => table::list(&bench, json).await,
            Action::Rebuild { names } => building::rebuild(&bench, &names).await,
            Action::Compare { build } => standing_still::compare(&bench, &build).await,
            Action::Switch { build } => {
                bench.oversight().switch(&build).await?;
                say(&format!("{build} answers queries from now on"))
            }
            Action::Drop { build } => {
                bench.oversight().drop_build(&build).await?;
                say(&format!("{build} is gone"))
            }
        }
    }
}

fn say(line: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
