//! The log in memory: streams by name, and every event in one order.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::sync::watch;
use uuid::Uuid;

use crate::persisted::Persisted;

/// An event that is to be written.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// Its identity.
    pub id: Uuid,
    /// Its type.
    pub kind: String,
    /// Whether its data is JSON.
    pub json: bool,
    /// Its data.
    pub data: Vec<u8>,
    /// Its custom metadata.
    pub custom: Vec<u8>,
}

/// An event in the log.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its stream.
    pub stream: String,
    /// Its place in that stream.
    pub revision: u64,
    /// Its place in `$all`: commit and prepare alike.
    pub position: u64,
    /// When it was written: 100 ns ticks since 1970.
    pub created: u64,
    /// What was proposed.
    pub event: Proposed,
}

/// What a writer expects of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// That its last event has this revision.
    Revision(u64),
    /// That it has no event.
    NoStream,
    /// Nothing.
    Any,
    /// That it has an event.
    Exists,
}

/// Where the last event of an append stands; nothing if the append was empty and so is the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its revision.
    pub revision: Option<u64>,
    /// Its position.
    pub position: Option<u64>,
}

/// Why nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The stream is not what was expected; its last revision is this.
    WrongExpected(Option<u64>),
    /// The stream has been tombstoned.
    Deleted,
}

/// How many of the last events are looked through for identities when nothing is expected.
const REMEMBERED: usize = 1_000;

/// The revision of a tombstone.
pub(crate) const TOMBSTONE: u64 = i64::MAX as u64;

/// The log. Shared by the nodes of a cluster.
#[derive(Debug)]
pub struct Log {
    state: Mutex<State>,
    head: watch::Sender<u64>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) events: Vec<Arc<Event>>,
    streams: HashMap<String, Vec<Arc<Event>>>,
    tombstoned: HashSet<String>,
    file: Option<Persisted>,
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Self::with(Vec::new(), None)
    }

    /// The log in a file: what was written before is there again.
    ///
    /// # Panics
    /// When the file cannot be read or written.
    pub fn at(path: &Path) -> Self {
        let (file, events) = Persisted::open(path);
        Self::with(events, Some(file))
    }

    fn with(events: Vec<Event>, file: Option<Persisted>) -> Self {
        let mut state = State {
            events: Vec::new(),
            streams: HashMap::new(),
            tombstoned: HashSet::new(),
            file: None,
        };
        for event in events {
            state.put(event);
        }
        state.file = file;
        let head = watch::Sender::new(state.last_position());
        Self { state: Mutex::new(state), head }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Announces the position of the last event.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Writes events to a stream, all or none. What was written before, with the same identities
    /// at the same exact expectation, is answered as it was then.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn append(
        &self,
        stream: &str,
        expected: Expected,
        events: Vec<Proposed>,
    ) -> Result<Written, Refused> {
        let mut state = self.state();
        let written = state.append(stream, expected, events);
        self.head.send_replace(state.last_position());
        written
    }

    /// Writes a tombstone: the stream is gone for good.
    pub(crate) fn tombstone(&self, stream: &str, expected: Expected) -> Result<u64, Refused> {
        let mut state = self.state();
        state.expect(stream, expected)?;
        let event = Proposed {
            id: Uuid::from_u128(u128::from(state.last_position())),
            kind: "$streamDeleted".to_owned(),
            json: false,
            data: Vec::new(),
            custom: Vec::new(),
        };
        let position = state.next_position();
        let (stream, created) = (stream.to_owned(), now());
        state.put(Event { stream, revision: TOMBSTONE, position, created, event });
        self.head.send_replace(position);
        Ok(position)
    }

    /// Every event, in order.
    pub fn everything(&self) -> Vec<Arc<Event>> {
        self.state().events.clone()
    }

    /// The log is as it was before its last `count` events, as after a restore of a backup.
    pub fn move_head_back(&self, count: usize) {
        let mut state = self.state();
        let kept = state.events.len().saturating_sub(count);
        state.keep(|index, _| index < kept);
        self.head.send_replace(state.last_position());
    }

    /// The events at which `gone` says so are removed from `$all` and from their streams, as by a
    /// scavenge.
    pub fn remove(&self, gone: impl Fn(&Event) -> bool) {
        self.state().keep(|_, event| !gone(event));
    }

    /// Changes what is stored at a position, as the redaction tool or somebody with the disk does.
    pub fn tamper(&self, position: u64, change: impl Fn(&mut Event)) {
        let mut state = self.state();
        let State { events, streams, .. } = &mut *state;
        for event in events.iter_mut().chain(streams.values_mut().flatten()) {
            if event.position == position {
                let mut changed = Event::clone(event);
                change(&mut changed);
                *event = Arc::new(changed);
            }
        }
    }

    /// The JSON of the last event of a stream.
    pub(crate) fn last_json(&self, stream: &str) -> Option<serde_json::Value> {
        let state = self.state();
        let last = state.streams.get(stream)?.last()?;
        serde_json::from_slice(&last.event.data).ok()
    }
}

