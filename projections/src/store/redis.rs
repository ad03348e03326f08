//! Read models on Redis 7 or Valkey, for several processes.
//!
//! Everything is one script a write, so a batch and its checkpoint are there together or not at all.
//! Nothing here needs Redis to keep what it has: emptied or restored, it is brought up to date again.

mod commands;
mod reading;
mod scripts;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ::redis::{
    AsyncCommands as _, Client, Cmd, ErrorKind, IntoConnectionInfo as _, RedisError, Script,
    ScriptInvocation, ServerErrorKind,
    aio::{ConnectionManager, ConnectionManagerConfig},
    io::tcp::TcpSettings,
};
use domain::identity::EventId;
use uuid::Uuid;

use self::{reading::Found, scripts::Scripts};
use super::{
    Answer, ApplyError, Ask, Batch, Build, Built, Checkpoint, Reply, Stage, Store, StoreError,
    Write,
};

/// How long a command may take before its connection is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many bytes it is given at once. Nobody else is answered while it takes them in: some tenths of a second.
const AT_ONCE: usize = 48 << 20;

/// Every key begins so. The braces keep all of them on one node of a cluster.
const PREFIX: &str = "{contactpoint}:";

/// Read models on a Redis server. Cheap to clone; reconnects by itself.
#[derive(Clone)]
pub struct Redis {
    connection: ConnectionManager,
    scripts: Arc<Scripts>,
    /// Which builds served when they were read last.
    served: Arc<Mutex<HashMap<String, Build>>>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive() // the address may hold a password
    }
}

impl Redis {
    /// The server at an address such as `redis://host:6379/0`, `redis+unix:///path`. Connects when it
    /// is first asked something. Call it inside a runtime.
    ///
    /// # Errors
    /// When the address is none.
    pub fn at(address: &str) -> Result<Self, StoreError> {
        Self::patient_for(address, PATIENCE)
    }

    /// The same with a patience of one's own.
    ///
    /// # Errors
    /// When the address is none.
    pub fn patient_for(address: &str, patience: Duration) -> Result<Self, StoreError> {
        let failed = || StoreError::when::<RedisError>("reading the address of Redis");
        let address = address
            .into_connection_info()
            .map_err(failed())?
            .set_tcp_settings(TcpSettings::default().set_nodelay(true));
        let client = Client::open(address).map_err(failed())?;
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(patience))
            .set_response_timeout(Some(patience))
            .set_number_of_retries(2)
            .set_min_delay(Duration::from_millis(20))
            .set_max_delay(Duration::from_millis(500));
        let connection =
            ConnectionManager::new_lazy_with_config(client, settings).map_err(failed())?;
        let scripts = Arc::new(Scripts::new());
        Ok(Self { connection, scripts, served: Arc::default() })
    }

    async fn ask<T: ::redis::FromRedisValue>(
        &self,
        doing: &'static str,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        script.invoke_async(&mut connection).await.map_err(StoreError::when(doing))
    }

    /// Runs a command that invokes a script, which is sent in full if the server does not know it.
    async fn run<T: ::redis::FromRedisValue>(
        &self,
        doing: &'static str,
        script: &Script,
        command: &Cmd,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        let unknown = ErrorKind::Server(ServerErrorKind::NoScript);
        let said = match command.query_async(&mut connection).await {
            Err(error) if error.kind() == unknown => {
                let known = script.prepare_invoke().load_async(&mut connection).await;
                known.map_err(StoreError::when(doing))?;
                command.query_async(&mut connection).await
            }
            said => said,
        };
        said.map_err(StoreError::when(doing))
    }
}

impl Redis {
    /// Writes to a build that stands where it is expected to. Without a holder, no lease is asked for;
    /// without a checkpoint to move to, the build stays where it is.
    async fn write(
        &self,
        doing: &'static str,
        [holder, moves]: [&str; 2],
        (build, expected): (&Build, u64),
        writes: &[Write],
    ) -> Result<(), ApplyError> {
        let keys = [key("lease"), key("checkpoints"), order(build), values(build)];
        // As one command, and not as an invocation, which keeps each argument by itself.
        let mut command = Cmd::with_capacity(writes.len(), commands::length(writes));
        command.arg("EVALSHA").arg(self.scripts.apply.get_hash()).arg(keys.len()).arg(&keys);
        command.arg(holder).arg(build.to_string()).arg(expected).arg(moves);
        commands::add(&mut command, writes);
        let said: Vec<String> = self.run(doing, &self.scripts.apply, &command).await?;
        let mut said = said.iter().map(String::as_str);
        match (said.next(), said.next()) {
            (Some("applied"), _) => Ok(()),
            (Some("not-holder"), _) => Err(ApplyError::NotHolder),
            (Some("stale"), at) => Err(ApplyError::Stale {
                at: at.and_then(|at| at.parse().ok()).unwrap_or_default(),
                expected,
            }),
            (_, _) => Err(ApplyError::NoSuchBuild),
        }
    }
}

fn key(of: &str) -> String {
    format!("{PREFIX}{of}")
}

fn order(build: &Build) -> String {
    format!("{PREFIX}order:{build}")
}

