//! A refused look: recorded first, then told as far as it may be told.

use std::collections::BTreeSet;

use domain::{
    access::{self, Decided, Refusal},
    activity, audit,
    event::Event,
    practitioner::Condition,
    recorded::Recorded,
};

use crate::problem::{Problem, kind};

/// The events of a decision, ready to be recorded. A refusal that has no stream to stand in is told
/// at once.
pub(crate) fn recordable<E: Into<Event>>(decided: Decided<E>) -> Result<Vec<Event>, Problem> {
    match decided.told() {
        Some(told) if decided.events.is_empty() => Err(tell(&told)),
        Some(_) | None => Ok(decided.events.into_iter().map(Into::into).collect()),
    }
}

/// What the caller is told, if what was recorded is a refusal.
pub(crate) fn refusal(recorded: &[Recorded<Event>]) -> Result<(), Problem> {
    let refusals = recorded.iter().find_map(|recorded| match &recorded.event {
        Event::Access(access::Event::AccessRefused { refusals, .. })
        | Event::Activity(activity::Event::SearchRefused { refusals, .. })
        | Event::Audit(audit::Event::TrailQueryRefused { refusals, .. }) => Some(refusals),
        Event::Access(_)
        | Event::Activity(_)
        | Event::Audit(_)
        | Event::Policy(_)
        | Event::Organisation(_)
        | Event::Practitioner(_)
        | Event::Child(_)
        | Event::Shield(_)
        | Event::Investigation(_)
        | Event::Key(_)
        | Event::Erasure(_) => None,
    });
    refusals.map_or(Ok(()), |refusals| Err(tell(&Refusal::told(refusals))))
}

/// One kind for everything that may be told. What concerns the caller is told in full.
fn tell(told: &BTreeSet<Refusal>) -> Problem {
    let mut unmet: BTreeSet<Condition> = BTreeSet::new();
    let mut codes: BTreeSet<&'static str> = BTreeSet::new();
    let mut errors = Vec::new();
    for refusal in told {
        match refusal {
            Refusal::NoSuchRecord | Refusal::NotEntitled => return Problem::not_found(),
            Refusal::Unmet(conditions) => unmet.extend(conditions),
            Refusal::OfficeMayNotLook => drop(codes.insert("office-may-not-look")),
            Refusal::OverrideRightNotHeld => drop(codes.insert("override-right-not-held")),
            Refusal::ReasonNotListed => errors.push(serde_json::json!({
                "field": "reason.code",
                "rule": "is not in the policy's list of reasons",
            })),
            Refusal::TooFewFields { given, least } => errors.push(serde_json::json!({
                "field": "terms",
                "rule": format!("gives {given} fields; at least {least} are needed"),
            })),
        }
    }
    if unmet.is_empty() && codes.is_empty() {
        return Problem::new(&kind::VALIDATION_FAILED)
            .saying("The refusal has been recorded.")
            .with("errors", errors);
    }
    let mut problem = Problem::new(&kind::NOT_AUTHORISED)
        .saying("The refusal has been recorded.")
        .with("unmet", unmet)
        .with("refusals", codes);
    if !errors.is_empty() {
        problem = problem.with("errors", errors);
    }
    problem
}
