//! A synthetic England of any size, told through the rules, by many hands at once.
//!
//! The telling is divided into stages, and a stage into units that can be told in any order. What has
//! been told is noted beside the log, so a telling that was interrupted goes on; the units that may
//! have been begun are looked for in the log, deed by deed.

mod days;
mod hands;
mod people;
mod plan;
mod progress;
mod records;

use std::path::Path;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use fixtures::england::England;
use uuid::Uuid;

use crate::{
    chronicle::{Halt, Line},
    directory::Directory,
};

pub use plan::{Plan, PlanError};
pub use progress::Report;

/// Why a generation stopped.
#[derive(Debug, thiserror::Error)]
pub enum GenerationError {
    /// The plan does not fit what is in the data folder.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A deed could not be told.
    #[error("could not tell {unit} of {stage}")]
    Halt {
        /// The stage.
        stage: String,
        /// The unit.
        unit: u64,
        /// Why.
        #[source]
        cause: Halt,
    },
    /// A thread could not be set up.
    #[error("could not set up a hand")]
    Hand(#[source] std::io::Error),
    /// Nothing can be reported.
    #[error("could not report progress")]
    Report(#[source] std::io::Error),
}

/// The first day: authorities, teams, trainers.
const OPENING: (i32, u32, u32) = (2009, 1, 26);
/// The day on which the records are entered, and on which England is as old as it is.
const ENTERED: (i32, u32, u32) = (2009, 3, 2);
/// From the entering of the records to …
const SHIELDS_AFTER: u64 = 1;
const SIGN_OFF_AFTER: u64 = 25;
const STAFF_AFTER: u64 = 28;
const REVIEWS_AFTER: u64 = 33;
/// … the first day on which anybody looks: 6 April 2009.
const LOOKS_AFTER: u64 = 35;

/// One telling.
pub(crate) struct Generation<'d> {
    directory: &'d Directory,
    england: England,
    name: Uuid,
    perhaps_told: bool,
}

impl Generation<'_> {
    /// A line for one part of the telling.
    fn line(&self, part: &str, number: u64, at: DateTime<Utc>) -> Line<'_> {
        let name = Uuid::new_v5(&self.name, format!("{part} {number}").as_bytes());
        Line::new(self.directory, name, at).perhaps_told(self.perhaps_told)
    }

    /// An instant on a day after the records were entered, `part` of `whole` through the day.
    fn during(&self, days: u64, part: u64, whole: u64) -> DateTime<Utc> {
        let day = self.england.day().checked_add_days(Days::new(days));
        let day = day.unwrap_or(self.england.day());
        let seconds = u128::from(part).saturating_mul(80_000).checked_div(u128::from(whole));
        let seconds = i64::try_from(seconds.unwrap_or(0)).unwrap_or(0);
        at(day).checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(at(day))
    }
}

fn date((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN)
}

fn at(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

/// Tells what the plan says, or what is missing of it.
///
/// # Errors
/// When it cannot be told; what was told stays, and the next call goes on from there.
pub fn generate(
    directory: &Directory,
    data: &Path,
    plan: &Plan,
    say: &mut (dyn std::io::Write + Send),
) -> Result<Report, GenerationError> {
    let england = England::new(plan.seed, plan.children, date(ENTERED));
    let mut noted = plan::Noted::open(data, plan, directory.log().length())?;
    let interrupted = noted.place();
    let text = format!("england {} {}", plan.seed, plan.children);
    let mut generation = Generation {
        directory,
        england,
        name: Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()),
        perhaps_told: false,
    };
    let mut progress = progress::Progress::new(directory, plan, &england, say);
    for (number, stage) in (0_u32..).zip(generation.stages(plan.days)) {
        let from = match noted.place() {
            (at, _) if number < at => continue,
            (at, unit) if number == at => unit,
            _ => 0,
        };
        generation.perhaps_told = interrupted.0 == number && noted.resumed();
        hands::tell(&generation, &stage, from, |told| {
            noted.note(number, told)?;
            progress.say(&stage)
        })?;
        noted.note(number.saturating_add(1), 0)?;
        progress.say(&stage)?;
    }
    Ok(progress.finish())
}

/// A stage of the telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Policy, the department, the announced training.
    Opening,
    /// Authorities with their teams and trainers.
    Authorities(u64),
    /// Records, by the batch.
    Records(u64),
    /// Requests to shield, by the batch of children.
    Shields(u64),
    /// Shielding before first use is signed off.
    SignOff(u64),
    /// Search is switched on.
    Search,
    /// Practitioners, by the batch.
    Staff(u64),
    /// Reviews of shields, by the batch of children.
    Reviews(u64),
    /// A day of looks.
    Day(u64),
}

impl Stage {
    /// What it is called.
    fn name(self) -> String {
        match self {
            Self::Opening => "the opening".to_owned(),
            Self::Authorities(_) => "authorities".to_owned(),
            Self::Records(_) => "records".to_owned(),
            Self::Shields(_) => "shields".to_owned(),
            Self::SignOff(_) => "signing off".to_owned(),
            Self::Search => "search switched on".to_owned(),
            Self::Staff(_) => "practitioners".to_owned(),
            Self::Reviews(_) => "reviews".to_owned(),
            Self::Day(day) => format!("day {}", day.saturating_add(1)),
        }
    }
}

/// How many records make a unit: their keys become durable together.
const RECORDS: u64 = 48;
/// How many children are looked through for shields as a unit.
const CASES: u64 = 512;
/// How many practitioners make a unit.
const STAFF: u64 = 16;
/// How many errands make a unit.
const ERRANDS: u64 = 8;

impl Generation<'_> {
    fn stages(&self, days: u64) -> Vec<Stage> {
        let england = &self.england;
        let (children, staff) = (england.how_many_children(), england.how_many_practitioners());
        let authorities = england.how_many_authorities();
        let mut stages = vec![
            Stage::Opening,
            Stage::Authorities(authorities),
            Stage::Records(children.div_ceil(RECORDS)),
            Stage::Shields(children.div_ceil(CASES)),
            Stage::SignOff(authorities),
            Stage::Search,
            Stage::Staff(staff.div_ceil(STAFF)),
            Stage::Reviews(children.div_ceil(CASES)),
        ];
        stages.extend((0..days).map(Stage::Day));
        stages
    }
}
