//! What can happen to a shield.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Grounds, Party, View, ViewKind};
use crate::{
    identity::{EventId, OrganisationId, ShieldRequestId},
    personal::Personal,
    reason::Text,
};

/// Who asked for a shield.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requester {
    /// The child or young person.
    Child,
    /// A parent or carer.
    Carer,
    /// A practitioner.
    Practitioner,
    /// The authority, of its own accord.
    Authority,
    /// Anybody else with reason to ask (S9e).
    Other,
}

/// How serious the threat is judged to be. The seed: "based on the level of threat posed".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThreatLevel {
    /// Not such as to need a shield.
    Low,
    /// Serious.
    Substantial,
    /// Very serious.
    Severe,
    /// Immediate and very serious.
    Critical,
}

/// What a review decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewOutcome {
    /// The shield stays.
    Keep,
    /// The shield should be lifted; a decision to lift follows.
    Lift,
}

/// An event of a `shield-{ref}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody asked for a shield.
    #[serde(rename = "shield.requested/1")]
    Requested {
        /// Which request.
        request: ShieldRequestId,
        /// Who asked.
        requester: Requester,
        /// Their identity was checked (S35).
        identity_checked: bool,
        /// The grounds given.
        grounds: Grounds,
        /// The circumstances, in words.
        circumstances: Personal<Text>,
    },
    /// A duty officer shielded the record at once, until it is decided.
    #[serde(rename = "shield.provisionally-applied/1")]
    ProvisionallyApplied {
        /// The grounds.
        grounds: Grounds,
        /// Why it could not wait.
        rationale: Personal<Text>,
        /// By which day it should be decided. It stays on all the same.
        decision_due: NaiveDate,
    },
    /// A view was recorded, or why there is none.
    #[serde(rename = "shield.view-recorded/1")]
    ViewRecorded {
        /// Whose.
        party: Party,
        /// The view.
        view: View,
    },
    /// The authority decided to shield.
    #[serde(rename = "shield.applied/1")]
    Applied {
        /// The authority that decided.
        authority: OrganisationId,
        /// The grounds.
        grounds: Grounds,
        /// The level of threat.
        threat_level: ThreatLevel,
        /// Why the threat is what it is, and why the shield answers it.
        threat_rationale: Personal<Text>,
        /// Which views were considered.
        views: BTreeMap<Party, ViewKind>,
        /// By which day it must be reviewed.
        review_due: NaiveDate,
    },
    /// The authority decided not to shield. A provisional shield ends.
    #[serde(rename = "shield.refused/1")]
    Refused {
        /// The authority that decided.
        authority: OrganisationId,
        /// The level of threat.
        threat_level: ThreatLevel,
        /// Why not.
        reasons: Personal<Text>,
        /// Which views were considered.
        views: BTreeMap<Party, ViewKind>,
    },
    /// The authority reviewed the shield.
    #[serde(rename = "shield.reviewed/1")]
    Reviewed {
        /// The authority that reviewed.
        authority: OrganisationId,
        /// What it decided.
        outcome: ReviewOutcome,
        /// Why.
        reasons: Personal<Text>,
        /// By which day the next review is due, if it stays.
        next_due: Option<NaiveDate>,
    },
    /// The authority lifted the shield. Nothing else ever ends an applied one.
    #[serde(rename = "shield.lifted/1")]
    Lifted {
        /// The authority that decided.
        authority: OrganisationId,
        /// Why.
        reasons: Personal<Text>,
        /// Which views were considered.
        views: BTreeMap<Party, ViewKind>,
    },
    /// Somebody challenged the decision to apply or to refuse. Nothing is hidden or shown by that.
    #[serde(rename = "shield.decision-challenged/1")]
    DecisionChallenged {
        /// The event that recorded the decision.
        decision: EventId,
        /// Who challenged it.
        challenger: Requester,
        /// Their identity was checked (S35).
        identity_checked: bool,
        /// Why they think it wrong, in words.
        words: Personal<Text>,
    },
    /// The authority upheld a challenged decision. The other answer is a decision anew.
    #[serde(rename = "shield.decision-upheld/1")]
    DecisionUpheld {
        /// The authority that upheld it.
        authority: OrganisationId,
        /// The event that recorded the decision.
        decision: EventId,
        /// Why.
        reasons: Personal<Text>,
        /// Which views were considered.
        views: BTreeMap<Party, ViewKind>,
    },
}
