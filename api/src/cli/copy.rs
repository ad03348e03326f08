//! `contactpoint copy`.

use std::{
    io::Write,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use clap::Args;
use event_log::{
    backend::Backend,
    copying::{self, CopyError, Progress, Stage},
    embedded::{Embedded, Settings, read_only::ReadOnly},
};

use super::Failure;
use crate::{cluster::Cluster, configuration::DEFAULT_ORIGIN, logging};

/// How often it is said how far it has come.
const EVERY: Duration = Duration::from_secs(1);

/// Copy a log between a data folder and a KurrentDB cluster, in either direction.
///
/// Entries and sealed sections are copied byte for byte and in order, so the copy has the same tree
/// with the same root, which is printed: every proof about the one holds for the other. Keys are not
/// copied: they go their own way. What is there already is compared, not written again; interrupted,
/// the same command goes on. The source may be served meanwhile, the target may not.
#[derive(Args)]
pub(super) struct Copy {
    /// The log to copy: a data folder, or `kurrentdb://…`.
    #[arg(long, value_name = "WHERE")]
    from: String,
    /// Where to copy it: a data folder, or `kurrentdb://…`.
    #[arg(long, value_name = "WHERE")]
    to: String,
    /// The name of the log.
    #[arg(long, env = "CONTACTPOINT_ORIGIN", value_name = "NAME", default_value = DEFAULT_ORIGIN)]
    origin: String,
    /// A folder for the index of the cluster, so that an interrupted copy need not read it anew.
    #[arg(long, value_name = "DIR")]
    index: Option<PathBuf>,
    #[command(flatten)]
    cluster: ClusterOfCopy,
}

/// What a copy has to know of the cluster.
#[derive(Args)]
struct ClusterOfCopy {
    /// How many nodes the cluster has.
    #[arg(long = "log-nodes", value_name = "NUMBER", default_value_t = 3)]
    nodes: u32,
    /// A file with an operations login, `login:password`, to check the nodes' settings with.
    #[arg(long = "log-operator", env = "CONTACTPOINT_LOG_OPERATOR", value_name = "FILE")]
    operator: Option<PathBuf>,
    /// Go without checking them.
    #[arg(long = "log-unchecked", conflicts_with = "operator")]
    unchecked: bool,
}

impl Copy {
    pub(super) fn run(self) -> Result<(), Failure> {
        let _written = logging::to_standard_error("warn");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let from = self.source().await?;
            let to = self.target().await?;
            let stopped = Arc::new(AtomicBool::new(false));
            let stop = Arc::clone(&stopped);
            tokio::spawn(async move {
                if tokio::signal::ctrl_c().await.is_ok() {
                    stop.store(true, Ordering::Relaxed);
                }
            });
            let mut report = Reporting::new(stopped);
            let began = Instant::now();
            let copied = copying::copy(&*from, &*to, |progress| report.say(progress)).await;
            let copied = copied.map_err(|error| {
                let code = match &error {
                    CopyError::Interrupted => 130,
                    CopyError::Differs { .. } | CopyError::Longer { .. } => 4,
                    CopyError::Read(_)
                    | CopyError::Append { .. }
                    | CopyError::NoIdentity { .. } => 1,
                };
                Failure::with_code(code, error.into())
            })?;
            writeln!(
                std::io::stdout(),
                "{} events copied, {} were there, in {:.1} s; both logs have the root {}",
                copied.copied,
                copied.there,
                began.elapsed().as_secs_f64(),
                hex::encode(copied.root),
            )?;
            Ok(())
        })
    }

    async fn source(&self) -> anyhow::Result<Arc<dyn Backend>> {
        if is_address(&self.from) {
            return self.on_cluster(&self.from, false).await;
        }
        let log = ReadOnly::open(Path::new(&self.from)).context("the source cannot be opened")?;
        if log.origin() != self.origin {
            return Err(anyhow!(
                "the log in {} is {:?}: give --origin {}",
                self.from,
                log.origin(),
                log.origin()
            ));
        }
        Ok(Arc::new(log))
    }

    async fn target(&self) -> anyhow::Result<Arc<dyn Backend>> {
        if is_address(&self.to) {
            return self.on_cluster(&self.to, true).await;
        }
        let settings = Settings::named(self.origin.clone());
        let log = Embedded::open(Path::new(&self.to), &settings);
        Ok(Arc::new(log.context("the target cannot be opened")?))
    }

    #[cfg(feature = "kurrentdb")]
    async fn on_cluster(&self, address: &str, begin: bool) -> anyhow::Result<Arc<dyn Backend>> {
        let cluster = Cluster {
            log_nodes: self.cluster.nodes,
            log_operator: self.cluster.operator.clone(),
            log_unchecked: self.cluster.unchecked,
            ..Cluster::default()
        };
        let store = cluster.store(address, &self.origin, begin, self.index.as_deref()).await;
        Ok(Arc::new(store.context("the log on the cluster cannot be opened")?))
    }

    #[cfg(not(feature = "kurrentdb"))]
    async fn on_cluster(&self, address: &str, _begin: bool) -> anyhow::Result<Arc<dyn Backend>> {
        let cluster = Cluster { log: Some(address.to_owned()), ..Cluster::default() };
        cluster.open(Path::new("."), &self.origin).await?;
        let ClusterOfCopy { operator, unchecked, .. } = &self.cluster;
        let index = &self.index;
        Err(anyhow!("{index:?}, {operator:?} and {unchecked} are for a cluster"))
    }
}

fn is_address(place: &str) -> bool {
    ["kurrentdb:", "kurrentdb+", "esdb:", "esdb+"].iter().any(|scheme| place.starts_with(scheme))
}

/// Says from time to time how far it has come.
struct Reporting {
    stopped: Arc<AtomicBool>,
    stage: Option<(Stage, Instant, u64)>,
    said: Instant,
}

impl Reporting {
    fn new(stopped: Arc<AtomicBool>) -> Self {
        Self { stopped, stage: None, said: Instant::now() }
    }

    fn say(&mut self, progress: Progress) -> ControlFlow<()> {
        let Progress { stage, done, of } = progress;
        let (began, before) = match self.stage {
            Some((current, began, before)) if current == stage => (began, before),
            Some(_) | None => {
                self.stage = Some((stage, Instant::now(), done));
                (Instant::now(), done)
            }
        };
        if self.said.elapsed() >= EVERY || done == of {
            self.said = Instant::now();
            let millis = began.elapsed().as_millis().max(1);
            let copied = u128::from(done.saturating_sub(before)).saturating_mul(1_000);
            let rate = copied.checked_div(millis).unwrap_or_default();
            let rate = u64::try_from(rate).unwrap_or(u64::MAX);
            let left = of.saturating_sub(done).checked_div(rate).unwrap_or(0);
            let (minutes, seconds) = (left / 60, left % 60);
            let doing = match stage {
                Stage::Comparing => "comparing what is there",
                Stage::Copying => "copying",
                Stage::Verifying => "verifying",
            };
            // Nobody may be there to read it.
            let line = format!(
                "{doing:<24} {done:>10} of {of}  {rate:>7}/s  about {minutes}:{seconds:02} left"
            );
            writeln!(std::io::stderr(), "{line}").ok();
        }
        if self.stopped.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
