//! The decision made again, from what it relied on, by the rules of today's program.

use domain::{
    activity::{self, search},
    event::Event,
    personal::Personal,
    reason::Text,
    recorded::Recorded,
    shield::{self, RestsOn, apply_provisionally, determine, lift, review, uphold},
};
use serde_json::{Value, json};

use super::{
    looked,
    then::{Decider, States, child_of, records},
};
use crate::{cells::without_personal, outcome::Failure};

/// What came of deciding again.
pub(super) enum Again {
    /// The same event.
    Same,
    /// Something else: this.
    Differs(String),
    /// The event states a fact, or what it was decided on is not kept: there is nothing to decide again.
    NotRepeatable(&'static str),
}

/// Decides again. Words that cannot be opened are left out of the comparison.
pub(super) async fn decide_again(
    states: &States<'_>,
    recorded: &Recorded<Event>,
) -> Result<Again, Failure> {
    let Some(decider) = states.decider().await? else {
        return Ok(Again::NotRepeatable("the system recorded it"));
    };
    match &recorded.event {
        Event::Access(event) => looked::again(states, &decider, event).await,
        Event::Activity(event) => searched(states, &decider, event).await,
        Event::Shield(event) => shielded(states, &decider, event).await,
        Event::Policy(_)
        | Event::Organisation(_)
        | Event::Practitioner(_)
        | Event::Child(_)
        | Event::Investigation(_)
        | Event::Key(_)
        | Event::Erasure(_)
        | Event::Audit(_) => Ok(Again::NotRepeatable(
            "it states a fact; that who recorded it was entitled to is judged above",
        )),
    }
}

pub(super) fn compared<E: Clone + Into<Event>, R: std::fmt::Display>(
    was: &E,
    now: Result<Vec<E>, R>,
) -> Again {
    match now {
        Err(refusal) => Again::Differs(format!("refused: {refusal}")),
        Ok(events) => {
            let public = |event: &E| without_personal(&Into::<Event>::into(event.clone()));
            let was = public(was);
            if events.iter().any(|event| public(event) == was) {
                Again::Same
            } else {
                let now: Vec<Value> = events.iter().map(public).collect();
                Again::Differs(json!(now).to_string())
            }
        }
    }
}

async fn searched(
    states: &States<'_>,
    decider: &Decider,
    event: &activity::Event,
) -> Result<Again, Failure> {
    let (activity::Event::SearchPerformed { purpose, terms, .. }
    | activity::Event::SearchRefused { purpose, terms, .. }) = event;
    let Personal::Known(terms) = terms else {
        return Ok(Again::NotRepeatable("what was searched for could not be opened: give keys"));
    };
    let mut read = Vec::new();
    for child in records(states.stamp) {
        read.push((child, states.child(child).await?, states.shield(child).await?));
    }
    let candidates: Vec<search::Candidate<'_>> = read
        .iter()
        .map(|(child, record, shield)| search::Candidate { child: *child, record, shield })
        .collect();
    let policy = states.policy().await?;
    let command =
        search::Search { at: states.stamp.at, purpose: purpose.clone(), terms: terms.clone() };
    let now = search::decide(&candidates, &policy, &decider.caller(), &command);
    Ok(compared(event, Ok::<_, std::convert::Infallible>(now.events)))
}

async fn shielded(
    states: &States<'_>,
    decider: &Decider,
    event: &shield::Event,
) -> Result<Again, Failure> {
    use shield::Event as E;
    let at = states.stamp.at;
    let id = child_of(states)?;
    let (child, shield) = (states.child(id).await?, states.shield(id).await?);
    let policy = states.policy().await?;
    let caller = decider.caller();
    // A shield that came about did not rest on adoption alone: the rule refuses that.
    let rests_on = RestsOn::ThreatInThisCase;
    Ok(match event {
        E::ProvisionallyApplied { grounds, rationale, .. } => {
            let (grounds, rationale) = (grounds.clone(), words(rationale)?);
            let command =
                apply_provisionally::ApplyProvisionally { at, grounds, rests_on, rationale };
            compared(
                event,
                apply_provisionally::decide(&child, &shield, &policy, &caller, &command),
            )
        }
        E::Applied { grounds, threat_level, threat_rationale, .. } => {
            let finding = determine::Finding::Apply { grounds: grounds.clone(), rests_on };
            let (threat_level, threat_rationale) = (*threat_level, words(threat_rationale)?);
            let command =
                determine::DetermineShield { at, threat_level, threat_rationale, finding };
            compared(event, determine::decide(&child, &shield, &policy, &caller, &command))
        }
        E::Refused { threat_level, reasons, .. } => {
            let finding = determine::Finding::Refuse;
            let (threat_level, threat_rationale) = (*threat_level, words(reasons)?);
            let command =
                determine::DetermineShield { at, threat_level, threat_rationale, finding };
            compared(event, determine::decide(&child, &shield, &policy, &caller, &command))
        }
        E::Reviewed { outcome, reasons, .. } => {
            let command = review::ReviewShield { at, outcome: *outcome, reasons: words(reasons)? };
            compared(event, review::decide(&child, &shield, &policy, &caller, &command))
        }
        E::Lifted { reasons, .. } => {
            let command = lift::LiftShield { at, reasons: words(reasons)? };
            compared(event, lift::decide(&child, &shield, &policy, &caller, &command))
        }
        E::DecisionUpheld { reasons, .. } => {
            let command = uphold::UpholdDecision { at, reasons: words(reasons)? };
            compared(event, uphold::decide(&child, &shield, &policy, &caller, &command))
        }
        E::Requested { .. } | E::ViewRecorded { .. } | E::DecisionChallenged { .. } => {
            Again::NotRepeatable("it records what somebody said; nothing was decided")
        }
    })
}

/// The words, or a stand-in that the comparison leaves out as it leaves out words.
fn words(text: &Personal<Text>) -> Result<Text, Failure> {
    match text {
        Personal::Known(text) => Ok(text.clone()),
        Personal::Erased => {
            Text::try_from(crate::cells::SEALED).map_err(|cause| Failure::Runtime(cause.into()))
        }
    }
}
