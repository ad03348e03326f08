//! What the service does by itself, once a day: whatever the days alone have brought about is put on record.
//!
//! Records go into the archive on their day (rule K4), erasures that the rules demand are found (rule E4), and
//! checks that have lapsed are recorded (rule U5). All of it holds by itself from its day on; the record makes it visible.
//! Done again, it changes nothing. What needs two officers is left to them.

pub(crate) mod duties;

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use chrono::{DateTime, Days, NaiveTime, Utc};
use domain::actor::Actor;
use tokio::time::sleep;
use uuid::Uuid;

use crate::{directory::Directory, problem::Problem, request::Context};

/// How long after its start a server makes the first round: whoever was down at the hour misses no day, and whoever
/// starts is not kept from work.
const AFTER_THE_START: Duration = Duration::from_secs(600);

/// How many people are listed at once.
const AT_ONCE: usize = 1_000;

/// At which time of the day (UTC) the round is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Daily {
    /// At this time, and once soon after the start.
    At(NaiveTime),
    /// Not by this server.
    Never,
}

/// The text names no time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a time of the day in UTC (as 03:00) nor \"never\"")]
pub struct NotATime;

impl FromStr for Daily {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        if text == "never" {
            return Ok(Self::Never);
        }
        NaiveTime::parse_from_str(text, "%H:%M").map(Self::At).map_err(|_| NotATime)
    }
}

impl fmt::Display for Daily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => write!(f, "{}", time.format("%H:%M")),
            Self::Never => f.write_str("never"),
        }
    }
}

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// How many people were looked at.
    pub looked_at: u64,
    /// How many records went into the archive, or were closed to data managers there.
    pub archived: u64,
    /// How many erasures were found to be due.
    pub due: u64,
    /// How many checks have lapsed.
    pub lapsed: u64,
    /// How many people could not be dealt with; the next round comes to them again.
    pub left: u64,
}

/// Makes the round every day, until the service is told to stop.
pub(crate) async fn daily(directory: Arc<Directory>, daily: Daily) {
    let Daily::At(time) = daily else { return };
    let mut wait = AFTER_THE_START;
    loop {
        sleep(wait).await;
        match round(&directory).await {
            Ok(Round { looked_at, archived, due, lapsed, left }) => tracing::info!(
                looked_at,
                archived,
                due,
                lapsed,
                left,
                "The daily round is finished"
            ),
            Err(problem) => {
                let problem = problem.kind().name;
                tracing::error!(
                    problem,
                    "The daily round was broken off, and is made again in its time"
                );
            }
        }
        wait = until(time, directory.clock().now());
    }
}

/// How long it is until the next time this time of the day comes.
fn until(time: NaiveTime, now: DateTime<Utc>) -> Duration {
    let today = now.date_naive().and_time(time).and_utc();
    let next = if today > now { Some(today) } else { today.checked_add_days(Days::new(1)) };
    next.and_then(|next| next.signed_duration_since(now).to_std().ok()).unwrap_or(AFTER_THE_START)
}

/// Goes through everybody once.
///
/// # Errors
/// When the log cannot be read, or nothing can be recorded. What was done until then is done.
pub async fn round(directory: &Directory) -> Result<Round, Problem> {
    let (mut round, mut after) = (Round::default(), Uuid::nil());
    let undertaking = Uuid::now_v7();
    loop {
        let some = directory.subjects_after(after, AT_ONCE).await?;
        let Some(last) = some.last() else { return Ok(round) };
        after = *last;
        for subject in some {
            if *directory.closing().borrow() {
                return Ok(round);
            }
            count(&mut round.looked_at, true);
            match person(directory, (undertaking, subject), &mut round).await {
                Err(problem) if problem.kind().status >= 500 => return Err(problem),
                Err(_) => count(&mut round.left, true),
                Ok(()) => {}
            }
        }
    }
}

async fn person(
    directory: &Directory,
    (undertaking, subject): (Uuid, Uuid),
    round: &mut Round,
) -> Result<(), Problem> {
    let context = Context {
        command: Uuid::new_v5(&undertaking, subject.as_bytes()),
        repeatable: false,
        at: directory.clock().now(),
        by: Actor::SYSTEM,
        correlation: Some(undertaking),
        digest: directory.digest(&[b"by the clock", subject.as_bytes()]),
        wait: None,
    };
    let archived = duties::archive(directory, &context, subject).await?;
    count(&mut round.archived, archived.is_some());
    let due = duties::find_due(directory, &context, subject).await?;
    count(&mut round.due, due.is_some());
    let lapsed = duties::lapse(directory, &context, subject).await?;
    count(&mut round.lapsed, lapsed.is_some());
    Ok(())
}

fn count(number: &mut u64, one_more: bool) {
    *number = number.saturating_add(u64::from(one_more));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_is_today_or_tomorrow() {
        let time: NaiveTime = "03:00:00".parse().unwrap();
        let wait = |now: &str| until(time, now.parse().unwrap()).as_secs();
        assert_eq!(wait("2009-06-22T02:59:59Z"), 1);
        assert_eq!(wait("2009-06-22T03:00:00Z"), 24 * 3_600);
        assert_eq!(wait("2009-12-31T04:00:00Z"), 23 * 3_600);
    }

    #[test]
    fn a_time_is_written_as_it_is_read() {
        for text in ["03:00", "23:59", "never"] {
            assert_eq!(text.parse::<Daily>().unwrap().to_string(), text);
        }
        for text in ["", "3 o'clock", "24:00", "03:00:00", "Never"] {
            assert_eq!(text.parse::<Daily>(), Err(NotATime), "{text}");
        }
    }
}
