//! The erasure of one subject: what holds it up, who authorised it, and how far it has come.
//!
//! The stream holds nothing personal but the words of a hold and the dates of a rule, which go with the key.

pub mod authorise;
pub mod begin;
pub mod due;
mod event;
mod grounds;
pub mod late_event;
pub mod lift_hold;
pub mod place_hold;
mod progress;
mod proposal;
pub mod propose;
pub mod record_due;
mod subject;
pub mod withdraw;

use std::collections::BTreeMap;

pub use event::{Event, Sections};
pub use grounds::{Grounds, HoldGround, PurgeMethod, RetentionRule};
pub use progress::{Begun, Destroyed, Progress, Step};
pub use proposal::{NotErasable, Proposal};
pub use subject::Subject;

use chrono::{DateTime, Utc};

use crate::{
    fold::Fold,
    identity::{HoldId, PractitionerId},
    recorded::Recorded,
};

/// What has happened towards the erasure of one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erasure {
    holds: BTreeMap<HoldId, HoldGround>,
    lifted: BTreeMap<HoldId, HoldGround>,
    due: Option<Due>,
    stage: Stage,
    late_events: u64,
}

/// That a rule was found to demand the erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Due {
    /// Which rule.
    pub rule: RetentionRule,
    /// When it was found.
    pub at: DateTime<Utc>,
}

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nobody has asked for it.
    #[default]
    NotProposed,
    /// One officer proposes it.
    Proposed(Proposal),
    /// Another one has authorised it.
    Authorised {
        /// What was proposed, and by whom.
        proposal: Proposal,
        /// Who authorised it.
        by: PractitionerId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It has begun. There is no way back.
    Begun(Progress),
    /// Everything is done.
    Erased {
        /// What was done.
        progress: Progress,
        /// When the last of it was.
        at: DateTime<Utc>,
    },
}

impl Erasure {
    /// The holds that are open, with their grounds.
    pub const fn holds(&self) -> &BTreeMap<HoldId, HoldGround> {
        &self.holds
    }

    /// Whether nothing may be erased now.
    pub fn is_held(&self) -> bool {
        !self.holds.is_empty()
    }

    /// That a rule was found to demand it.
    pub const fn due(&self) -> Option<Due> {
        self.due
    }

    /// How far it has come.
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// What was done, once it has begun.
    pub const fn progress(&self) -> Option<&Progress> {
        match &self.stage {
            Stage::Begun(progress) | Stage::Erased { progress, .. } => Some(progress),
            Stage::NotProposed | Stage::Proposed(_) | Stage::Authorised { .. } => None,
        }
    }

    /// Whether it has begun: from then on there is nothing to look at, and no way back.
    pub const fn has_begun(&self) -> bool {
        self.progress().is_some()
    }

    /// Whether everything is done.
    pub const fn is_erased(&self) -> bool {
        matches!(self.stage, Stage::Erased { .. })
    }

    /// How many events came too late.
    pub const fn late_events(&self) -> u64 {
        self.late_events
    }
}

impl Fold for Erasure {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        let at = recorded.stamp.at;
        match &recorded.event {
            Event::LegalHoldPlaced { hold, ground, words: _ } => {
                self.holds.insert(*hold, *ground);
                // Whoever authorised it did not know of this.
                if !self.has_begun() {
                    self.stage = Stage::NotProposed;
                }
            }
            Event::LegalHoldLifted { hold, words: _ } => {
                self.lifted.extend(self.holds.remove_entry(hold));
            }
            Event::Due { rule, dates: _ } => self.due = Some(Due { rule: *rule, at }),
            Event::Proposed { grounds, rule } => {
                self.stage = recorded.stamp.by.id.map_or(Stage::NotProposed, |by| {
                    Stage::Proposed(Proposal { grounds: *grounds, rule: *rule, by, at })
                });
            }
            Event::ProposalWithdrawn {} => self.stage = Stage::NotProposed,
            Event::Authorised { proposed_by: _, grounds: _ } => {
                if let (Stage::Proposed(proposal), Some(by)) = (&self.stage, recorded.stamp.by.id) {
                    self.stage = Stage::Authorised { proposal: *proposal, by, at };
                }
            }
            Event::Begun { .. }
            | Event::KeyDestroyed { .. }
            | Event::CiphertextDeleted { .. }
            | Event::HolderPurged { .. }
            | Event::SubjectErased { .. } => self.stage = progress::moved(&self.stage, recorded),
            Event::LateEventRefused { .. } => {
                self.late_events = self.late_events.saturating_add(1);
            }
        }
    }
}
