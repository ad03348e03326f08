//! Rule S7: every decision about a shield can be shown as it was taken: grounds, threat and rationale,
//! views considered, who decided, under which policy, and the state before and after.
//!
//! Source: accountable, case-by-case decisions, HL4249.
//! Reading: a second fold of the same stream, kept apart from `Shield`, which is folded at every look.
//! The views of a decision are those recorded since the decision before it, in the words given.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{Event, Grounds, Party, Requester, ReviewOutcome, Shield, ThreatLevel, View};
use crate::{
    access::ShieldState,
    actor::Actor,
    fold::Fold,
    identity::{EventId, OrganisationId, ShieldRequestId},
    personal::Personal,
    policy::PolicyVersion,
    reason::Text,
    recorded::Recorded,
};

/// What kind of step it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Somebody asked.
    Requested,
    /// Shielded at once.
    ProvisionallyApplied,
    /// Shielded by decision.
    Applied,
    /// Not shielded, by decision.
    Refused,
    /// Reviewed, and kept.
    Kept,
    /// Reviewed, and found that it should be lifted.
    FoundToBeLifted,
    /// Lifted.
    Lifted,
    /// The decision was challenged.
    Challenged,
    /// The challenged decision was upheld.
    Upheld,
}

/// One step in the history of a shield, as it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The event that recorded it.
    pub event: EventId,
    /// Its place in the whole log.
    pub position: u64,
    /// Its place in the stream.
    pub revision: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who took it, as they were then.
    pub by: Actor,
    /// Under which policy.
    pub policy: PolicyVersion,
    /// What it was.
    pub step: Step,
    /// The request, and who asked, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// The challenge, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// The decision that was upheld, when one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upholds: Option<EventId>,
    /// The authority that decided, when it was an authority's decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<OrganisationId>,
    /// The grounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<Grounds>,
    /// The level of threat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threat_level: Option<ThreatLevel>,
    /// The threat rationale, the reasons or the circumstances, in the words given.
    pub rationale: Personal<Text>,
    /// The views on record for it. A decision of rules S4 and S6 has all three.
    pub views: BTreeMap<Party, View>,
    /// Whether the record was shielded before.
    pub before: ShieldState,
    /// Whether it was shielded after.
    pub after: ShieldState,
    /// By which day the next step is due after it: the decision, or the review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_due: Option<NaiveDate>,
    /// Whether what was due came later than its day.
    pub overdue: bool,
}

/// A request as it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Which request.
    pub id: ShieldRequestId,
    /// Who asked.
    pub requester: Requester,
    /// Whether their identity was checked.
    pub identity_checked: bool,
}

/// A challenge as it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Challenge {
    /// Of which decision: the event that recorded it.
    pub decision: EventId,
    /// Who challenged it.
    pub challenger: Requester,
    /// Whether their identity was checked.
    pub identity_checked: bool,
}

/// Every step in the history of one shield, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShieldingHistory {
    shield: Shield,
    decisions: Vec<Decision>,
}

impl ShieldingHistory {
    /// The steps, the first one first. Views are not steps; they stand with the decision they served.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// The shield as it stands at the end.
    pub const fn shield(&self) -> &Shield {
        &self.shield
    }
}

/// What an event says for itself, without its circumstances.
struct Said<'e> {
    step: Step,
    request: Option<Request>,
    challenge: Option<Challenge>,
    upholds: Option<EventId>,
    authority: Option<OrganisationId>,
    grounds: Option<&'e Grounds>,
    threat_level: Option<ThreatLevel>,
    rationale: &'e Personal<Text>,
}

impl<'e> Said<'e> {
    const fn new(step: Step, rationale: &'e Personal<Text>) -> Self {
        Self {
            step,
            request: None,
            challenge: None,
            upholds: None,
            authority: None,
            grounds: None,
            threat_level: None,
            rationale,
        }
    }

    fn by(event: &'e Event) -> Option<Self> {
        Some(match event {
            Event::ViewRecorded { party: _, view: _ } => return None,
            Event::Requested { request, requester, identity_checked, grounds, circumstances } => {
                let request = Request {
                    id: *request,
                    requester: *requester,
                    identity_checked: *identity_checked,
                };
                Self {
                    request: Some(request),
                    grounds: Some(grounds),
                    ..Self::new(Step::Requested, circumstances)
                }
            }
            Event::ProvisionallyApplied { grounds, rationale, decision_due: _ } => {
                Self { grounds: Some(grounds), ..Self::new(Step::ProvisionallyApplied, rationale) }
            }
            Event::Applied {
                authority,
                grounds,
                threat_level,
                threat_rationale,
                views: _,
                review_due: _,
            } => Self {
                authority: Some(*authority),
                grounds: Some(grounds),
                threat_level: Some(*threat_level),
                ..Self::new(Step::Applied, threat_rationale)
            },
            Event::Refused { authority, threat_level, reasons, views: _ } => Self {
                authority: Some(*authority),
                threat_level: Some(*threat_level),
                ..Self::new(Step::Refused, reasons)
            },
            Event::Reviewed { authority, outcome, reasons, next_due: _ } => {
                let step = match outcome {
                    ReviewOutcome::Keep => Step::Kept,
                    ReviewOutcome::Lift => Step::FoundToBeLifted,
                };
                Self { authority: Some(*authority), ..Self::new(step, reasons) }
            }
            Event::Lifted { authority, reasons, views: _ } => {
                Self { authority: Some(*authority), ..Self::new(Step::Lifted, reasons) }
            }
            Event::DecisionChallenged { decision, challenger, identity_checked, words } => {
                let (decision, challenger) = (*decision, *challenger);
                let challenge =
                    Challenge { decision, challenger, identity_checked: *identity_checked };
                Self { challenge: Some(challenge), ..Self::new(Step::Challenged, words) }
            }
            Event::DecisionUpheld { authority, decision, reasons, views: _ } => Self {
                authority: Some(*authority),
                upholds: Some(*decision),
                ..Self::new(Step::Upheld, reasons)
            },
        })
    }
}

impl Fold for ShieldingHistory {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        let before = self.shield.state();
        let views = self.shield.views().clone();
        let late = self.shield.overdue(recorded.stamp.at.date_naive());
        self.shield.evolve(recorded);
        let Some(said) = Said::by(&recorded.event) else { return };
        self.decisions.push(Decision {
            event: recorded.stamp.id,
            position: recorded.stamp.position,
            revision: recorded.stamp.revision,
            at: recorded.stamp.at,
            by: recorded.stamp.by,
            policy: recorded.stamp.policy,
            step: said.step,
            request: said.request,
            challenge: said.challenge,
            upholds: said.upholds,
            authority: said.authority,
            grounds: said.grounds.cloned(),
            threat_level: said.threat_level,
            rationale: said.rationale.clone(),
            views,
            before,
            after: self.shield.state(),
            next_due: self.shield.review_due().or(self.shield.decision_due()),
            overdue: late,
        });
    }
}
