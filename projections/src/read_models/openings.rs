//! Who had which record open, and for how long: so that "who was looking at that instant" is a
//! question of its own.

mod written;

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

use self::written::Written;
use crate::{
    dated::{KnownBy, Moment},
    intervals::{self, containing_as_known},
    ordered::handle,
    projection::{Entry, Evolved, Projection, Refused},
    reader::{QueryError, Reader, Spoken},
};

/// Every opening, under its handle; and every disclosure that was withheld, under that of its event.
#[derive(Debug)]
pub struct Openings;

/// A document of this read model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// An opening.
    Opening(Opening),
    /// What turned out not to have been released.
    Withheld(Withheld),
}

/// An opening, as an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
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

/// That nothing of a disclosure was released after all. Whether there was such a disclosure is for the rules
/// of the log to say: the two are not compared here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// When that turned out.
    pub known: Moment,
}

/// By time, as intervals.
pub const INTERVAL: &str = "interval";

/// One group: openings everywhere are asked about together.
const EVERYWHERE: &str = "any";

/// About how many bytes an opening and its entry are, as they are written.
const WRITTEN: usize = 400;

fn opening_key(id: OpeningId) -> String {
    format!("o/{}", handle(id.uuid()))
}

fn withheld_key(id: EventId) -> String {
    format!("w/{}", handle(id.uuid()))
}

impl Projection for Openings {
    const NAME: &'static str = "openings";
    const VERSION: u32 = 3;
    /// An opening is touched twice, some time apart.
    const KEPT: bool = true;
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Access(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        let Event::Access(event) = &recorded.event else { return Vec::new() };
        match Change::by(event) {
            Some(Change::Opened(opening, _) | Change::Closed(opening)) => {
                vec![opening_key(opening)]
            }
            Some(Change::Withheld(disclosure)) => vec![withheld_key(disclosure)],
            None => Vec::new(),
        }
    }

    /// With its entry.
    fn weight(_: &Document) -> usize {
        size_of::<Document>().saturating_add(WRITTEN)
    }

    fn comes_back(_: &str, document: Option<&Document>) -> bool {
        !matches!(document, Some(Document::Opening(Opening { closed: Some(_), .. })))
    }

    fn evolve(
        _: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        match (begin(recorded), document) {
            (Some(begun), None) => Ok(Some(begun)),
            (Some(Document::Withheld(_)), document @ Some(_)) => Ok(document),
            (Some(Document::Opening(_)), document @ Some(_)) => {
                Err(Refused { reason: "it was opened before", document })
            }
            (None, Some(Document::Opening(opening))) => {
                let closed = opening.closed.or(Some(Moment::of(&recorded.stamp)));
                Ok(Some(Document::Opening(Opening { closed, ..opening })))
            }
            (None, document @ (None | Some(Document::Withheld(_)))) => {
                Err(Refused { reason: "nothing is open that could be closed", document })
            }
        }
    }

    fn entries(_: &str, document: &Document) -> Vec<Entry> {
        match document {
            Document::Withheld(_) => Vec::new(),
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
            Document::Withheld(it) => known(&it.known).then_some(document),
        }
    }
}

/// What an event changes about who has a record open.
enum Change {
    Opened(OpeningId, Basis),
    Closed(OpeningId),
    Withheld(EventId),
}

impl Change {
    const fn by(event: &access::Event) -> Option<Self> {
        match event {
            access::Event::RecordOpened { opening, basis, .. } => {
                Some(Self::Opened(*opening, *basis))
            }
            access::Event::RecordClosed { opening } => Some(Self::Closed(*opening)),
            access::Event::DisclosureWithheld { disclosure } => Some(Self::Withheld(*disclosure)),
            access::Event::ShieldOverrideConfirmed { .. }
            | access::Event::DisclosureCopied { .. }
            | access::Event::BrokerViewedHiddenDetails { .. }
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
}

/// What a document begins as, if this event begins one.
fn begin(recorded: &Recorded<Event>) -> Option<Document> {
    let (Event::Access(event), Stream::Access(child)) = (&recorded.event, recorded.stamp.stream)
    else {
        return None;
    };
    let known = Moment::of(&recorded.stamp);
    match Change::by(event)? {
        Change::Opened(opening, basis) => Some(Document::Opening(Opening {
            opening,
            event: recorded.stamp.id,
            child,
            by: recorded.stamp.by,
            basis,
            opened: known,
            closed: None,
        })),
        Change::Withheld(_) => Some(Document::Withheld(Withheld { known })),
        Change::Closed(_) => None,
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
            Document::Withheld(_) => None,
        });
        let mut open: Vec<Opening> =
            open.filter(|it| it.opened.at <= at && it.closed.is_none_or(|to| at < to.at)).collect();
        open.sort_by_key(|it| it.opened);
        open.dedup();
        open.truncate(limit);
        open
    });
    let keys: Vec<String> = spoken.value.iter().map(|it| withheld_key(it.event)).collect();
    let noted = reader.get_all(&keys).await?;
    let held = |noted: Option<Document>| {
        noted.and_then(|document| Openings::as_of(document, known_by)).is_some()
    };
    Ok(spoken.map(|open| {
        let pairs = open.into_iter().zip(noted.value);
        let shown = pairs.filter_map(|(open, noted)| (!held(noted)).then_some(open));
        shown.collect()
    }))
}
