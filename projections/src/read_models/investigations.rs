//! Investigations, into overrides and on suspicion: which are not concluded, and how old they are.

use chrono::NaiveDate;
use domain::{
    access,
    event::Event,
    identity::{ChildRef, InvestigationId, OrganisationId, OverrideId, PractitionerId},
    investigation::{self, Investigation, Progress, progress},
    practitioner,
    recorded::Recorded,
    stream::Stream,
};
use serde::{Deserialize, Serialize};

use crate::{
    dated::{Chronicle, KnownBy, Moment, instant},
    projection::{Entry, Evolved, Projection, Refused},
    store::{Range, beginning_with, between},
};

/// Every investigation, under its handle.
#[derive(Debug)]
pub struct Investigations;

/// An investigation: how it came to be, and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Which.
    pub investigation: InvestigationId,
    /// When it was opened.
    pub opened: Moment,
    /// What it is about.
    pub into: Into,
    /// Whose conduct it is about.
    pub practitioner: PractitionerId,
    /// The organisation of whoever was investigated or suspended them, as it was then.
    pub organisation: Option<OrganisationId>,
    /// By which day it should be concluded.
    pub due: NaiveDate,
    /// What happened to it.
    pub steps: Option<Chronicle<investigation::Event>>,
}

/// What an investigation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Into {
    /// An override.
    Override {
        /// Of whose shield.
        child: ChildRef,
        /// In which run of the procedure.
        procedure: OverrideId,
    },
    /// A suspicion that led to suspension.
    Suspicion,
}

/// Those not concluded: `override` or `suspicion`, and the instant of opening.
pub const UNFINISHED: &str = "unfinished";
/// Those not concluded, by the day they are due.
pub const DUE: &str = "due";
/// By whose conduct it is about: practitioner, instant of opening.
pub const PRACTITIONER: &str = "practitioner";

impl Document {
    /// How it stands, as known by then.
    pub fn state(&self, known_by: KnownBy) -> Investigation {
        self.steps.as_ref().map(|steps| steps.state(known_by)).unwrap_or_default()
    }

    /// How far it has come on a day (rule I3).
    pub fn progress(&self, known_by: KnownBy, on: NaiveDate) -> Progress {
        progress(&self.state(known_by), self.opened.at, self.due, on)
    }
}

/// What an event says of an investigation that it opens.
fn opened(recorded: &Recorded<Event>) -> Option<Document> {
    let stamp = &recorded.stamp;
    let (investigation, into, practitioner, due) = match (&recorded.event, stamp.stream) {
        (
            Event::Access(access::Event::InvestigationOpened {
                investigation,
                procedure,
                practitioner,
                due,
            }),
            Stream::Access(child),
        ) => {
            let procedure = *procedure;
            (*investigation, Into::Override { child, procedure }, *practitioner, *due)
        }
        (
            Event::Practitioner(practitioner::Event::InvestigationOpened { investigation, due }),
            Stream::Practitioner(id),
        ) => (*investigation, Into::Suspicion, id, *due),
        _ => return None,
    };
    let (opened, organisation) = (Moment::of(stamp), stamp.by.organisation);
    Some(Document { investigation, opened, into, practitioner, organisation, due, steps: None })
}

impl Projection for Investigations {
    const NAME: &'static str = "investigations";
    const VERSION: u32 = 1;
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Investigation(_) | Stream::Access(_) | Stream::Practitioner(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        if let (Event::Investigation(_), Stream::Investigation(id)) =
            (&recorded.event, recorded.stamp.stream)
        {
            return vec![id.to_string()];
        }
        opened(recorded).map(|it| it.investigation.to_string()).into_iter().collect()
    }

    fn evolve(
        _: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        match (document, &recorded.event) {
            (None, Event::Investigation(_)) => {
                Err(Refused { reason: "no such investigation was opened", document: None })
            }
            (None, _) => Ok(opened(recorded)),
            (Some(it), Event::Investigation(event)) => {
                let steps = Some(Chronicle::and(it.steps, &recorded.stamp, event));
                Ok(Some(Document { steps, ..it }))
            }
            (document @ Some(_), _) => Err(Refused { reason: "it was opened before", document }),
        }
    }

    fn entries(_: &str, it: &Document) -> Vec<Entry> {
        let (who, since) = (it.practitioner.to_string(), instant(it.opened.at));
        let mut entries = vec![Entry::new(PRACTITIONER, &[&who, &since])];
        if !it.state(KnownBy::Now).is_concluded() {
            let into = match it.into {
                Into::Override { .. } => "override",
                Into::Suspicion => "suspicion",
            };
            entries.push(Entry::new(UNFINISHED, &[into, &since]));
            entries.push(Entry::new(DUE, &[&it.due.to_string()]));
        }
        entries
    }

    fn as_of(it: Document, known_by: KnownBy) -> Option<Document> {
        let steps = it.steps.and_then(|steps| steps.as_of(known_by));
        known_by.reaches(it.opened).then_some(Document { steps, ..it })
    }
}

/// Investigations into overrides that are not concluded, the oldest first.
pub fn unfinished_overrides(limit: usize) -> Range {
    beginning_with(UNFINISHED, "override/", limit)
}

/// All investigations that are not concluded: those into overrides first, then those on suspicion, each
/// the oldest first.
pub fn unfinished(limit: usize) -> Range {
    beginning_with(UNFINISHED, "", limit)
}

/// Investigations that should have been concluded before a day and are not, the longest overdue first.
pub fn overdue_on(day: NaiveDate, limit: usize) -> Range {
    between(DUE, "", &day.to_string(), limit)
}

/// Investigations into the conduct of one person, the oldest first.
pub fn into_conduct_of(practitioner: PractitionerId, limit: usize) -> Range {
    beginning_with(PRACTITIONER, &format!("{practitioner}/"), limit)
}
