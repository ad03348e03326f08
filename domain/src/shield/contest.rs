//! The decision about a shield that stands, and whether somebody challenges it.

use chrono::{DateTime, Utc};

use crate::{
    identity::{EventId, PractitionerId},
    recorded::Stamp,
};

/// The last decision, to apply or to refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Decided {
    /// The event that recorded it: what a challenge names.
    pub event: EventId,
    /// Who took it.
    pub by: Option<PractitionerId>,
    /// Whether it is challenged.
    pub contest: Contest,
}

/// How far a challenge has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contest {
    /// Nobody has challenged it.
    Unchallenged,
    /// Somebody has; it waits for an answer.
    Challenged {
        /// Since the first challenge.
        since: DateTime<Utc>,
    },
    /// It was challenged, and upheld.
    Upheld,
}

impl Decided {
    /// A decision just taken.
    pub(super) const fn by(stamp: &Stamp) -> Self {
        Self { event: stamp.id, by: stamp.by.id, contest: Contest::Unchallenged }
    }

    /// Whether a challenge of it waits for an answer.
    pub const fn is_challenged(&self) -> bool {
        matches!(self.contest, Contest::Challenged { .. })
    }

    /// Whether this person took it.
    pub fn was_taken_by(&self, person: PractitionerId) -> bool {
        self.by == Some(person)
    }

    /// A further challenge waits with the first one.
    pub(super) fn challenge(&mut self, at: DateTime<Utc>) {
        if self.contest == Contest::Unchallenged {
            self.contest = Contest::Challenged { since: at };
        }
    }
}
