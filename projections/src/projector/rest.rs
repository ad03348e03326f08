//! How long a projector rests between two short steps.

use std::time::Duration;

use tokio::sync::watch;

/// So many times as long as the step took: following the log takes a quarter of a core at most, as long as that
/// is enough.
const TIMES: u32 = 3;

/// No longer than this, or answers would be older than anybody expects. A step writes each page that it touches
/// once: at several thousand looks a second a bound of 50 ms made it write 18 kB for each.
const LONGEST: Duration = Duration::from_millis(250);

/// How long to rest after a step that took in so many events, of as many as usual or fewer, in this time.
///
/// A step has a price of its own, a transaction of each read model, which is the same for one event and for a
/// hundred. Without rest, whoever follows a busy log takes a few events in at a time, never comes to its end, and
/// takes from those who append the core and the disk. A step as long as usual says that much is left to be taken
/// in; then there is no rest.
pub(super) fn after(took: Duration, events: u64, usual: usize) -> Duration {
    if usize::try_from(events).is_ok_and(|events| events < usual) {
        took.saturating_mul(TIMES).min(LONGEST)
    } else {
        Duration::ZERO
    }
}

/// Rests for so long, or until told to stop.
pub(super) async fn unless_told_to_stop(rest: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        _ = stop.changed() => {}
        () = tokio::time::sleep(rest) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_step_is_followed_by_three_times_as_much_rest_within_bounds() {
        let after = |took, events| after(Duration::from_millis(took), events, 100).as_millis();
        assert_eq!([after(2, 1), after(83, 99), after(84, 99), after(900, 0)], [6, 249, 250, 250]);
    }

    #[test]
    fn whoever_is_behind_does_not_rest() {
        for events in [100, 101, u64::MAX] {
            assert_eq!(after(Duration::from_millis(2), events, 100), Duration::ZERO);
        }
    }
}
