//! Looks that are worth a second one: what a computer finds, for people to judge.
//!
//! Each rule is a function of facts and of the dated policy values, and says on which events its
//! finding rests. A finding accuses nobody. Whether it becomes a suspicion, and so a suspension (U15),
//! is for a management team or an auditor to decide.

pub mod burst;
pub mod dormant;
pub mod elsewhere;
mod england;
pub mod hours;
pub mod kin;
pub mod lapse;
pub mod near_shield;
pub mod overrides;
pub mod sequence;
pub mod stranger;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::identity::EventId;

/// One of the ten rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// The same surname or address as the user.
    #[serde(rename = "L1")]
    Kin,
    /// No involvement with the child.
    #[serde(rename = "L2")]
    Stranger,
    /// Outside the user's own authority.
    #[serde(rename = "L3")]
    Elsewhere,
    /// Outside the usual hours.
    #[serde(rename = "L4")]
    Hours,
    /// Many records in a short time.
    #[serde(rename = "L5")]
    Burst,
    /// Searches one after the other that differ in one term.
    #[serde(rename = "L6")]
    Sequence,
    /// Many overrides.
    #[serde(rename = "L7")]
    Overrides,
    /// An account that was not used for long.
    #[serde(rename = "L8")]
    Dormant,
    /// An account that lapsed soon after.
    #[serde(rename = "L9")]
    Lapse,
    /// Searches for a child that is known to be shielded.
    #[serde(rename = "L10")]
    NearShield,
}

impl Rule {
    /// Every rule, in the order of the rule-book.
    pub const ALL: [Self; 10] = [
        Self::Kin,
        Self::Stranger,
        Self::Elsewhere,
        Self::Hours,
        Self::Burst,
        Self::Sequence,
        Self::Overrides,
        Self::Dormant,
        Self::Lapse,
        Self::NearShield,
    ];

    /// Its id in the rule-book.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Kin => "L1",
            Self::Stranger => "L2",
            Self::Elsewhere => "L3",
            Self::Hours => "L4",
            Self::Burst => "L5",
            Self::Sequence => "L6",
            Self::Overrides => "L7",
            Self::Dormant => "L8",
            Self::Lapse => "L9",
            Self::NearShield => "L10",
        }
    }
}

/// Something that happened at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The event that recorded it.
    pub event: EventId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A policy value that a finding rests on, by its name in `policy::UnusualLooks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Which.
    pub name: String,
    /// What it was.
    pub value: u32,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// On which events it rests, in their order. The last one is the one that raised it.
    pub rests_on: Vec<EventId>,
    /// By which policy values. Empty where the rule has no measure.
    pub used: Vec<Used>,
}

impl Finding {
    fn new(rule: Rule, rests_on: Vec<EventId>, used: &[(&str, u32)]) -> Self {
        let used =
            used.iter().map(|(name, value)| Used { name: (*name).to_owned(), value: *value });
        Self { rule, rests_on, used: used.collect() }
    }
}

/// Those among earlier acts that happened within so many minutes before an act.
fn within_minutes<'a>(
    earlier: &'a [Act],
    act: &'a Act,
    minutes: u32,
) -> impl Iterator<Item = &'a Act> {
    let span = chrono::TimeDelta::minutes(i64::from(minutes));
    earlier.iter().filter(move |it| act.at.signed_duration_since(it.at) < span)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
