//! One step: what is furthest behind takes in a stretch.

use std::{sync::Arc, time::Instant};

use tokio::task::JoinSet;

use super::{
    Duty, FollowError, Projector, Status, Step,
    outlook::look_around,
    stretch::{Ahead, Wanted},
    taking::{AtWork, Bounds, Place, Writes},
    work::Work,
};
use crate::{
    folding::Folding,
    store::{Build, Built, Checkpoint, Stage},
};

impl Projector {
    fn head(&self) -> u64 {
        self.settings.until.unwrap_or(u64::MAX).min(self.log.length())
    }

    pub(super) async fn try_step(&mut self) -> Result<Step, FollowError> {
        if !self.tenure.hold().await? {
            self.builds = None;
            self.desks.abandon().await;
            let lost = self.tenure.lost();
            self.status.send_modify(|status| {
                (status.duty, status.lost) = (Duty::Waiting, lost);
            });
            return Ok(Step::AnotherFollows);
        }
        let builds = if let Some(builds) = self.builds.take() {
            builds
        } else {
            self.desks.abandon().await;
            look_around(&self.log, &*self.store, &self.known).await?
        };
        let head = self.head();
        let work = [Stage::Complete, Stage::Building]
            .into_iter()
            .find_map(|stage| Work::among(&builds, stage, head));
        let Some(work) = work else {
            self.say(&builds, head);
            return Ok(Step::UpToDate); // and look around before the next step
        };
        let checkpoint = self.take_in(&work, head).await?;
        let builds = self.moved(builds, &work.group, checkpoint, head).await?;
        self.say(&builds, head);
        self.builds = Some(builds);
        Ok(Step::TookIn(checkpoint.next.saturating_sub(work.from)))
    }

    async fn take_in(&mut self, work: &Work, head: u64) -> Result<Checkpoint, FollowError> {
        let begun = Instant::now();
        let usual = self.settings.at_once(work.stage);
        let at_once = self.stride.of(usual);
        let compares = |build| self.known.folding(build).is_some_and(|folding| folding.marked());
        let marker = self.marker.clone().filter(|_| work.group.iter().any(compares));
        let wanted = |from: u64, until: u64| {
            let limit = usize::try_from(until.saturating_sub(from)).unwrap_or(usize::MAX);
            let readers = work.group.iter().filter_map(|build| self.known.folding(build)).collect();
            let (limit, part) = (limit.min(at_once), self.settings.writing.max(1));
            Wanted { from, limit, part, marked: marker.is_some(), readers }
        };
        let now = wanted(work.from, work.until);
        let gone = self.desks.forgotten(&self.log).await?;
        let ahead = self.ahead.take().filter(|ahead| gone.is_empty() && ahead.wanted.serves(&now));
        let reading = match ahead {
            Some(ahead) => ahead,
            None => Ahead::begin(&self.log, marker.as_ref(), now),
        };
        let stretch = Arc::new(self.tenure.throughout(reading.read()).await?);
        // What follows is read while this is written.
        let next = wanted(stretch.checkpoint.next, head);
        self.ahead = (next.limit > 0).then(|| Ahead::begin(&self.log, marker.as_ref(), next));
        let reached = !gone.is_empty() || stretch.checkpoint.next >= head;
        let mut taking = JoinSet::new();
        let keeps = |build| {
            let kept = self.known.folding(build).is_some_and(|folding| folding.kept());
            kept && work.stage == Stage::Building
        };
        let sharing = work.group.iter().filter(|build| keeps(build)).count().max(1);
        let bounds = self.bounds(sharing);
        for build in &work.group {
            let Some(folding) = self.known.folding(build) else { continue };
            let kept = keeps(build);
            let at_work = match self.desks.take(build, work.from) {
                Some(at_work) => at_work,
                None => AtWork::at(self.place(build, folding), work.from),
            };
            let writes = if kept {
                Writes::Changed { bounds, at_the_end: reached }
            } else {
                Writes::EachPart
            };
            let (stretch, build) = (Arc::clone(&stretch), build.clone());
            taking.spawn(async move {
                let at_work = at_work.take_in(stretch, writes).await?;
                Ok(kept.then_some((build, at_work)))
            });
        }
        let taken = self.tenure.throughout(all_of(taking)).await;
        match &taken {
            Err(FollowError::LeaseLost) => self.stride.stumbled(stretch.len()),
            _ => self.stride.went((stretch.len(), usual), begun.elapsed(), self.settings.lease),
        }
        for (build, at_work) in taken?.into_iter().flatten() {
            self.desks.put(build, at_work);
        }
        Ok(stretch.checkpoint)
    }

    fn place(&self, build: &Build, folding: Arc<dyn Folding>) -> Place {
        Place {
            store: Arc::clone(&self.store),
            folding,
            build: build.clone(),
            holder: self.tenure.holder().to_owned(),
        }
    }

    /// Of each of so many builds that are kept in memory.
    fn bounds(&self, sharing: usize) -> Bounds {
        let share = |bytes: usize| bytes.checked_div(sharing).unwrap_or(bytes);
        Bounds {
            changed: share(self.settings.changed).min(self.store.at_once()),
            kept: share(self.settings.kept),
        }
    }

    /// What a group's builds are after they have moved: complete, if they have reached the head.
    async fn moved(
        &mut self,
        mut builds: Vec<Built>,
        group: &[Build],
        checkpoint: Checkpoint,
        head: u64,
    ) -> Result<Vec<Built>, FollowError> {
        for built in builds.iter_mut().filter(|built| group.contains(&built.build)) {
            built.checkpoint = checkpoint;
            if built.stage == Stage::Building && checkpoint.next >= head {
                self.store.complete(&built.build).await?;
                built.stage = Stage::Complete;
                drop(self.desks.take(&built.build, checkpoint.next)); // it is written
                if self.store.serving(&built.build.name).await?.is_none() {
                    self.store.serve(&built.build).await?;
                    built.serving = true;
                }
            }
        }
        Ok(builds)
    }

    fn say(&mut self, builds: &[Built], head: u64) {
        let status = self.pace.status(builds, head);
        self.status.send_replace(Status { lost: self.tenure.lost(), ..status });
    }
}

/// Waits for all, and answers with what each came to, or with the first error.
async fn all_of<T: 'static>(
    mut taking: JoinSet<Result<T, FollowError>>,
) -> Result<Vec<T>, FollowError> {
    let mut all = Ok(Vec::new());
    while let Some(taken) = taking.join_next().await {
        let taken = taken.unwrap_or_else(|stopped| Err(FollowError::Interrupted(stopped)));
        all = match (all, taken) {
            (Ok(mut before), Ok(taken)) => {
                before.push(taken);
                Ok(before)
            }
            (Err(first), _) | (Ok(_), Err(first)) => Err(first),
        };
    }
    all
}
