//! Rule A10: a search is for authorised users, needs a reason and enough fields, and is recorded whole.
//!
//! Source: HL4246 (the conditions); reasons (S5, S9d); "query parameters and the results returned" are
//! audited (S7). How many fields are needed and how many rows are shown at most is not established
//! (S42): both are policy values, ours.
//! Reading: name is one field, however much of it is given. A list that would be over the cap shows
//! nothing and asks for more detail, whoever is on it. What is counted, shown and sorted are matches
//! by visible fields, so a shield changes no count, no order and no error. Teams search as
//! practitioners do and find no more. A search that found nothing is recorded like any other, since it
//! shows intent; so is a refused one, with everything that stood in the way.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, SearchOutcome, SearchRow, Terms, matches};
use crate::{
    access::{Basis, Decided, Field, Fields, Purpose, Refusal, Visible, entitlement, visible},
    caller::{Caller, Needs},
    child::{Child, alike},
    identity::ChildRef,
    organisation::Capability,
    personal::Personal,
    policy::{Policy, Values},
    shield::Shield,
};

/// The fields of a row: those that no shield hides, for all children alike.
pub const ROW: [Field; 4] = [Field::Name, Field::Gender, Field::DateOfBirth, Field::Number];

/// Search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub purpose: Purpose,
    /// What is asked for.
    pub terms: Terms,
}

/// A record that may match. All that match must be among those given; more may be.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Whose.
    pub child: ChildRef,
    /// The record.
    pub record: &'a Child,
    /// Its shield.
    pub shield: &'a Shield,
}

/// Decides what a search shows. It always comes to an event; a refusal is one, too.
pub fn decide(
    candidates: &[Candidate<'_>],
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Search,
) -> Decided<Event> {
    let Search { at, purpose, terms } = command;
    let values = policy.on(at.date_naive()).1;
    let fields = terms.fields();
    let mut refusals = entitlement::of_caller(policy, caller, *at, Needs::User(Capability::Search));
    refusals.extend(entitlement::of_reason(policy, *at, purpose));
    refusals.extend(too_few(fields, values));
    let (purpose, terms) = (purpose.clone(), Personal::Known(terms.clone()));
    if !refusals.is_empty() {
        let refused = Event::SearchRefused { purpose, terms, refusals: refusals.clone() };
        return Decided::refused(vec![refused], refusals);
    }
    let outcome = outcome(candidates, values, &command.terms);
    Decided::granted(vec![Event::SearchPerformed { purpose, terms, fields, outcome }])
}

fn too_few(fields: Fields, values: &Values) -> Option<Refusal> {
    let given = u32::try_from(fields.len()).unwrap_or(u32::MAX);
    let least = values.search_least_fields;
    (given < least).then_some(Refusal::TooFewFields { given, least })
}

fn outcome(candidates: &[Candidate<'_>], values: &Values, terms: &Terms) -> SearchOutcome {
    let mut found: Vec<(Place, SearchRow)> = candidates
        .iter()
        .filter_map(|candidate| {
            let seen = visible(candidate.record, candidate.shield, Basis::Practitioner, values);
            matches(terms, candidate.record, &seen).then(|| row(candidate, &seen))
        })
        .collect();
    found.sort();
    found.dedup();
    if found.len() > usize::try_from(values.search_cap).unwrap_or(usize::MAX) {
        SearchOutcome::TooMany
    } else {
        SearchOutcome::Shown(found.into_iter().map(|(_, row)| row).collect())
    }
}

/// Where a row stands: by surname, given name and date of birth as shown in it, then by handle.
type Place = (String, String, Option<NaiveDate>, ChildRef);

fn row(candidate: &Candidate<'_>, seen: &Visible) -> (Place, SearchRow) {
    let shown: Fields = ROW.into_iter().filter(|field| seen.shown.contains(*field)).collect();
    let record = candidate.record;
    let (surname, given) = record
        .name()
        .and_then(Personal::known)
        .map(|name| (alike(name.expose_surname()), alike(name.expose_given())))
        .unwrap_or_default();
    let born = record.date_of_birth().and_then(Personal::known).map(|born| born.expose());
    ((surname, given, born, candidate.child), SearchRow { child: candidate.child, shown })
}
