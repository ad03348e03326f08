//! A shield: whether a child's whereabouts are hidden, why, and by whose decision.

pub mod apply_provisionally;
pub mod challenge;
mod contest;
pub mod determine;
mod event;
mod grounds;
pub mod history;
pub mod lift;
pub mod record_view;
pub mod request;
mod rests_on;
pub mod review;
mod standing;
pub mod uphold;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

pub use contest::{Contest, Decided};
pub use event::{Event, Requester, ReviewOutcome, ThreatLevel};
pub use grounds::{Ground, Grounds, NoUsableGround};
pub use rests_on::RestsOn;
pub use standing::{Applied, Standing};
pub use views::{Party, View, ViewKind};

use crate::{
    access::ShieldState,
    fold::Fold,
    identity::{EventId, ShieldRequestId},
    recorded::Recorded,
};

/// A shield as it stands. Nothing but an event of its own stream ever changes it (I3).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Shield {
    standing: Standing,
    views: BTreeMap<Party, View>,
    decision: Option<Decided>,
}

impl Shield {
    /// Where it stands, with what belongs to that.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Whether the record is shielded, as a look at it is told.
    pub const fn state(&self) -> ShieldState {
        match self.standing {
            Standing::Unshielded | Standing::Requested { .. } => ShieldState::Unshielded,
            Standing::Provisional { .. } => ShieldState::Provisional,
            Standing::Applied(_) => ShieldState::Applied,
        }
    }

    /// Whether anything is hidden.
    pub const fn is_shielded(&self) -> bool {
        matches!(self.standing, Standing::Provisional { .. } | Standing::Applied(_))
    }

    /// The grounds, while it is shielded.
    pub const fn grounds(&self) -> Option<&Grounds> {
        match &self.standing {
            Standing::Unshielded | Standing::Requested { .. } => None,
            Standing::Provisional { grounds, .. } => Some(grounds),
            Standing::Applied(applied) => Some(&applied.grounds),
        }
    }

    /// Since when it has been shielded without a break.
    pub const fn shielded_since(&self) -> Option<DateTime<Utc>> {
        match &self.standing {
            Standing::Unshielded | Standing::Requested { .. } => None,
            Standing::Provisional { since, .. } => Some(*since),
            Standing::Applied(applied) => Some(applied.since),
        }
    }

    /// By which day an applied shield must be reviewed.
    pub const fn review_due(&self) -> Option<NaiveDate> {
        match &self.standing {
            Standing::Unshielded | Standing::Requested { .. } | Standing::Provisional { .. } => {
                None
            }
            Standing::Applied(applied) => Some(applied.review_due),
        }
    }

    /// By which day a provisional shield should be decided.
    pub const fn decision_due(&self) -> Option<NaiveDate> {
        match &self.standing {
            Standing::Provisional { decision_due, .. } => Some(*decision_due),
            Standing::Unshielded | Standing::Requested { .. } | Standing::Applied(_) => None,
        }
    }

    /// Whether a decision or a review was due before this day. That is reported, never acted upon:
    /// an overdue shield hides as much as any other.
    pub fn overdue(&self, on: NaiveDate) -> bool {
        self.review_due().or(self.decision_due()).is_some_and(|due| due < on)
    }

    /// The decision that stands, to apply or to refuse. None once the shield was lifted.
    pub const fn decision(&self) -> Option<&Decided> {
        self.decision.as_ref()
    }

    /// The decision that stands, while a challenge of it waits for an answer.
    pub fn challenged(&self) -> Option<&Decided> {
        self.decision().filter(|decided| decided.is_challenged())
    }

    /// The views recorded since the last decision, for the next one.
    pub const fn views(&self) -> &BTreeMap<Party, View> {
        &self.views
    }

    /// What kind of view there is of each party that has been asked.
    pub fn view_kinds(&self) -> BTreeMap<Party, ViewKind> {
        self.views.iter().map(|(party, view)| (*party, view.kind())).collect()
    }

