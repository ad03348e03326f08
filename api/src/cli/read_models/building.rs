//! Rebuilding, watched: whoever follows the log does the work, and this process if nobody does.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use projections::{
    oversight::Oversight,
    projector::{FollowError, Settings},
    read_models,
    store::{Build, Built, Stage},
};
use tokio::sync::watch;

use super::{Bench, Failure, say};

/// How often it is looked how far the builds are.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// How often that is said.
const SAY_AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn rebuild(bench: &Bench, names: &[String]) -> Result<(), Failure> {
    let oversight = bench.oversight();
    let mut builds = Vec::new();
    for name in possible(bench, wanted(names), names).await? {
        builds.push(begun(&oversight, &name).await?);
    }
    let (stop, stopped) = watch::channel(false);
    let (mut projector, _) = bench.projector(Settings::default());
    let mut following = tokio::spawn(async move { projector.run(stopped).await });
    let ended = tokio::select! {
        watched = watch_over(bench, &oversight, &builds) => watched,
        ended = &mut following => return Err(failed(ended)),
        _ = tokio::signal::ctrl_c() => Err(Failure::with_code(130, anyhow!(
            "interrupted; a server that runs goes on building, and so does the same command. \
             To cancel it: contactpoint read-models drop BUILD"
        ))),
    };
    stop.send_replace(true);
    following.await.map_err(|panic| anyhow!(panic))??;
    ended
}

fn failed(ended: Result<Result<(), FollowError>, tokio::task::JoinError>) -> Failure {
    match ended {
        Ok(Ok(())) => anyhow!("following the log ended early").into(),
        Ok(Err(error)) => error.into(),
        Err(panic) => anyhow!(panic).into(),
    }
}

fn wanted(names: &[String]) -> Vec<String> {
    if names.iter().any(|name| name == "all") {
        read_models::all().names().map(|(name, _)| name.to_owned()).collect()
    } else {
        names.to_vec()
    }
}

/// Those of the wanted ones that somebody can build. What compares personal values is built by who holds
/// the keys of the log: a server.
async fn possible(
    bench: &Bench,
    wanted: Vec<String>,
    named: &[String],
) -> Result<Vec<String>, Failure> {
    let all = read_models::all();
    let (marked, others): (Vec<String>, Vec<String>) =
        wanted.into_iter().partition(|name| all.needs_marks(name));
    if marked.is_empty() || bench.somebody_follows().await? {
        return Ok(others.into_iter().chain(marked).collect());
    }
    let says = format!(
        "{} cannot be built without the keys of the log, and no server follows it: start one",
        marked.join(", ")
    );
    if named.iter().any(|name| all.needs_marks(name)) {
        return Err(anyhow!(says).into());
    }
    // Whoever asked may have gone away.
    writeln!(std::io::stderr(), "{says}").ok();
    Ok(others)
}

/// The build of that name that is being built beside the one that answers; a new one if there is none.
async fn begun(oversight: &Oversight, name: &str) -> Result<Build, Failure> {
    let known = read_models::all();
    let version = known.names().filter(|(known, _)| *known == name).map(|(_, version)| version);
    let version = version.max();
    let going_on = |built: &Built| {
        built.build.name == name
            && Some(built.build.version) == version
            && built.stage == Stage::Building
    };
    let builds = oversight.list().await?;
    match builds.into_iter().find(going_on) {
        Some(built) => Ok(built.build),
        None => Ok(oversight.rebuild(name).await?),
    }
}

async fn watch_over(bench: &Bench, oversight: &Oversight, builds: &[Build]) -> Result<(), Failure> {
    let began = Instant::now();
    let mut from: Option<u64> = None;
    let mut said: Option<Instant> = None;
    loop {
        let head = bench.length().await?;
        let all = oversight.list().await?;
        let ours: Vec<&Built> = all.iter().filter(|built| builds.contains(&built.build)).collect();
        if ours.len() < builds.len() {
            return Err(anyhow!("a build was dropped meanwhile").into());
        }
        if ours.iter().all(|built| built.stage == Stage::Complete) {
            for Built { build, checkpoint, serving, .. } in ours {
                let then = if *serving { "and answers queries" } else { "compare it, then switch" };
                say(&format!("{build} is built, {} events taken in; {then}", checkpoint.next))?;
            }
            return Ok(());
        }
        let next = ours.iter().map(|built| built.checkpoint.next).min().unwrap_or_default();
        let from = *from.get_or_insert(next);
        if said.is_none_or(|said| said.elapsed() >= SAY_AGAIN) {
            let names: Vec<String> = builds.iter().map(ToString::to_string).collect();
            let pace = pace(next.saturating_sub(from), head.saturating_sub(next), began.elapsed());
            // Whoever asked may have gone away.
            writeln!(std::io::stderr(), "{}: {next} of {head} events{pace}", names.join(", ")).ok();
            said = Some(Instant::now());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// How fast, and how long yet, once that can be said.
#[expect(clippy::cast_precision_loss, reason = "a rate is an estimate")]
fn pace(done: u64, left: u64, took: Duration) -> String {
    let rate = done as f64 / took.as_secs_f64();
    if done == 0 || !rate.is_normal() {
        return String::new();
    }
    format!(", {rate:.0} a second, {:.0} s left", left as f64 / rate)
}
