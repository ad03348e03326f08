//! What can be said of a sight without its event: enough to tell it apart from others, and to count it.

use std::sync::Arc;

use domain::{
    access::{Look, Purpose, ReasonCode},
    activity::{self, SearchOutcome},
    actor::{Actor, Role},
    audit,
    event::Event,
    identity::OrganisationId,
    recorded::Recorded,
    stream::Stream,
};

use super::Sight;
use crate::{
    dated::Moment,
    ordered::{handle_of, push_handle},
};

/// What somebody did, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Searched.
    Searched,
    /// Opened a record, or tried to.
    Opened,
    /// Saw behind a shield.
    Overrode,
    /// Printed a record, or took it out as a file.
    Copied,
    /// Looked behind a shield in order to broker contact.
    Brokered,
    /// Asked the trail, or tried to.
    Asked,
}

/// What came of it. That nothing was released after all is said apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Something was shown, or could have been.
    Shown,
    /// More matched a search than may be shown, so nothing was.
    TooMany,
    /// It was refused.
    Refused,
}

/// What was done, and what came of it.
pub(super) type Done = (Deed, Outcome);

/// Every one of them. Its place here is how it is stored.
const DONE: [Done; 10] = [
    (Deed::Searched, Outcome::Shown),
    (Deed::Searched, Outcome::TooMany),
    (Deed::Searched, Outcome::Refused),
    (Deed::Opened, Outcome::Shown),
    (Deed::Opened, Outcome::Refused),
    (Deed::Overrode, Outcome::Shown),
    (Deed::Copied, Outcome::Shown),
    (Deed::Brokered, Outcome::Shown),
    (Deed::Asked, Outcome::Shown),
    (Deed::Asked, Outcome::Refused),
];

/// As a number.
pub(super) fn code(done: Done) -> u64 {
    let place = DONE.iter().position(|one| *one == done);
    place.and_then(|place| u64::try_from(place).ok()).unwrap_or(u64::MAX)
}

/// Which one a number stands for.
pub(super) fn done(code: u64) -> Option<Done> {
    DONE.get(usize::try_from(code).ok()?).copied()
}

/// In which office somebody did it, for whom, and for which reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Their office then.
    pub role: Role,
    /// Their organisation then.
    pub organisation: Option<OrganisationId>,
    /// The code of the reason that was given, if one was.
    pub reason: Option<ReasonCode>,
}

/// What can be said of a sight without its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// When, and where.
    pub known: Moment,
    /// What was done.
    pub deed: Deed,
    /// What came of it.
    pub outcome: Outcome,
    /// By whom and why.
    pub kind: Arc<Kind>,
    /// A few digits of the event's handle ([`hint`]).
    pub(super) hint: u64,
}

/// How many digits of an event's handle are kept.
pub(super) const HINT: u32 = 3;

/// The last digits of a handle: other events have them too.
pub(super) fn hint(event: uuid::Uuid) -> u64 {
    event.as_u64_pair().1 & 0x3_FFFF
}

impl Outline {
    /// Of a sight.
    pub fn of(sight: &Sight) -> Self {
        let (deed, outcome) = sight.what.done();
        let Sight { known, by, reason, .. } = sight;
        let (role, organisation) = (by.role, by.organisation);
        let kind = Kind { role, organisation, reason: reason.clone() };
        let hint = hint(sight.event.uuid());
        Self { known: *known, deed, outcome, kind: Arc::new(kind), hint }
    }
}

/// What an event says was done, and the reason given, if it is a sight.
pub(super) fn told(recorded: &Recorded<Event>) -> Option<(Done, Option<&Purpose>)> {
    match (&recorded.event, recorded.stamp.stream) {
        (Event::Activity(activity::Event::SearchPerformed { purpose, outcome, .. }), _) => {
            let outcome = match outcome {
                SearchOutcome::Shown(_) => Outcome::Shown,
                SearchOutcome::TooMany => Outcome::TooMany,
            };
            Some(((Deed::Searched, outcome), Some(purpose)))
        }
        (Event::Activity(activity::Event::SearchRefused { purpose, .. }), _) => {
            Some(((Deed::Searched, Outcome::Refused), Some(purpose)))
        }
        (Event::Access(event), Stream::Access(_)) => {
            let look = event.look()?;
            let done = match look {
                Look::Opened { .. } => (Deed::Opened, Outcome::Shown),
                Look::Refused { .. } => (Deed::Opened, Outcome::Refused),
                Look::Overrode { .. } => (Deed::Overrode, Outcome::Shown),
                Look::Copied { .. } => (Deed::Copied, Outcome::Shown),
                Look::Brokered { .. } => (Deed::Brokered, Outcome::Shown),
            };
            Some((done, look.purpose()))
        }
        (Event::Audit(audit::Event::TrailQueried { purpose, .. }), _) => {
            Some(((Deed::Asked, Outcome::Shown), Some(purpose)))
        }
        (Event::Audit(audit::Event::TrailQueryRefused { purpose, .. }), _) => {
            Some(((Deed::Asked, Outcome::Refused), Some(purpose)))
        }
        _ => None,
    }
}

/// Offices, as they are stored.
const ROLES: [(Role, &str); 6] = [
    (Role::Practitioner, "p"),
    (Role::ManagementTeam, "m"),
    (Role::Trainer, "t"),
    (Role::Official, "o"),
    (Role::Auditor, "a"),
    (Role::System, "s"),
];

/// Office, organisation and reason in few words: `p`, a handle or nothing, `.`, a code or nothing.
pub(super) fn written(by: &Actor, purpose: Option<&Purpose>) -> String {
    let mut text = String::with_capacity(48);
    text.extend(ROLES.iter().filter(|(role, _)| *role == by.role).map(|(_, word)| *word));
    if let Some(id) = by.organisation {
        push_handle(&mut text, id.uuid());
    }
    text.push('.');
    text.extend(purpose.map(|purpose| purpose.code.as_str()));
    text
}

/// What [`written`] was made of.
pub(super) fn read(text: &str) -> Option<Kind> {
    let (by, reason) = text.split_once('.')?;
    let (word, organisation) = by.split_at_checked(1)?;
    let (role, _) = ROLES.iter().find(|(_, one)| *one == word)?;
    let organisation = match organisation {
        "" => None,
        organisation => Some(OrganisationId::new(handle_of(organisation)?)),
    };
    let reason = match reason {
        "" => None,
        reason => Some(ReasonCode::try_from(reason.to_owned()).ok()?),
    };
    Some(Kind { role: *role, organisation, reason })
}
