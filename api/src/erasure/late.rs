//! Something came for somebody who has been erased: that it came is recorded, and nothing that was in it.

use domain::{
    erasure::{
        Erasure,
        late_event::{self, LateEvent},
    },
    stream::Stream,
};
use event_log::{Commit, CommitError, EventLog};
use uuid::Uuid;

/// Records that an event of a command came too late for a stream of an erased subject.
pub(crate) async fn record(
    log: &EventLog,
    subject: Uuid,
    (stream, event): (Stream, &str),
    context: event_log::Context,
) -> Result<(), CommitError> {
    let late = LateEvent { stream, event: event.to_owned(), command: context.command };
    let command = Uuid::new_v5(&context.command, b"too late");
    let context = event_log::Context { command, ..context };
    let place = Stream::Erasure(subject);
    loop {
        let reading = log.reading();
        let state = reading.fold::<Erasure>(place).await?;
        let Ok(events) = late_event::decide(&state, &late) else {
            tracing::error!(%subject, "The ring has a tombstone of which the log knows nothing");
            return Ok(());
        };
        let events = events.into_iter().map(Into::into).collect();
        match log.commit(Commit { stream: place, events, reading, context }).await {
            Ok(_) => {
                tracing::warn!(%subject, event, "An event came too late for an erased subject");
                return Ok(());
            }
            Err(error) if error.is_outdated() => {}
            Err(error) => return Err(error),
        }
    }
}