fn values(build: &Build) -> String {
    format!("{PREFIX}values:{build}")
}

/// A checkpoint as it is kept: the next position, and the last event or `-`.
fn read_checkpoint(text: &str) -> Checkpoint {
    let (next, last) = text.split_once(' ').unwrap_or((text, "-"));
    Checkpoint {
        next: next.parse().unwrap_or_default(),
        last: Uuid::try_parse(last).ok().map(EventId::new),
    }
}

async fn list(mut connection: ConnectionManager) -> Result<Vec<Built>, RedisError> {
    type Kept = (Vec<(String, String)>, Vec<String>, Vec<(String, String)>);
    let (checkpoints, complete, serving): Kept = ::redis::pipe()
        .atomic()
        .hgetall(key("checkpoints"))
        .smembers(key("complete"))
        .hgetall(key("serving"))
        .query_async(&mut connection)
        .await?;
    let mut builds: Vec<Built> = checkpoints
        .into_iter()
        .filter_map(|(name, checkpoint)| {
            let build: Build = name.parse().ok()?;
            let stage = if complete.contains(&name) { Stage::Complete } else { Stage::Building };
            let serving = serving.iter().any(|(_, serving)| *serving == name);
            Some(Built { build, checkpoint: read_checkpoint(&checkpoint), stage, serving })
        })
        .collect();
    builds.sort_by(|one, other| one.build.cmp(&other.build));
    Ok(builds)
}

impl Store for Redis {
    fn builds(&self) -> Answer<'_, Result<Vec<Built>, StoreError>> {
        let connection = self.connection.clone();
        Box::pin(
            async move { list(connection).await.map_err(StoreError::when("listing the builds")) },
        )
    }

    fn create<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<(), StoreError>> {
        let mut connection = self.connection.clone();
        Box::pin(async move {
            connection
                .hset_nx(key("checkpoints"), build.to_string(), "0 -")
                .await
                .map_err(StoreError::when("making a build"))
        })
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn apply(&self, batch: Batch) -> Answer<'_, Result<(), ApplyError>> {
        let Checkpoint { next, last } = batch.checkpoint;
        let moves = format!("{next} {}", last.map_or_else(|| "-".to_owned(), |id| id.to_string()));
        Box::pin(async move {
            let Batch { build, expected, holder, writes, .. } = &batch;
            self.write("applying a batch", [holder, &moves], (build, *expected), writes).await
        })
    }

    fn amend<'a>(
        &'a self,
        build: &'a Build,
        at: u64,
        writes: Vec<Write>,
    ) -> Answer<'a, Result<(), ApplyError>> {
        // By nobody in particular, and to no other place.
        Box::pin(async move { self.write("amending", ["", ""], (build, at), &writes).await })
    }

    fn read<'a>(
        &'a self,
        build: &'a Build,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<Reply>, StoreError>> {
        Box::pin(async move {
            match self.read_if(build, "", &asks).await? {
                Found::Reply(reply) => Ok(Some(reply)),
                Found::Other(_) | Found::Nothing => Ok(None),
            }
        })
    }

    fn read_serving<'a>(
        &'a self,
        name: &'a str,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<(Build, Reply)>, StoreError>> {
        Box::pin(async move { self.read_what_serves(name, &asks).await })
    }

    fn complete<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = self.scripts.complete.key(key("checkpoints"));
            script.key(key("complete")).arg(build.to_string());
            self.ask("marking a build as built", &script).await
        })
    }

    fn serve<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = self.scripts.serve.key(key("checkpoints"));
            script.key(key("serving")).arg(build.to_string()).arg(&build.name);
            self.ask("switching", &script).await
        })
    }

    fn switch<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = self.scripts.switch.key(key("checkpoints"));
            script.key(key("serving")).arg(build.to_string()).arg(&build.name);
            self.ask("switching", &script).await
        })
    }

    fn serving<'a>(&'a self, name: &'a str) -> Answer<'a, Result<Option<Build>, StoreError>> {
        let mut connection = self.connection.clone();
        Box::pin(async move {
            let serving: Option<String> = connection
                .hget(key("serving"), name)
                .await
                .map_err(StoreError::when("finding what serves"))?;
            Ok(serving.and_then(|build| build.parse().ok()))
        })
    }

    fn drop_build<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = self.scripts.drop_build.key(key("serving"));
            script.key(key("checkpoints")).key(key("complete")).key(order(build));
            script.key(values(build)).arg(build.to_string()).arg(&build.name);
            self.ask("dropping a build", &script).await
        })
    }

    fn take_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
            let mut script = self.scripts.take_lease.key(key("lease"));
            script.arg(holder).arg(milliseconds);
            self.ask("taking the lease", &script).await
        })
    }

    fn seize_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
            let mut script = self.scripts.seize_lease.key(key("lease"));
            script.arg(holder).arg(milliseconds);
            self.ask("seizing the lease", &script).await
        })
    }

    fn release_lease<'a>(&'a self, holder: &'a str) -> Answer<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut script = self.scripts.release_lease.key(key("lease"));
            script.arg(holder);
            self.ask("giving the lease back", &script).await
        })
    }
}
