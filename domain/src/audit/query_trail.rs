//! Rule A14: whoever asks the trail says why, and that they asked is recorded before it answers.
//!
//! Source: S8: two levels of review, each authority over its own and the central team over all; the
//! central team reviews how the others use the system.
//! Reading: asking the trail is a use of the system as well. An auditor or an official may ask about
//! anything, the management team of an organisation about what belongs to it: records its authority
//! is responsible for, users it nominated. A question that touches several must be about its own
//! throughout; one about a set names the organisation to which the set is narrowed, and a management
//! team's names its own. A refused question is recorded, too, and one about somebody else's record is answered
//! as if there were none.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Event, Question, Within};
use crate::{
    access::{Decided, Purpose, Refusal, entitlement},
    actor::Role,
    caller::{Caller, Needs},
    identity::{EventId, OrganisationId},
    policy::Policy,
    stream::Stream,
};

/// Ask the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTrail {
    /// When.
    pub at: DateTime<Utc>,
    /// What is asked.
    pub question: Question,
    /// About which streams.
    pub about: Vec<Stream>,
    /// To which window of time, where one is asked about.
    pub within: Option<Within>,
    /// The events whose content would be released, where single ones would.
    pub events: Vec<EventId>,
    /// Why.
    pub purpose: Purpose,
}

/// To whom the things asked about belong: for each child the responsible authority, for each user the
/// organisation that nominated them.
///
/// `None` is in it for whatever does not exist, or belongs to no organisation.
pub type Owners = BTreeSet<Option<OrganisationId>>;

/// Decides whether the trail answers. It always comes to an event; a refusal is one, too.
pub fn decide(
    owners: &Owners,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &QueryTrail,
) -> Decided<Event> {
    let QueryTrail { at, question, about, within, events, purpose } = command.clone();
    let needs = [Needs::Auditor, Needs::Official, Needs::ManagementTeam];
    let mut refusals = entitlement::of_caller(policy, caller, at, Needs::AnyOf(&needs));
    refusals.extend(entitlement::of_reason(policy, at, &purpose));
    let own = BTreeSet::from([Some(caller.organisation_id)]);
    if caller.role == Role::ManagementTeam && *owners != own {
        refusals.insert(Refusal::NotEntitled);
    }
    if refusals.is_empty() {
        Decided::granted(vec![Event::TrailQueried { question, about, within, events, purpose }])
    } else {
        let refused = Event::TrailQueryRefused {
            question,
            about,
            within,
            purpose,
            refusals: refusals.clone(),
        };
        Decided::refused(vec![refused], refusals)
    }
}
