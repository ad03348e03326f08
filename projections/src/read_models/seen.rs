//! Everything that was shown to anybody, or refused: by practitioner, by authority, by time.
//!
//! Sights lie in the order of the log, so that a rebuild writes at one end of them; what was withheld
//! afterwards is kept apart, under the handle of the event that recorded the disclosure.

mod asking;

use std::collections::BTreeSet;

use domain::{
    access::{self, Basis, Field, Form, Purpose, ReasonCode, Refusal, ShieldState},
    activity::{self, SearchOutcome},
    actor::Actor,
    audit::{self, Question},
    event::Event,
    identity::{BrokeringId, ChildRef, CopyId, EventId, OpeningId, OverrideId},
    recorded::Recorded,
    stream::Stream,
};
use serde::{Deserialize, Serialize};

pub use self::asking::{
    Window, by_anybody, by_authority, by_practitioner, listings_of, sights, withheld,
};
use crate::{
    dated::{KnownBy, Moment},
    ordered::{handle, instant, place},
    projection::{Entry, Evolved, Projection, Refused},
};

/// Every sight, under the position of the event that recorded it; and every disclosure that was withheld,
/// under the handle of its event.
#[derive(Debug)]
pub struct Seen;

/// A document of this read model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// What somebody saw, or was refused.
    Sight(Box<Sight>),
    /// What turned out not to have been released.
    Withheld(Withheld),
}

/// A disclosure of which nothing was released after all. Whether there was such a disclosure is for the
/// rules of the log to say: the two are not compared here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The event that recorded the disclosure.
    pub disclosure: EventId,
    /// When that turned out.
    pub known: Moment,
}

/// What somebody saw, or was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// ([`withheld`]).
    pub what: What,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Searched, and was shown these records in a list.
    Searched {
        /// The fields asked about.
        asked: BTreeSet<Field>,
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
        withheld: BTreeSet<Field>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Whose.
    pub child: ChildRef,
    /// Which fields.
    pub fields: BTreeSet<Field>,
}

/// By who looked: practitioner, instant, position.
pub const PRACTITIONER: &str = "person";
/// By the organisation of who looked: organisation, instant, position.
pub const AUTHORITY: &str = "body";
/// By time alone: instant, position.
pub const TIME: &str = "time";
/// By whom a search listed: child, position. Whatever else was seen of a child is in the child's own
/// stream.
pub const LISTED: &str = "listed";

impl Sight {
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
                    let shown = shown
                        .map(|row| Shown { child: row.child, fields: row.shown.clone() })
                        .collect();
                    Some(shown)
                }
            };
            (purpose, What::Searched { asked: fields.clone(), rows })
        }
        activity::Event::SearchRefused { purpose, terms: _, refusals } => {
            (purpose, What::SearchRefused { refusals: refusals.clone() })
        }
    }
}

fn looked(child: ChildRef, event: &access::Event) -> Option<(Option<ReasonCode>, What)> {
    match event {
        access::Event::RecordOpened { opening, purpose, basis, shield, shown, withheld } => {
            let shown = Shown { child, fields: shown.clone() };
            let (opening, basis, shield) = (*opening, *basis, *shield);
            let withheld = withheld.clone();
            let what = What::Opened { opening, shown, withheld, basis, shield };
            Some((Some(purpose.code.clone()), what))
        }
        access::Event::AccessRefused { purpose, sought: _, refusals } => {
            let what = What::OpeningRefused { child, refusals: refusals.clone() };
            Some((Some(purpose.code.clone()), what))
        }
        access::Event::ShieldOverrideConfirmed { procedure, shield, shown, withheld: _ } => {
            let shown = Shown { child, fields: shown.clone() };
            Some((None, What::Overrode { procedure: *procedure, shown, shield: *shield }))
        }
        access::Event::DisclosureCopied { copy, form, purpose, basis, shield, shown, .. } => {
            let shown = Shown { child, fields: shown.clone() };
            let (copy, form, basis, shield) = (*copy, *form, *basis, *shield);
            let what = What::Copied { copy, form, shown, basis, shield };
            Some((Some(purpose.code.clone()), what))
        }
        access::Event::BrokerViewedHiddenDetails { brokering, shield, shown, withheld: _ } => {
            let shown = Shown { child, fields: shown.clone() };
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

impl Projection for Seen {
    const NAME: &'static str = "seen";
    const VERSION: u32 = 2;
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Activity(_) | Stream::Access(_) | Stream::Audit(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        if let Event::Access(access::Event::DisclosureWithheld { disclosure }) = &recorded.event {
            return vec![withheld_key(*disclosure)];
        }
        said(recorded).map(|_| place(recorded.stamp.position)).into_iter().collect()
    }

    fn begins(key: &str, recorded: &Recorded<Event>) -> bool {
        key == place(recorded.stamp.position)
    }

    fn evolve(
        _: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        let stamp = &recorded.stamp;
        let known = Moment::of(stamp);
        match (&recorded.event, said(recorded), document) {
            (_, Some((reason, what)), None) => Ok(Some(Document::Sight(Box::new(Sight {
                event: stamp.id,
                stream: stamp.stream,
                known,
                by: stamp.by,
                reason,
                what,
            })))),
            (_, Some(_), document @ Some(_)) => {
                Err(Refused { reason: "an event of that position was there before", document })
            }
            (Event::Access(access::Event::DisclosureWithheld { disclosure }), None, document) => {
                Ok(document
                    .or(Some(Document::Withheld(Withheld { disclosure: *disclosure, known }))))
            }
            (_, None, document) => Err(Refused { reason: "nothing was seen", document }),
        }
    }

    fn entries(_: &str, document: &Document) -> Vec<Entry> {
        let Document::Sight(sight) = document else { return Vec::new() };
        // The position follows by itself: it is the key of the document.
        let at = instant(sight.known.at);
        let under = |index, whose| Entry::new(index, &[&handle(whose), &at]);
        let mut entries = vec![Entry::new(TIME, &[&at])];
        entries.extend(sight.by.id.map(|id| under(PRACTITIONER, id.uuid())));
        entries.extend(sight.by.organisation.map(|id| under(AUTHORITY, id.uuid())));
        if let What::Searched { rows: Some(rows), .. } = &sight.what {
            let listed: BTreeSet<ChildRef> = rows.iter().map(|row| row.child).collect();
            entries.extend(listed.iter().map(|id| Entry::new(LISTED, &[&handle(id.uuid())])));
        }
        entries
    }

    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        let known = match &document {
            Document::Sight(sight) => sight.known,
            Document::Withheld(withheld) => withheld.known,
        };
        known_by.reaches(known).then_some(document)
    }
}

fn withheld_key(disclosure: EventId) -> String {
    format!("withheld/{}", handle(disclosure.uuid()))
}
