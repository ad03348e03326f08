//! Rule S4: whether a record is shielded is decided by the responsible authority, case by case, on the
//! level of threat, with every view considered.
//!
//! Source: HL4249: the decision "must be taken by the local authority on a case-by-case basis and will be
//! based on the level of threat posed"; views must be taken into account; "only applied where there are
//! strong reasons", with four examples of grounds. Adoption alone is not enough, S9b. The power is over
//! a particular record, S1b (regulation 6(5)).
//! Reading: one command decides on one record; there is none for many. Something must be pending: a
//! request, a provisional shield or a challenge (rule S8). All three view slots must have been filled since the last decision,
//! whichever way it goes. A level of threat and its rationale are stated either way; a low threat is no
//! strong reason, so it cannot carry a shield. What the finding rests on is asked outright, and adoption
//! alone is refused whatever grounds are ticked beside it; a placement at risk remains a ground when the
//! decider states a threat in this case. An applied shield may be determined anew, on a request or
//! a challenge made since, and only as applied: with new grounds, level and review. It is never refused away; it is
//! lifted (rule S6).

use std::collections::BTreeSet;

use chrono::{DateTime, Months, NaiveDate, Utc};

use super::{Event, Grounds, Party, RestsOn, Shield, Standing, ThreatLevel};
use crate::{
    caller::Caller,
    child::{Barred, Child, entitlement},
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Decides on a shield, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetermineShield {
    /// When.
    pub at: DateTime<Utc>,
    /// The level of threat found.
    pub threat_level: ThreatLevel,
    /// Why the threat is what it is, and why a shield does or does not answer it.
    pub threat_rationale: Text,
    /// Which way it goes.
    pub finding: Finding,
}

/// Which way the decision goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The record is shielded.
    Apply {
        /// The grounds, at least one.
        grounds: Grounds,
        /// What they rest on.
        rests_on: RestsOn,
    },
    /// The record is not shielded.
    Refuse,
}

/// A condition of a decision that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unmet {
    /// No view of this party since the last decision, and no reason for its absence.
    #[error("neither a view of the {0:?} nor the reason for its absence has been recorded")]
    ViewOf(Party),
    /// A low threat is no strong reason.
    #[error("a low level of threat is no strong reason for a shield")]
    StrongReason,
    /// Adoption alone is no ground.
    #[error("adoption alone is no ground for a shield")]
    MoreThanAdoption,
}

/// Why nothing is decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not decide on this record.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// There is no request, no provisional shield and no challenge.
    #[error("there is nothing to decide: no request, no provisional shield and no challenge")]
    NothingToDecide,
    /// A shield in force by decision is not refused away; it is lifted.
    #[error("an applied shield is lifted, not refused")]
    OnlyLifted,
    /// The decision that stands is challenged, and the caller took it (rule S9).
    #[error("whoever took a decision does not judge a challenge of it")]
    OwnDecision,
    /// Every condition of the decision that does not hold.
    #[error("conditions of the decision not met: {0:?}")]
    Unmet(BTreeSet<Unmet>),
}

/// Decides.
///
/// # Errors
/// Names every condition that does not hold.
pub fn decide(
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &DetermineShield,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    let challenged = shield.challenged();
    match (shield.standing(), &command.finding) {
        (Standing::Unshielded, _) if challenged.is_none() => {
            return Err(Rejection::NothingToDecide);
        }
        (Standing::Applied(applied), Finding::Apply { .. })
            if applied.requested_again.is_none() && challenged.is_none() =>
        {
            return Err(Rejection::NothingToDecide);
        }
        (Standing::Applied(_), Finding::Refuse) => return Err(Rejection::OnlyLifted),
        (Standing::Applied(_), Finding::Apply { .. })
        | (Standing::Unshielded | Standing::Requested { .. } | Standing::Provisional { .. }, _) => {
        }
    }
    if challenged.is_some_and(|decided| decided.was_taken_by(caller.id)) {
        return Err(Rejection::OwnDecision);
    }
    let unmet = unmet(shield, command);
    if !unmet.is_empty() {
        return Err(Rejection::Unmet(unmet));
    }
    let authority = caller.organisation_id;
    let rationale = Personal::Known(command.threat_rationale.clone());
    Ok(vec![match &command.finding {
        Finding::Apply { grounds, rests_on: _ } => Event::Applied {
            authority,
            grounds: grounds.clone(),
            threat_level: command.threat_level,
            threat_rationale: rationale,
            views: shield.view_kinds(),
            review_due: review_due(policy, command.at.date_naive()),
        },
        Finding::Refuse => Event::Refused {
            authority,
            threat_level: command.threat_level,
            reasons: rationale,
            views: shield.view_kinds(),
        },
    }])
}

fn unmet(shield: &Shield, command: &DetermineShield) -> BTreeSet<Unmet> {
    let mut unmet: BTreeSet<Unmet> =
        shield.missing_views().into_iter().map(Unmet::ViewOf).collect();
    if let Finding::Apply { grounds: _, rests_on } = &command.finding {
        if command.threat_level == ThreatLevel::Low {
            unmet.insert(Unmet::StrongReason);
        }
        if *rests_on == RestsOn::AdoptionAlone {
            unmet.insert(Unmet::MoreThanAdoption);
        }
    }
    unmet
}

/// The day by which a shield decided upon today must be reviewed, by the policy of today.
pub(super) fn review_due(policy: &Policy, day: NaiveDate) -> NaiveDate {
    let (_, values) = policy.on(day);
    day.checked_add_months(Months::new(values.shield_review_months)).unwrap_or(day)
}
