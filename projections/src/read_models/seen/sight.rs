//! What somebody saw, as the event says that recorded it.

use std::collections::BTreeSet;

use domain::{
    access::{Basis, Fields, Form, Look, Purpose, ReasonCode, Refusal, ShieldState},
    activity::{self, SearchOutcome},
    actor::Actor,
    audit::{self, Question},
    event::Event,
    identity::{BrokeringId, ChildRef, CopyId, EventId, OpeningId, OverrideId},
    recorded::Recorded,
    stream::Stream,
};
use serde::Serialize;

use super::outline::{Deed, Done, Outcome};
use crate::dated::Moment;

/// What somebody saw, or was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The event that recorded it; its stream and position lead to the screen itself.
    pub event: EventId,
    /// Where that event stands.
    pub stream: Stream,
    /// When.
    pub known: Moment,
    /// Who looked, as they were then.
    pub by: Actor,
    /// For which reason; the words are in the log. That of an override stands with its
    /// attempt, that of a broker's look with the request.
    pub reason: Option<ReasonCode>,
    /// What they did, and what came of it. That nothing was released after all is said apart
    /// ([`super::withheld`]).
    pub what: What,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Searched, and was shown these records in a list.
    Searched {
        /// The fields asked about.
        asked: Fields,
        /// The rows, in order; none when there were too many.
        rows: Option<Vec<Shown>>,
    },
    /// Searched, and was refused.
    SearchRefused {
        /// Why.
        refusals: BTreeSet<Refusal>,
    },
    /// Opened a record.
    Opened {
        /// Which opening.
        opening: OpeningId,
        /// What was shown.
        shown: Shown,
        /// What was withheld.
        withheld: Fields,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
    },
    /// Was refused a record.
    OpeningRefused {
        /// Whose.
        child: ChildRef,
        /// Why.
        refusals: BTreeSet<Refusal>,
    },
    /// Saw behind a shield.
    Overrode {
        /// Which run of the procedure.
        procedure: OverrideId,
        /// What was shown.
        shown: Shown,
        /// Whether the record was shielded.
        shield: ShieldState,
    },
    /// Printed a record, or took it out as a file.
    Copied {
        /// Which copy.
        copy: CopyId,
        /// On paper, or as a file.
        form: Form,
        /// What was on it.
        shown: Shown,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
    },
    /// Looked behind a shield in order to broker contact.
    ViewedToBroker {
        /// For which request.
        brokering: BrokeringId,
        /// What was shown.
        shown: Shown,
        /// Whether the record was shielded.
        shield: ShieldState,
    },
    /// Asked the trail.
    AskedTheTrail {
        /// What.
        question: Question,
        /// About which streams.
        about: Vec<Stream>,
        /// Whether it was answered.
        answered: bool,
    },
}

impl What {
    /// The same in short.
    pub(super) const fn done(&self) -> Done {
        match self {
            Self::Searched { rows: Some(_), .. } => (Deed::Searched, Outcome::Shown),
            Self::Searched { rows: None, .. } => (Deed::Searched, Outcome::TooMany),
            Self::SearchRefused { .. } => (Deed::Searched, Outcome::Refused),
            Self::Opened { .. } => (Deed::Opened, Outcome::Shown),
            Self::OpeningRefused { .. } => (Deed::Opened, Outcome::Refused),
            Self::Overrode { .. } => (Deed::Overrode, Outcome::Shown),
            Self::Copied { .. } => (Deed::Copied, Outcome::Shown),
            Self::ViewedToBroker { .. } => (Deed::Brokered, Outcome::Shown),
            Self::AskedTheTrail { answered: true, .. } => (Deed::Asked, Outcome::Shown),
            Self::AskedTheTrail { answered: false, .. } => (Deed::Asked, Outcome::Refused),
        }
    }
}

/// Fields of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Whose.
    pub child: ChildRef,
    /// Which fields.
    pub fields: Fields,
}

