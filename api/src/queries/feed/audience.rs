//! Who reads the feed, and what of each event they may see (rule A14).

use std::sync::Arc;

use domain::{
    access::{Look, ShieldState},
    activity::{self, SearchOutcome, SearchRow},
    actor::Role,
    child::Child,
    event::Event,
    identity::{ChildRef, OrganisationId, PractitionerId},
    investigation::Investigation,
    practitioner::Practitioner,
    recorded::Recorded,
    shield::Shield,
    stream::Stream,
};
use event_log::AsOf;
use serde::Serialize;

use crate::{caller::Person, directory::Directory, problem::Problem};

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// The department, which may see everything.
    Department,
    /// The management team of an organisation.
    Team(OrganisationId),
}

/// Why an authority is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Notice {
    /// The shield of one of its records was overridden.
    ShieldOverridden,
    /// One of its shielded records was opened.
    ShieldedRecordViewed,
    /// One of its shielded records stood in a list of results.
    ShieldedRecordListed,
}

/// What of an event may be sent.
pub(super) struct Sent {
    pub(super) recorded: Recorded<Event>,
    pub(super) notice: Option<Notice>,
}

impl Audience {
    pub(super) fn of(person: &Person) -> Self {
        match person.role {
            Role::Auditor | Role::Official => Self::Department,
            Role::Practitioner | Role::ManagementTeam | Role::Trainer | Role::System => {
                Self::Team(person.organisation)
            }
        }
    }

    /// What of an event they may see, judged by how things stood when it was recorded; none if nothing.
    pub(super) async fn sees(
        self,
        directory: &Directory,
        recorded: Recorded<Event>,
    ) -> Result<Option<Sent>, Problem> {
        let own = match self {
            Self::Department => {
                return Ok(Some(Sent { notice: looked(&recorded.event), recorded }));
            }
            Self::Team(own) => own,
        };
        let then = Then { directory, as_of: AsOf::Position(recorded.stamp.position) };
        let by_own = recorded.stamp.by.organisation == Some(own);
        match recorded.stamp.stream {
            Stream::Child(child) | Stream::Shield(child) | Stream::Access(child) => {
                let responsible = then.responsible(child).await? == Some(own);
                let notice = if responsible { looked(&recorded.event) } else { None };
                Ok((responsible || by_own).then_some(Sent { recorded, notice }))
            }
            Stream::Activity(person) => {
                let whole = by_own || then.employer(person).await? == Some(own);
                then.listed(recorded, own, whole).await
            }
            Stream::Practitioner(person) => {
                let ours = then.employer(person).await? == Some(own);
                Ok((ours || by_own).then_some(Sent { recorded, notice: None }))
            }
            Stream::Investigation(_) => {
                let state: Arc<Investigation> =
                    directory.as_of(recorded.stamp.stream, then.as_of).await?;
                let into_own = match state.assigned() {
                    Some(assigned) => then.employer(assigned.subject).await? == Some(own),
                    None => false,
                };
                Ok((into_own || by_own).then_some(Sent { recorded, notice: None }))
            }
            Stream::Organisation(id) => {
                Ok((id == own || by_own).then_some(Sent { recorded, notice: None }))
            }
            Stream::Policy => Ok(Some(Sent { recorded, notice: None })),
            Stream::Audit(_) => Ok(by_own.then_some(Sent { recorded, notice: None })),
            Stream::Key(_) | Stream::Erasure(_) => Ok(None),
        }
    }
}

/// Whether an event shows a shielded record.
const fn looked(event: &Event) -> Option<Notice> {
    let Event::Access(event) = event else { return None };
    match event.look() {
        Some(Look::Overrode { .. }) => Some(Notice::ShieldOverridden),
        Some(
            Look::Opened { shield: ShieldState::Provisional | ShieldState::Applied, .. }
            | Look::Brokered { .. },
        ) => Some(Notice::ShieldedRecordViewed),
        Some(
            Look::Opened { shield: ShieldState::Unshielded, .. }
            | Look::Refused { .. }
            | Look::Copied { .. },
        )
        | None => None,
    }
}

/// How things stood when an event was recorded.
struct Then<'a> {
    directory: &'a Directory,
    as_of: AsOf,
}

impl Then<'_> {
    async fn responsible(&self, child: ChildRef) -> Result<Option<OrganisationId>, Problem> {
        let record: Arc<Child> = self.directory.as_of(Stream::Child(child), self.as_of).await?;
        Ok(record.responsible_authority())
    }

    async fn shielded(&self, child: ChildRef) -> Result<bool, Problem> {
        let shield: Arc<Shield> = self.directory.as_of(Stream::Shield(child), self.as_of).await?;
        Ok(shield.is_shielded())
    }

    async fn employer(&self, person: PractitionerId) -> Result<Option<OrganisationId>, Problem> {
        let stream = Stream::Practitioner(person);
        let standing: Arc<Practitioner> = self.directory.as_of(stream, self.as_of).await?;
        Ok(standing.nomination().map(|nomination| nomination.organisation))
    }

    /// A search: the whole of it to the searcher's own team, to others only the rows that show records
    /// they are responsible for.
    async fn listed(
        &self,
        recorded: Recorded<Event>,
        own: OrganisationId,
        whole: bool,
    ) -> Result<Option<Sent>, Problem> {
        let Event::Activity(activity::Event::SearchPerformed { purpose, terms, fields, outcome }) =
            recorded.event
        else {
            return Ok(whole.then_some(Sent { recorded, notice: None }));
        };
        let rows = match &outcome {
            SearchOutcome::Shown(rows) => rows.clone(),
            SearchOutcome::TooMany => Vec::new(),
        };
        let (mut ours, mut notice): (Vec<SearchRow>, Option<Notice>) = (Vec::new(), None);
        for row in rows {
            if self.responsible(row.child).await? == Some(own) {
                if self.shielded(row.child).await? {
                    notice = Some(Notice::ShieldedRecordListed);
                }
                ours.push(row);
            }
        }
        if !whole && ours.is_empty() {
            return Ok(None);
        }
        let outcome = if whole { outcome } else { SearchOutcome::Shown(ours) };
        let event = activity::Event::SearchPerformed { purpose, terms, fields, outcome };
        let recorded = Recorded { stamp: recorded.stamp, event: Event::Activity(event) };
        Ok(Some(Sent { recorded, notice }))
    }
}
