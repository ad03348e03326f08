//! Everything that was shown to anybody, or refused: by practitioner, by authority, by time.
//!
//! The log says what was seen, and is asked for it: an answer shows a page of sights, and a sight is one event.
//! What is kept here is where they lie (`stretches`, `places`) with what tells them apart (`outline`), so that a
//! thousand of them are counted without being read; and what was withheld afterwards, under the handle of the
//! event that recorded the disclosure.

mod asking;
mod first;
mod listings;
mod outline;
mod places;
mod sight;
mod spans;
mod stretches;
mod tail;
mod telling;

use domain::{
    access,
    activity::{self, SearchOutcome},
    event::Event,
    identity::EventId,
    recorded::Recorded,
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::stretches::{Index, Key, ending, first};
pub use self::{
    asking::{Whose, Window, find, outlines, sights},
    listings::listings_of,
    outline::{Deed, Kind, Outcome, Outline},
    places::Places,
    sight::{Shown, Sight, What},
    spans::Spans,
    telling::{Told, told, withheld},
};
use crate::{
    dated::{KnownBy, Moment},
    ordered::handle,
    projection::{Entry, Evolved, Projection, Refused},
};

/// Where the sights of somebody lie in each stretch of the log; and every disclosure that was withheld, under
/// the handle of its event.
#[derive(Debug)]
pub struct Seen;

/// A document of this read model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// What turned out not to have been released.
    Withheld(Withheld),
    /// Where sights lie in a stretch of the log.
    Places(Places),
    /// From when to when the sights of stretches or blocks are.
    Spans(Spans),
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

/// By whose it is, a sight is found.
fn places(recorded: &Recorded<Event>) -> impl Iterator<Item = (Index, Uuid)> {
    let by = recorded.stamp.by;
    let person = by.id.map(|id| (Index::Practitioner, id.uuid()));
    let body = by.organisation.map(|id| (Index::Authority, id.uuid()));
    let listed = if let Event::Activity(activity::Event::SearchPerformed { outcome, .. }) =
        &recorded.event
        && let SearchOutcome::Shown(rows) = outcome
    {
        rows.as_slice()
    } else {
        &[]
    };
    let listed = listed.iter().map(|row| (Index::Listed, row.child.uuid()));
    person.into_iter().chain(body).chain(listed)
}

impl Projection for Seen {
    const NAME: &'static str = "seen";
    const VERSION: u32 = 4;
    /// Documents of several stretches stand side by side in a region, and are written together.
    const KEPT: bool = true;
    /// A region is written once, when it is over.
    const ROUND: Option<u64> = Some(stretches::REGION);
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Activity(_) | Stream::Access(_) | Stream::Audit(_))
    }

    /// That a record was closed again shows nobody anything. It is a third of what happens.
    fn passes_by(name: &str) -> bool {
        name == "access.record-closed/1"
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        if let Event::Access(access::Event::DisclosureWithheld { disclosure }) = &recorded.event {
            return vec![withheld_key(*disclosure)];
        }
        if outline::told(recorded).is_none() {
            return Vec::new();
        }
        let at = recorded.stamp.position;
        let mut keys = vec![Key::spans(Index::Stretches, at), Key::spans(Index::Blocks, at)];
        for (index, whose) in places(recorded) {
            let key = Key::places(index, at, whose);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn begins(key: &str, _: &Recorded<Event>, from: u64) -> bool {
        Key::of(key).is_some_and(|key| key.first >= from)
    }

    fn weight(document: &Document) -> usize {
        let beside = match document {
            Document::Withheld(_) => 0,
            Document::Places(places) => places.length(),
            Document::Spans(spans) => spans.length(),
        };
        size_of::<Document>().saturating_add(beside)
    }

    /// Of what is written, only the spans of a region are touched by the stretches that follow.
    fn comes_back(key: &str, _: Option<&Document>) -> bool {
        Key::of(key).is_some_and(|key| key.index == Index::Stretches)
    }

    fn evolve(
        key: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        let known = Moment::of(&recorded.stamp);
        let Some(key) = Key::of(key) else { return noted(document, recorded) };
        match (key.index, document) {
            (Index::Stretches | Index::Blocks, None) => {
                Ok(Some(Document::Spans(key.reaching(Spans::default(), known))))
            }
            (Index::Stretches | Index::Blocks, Some(Document::Spans(spans))) => {
                Ok(Some(Document::Spans(key.reaching(spans, known))))
            }
            (Index::Practitioner | Index::Authority | Index::Listed, None) => {
                let places = Places::beginning(key.first);
                Ok(Some(Document::Places(key.holding(places, recorded))))
            }
            (
                Index::Practitioner | Index::Authority | Index::Listed,
                Some(Document::Places(places)),
            ) => Ok(Some(Document::Places(key.holding(places, recorded)))),
            (_, document) => Err(Refused { reason: "nothing was seen", document }),
        }
    }

    /// None: documents are found by their keys.
    fn entries(_: &str, _: &Document) -> Vec<Entry> {
        Vec::new()
    }

    /// Spans speak of the present only: they say where to look, and not what is there.
    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        match document {
            Document::Withheld(withheld) => {
                known_by.reaches(withheld.known).then_some(Document::Withheld(withheld))
            }
            Document::Places(places) => places.known_by(known_by).map(Document::Places),
            Document::Spans(_) => None,
        }
    }
}

/// That a disclosure was withheld. The first note of it counts.
fn noted(document: Option<Document>, recorded: &Recorded<Event>) -> Evolved<Document> {
    let Event::Access(access::Event::DisclosureWithheld { disclosure }) = &recorded.event else {
        return Err(Refused { reason: "nothing was withheld", document });
    };
    let withheld = Withheld { disclosure: *disclosure, known: Moment::of(&recorded.stamp) };
    Ok(document.or(Some(Document::Withheld(withheld))))
}

impl Key {
    /// The spans under this key, reaching to one more moment.
    fn reaching(self, spans: Spans, known: Moment) -> Spans {
        let within = first(known.position, self.index.part()).saturating_sub(self.first);
        let part = within.checked_div(self.index.part()).unwrap_or_default();
        spans.and(part, known.at)
    }

    /// The places under this key with those of an event: of whoever is found here by it.
    fn holding(self, before: Places, recorded: &Recorded<Event>) -> Places {
        let stamp = &recorded.stamp;
        let Some((done, purpose)) = outline::told(recorded) else { return before };
        // A listing is a place and no more.
        let kind = (self.index != Index::Listed).then(|| outline::written(&stamp.by, purpose));
        let (known, kind) = (Moment::of(stamp), kind.as_deref());
        let noted = places::Noted { known, done, kind, hint: outline::hint(stamp.id.uuid()) };
        let here = places(recorded)
            .filter(|(index, whose)| *index == self.index && Some(ending(*whose)) == self.ending);
        here.fold(before, |before, (_, whose)| before.and(whose, &noted))
    }
}

fn withheld_key(disclosure: EventId) -> String {
    format!("{WITHHELD}{}", handle(disclosure.uuid()))
}

/// How the keys of what was withheld begin.
const WITHHELD: &str = "withheld/";
