//! The result lists in which a child was shown. They stand in the searchers' own streams.

use domain::{
    activity::{self, SearchOutcome},
    event::Event,
    identity::ChildRef,
    recorded::Stamp,
};
use event_log::{AsOf, EventLog};

use super::at::Then;
use crate::{outcome::Failure, progress::Progress, scan::scan};

/// The searches whose list showed the child, as of then, and how many positions were searched.
pub(super) async fn of(
    log: &EventLog,
    child: ChildRef,
    then: &Then,
    quiet: bool,
) -> Result<(Vec<Stamp>, u64), Failure> {
    let handle = child.to_string();
    let needle = handle.as_bytes();
    let mut places = Vec::new();
    let end = log.length();
    let last = match then.as_of() {
        AsOf::Position(position) => position,
        AsOf::Now | AsOf::Time(_) | AsOf::Revision(_) => end,
    };
    let mut progress = Progress::new("searched", end, quiet);
    let searched = scan(log, 0, last, &mut progress, |stored| {
        // Only where the handle occurs is an entry worth reading.
        if stored.stream.category() == "activity"
            && stored.entry.windows(needle.len()).any(|bytes| bytes == needle)
        {
            places.push(stored.position);
        }
        Ok(())
    })
    .await?;
    let mut found = Vec::new();
    let public = log.without_keys();
    for position in places {
        let Some(recorded) = public.open_event(position).await? else { continue };
        let Event::Activity(activity::Event::SearchPerformed {
            outcome: SearchOutcome::Shown(rows),
            ..
        }) = &recorded.event
        else {
            continue;
        };
        if rows.iter().any(|row| row.child == child) && then.reaches(&recorded.stamp) {
            found.push(recorded.stamp);
        }
    }
    Ok((found, searched))
}
