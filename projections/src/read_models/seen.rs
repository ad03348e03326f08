//! Everything that was shown to anybody, or refused: by practitioner, by authority, by time.
//!
//! The log says what was seen, and is asked for it: an answer shows a page of sights, and a sight is one event.
//! What is kept here is where they lie (`stretches`), and what was withheld afterwards, under the handle of
//! the event that recorded the disclosure.

mod asking;
mod sight;
mod stretches;
mod tail;

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

use self::stretches::{Index, Key};
pub use self::{
    asking::{Whose, Window, find, listings_of, withheld},
    sight::{Shown, Sight, What},
    stretches::{Places, Span},
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
    /// Where sights lie in a part of a stretch of the log.
    Places(Places),
    /// From when to when the sights of a stretch or a block are.
    Span(Span),
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
    const VERSION: u32 = 3;
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
        if !sight::is_one(recorded) {
            return Vec::new();
        }
        let at = recorded.stamp.position;
        let mut keys = vec![Key::span(Index::Stretch, at), Key::span(Index::Block, at)];
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

    fn evolve(
        key: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        let known = Moment::of(&recorded.stamp);
        let of = Key::of(key);
        let spans = of.is_some_and(|key| matches!(key.index, Index::Stretch | Index::Block));
        match (&recorded.event, of, document) {
            (Event::Access(access::Event::DisclosureWithheld { disclosure }), None, document) => {
                let withheld = Withheld { disclosure: *disclosure, known };
                Ok(document.or(Some(Document::Withheld(withheld))))
            }
            (_, Some(_), None) if spans => Ok(Some(Document::Span(Span::at(known.at)))),
            (_, Some(_), Some(Document::Span(span))) if spans => {
                Ok(Some(Document::Span(span.and(known.at))))
            }
            (_, Some(_), None) => Ok(Some(Document::Places(Places::default().and(known)))),
            (_, Some(_), Some(Document::Places(places))) if !spans => {
                Ok(Some(Document::Places(places.and(known))))
            }
            (_, _, document) => Err(Refused { reason: "nothing was seen", document }),
        }
    }

    /// None: documents are found by their keys.
    fn entries(_: &str, _: &Document) -> Vec<Entry> {
        Vec::new()
    }

    /// A span speaks of the present only: it says where to look, and not what is there.
    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        match document {
            Document::Withheld(withheld) => {
                known_by.reaches(withheld.known).then_some(Document::Withheld(withheld))
            }
            Document::Places(places) => places.known_by(known_by).map(Document::Places),
            Document::Span(_) => None,
        }
    }
}

fn withheld_key(disclosure: EventId) -> String {
    format!("withheld/{}", handle(disclosure.uuid()))
}
