//! Every read model: what it holds after what has happened, and that it does not matter how it got there.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a read model that holds something else fails its test"
)]

mod counted;
mod keeping;
mod leases;
mod logs;
#[cfg(feature = "kurrentdb")]
mod on_the_double;
mod properties;
mod questions;
mod rebuilding;
mod sights;
mod trouble;
#[path = "../conformance/world.rs"]
mod world;

use std::{collections::BTreeMap, sync::Arc};

use domain::{event::Event, recorded::Recorded};
use event_log::EventLog;
use projections::{
    dated::KnownBy,
    known::Known,
    marks::Marker,
    projection::{MarkedProjection, Noted, Others, Projection, ReadModel},
    projector::{Projector, Settings},
    read_models,
    store::{Ask, Build, Embedded, Range, Row, Store},
};
use tempfile::TempDir;
use uuid::Uuid;

/// A store in a directory of its own.
pub(crate) struct Place {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { store: Arc::new(Embedded::open(dir.path()).unwrap()), dir }
    }

    pub(crate) fn projector(&self, log: &EventLog, settings: Settings) -> Projector {
        self.projector_of(log, read_models::all(), settings)
    }

    pub(crate) fn projector_of(
        &self,
        log: &EventLog,
        known: Known,
        settings: Settings,
    ) -> Projector {
        let projector =
            Projector::new(log, Arc::clone(&self.store), known.clone(), settings, Uuid::nil());
        match Marker::of(log) {
            Ok(marker) => projector.marking(marker, known),
            Err(_) => projector,
        }
    }

    /// Everything the first build of a read model holds.
    pub(crate) async fn holds(&self, name: &str) -> Vec<Row> {
        let known = read_models::all();
        let version = known.names().find(|it| it.0 == name).map_or(1, |(_, version)| version);
        self.holds_build(&Build { name: name.to_owned(), version, number: 1 }).await
    }

    pub(crate) async fn holds_build(&self, build: &Build) -> Vec<Row> {
        let everything = vec![Ask::Rows(Range::everything(1_000_000))];
        let reply = self.store.read(build, everything).await.unwrap().unwrap();
        reply.answers.into_iter().flatten().collect()
    }
}

/// The documents that a fold of these events by hand comes to, as they are stored.
pub(crate) fn naive<P: Projection>(events: &[Recorded<Event>]) -> BTreeMap<String, String> {
    let mut documents: BTreeMap<String, P::Document> = BTreeMap::new();
    for recorded in events {
        for key in P::keys(recorded) {
            let document = documents.remove(&key);
            let now = match P::evolve(&key, document, recorded) {
                Ok(now) => now,
                Err(refused) => refused.document,
            };
            documents.extend(now.map(|now| (key, now)));
        }
    }
    written::<P>(documents)
}

struct Papers<'a, D>(&'a BTreeMap<String, D>);

impl<D> Others<D> for Papers<'_, D> {
    fn get(&self, key: &str) -> Option<&D> {
        self.0.get(key)
    }
}

/// Events with their marks, as whoever has the keys makes them.
pub(crate) async fn noted(log: &EventLog) -> Vec<Noted> {
    let (marker, plain) = (Marker::of(log).unwrap(), log.without_keys());
    let mut all = Vec::new();
    for stored in plain.read_stored(0, usize::MAX).await.unwrap() {
        let recorded = plain.decode_stored(&stored).unwrap();
        let marks = marker.marks(&stored, &recorded).await.unwrap();
        all.push(Noted { recorded, marks });
    }
    all
}

/// The documents that a fold of these events and their marks by hand comes to, as they are stored.
pub(crate) fn naive_marked<P: MarkedProjection>(events: &[Noted]) -> BTreeMap<String, String> {
    let mut documents: BTreeMap<String, P::Document> = BTreeMap::new();
    for noted in events {
        for key in P::keys(noted) {
            let document = documents.remove(&key);
            let now = match P::evolve(&key, document, noted, &Papers(&documents)) {
                Ok(now) => now,
                Err(refused) => refused.document,
            };
            documents.extend(now.map(|now| (key, now)));
        }
    }
    written::<P>(documents)
}

/// Documents as they are stored.
pub(crate) fn written<P: ReadModel>(
    documents: BTreeMap<String, P::Document>,
) -> BTreeMap<String, String> {
    let write = |(key, document): (String, P::Document)| {
        (format!("d/{key}"), serde_json::to_string(&document).unwrap())
    };
    documents.into_iter().map(write).collect()
}

/// The documents among rows, as stored.
pub(crate) fn documents(rows: Vec<Row>) -> BTreeMap<String, String> {
    let rows = rows.into_iter().filter(|row| row.key.starts_with("d/"));
    rows.map(|row| (row.key, String::from_utf8(row.value).unwrap())).collect()
}

/// Stored documents as they were known by then, written again.
pub(crate) fn as_of<P: ReadModel>(
    stored: &BTreeMap<String, String>,
    known_by: KnownBy,
) -> BTreeMap<String, String> {
    let read = |(key, text): (&String, &String)| {
        let document = P::as_of(serde_json::from_str(text).unwrap(), known_by)?;
        Some((key.strip_prefix("d/").unwrap().to_owned(), document))
    };
    written::<P>(stored.iter().filter_map(read).collect())
}