impl Default for Log {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    pub(crate) fn last_position(&self) -> u64 {
        self.events.last().map_or(0, |event| event.position)
    }

    /// Positions are places in a file elsewhere: they grow, and have gaps.
    fn next_position(&self) -> u64 {
        self.events.last().map_or(117, |event| event.position + 96 + event.event.data.len() as u64)
    }

    pub(crate) fn stream(&self, stream: &str) -> &[Arc<Event>] {
        self.streams.get(stream).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_tombstoned(&self, stream: &str) -> bool {
        self.tombstoned.contains(stream)
    }

    pub(crate) fn revision(&self, stream: &str) -> Option<u64> {
        self.stream(stream).last().map(|event| event.revision)
    }

    pub(crate) fn expect(&self, stream: &str, expected: Expected) -> Result<(), Refused> {
        if self.is_tombstoned(stream) {
            return Err(Refused::Deleted);
        }
        let current = self.revision(stream);
        let holds = match expected {
            Expected::Revision(revision) => current == Some(revision),
            Expected::NoStream => current.is_none(),
            Expected::Any => true,
            Expected::Exists => current.is_some(),
        };
        if holds { Ok(()) } else { Err(Refused::WrongExpected(current)) }
    }

    fn append(
        &mut self,
        stream: &str,
        expected: Expected,
        events: Vec<Proposed>,
    ) -> Result<Written, Refused> {
        if let Some(written) = self.written_before(stream, expected, &events) {
            return Ok(written);
        }
        self.expect(stream, expected)?;
        let mut written = Written { revision: self.revision(stream), position: None };
        for event in events {
            let revision = self.revision(stream).map_or(0, |revision| revision + 1);
            let position = self.next_position();
            let stream = stream.to_owned();
            self.put(Event { stream, revision, position, created: now(), event });
            written = Written { revision: Some(revision), position: Some(position) };
        }
        Ok(written)
    }

    /// Where these events stand already, if it is these that the writer means.
    fn written_before(
        &self,
        stream: &str,
        expected: Expected,
        events: &[Proposed],
    ) -> Option<Written> {
        let stands = self.stream(stream);
        let next = match expected {
            Expected::Revision(revision) => usize::try_from(revision).ok()?.checked_add(1)?,
            Expected::NoStream => 0,
            Expected::Any | Expected::Exists => {
                let first = events.first()?.id;
                let recent = stands.len().saturating_sub(REMEMBERED);
                recent + stands[recent..].iter().position(|event| event.event.id == first)?
            }
        };
        let same = stands.get(next..next.checked_add(events.len())?)?;
        let last = same.last()?;
        let equal = same.iter().zip(events).all(|(is, asked)| is.event.id == asked.id);
        equal.then_some(Written { revision: Some(last.revision), position: Some(last.position) })
    }

    fn put(&mut self, event: Event) {
        if let Some(file) = &mut self.file {
            file.write(&event);
        }
        if event.revision == TOMBSTONE {
            self.tombstoned.insert(event.stream.clone());
        }
        let event = Arc::new(event);
        self.streams.entry(event.stream.clone()).or_default().push(Arc::clone(&event));
        self.events.push(event);
    }

    fn keep(&mut self, kept: impl Fn(usize, &Event) -> bool) {
        let all = std::mem::take(&mut self.events);
        self.streams.clear();
        self.tombstoned.clear();
        let file = self.file.take();
        for (index, event) in all.into_iter().enumerate() {
            if kept(index, &event) {
                self.put(Event::clone(&event));
            }
        }
        self.file = file;
        if let Some(file) = &mut self.file {
            file.replace(&self.events);
        }
    }
}

/// 100 ns ticks since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos() / 100).unwrap_or(u64::MAX)
}
