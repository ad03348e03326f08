//! An investigation of an override, or of suspected misuse.

mod event;
mod progress;

pub mod assign;
pub mod conclude;

pub use event::{Event, Finding, Origin};
pub use progress::{Progress, Stage, progress};

use chrono::{DateTime, Utc};

use crate::{
    caller::Needs, fold::Fold, identity::PractitionerId, practitioner::Practitioner,
    recorded::Recorded,
};

/// Where an investigation stands. That it was opened stands in the stream of what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Investigation {
    /// Nobody investigates yet.
    #[default]
    NotAssigned,
    /// Somebody investigates.
    Assigned(Assigned),
    /// It has ended.
    Concluded {
        /// Who investigated last, and what.
        assigned: Assigned,
        /// The finding.
        finding: Finding,
        /// Who concluded it.
        by: Option<PractitionerId>,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Who investigates what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Assigned {
    /// What it is about.
    pub origin: Origin,
    /// Whose conduct it is about.
    pub subject: PractitionerId,
    /// Who investigates.
    pub investigator: PractitionerId,
    /// Since when.
    pub at: DateTime<Utc>,
}

impl Investigation {
    /// Who investigates what, or did.
    pub const fn assigned(&self) -> Option<&Assigned> {
        match self {
            Self::NotAssigned => None,
            Self::Assigned(assigned) | Self::Concluded { assigned, .. } => Some(assigned),
        }
    }

    /// The finding, once there is one.
    pub const fn finding(&self) -> Option<Finding> {
        match self {
            Self::Concluded { finding, .. } => Some(*finding),
            Self::NotAssigned | Self::Assigned(_) => None,
        }
    }

    /// Whether it has ended.
    pub const fn is_concluded(&self) -> bool {
        matches!(self, Self::Concluded { .. })
    }
}

impl Fold for Investigation {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        let stamp = &recorded.stamp;
        match &recorded.event {
            Event::Assigned { origin, subject, investigator } => {
                *self = Self::Assigned(Assigned {
                    origin: *origin,
                    subject: *subject,
                    investigator: *investigator,
                    at: stamp.at,
                });
            }
            Event::Concluded { finding, report: _ } => {
                if let Some(assigned) = self.assigned().copied() {
                    *self = Self::Concluded {
                        assigned,
                        finding: *finding,
                        by: stamp.by.id,
                        at: stamp.at,
                    };
                }
            }
        }
    }
}

/// Those who follow up the conduct of a user: the management team of the organisation that nominated
/// them (S8: over its own users), and the department (S8: over everybody).
fn over(subject: &Practitioner) -> Vec<Needs<'static>> {
    let own = subject.nomination().map(|by| Needs::ManagementTeamOf(by.organisation));
    own.into_iter().chain([Needs::Official, Needs::Auditor]).collect()
}
