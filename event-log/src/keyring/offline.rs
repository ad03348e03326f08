//! Keys in one file, for whoever reads the log away from the server.

use std::collections::HashMap;

use domain::identity::EventId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    entry::Role,
    seal::{EventKey, Secret},
};

/// The text is no file of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a file of keys (line {line}, column {column})")]
pub struct NotKeys {
    line: usize,
    column: usize,
}

/// Keys of single events, and of subjects where a court ordered as much. As secret as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfflineKeys {
    /// Each opens one event.
    #[serde(default)]
    events: Vec<EventKey>,
    /// Each opens everything about one subject. The log's name is then needed, too.
    #[serde(default)]
    subjects: HashMap<Uuid, Secret>,
    /// The log that the subjects' keys belong to.
    #[serde(default)]
    origin: String,
    #[serde(skip)]
    by_event: HashMap<(EventId, Role), usize>,
}

impl OfflineKeys {
    /// Keys of single events, as the server hands them out.
    pub fn of_events(events: Vec<EventKey>) -> Self {
        Self { events, ..Self::default() }.indexed()
    }

    /// Adds the key of a whole subject of a log.
    #[must_use]
    pub fn with_subject(mut self, origin: &str, subject: Uuid, key: Secret) -> Self {
        origin.clone_into(&mut self.origin);
        self.subjects.insert(subject, key);
        self
    }

    /// Adds the keys of single events that another file has.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.events.extend(others.events);
        self.indexed()
    }

    /// Reads a file of keys.
    ///
    /// # Errors
    /// Says where the text is wrong, never what stands there.
    pub fn parse(json: &str) -> Result<Self, NotKeys> {
        serde_json::from_str::<Self>(json)
            .map(Self::indexed)
            .map_err(|error| NotKeys { line: error.line(), column: error.column() })
    }

    /// Writes a file of keys. Keep it as secret as what it opens.
    pub fn to_json(&self) -> zeroize::Zeroizing<String> {
        zeroize::Zeroizing::new(serde_json::to_string_pretty(self).unwrap_or_default())
    }

    fn indexed(mut self) -> Self {
        self.by_event =
            self.events.iter().enumerate().map(|(at, key)| ((key.event, key.role), at)).collect();
        self
    }

    pub(crate) fn event(&self, event: EventId, role: Role) -> Option<&EventKey> {
        self.by_event.get(&(event, role)).and_then(|at| self.events.get(*at))
    }

    pub(crate) fn subject(&self, subject: Uuid) -> Option<(&str, &Secret)> {
        self.subjects.get(&subject).map(|key| (self.origin.as_str(), key))
    }
}
