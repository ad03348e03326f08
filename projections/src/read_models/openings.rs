//! Who had which record open, and for how long: so that "who was looking at that instant" is a
//! question of its own.

use chrono::{DateTime, Utc};
use domain::{
    access::{self, Basis},
    actor::Actor,
    event::Event,
    identity::{ChildRef, EventId, OpeningId},
    recorded::Recorded,
    stream::Stream,
};
use serde::{Deserialize, Serialize};

use crate::{
    dated::{KnownBy, Moment},
    intervals::{self, containing_as_known},
    projection::{Entry, Evolved, Projection, Refused},
    reader::{QueryError, Reader, Spoken},
};

/// Every opening, under its handle; and what became of the event that made it, under that one's.
#[derive(Debug)]
pub struct Openings;

/// A document of this read model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// An opening.
    Opening(Opening),
    /// The event of an opening.
    Disclosure(Disclosure),
}

/// An opening, as an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Which.
    pub opening: OpeningId,
    /// By which event.
    pub event: EventId,
    /// Whose record.
    pub child: ChildRef,
    /// Who looked, as they were then.
    pub by: Actor,
    /// In what capacity.
    pub basis: Basis,
    /// Since when.
    pub opened: Moment,
    /// When they left it, if they have.
    pub closed: Option<Moment>,
}

/// What became of a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// When it was recorded.
    pub known: Moment,
    /// When it turned out that nothing was released after all, if it did.
    pub withheld: Option<Moment>,
}

/// By time, as intervals.
pub const INTERVAL: &str = "interval";

/// One group: openings everywhere are asked about together.
const EVERYWHERE: &str = "any";

fn opening_key(id: OpeningId) -> String {
    format!("opening/{id}")
}

fn disclosure_key(id: EventId) -> String {
    format!("disclosure/{id}")
}

impl Projection for Openings {
    const NAME: &'static str = "openings";
    const VERSION: u32 = 1;
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Access(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        let Event::Access(event) = &recorded.event else { return Vec::new() };
        match event {
            access::Event::RecordOpened { opening, .. } => {
                vec![disclosure_key(recorded.stamp.id), opening_key(*opening)]
            }
            access::Event::RecordClosed { opening } => vec![opening_key(*opening)],
            access::Event::ShieldOverrideConfirmed { .. }
            | access::Event::DisclosureCopied { .. }
            | access::Event::BrokerViewedHiddenDetails { .. } => {
                vec![disclosure_key(recorded.stamp.id)]
            }
            access::Event::DisclosureWithheld { disclosure } => vec![disclosure_key(*disclosure)],
            access::Event::AccessRefused { .. }
            | access::Event::ShieldOverrideAttempted { .. }
            | access::Event::ShieldOverrideWarned { .. }
            | access::Event::InvestigationOpened { .. }
            | access::Event::ShieldOverrideWithdrawn { .. }
            | access::Event::ShieldOverrideEnded { .. }
            | access::Event::CopyDestroyed { .. }
            | access::Event::BrokeredContactRequested { .. }
            | access::Event::ContactBrokered { .. }
            | access::Event::BrokeringDeclined { .. } => Vec::new(),
        }
    }

    fn begins(key: &str, recorded: &Recorded<Event>) -> bool {
        key == disclosure_key(recorded.stamp.id)
    }

    fn evolve(
        key: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        let known = Moment::of(&recorded.stamp);
        match document {
            None => {
                let Some(begun) = begin(key, recorded) else {
                    let reason = "nothing is open that could be closed";
                    return Err(Refused { reason, document: None });
                };
                Ok(Some(begun))
            }
            Some(_) if begin(key, recorded).is_some() => {
                Err(Refused { reason: "it was opened before", document })
            }
            Some(Document::Opening(opening)) => {
                let closed = opening.closed.or(Some(known));
                Ok(Some(Document::Opening(Opening { closed, ..opening })))
            }
            Some(Document::Disclosure(disclosure)) => {
                let withheld = disclosure.withheld.or(Some(known));
                Ok(Some(Document::Disclosure(Disclosure { withheld, ..disclosure })))
            }
        }
    }

