//! An event that the arguments name, by identity or by position.

use std::str::FromStr;

use domain::{event::Event, identity::EventId, recorded::Recorded};
use event_log::{EventLog, backend::Stored};

use crate::outcome::Failure;

/// An event, by identity or by position.
#[derive(Clone, Copy, Debug)]
pub(super) enum EventRef {
    Id(EventId),
    Position(u64),
}

impl FromStr for EventRef {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match (text.parse(), text.parse()) {
            (Ok(position), _) => Ok(Self::Position(position)),
            (Err(_), Ok(id)) => Ok(Self::Id(id)),
            (Err(_), Err(_)) => Err("an event is named by its identity or its position".to_owned()),
        }
    }
}

impl EventRef {
    /// The event as recorded.
    pub(super) async fn find(self, log: &EventLog) -> Result<Recorded<Event>, Failure> {
        let found = match self.position(log).await? {
            Some(position) => log.open_event(position).await?,
            None => None,
        };
        found.ok_or_else(|| none(log))
    }

    /// The event as stored.
    pub(super) async fn stored(self, log: &EventLog) -> Result<Stored, Failure> {
        let found = match self.position(log).await? {
            Some(position) => {
                let some = log.read_stored(position, 1).await?;
                some.into_iter().next().filter(|stored| stored.position == position)
            }
            None => None,
        };
        found.ok_or_else(|| none(log))
    }

    async fn position(self, log: &EventLog) -> Result<Option<u64>, Failure> {
        Ok(match self {
            Self::Position(position) => Some(position),
            Self::Id(id) => log.find_event(id).await?,
        })
    }
}

fn none(log: &EventLog) -> Failure {
    Failure::Incomplete(format!("the log has no such event; it has {} events", log.length()))
}
