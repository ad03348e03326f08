//! Going through the whole log once.

use event_log::{backend::Stored, event_log::EventLog};

use crate::{outcome::Failure, progress::Progress};

/// How many events are read at once.
const AT_ONCE: usize = 4_096;

/// Goes through the log from a position to one, both inclusive, and shows every stored event to
/// `look`. Returns how many there were.
pub(crate) async fn scan(
    log: &EventLog,
    from: u64,
    to: u64,
    progress: &mut Progress,
    mut look: impl FnMut(&Stored) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut next = from;
    while next <= to {
        let chunk = log.read_stored(next, AT_ONCE).await?;
        let Some(last) = chunk.last() else { break };
        let following = last.position.saturating_add(1);
        for stored in chunk.iter().take_while(|stored| stored.position <= to) {
            look(stored)?;
        }
        next = following;
        progress.at(next.saturating_sub(from));
    }
    progress.end();
    Ok(next.min(to.saturating_add(1)).saturating_sub(from))
}
