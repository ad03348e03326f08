//! Searches of the last moment, read in the log itself: those that the read model has yet to take in.

use domain::{
    activity::{self, SearchOutcome},
    event::Event,
    identity::ChildRef,
    stream::Stream,
};
use event_log::{EventLog, backend::ReadError};

/// How many events are gone through at most. A read model that is further behind has to catch up.
pub(super) const LONGEST_TAIL: u64 = 16_384;

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// The positions of the searches between two positions whose lists named a child.
pub(super) async fn listed_between(
    log: &EventLog,
    child: ChildRef,
    (mut next, until): (u64, u64),
) -> Result<Vec<u64>, ReadError> {
    let mut listings = Vec::new();
    while next < until {
        let stored = log.read_stored(next, AT_ONCE).await?;
        if stored.is_empty() || (next..).zip(&stored).any(|(at, stored)| stored.position != at) {
            let finding = "it, or one of those that follow it, is missing".to_owned();
            return Err(ReadError::Corrupt { position: next, finding });
        }
        for stored in &stored {
            next = stored.position.saturating_add(1);
            if matches!(stored.stream, Stream::Activity(_))
                && lists(&log.decode_stored(stored)?.event, child)
            {
                listings.push(stored.position);
            }
        }
    }
    Ok(listings)
}

/// Whether an event is a search whose list named a child.
fn lists(event: &Event, child: ChildRef) -> bool {
    let Event::Activity(activity::Event::SearchPerformed {
        outcome: SearchOutcome::Shown(rows),
        ..
    }) = event
    else {
        return false;
    };
    rows.iter().any(|row| row.child == child)
}
