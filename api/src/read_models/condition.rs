//! How the read models are, for whoever watches over the service.

use chrono::{DateTime, Utc};
use event_log::EventLog;
use projections::{
    projector::{Duty, Status},
    read_models,
    store::{Built, Stage, Store},
};
use serde::Serialize;
use utoipa::ToSchema;

/// How the read models are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Condition {
    /// Where they are kept: `embedded` or `redis`.
    pub kept: &'static str,
    /// What this process does: `following`; `waiting` while another process follows, or none;
    /// `stopped` when something is wrong that does not pass by itself.
    pub duty: &'static str,
    /// Why it has stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_because: Option<String>,
    /// How often this process lost the lease in its work, and how long ago it did last: to another process,
    /// or because the work took longer than the lease lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease_lost: Option<LeaseLost>,
    /// `reachable`, or `unreachable`.
    pub store: &'static str,
    /// How many events the one furthest behind of those that answer queries has yet to take in; none
    /// while one is not built, or the store cannot be reached.
    pub behind: Option<u64>,
    /// For how long the first of these events has been waiting, in seconds.
    pub behind_seconds: Option<f64>,
    /// Builds that are being built.
    pub building: Vec<Building>,
}

/// How often a lease was lost.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LeaseLost {
    /// How often since this process began.
    pub times: u64,
    /// How many seconds ago the last time was.
    pub seconds_ago: f64,
}

/// A build on its way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Building {
    /// Which, as `shields/1.2`.
    pub build: String,
    /// How many events it has taken in.
    pub taken_in: u64,
    /// How many events a second, if this process builds it.
    pub rate: Option<f64>,
    /// How many seconds are left at that rate.
    pub remaining_seconds: Option<u64>,
}

impl Condition {
    pub(super) async fn of(
        log: &EventLog,
        store: &dyn Store,
        (kept, status): (&'static str, Status),
        now: DateTime<Utc>,
    ) -> Self {
        let (duty, stopped_because) = match &status.duty {
            Duty::Following => ("following", None),
            Duty::Waiting => ("waiting", None),
            Duty::Stopped(reason) => ("stopped", Some(reason.clone())),
        };
        let lease_lost = status.lost.map(|lost| LeaseLost {
            times: lost.times,
            seconds_ago: lost.at.elapsed().as_secs_f64(),
        });
        let builds = store.builds().await;
        let reach = if builds.is_ok() { "reachable" } else { "unreachable" };
        let builds = builds.unwrap_or_default();
        let next = slowest(&builds);
        let behind = next.map(|next| log.length().saturating_sub(next));
        let behind_seconds = match (next, behind) {
            (Some(next), Some(1..)) => waiting_since(log, next).await.map(|at| seconds(at, now)),
            (Some(_), Some(0)) => Some(0.0),
            (None, _) | (Some(_), None) => None,
        };
        let building = builds.iter().filter(|built| built.stage == Stage::Building);
        let building = building.map(|built| on_its_way(built, &status)).collect();
        Self {
            kept,
            duty,
            stopped_because,
            lease_lost,
            store: reach,
            behind,
            behind_seconds,
            building,
        }
    }

    /// Whether something is wrong that does not pass by itself.
    pub const fn stopped(&self) -> bool {
        self.stopped_because.is_some()
    }
}

/// How far the slowest of those is that answer queries; none if one of them is missing.
fn slowest(builds: &[Built]) -> Option<u64> {
    let next = |(name, version): (&str, u32)| {
        let serves =
            |it: &&Built| it.serving && it.build.name == name && it.build.version == version;
        builds.iter().find(serves).map(|it| it.checkpoint.next)
    };
    read_models::all().names().map(next).collect::<Option<Vec<u64>>>()?.into_iter().min()
}

async fn waiting_since(log: &EventLog, position: u64) -> Option<DateTime<Utc>> {
    let header = log.header_at(position).await.ok().flatten();
    header.map(|header| header.stamp.at)
}

#[expect(clippy::cast_precision_loss, reason = "a lag is told in fractions of a second")]
fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    to.signed_duration_since(from).num_milliseconds().max(0) as f64 / 1_000.0
}

fn on_its_way(built: &Built, status: &Status) -> Building {
    let ours = status.builds.iter().find(|it| it.build == built.build);
    Building {
        build: built.build.to_string(),
        taken_in: built.checkpoint.next,
        rate: ours.and_then(|it| it.rate),
        remaining_seconds: ours.and_then(|it| it.remaining).map(|left| left.as_secs()),
    }
}
