//! Comparing while every build stands still: the lease is seized for as long as that takes, and given
//! back. Queries are answered meanwhile, and say how far behind they are.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use projections::{
    compare::Comparison,
    oversight::{Oversight, OversightError},
    projector::{Projector, Settings},
    read_models,
    store::{Build, Stage},
};

use super::{Bench, Failure, say};

/// For how long the lease is held at a time. If this process dies, others wait as long.
const LEASE: Duration = Duration::from_secs(10);

/// How often it is looked whether somebody follows again.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

pub(super) async fn compare(bench: &Bench, build: &Build) -> Result<(), Failure> {
    let builds = bench.store.builds().await?;
    let Some(found) = builds.iter().find(|found| found.build == *build) else {
        return Err(OversightError::NoSuchBuild(build.clone()).into());
    };
    if found.stage == Stage::Building {
        let next = found.checkpoint.next;
        return Err(OversightError::NotBuilt { build: build.clone(), next }.into());
    }
    // Only what is built is brought to one place; a rebuild on its way is left where it is.
    let settings = Settings { lease: LEASE, ..Settings::default() };
    let (projector, process) = bench.projector(settings);
    let holder = process.to_string();
    let somebody_followed = bench.somebody_follows().await?;
    bench.store.seize_lease(&holder, LEASE).await?;
    let compared = tokio::select! {
        compared = at_one_place(bench, projector, build) => compared,
        lost = keep(bench, &holder) => Err(lost),
        _ = tokio::signal::ctrl_c() => Err(Failure::with_code(130, anyhow!("interrupted"))),
    };
    bench.store.release_lease(&holder).await?;
    if somebody_followed {
        taken_back(bench).await?;
    }
    tell(&compared?)
}

/// Waits until whoever followed before does so again: what is asked next shall not take a server that runs for
/// none. One that has ended meanwhile is waited for as long as one that has died.
async fn taken_back(bench: &Bench) -> Result<(), Failure> {
    let released = Instant::now();
    while !bench.somebody_follows().await? && released.elapsed() < LEASE {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

async fn at_one_place(
    bench: &Bench,
    mut projector: Projector,
    build: &Build,
) -> Result<Comparison, Failure> {
    let head = if read_models::all().needs_marks(&build.name) {
        0 // without the keys it cannot be brought anywhere: it is compared if it stands at one place
    } else {
        bench.length().await?
    };
    while bench.store.builds().await?.iter().any(|built| {
        built.stage == Stage::Complete
            && built.build.name == build.name
            && built.checkpoint.next < head
    }) {
        projector.step().await?;
    }
    Ok(Oversight::of(&projector).compare(build).await?)
}

/// Holds the lease; ends when it cannot any more.
async fn keep(bench: &Bench, holder: &str) -> Failure {
    loop {
        tokio::time::sleep(LEASE.mul_f64(0.25)).await;
        match bench.store.take_lease(holder, LEASE).await {
            Ok(true) => {}
            Ok(false) => return anyhow!("another process took the lease: try again").into(),
            Err(error) => return error.into(),
        }
    }
}

fn tell(comparison: &Comparison) -> Result<(), Failure> {
    for side in [&comparison.one, &comparison.other] {
        say(&format!(
            "{}: {} events taken in, {} documents, {} entries, {} skipped, SHA-256 {}",
            side.build,
            side.next,
            side.documents,
            side.entries,
            side.skipped,
            hex::encode(side.hash)
        ))?;
    }
    if comparison.same() {
        return say("the same");
    }
    for key in &comparison.keys {
        say(&format!("differs: {key}"))?;
    }
    let different = comparison.different;
    Err(Failure::with_code(4, anyhow!("they differ in {different} keys")))
}