    fn entries(_: &str, document: &Document) -> Vec<Entry> {
        match document {
            Document::Disclosure(_) => Vec::new(),
            Document::Opening(it) => {
                let closed = it.closed.map(|moment| moment.at);
                vec![intervals::entry(INTERVAL, EVERYWHERE, it.opened.at, closed)]
            }
        }
    }

    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        let known = |moment: &Moment| known_by.reaches(*moment);
        match document {
            Document::Opening(it) => known(&it.opened).then(|| {
                let closed = it.closed.filter(known);
                Document::Opening(Opening { closed, ..it })
            }),
            Document::Disclosure(it) => known(&it.known).then(|| {
                let withheld = it.withheld.filter(known);
                Document::Disclosure(Disclosure { withheld, ..it })
            }),
        }
    }
}

/// What the document under a key begins as, if this event begins it.
fn begin(key: &str, recorded: &Recorded<Event>) -> Option<Document> {
    let (Event::Access(event), Stream::Access(child)) = (&recorded.event, recorded.stamp.stream)
    else {
        return None;
    };
    let (event_id, known) = (recorded.stamp.id, Moment::of(&recorded.stamp));
    let disclosure = Document::Disclosure(Disclosure { known, withheld: None });
    match event {
        access::Event::RecordOpened { opening, basis, .. } if key == opening_key(*opening) => {
            Some(Document::Opening(Opening {
                opening: *opening,
                event: event_id,
                child,
                by: recorded.stamp.by,
                basis: *basis,
                opened: known,
                closed: None,
            }))
        }
        access::Event::RecordOpened { .. }
        | access::Event::ShieldOverrideConfirmed { .. }
        | access::Event::DisclosureCopied { .. }
        | access::Event::BrokerViewedHiddenDetails { .. } => Some(disclosure),
        access::Event::RecordClosed { .. }
        | access::Event::DisclosureWithheld { .. }
        | access::Event::AccessRefused { .. }
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

/// Who had a record open at an instant, as known at an event, the earliest first. An opening that nobody
/// closed goes on.
///
/// # Errors
/// See [`QueryError`].
pub async fn open_at(
    reader: &Reader<Openings>,
    at: DateTime<Utc>,
    known: Moment,
    limit: usize,
) -> Result<Spoken<Vec<Opening>>, QueryError> {
    let known_by = KnownBy::Position(known.position);
    let spoken =
        reader.find(containing_as_known(INTERVAL, EVERYWHERE, at, known.at, limit)).await?;
    let since = reader.touched_after(known.position).await?.documents;
    let spoken = spoken.map(|found| {
        let found = found.into_iter().chain(since);
        let known = found.filter_map(|it| Openings::as_of(it.document, known_by));
        let open = known.filter_map(|document| match document {
            Document::Opening(it) => Some(it),
            Document::Disclosure(_) => None,
        });
        let mut open: Vec<Opening> =
            open.filter(|it| it.opened.at <= at && it.closed.is_none_or(|to| at < to.at)).collect();
        open.sort_by_key(|it| it.opened);
        open.dedup();
        open.truncate(limit);
        open
    });
    let keys: Vec<String> = spoken.value.iter().map(|it| disclosure_key(it.event)).collect();
    let released = reader.get_all(&keys).await?;
    let held = |document: Option<Document>| {
        matches!(
            document.and_then(|document| Openings::as_of(document, known_by)),
            Some(Document::Disclosure(Disclosure { withheld: Some(_), .. }))
        )
    };
    Ok(spoken.map(|open| {
        let pairs = open.into_iter().zip(released.value);
        let shown = pairs.filter_map(|(open, disclosure)| (!held(disclosure)).then_some(open));
        shown.collect()
    }))
}