impl Sight {
    /// What an event says that somebody saw, or was refused; none of an event that says nothing of the kind.
    pub fn of(recorded: &Recorded<Event>) -> Option<Self> {
        let stamp = &recorded.stamp;
        let (reason, what) = said(recorded)?;
        Some(Self {
            event: stamp.id,
            stream: stamp.stream,
            known: Moment::of(stamp),
            by: stamp.by,
            reason,
            what,
        })
    }

    /// Whose records it shows.
    pub fn children(&self) -> BTreeSet<ChildRef> {
        match &self.what {
            What::Searched { rows, .. } => rows.iter().flatten().map(|row| row.child).collect(),
            What::Opened { shown, .. }
            | What::Overrode { shown, .. }
            | What::Copied { shown, .. }
            | What::ViewedToBroker { shown, .. } => BTreeSet::from([shown.child]),
            What::OpeningRefused { child, .. } => BTreeSet::from([*child]),
            What::SearchRefused { .. } => BTreeSet::new(),
            What::AskedTheTrail { about, .. } => about
                .iter()
                .filter_map(|stream| match stream {
                    Stream::Child(child) | Stream::Shield(child) | Stream::Access(child) => {
                        Some(*child)
                    }
                    Stream::Policy
                    | Stream::Organisation(_)
                    | Stream::Practitioner(_)
                    | Stream::Activity(_)
                    | Stream::Investigation(_)
                    | Stream::Audit(_)
                    | Stream::Key(_)
                    | Stream::Erasure(_) => None,
                })
                .collect(),
        }
    }
}

/// What an event says that somebody did, and why they did it.
fn said(recorded: &Recorded<Event>) -> Option<(Option<ReasonCode>, What)> {
    let with_reason = |(purpose, what): (&Purpose, What)| (Some(purpose.code.clone()), what);
    match (&recorded.event, recorded.stamp.stream) {
        (Event::Activity(event), _) => Some(with_reason(searched(event))),
        (Event::Access(event), Stream::Access(child)) => Some(looked(child, event.look()?)),
        (Event::Audit(event), _) => Some(with_reason(asked(event))),
        _ => None,
    }
}

fn searched(event: &activity::Event) -> (&Purpose, What) {
    match event {
        activity::Event::SearchPerformed { purpose, terms: _, fields, outcome } => {
            let rows = match outcome {
                SearchOutcome::TooMany => None,
                SearchOutcome::Shown(rows) => {
                    let shown = rows.iter();
                    let shown =
                        shown.map(|row| Shown { child: row.child, fields: row.shown }).collect();
                    Some(shown)
                }
            };
            (purpose, What::Searched { asked: *fields, rows })
        }
        activity::Event::SearchRefused { purpose, terms: _, refusals } => {
            (purpose, What::SearchRefused { refusals: refusals.clone() })
        }
    }
}

fn looked(child: ChildRef, look: Look<'_>) -> (Option<ReasonCode>, What) {
    let of = |fields| Shown { child, fields };
    let what = match look {
        Look::Opened { opening, purpose: _, basis, shield, shown, withheld } => {
            What::Opened { opening, shown: of(shown), withheld, basis, shield }
        }
        Look::Refused { purpose: _, refusals } => {
            What::OpeningRefused { child, refusals: refusals.clone() }
        }
        Look::Overrode { procedure, shield, shown } => {
            What::Overrode { procedure, shown: of(shown), shield }
        }
        Look::Copied { copy, form, purpose: _, basis, shield, shown } => {
            What::Copied { copy, form, shown: of(shown), basis, shield }
        }
        Look::Brokered { brokering, shield, shown } => {
            What::ViewedToBroker { brokering, shown: of(shown), shield }
        }
    };
    (look.purpose().map(|purpose| purpose.code.clone()), what)
}

fn asked(event: &audit::Event) -> (&Purpose, What) {
    match event {
        audit::Event::TrailQueried { question, about, within: _, events: _, purpose } => {
            let about = about.clone();
            (purpose, What::AskedTheTrail { question: *question, about, answered: true })
        }
        audit::Event::TrailQueryRefused { question, about, within: _, purpose, refusals: _ } => {
            let about = about.clone();
            (purpose, What::AskedTheTrail { question: *question, about, answered: false })
        }
    }
}
