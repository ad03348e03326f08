//! Rule I3: an investigation has an age, and is overdue from the day after it was due until concluded.
//!
//! Source: S8 (suspicion is investigated at once).
//! Reading: the department will ask which overrides have no finished investigation, and how old each
//! is. Within how many days it should be concluded is a policy value, ours, fixed when it opens.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{Finding, Investigation};
use crate::identity::PractitionerId;

/// How far an investigation has come on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// How far.
    #[serde(flatten)]
    pub stage: Stage,
    /// How many days it has been open, or was until its conclusion.
    pub age_days: i64,
    /// By which day it should be concluded.
    pub due: NaiveDate,
    /// Whether that day has passed without a conclusion.
    pub overdue: bool,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "stage")]
pub enum Stage {
    /// Nobody investigates yet.
    NotAssigned,
    /// Somebody investigates.
    Assigned {
        /// Who.
        investigator: PractitionerId,
    },
    /// It has ended.
    Concluded {
        /// The finding.
        finding: Finding,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Says how far an investigation has come on a day, given when it was opened and by when it was due.
pub fn progress(
    investigation: &Investigation,
    opened: DateTime<Utc>,
    due: NaiveDate,
    on: NaiveDate,
) -> Progress {
    let (stage, until) = match investigation {
        Investigation::NotAssigned => (Stage::NotAssigned, on),
        Investigation::Assigned(assigned) => {
            (Stage::Assigned { investigator: assigned.investigator }, on)
        }
        Investigation::Concluded { finding, at, .. } => {
            (Stage::Concluded { finding: *finding, at: *at }, at.date_naive())
        }
    };
    Progress {
        stage,
        age_days: until.signed_duration_since(opened.date_naive()).num_days(),
        due,
        overdue: !investigation.is_concluded() && on > due,
    }
}