    /// The parties of whom neither a view nor a reason for its absence has been recorded.
    pub fn missing_views(&self) -> BTreeSet<Party> {
        Party::ALL.into_iter().filter(|party| !self.views.contains_key(party)).collect()
    }

    fn request(&mut self, recorded: &Recorded<Event>, request: ShieldRequestId) {
        match &mut self.standing {
            Standing::Unshielded => {
                self.standing = Standing::Requested { request, since: recorded.stamp.at };
            }
            // The matter is open already; a further request does not start it afresh.
            Standing::Requested { .. } | Standing::Provisional { .. } => {}
            Standing::Applied(applied) => applied.requested_again = Some(request),
        }
    }

    fn decided(&mut self, standing: Standing, decision: Option<Decided>) {
        self.standing = standing;
        self.decision = decision;
        self.views.clear();
    }

    fn reviewed(&mut self, outcome: ReviewOutcome, next_due: Option<NaiveDate>) {
        let Standing::Applied(applied) = &mut self.standing else { return };
        match outcome {
            ReviewOutcome::Keep => {
                applied.review_due = next_due.unwrap_or(applied.review_due);
                applied.requested_again = None;
                applied.lift_owed = false;
                self.views.clear();
            }
            ReviewOutcome::Lift => applied.lift_owed = true,
        }
    }

    /// The decision that stands, if it is this one.
    fn decision_at(&mut self, event: EventId) -> Option<&mut Decided> {
        self.decision.as_mut().filter(|decided| decided.event == event)
    }
}

impl Fold for Shield {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        let at = recorded.stamp.at;
        match &recorded.event {
            Event::Requested {
                request,
                requester: _,
                identity_checked: _,
                grounds: _,
                circumstances: _,
            } => {
                self.request(recorded, *request);
            }
            Event::ProvisionallyApplied { grounds, rationale: _, decision_due } => {
                let since = self.shielded_since().unwrap_or(at);
                self.standing = Standing::Provisional {
                    grounds: grounds.clone(),
                    since,
                    decision_due: *decision_due,
                };
            }
            Event::ViewRecorded { party, view } => {
                self.views.insert(*party, view.clone());
            }
            Event::Applied {
                authority,
                grounds,
                threat_level,
                threat_rationale: _,
                views: _,
                review_due,
            } => {
                let applied = Applied {
                    authority: *authority,
                    grounds: grounds.clone(),
                    threat_level: *threat_level,
                    since: self.shielded_since().unwrap_or(at),
                    review_due: *review_due,
                    requested_again: None,
                    lift_owed: false,
                };
                let decision = Decided::by(&recorded.stamp);
                self.decided(Standing::Applied(applied), Some(decision));
            }
            Event::Refused { authority: _, threat_level: _, reasons: _, views: _ } => {
                // A refusal ends a provisional shield. An applied one ends by being lifted only.
                if !matches!(self.standing, Standing::Applied(_)) {
                    self.decided(Standing::Unshielded, Some(Decided::by(&recorded.stamp)));
                }
            }
            Event::Reviewed { authority: _, outcome, reasons: _, next_due } => {
                self.reviewed(*outcome, *next_due);
            }
            Event::Lifted { authority: _, reasons: _, views: _ } => {
                self.decided(Standing::Unshielded, None);
            }
            // Neither touches the standing: what is hidden stays as it is.
            Event::DecisionChallenged {
                decision,
                challenger: _,
                identity_checked: _,
                words: _,
            } => {
                if let Some(decided) = self.decision_at(*decision) {
                    decided.challenge(at);
                }
            }
            Event::DecisionUpheld { authority: _, decision, reasons: _, views: _ } => {
                if let Some(decided) = self.decision_at(*decision) {
                    decided.contest = Contest::Upheld;
                    self.views.clear();
                }
            }
        }
    }
}
