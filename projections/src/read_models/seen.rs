//! Everything that was shown to anybody, or refused: by practitioner, by authority, by time.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    access::{self, Basis, Field, Form, Purpose, ReasonCode, Refusal, ShieldState},
    activity::{self, SearchOutcome},
    actor::Actor,
    audit::{self, Question},
    event::Event,
    identity::{
        BrokeringId, ChildRef, CopyId, EventId, OpeningId, OrganisationId, OverrideId,
        PractitionerId,
    },
    recorded::Recorded,
    stream::Stream,
};
use serde::{Deserialize, Serialize};

use crate::{
    dated::{KnownBy, Moment, instant, place},
    projection::{Entry, Evolved, Projection, Refused},
    reader::{QueryError, Reader, Spoken},
    store::{Range, beginning_with, between},
};

/// Every sight, under the handle of the event that recorded it.
#[derive(Debug)]
pub struct Seen;

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
    /// What they did, and what came of it.
    pub what: What,
    /// When it turned out that nothing was released after all, if it did.
    pub withheld: Option<Moment>,
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
pub const PRACTITIONER: &str = "practitioner";
/// By the organisation of who looked: organisation, instant, position.
pub const AUTHORITY: &str = "authority";
/// By time alone: instant, position.
pub const TIME: &str = "time";
/// By whose record was shown: child, instant, position.
pub const CHILD: &str = "child";

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
    const VERSION: u32 = 1;
    type Document = Sight;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Activity(_) | Stream::Access(_) | Stream::Audit(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        if let Event::Access(access::Event::DisclosureWithheld { disclosure }) = &recorded.event {
            return vec![disclosure.to_string()];
        }
        said(recorded).map(|_| recorded.stamp.id.to_string()).into_iter().collect()
    }

    fn begins(key: &str, recorded: &Recorded<Event>) -> bool {
        key == recorded.stamp.id.to_string()
    }

    fn evolve(_: &str, document: Option<Sight>, recorded: &Recorded<Event>) -> Evolved<Sight> {
        let stamp = &recorded.stamp;
        match (said(recorded), document) {
            (Some((reason, what)), None) => Ok(Some(Sight {
                event: stamp.id,
                stream: stamp.stream,
                known: Moment::of(stamp),
                by: stamp.by,
                reason,
                what,
                withheld: None,
            })),
            (Some(_), document @ Some(_)) => {
                Err(Refused { reason: "an event of that identity was there before", document })
            }
            (None, Some(sight)) => {
                let withheld = sight.withheld.or(Some(Moment::of(stamp)));
                Ok(Some(Sight { withheld, ..sight }))
            }
            (None, None) => {
                let reason = "nothing was disclosed that could have been withheld";
                Err(Refused { reason, document: None })
            }
        }
    }

    fn entries(_: &str, sight: &Sight) -> Vec<Entry> {
        let (at, position) = (instant(sight.known.at), place(sight.known.position));
        let under = |index, whose: String| Entry::new(index, &[&whose, &at, &position]);
        let mut entries = vec![Entry::new(TIME, &[&at, &position])];
        entries.extend(sight.by.id.map(|id| under(PRACTITIONER, id.to_string())));
        entries.extend(sight.by.organisation.map(|id| under(AUTHORITY, id.to_string())));
        entries.extend(sight.children().iter().map(|child| under(CHILD, child.to_string())));
        entries
    }

    fn as_of(sight: Sight, known_by: KnownBy) -> Option<Sight> {
        let withheld = sight.withheld.filter(|moment| known_by.reaches(*moment));
        known_by.reaches(sight.known).then_some(Sight { withheld, ..sight })
    }
}

/// From an instant, inclusive, to another, exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

impl Window {
    fn of(self, index: &str, whose: &str, limit: usize) -> Range {
        let within = if whose.is_empty() { String::new() } else { format!("{whose}/") };
        let bound = |at| format!("{within}{}", instant(at));
        between(index, &bound(self.from), &bound(self.to), limit)
    }
}

/// Everything a practitioner saw in a window, the earliest first.
pub fn by_practitioner(practitioner: PractitionerId, window: Window, limit: usize) -> Range {
    window.of(PRACTITIONER, &practitioner.to_string(), limit)
}

/// Everything that people of an authority saw in a window, the earliest first.
pub fn by_authority(authority: OrganisationId, window: Window, limit: usize) -> Range {
    window.of(AUTHORITY, &authority.to_string(), limit)
}

/// Everything that anybody saw in a window, the earliest first.
pub fn by_anybody(window: Window, limit: usize) -> Range {
    window.of(TIME, "", limit)
}

/// Everything that was seen of a child in a window, the earliest first.
pub fn of_child(child: ChildRef, window: Window, limit: usize) -> Range {
    window.of(CHILD, &child.to_string(), limit)
}

/// How many sights are read at once.
const PAGE: usize = 1_024;

/// The positions of the searches whose lists named a child, in order.
///
/// # Errors
/// See [`QueryError`].
pub async fn listings_of(
    reader: &Reader<Seen>,
    child: ChildRef,
) -> Result<Spoken<Vec<u64>>, QueryError> {
    let mut range = beginning_with(CHILD, &format!("{child}/"), PAGE);
    let mut listings = Vec::new();
    loop {
        let page = reader.find(vec![range.clone()]).await?;
        let searched = page.value.iter().map(|found| &found.document);
        let searched = searched.filter(|sight| matches!(sight.what, What::Searched { .. }));
        listings.extend(searched.map(|sight| sight.known.position));
        match page.value.last() {
            Some(last) if page.value.len() == PAGE => range = range.after(&last.key),
            Some(_) | None => break Ok(page.map(|_| listings)),
        }
    }
}
