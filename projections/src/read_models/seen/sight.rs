//! What somebody saw, as the event says that recorded it.

use std::collections::BTreeSet;

use domain::{
    access::{self, Basis, Fields, Form, Purpose, ReasonCode, Refusal, ShieldState},
    activity::{self, SearchOutcome},
    actor::Actor,
    audit::{self, Question},
    event::Event,
    identity::{BrokeringId, ChildRef, CopyId, EventId, OpeningId, OverrideId},
    recorded::Recorded,
    stream::Stream,
};
use serde::Serialize;

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

/// Whether an event says that somebody saw something, or was refused.
pub(super) fn is_one(recorded: &Recorded<Event>) -> bool {
    match (&recorded.event, recorded.stamp.stream) {
        (Event::Activity(_) | Event::Audit(_), _) => true,
        (Event::Access(event), Stream::Access(_)) => is_look(event),
        _ => false,
    }
}

/// What an event says that somebody did, and why they did it.
fn said(recorded: &Recorded<Event>) -> Option<(Option<ReasonCode>, What)> {
    let with_reason = |(purpose, what): (&Purpose, What)| (Some(purpose.code.clone()), what);
    match (&recorded.event, recorded.stamp.stream) {
        (Event::Activity(event), _) => Some(with_reason(searched(event))),
        (Event::Access(event), Stream::Access(child)) => looked(child, event),
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

fn looked(child: ChildRef, event: &access::Event) -> Option<(Option<ReasonCode>, What)> {
    match event {
        access::Event::RecordOpened { opening, purpose, basis, shield, shown, withheld } => {
            let shown = Shown { child, fields: *shown };
            let (opening, basis, shield) = (*opening, *basis, *shield);
            let withheld = *withheld;
            let what = What::Opened { opening, shown, withheld, basis, shield };
            Some((Some(purpose.code.clone()), what))
        }
        access::Event::AccessRefused { purpose, sought: _, refusals } => {
            let what = What::OpeningRefused { child, refusals: refusals.clone() };
            Some((Some(purpose.code.clone()), what))
        }
        access::Event::ShieldOverrideConfirmed { procedure, shield, shown, withheld: _ } => {
            let shown = Shown { child, fields: *shown };
            Some((None, What::Overrode { procedure: *procedure, shown, shield: *shield }))
        }
        access::Event::DisclosureCopied { copy, form, purpose, basis, shield, shown, .. } => {
            let shown = Shown { child, fields: *shown };
            let (copy, form, basis, shield) = (*copy, *form, *basis, *shield);
            let what = What::Copied { copy, form, shown, basis, shield };
            Some((Some(purpose.code.clone()), what))
        }
        access::Event::BrokerViewedHiddenDetails { brokering, shield, shown, withheld: _ } => {
            let shown = Shown { child, fields: *shown };
            let (brokering, shield) = (*brokering, *shield);
            Some((None, What::ViewedToBroker { brokering, shown, shield }))
        }
        access::Event::RecordClosed { .. }
        | access::Event::DisclosureWithheld { .. }
        | access::Event::ShieldOverrideAttempted { .. }
        | access::Event::ShieldOverrideWarned { .. }
        | access::Event::InvestigationOpened { .. }
        | access::Event::ShieldOverrideWithdrawn { .. }
        | access::Event::ShieldOverrideEnded { .. }
        | access::Event::CopyDestroyed { .. }
        | access::Event::BrokeredContactRequested { .. }
        | access::Event::ContactBrokered { .. }
        | access::Event::BrokeringDeclined { .. } => None,
    }
}

/// Whether it is one of those of which [`looked`] says something.
const fn is_look(event: &access::Event) -> bool {
    match event {
        access::Event::RecordOpened { .. }
        | access::Event::AccessRefused { .. }
        | access::Event::ShieldOverrideConfirmed { .. }
        | access::Event::DisclosureCopied { .. }
        | access::Event::BrokerViewedHiddenDetails { .. } => true,
        access::Event::RecordClosed { .. }
        | access::Event::DisclosureWithheld { .. }
        | access::Event::ShieldOverrideAttempted { .. }
        | access::Event::ShieldOverrideWarned { .. }
        | access::Event::InvestigationOpened { .. }
        | access::Event::ShieldOverrideWithdrawn { .. }
        | access::Event::ShieldOverrideEnded { .. }
        | access::Event::CopyDestroyed { .. }
        | access::Event::BrokeredContactRequested { .. }
        | access::Event::ContactBrokered { .. }
        | access::Event::BrokeringDeclined { .. } => false,
    }
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
