//! The one clock of the service. Everything else is told the time.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time: whole microseconds, each later than or equal to the one before.
///
/// It starts no earlier than the last event of the log, so that the order of events and the order
/// of their times agree even if the machine's clock was set back in between.
#[derive(Clone, Debug)]
pub struct Clock {
    offset: TimeDelta,
    told: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock, but never before `last`, the time of the last event.
    pub fn system(last: Option<DateTime<Utc>>) -> Self {
        Self::with_offset(TimeDelta::zero(), last)
    }

    /// A clock that goes on from `last`, the time of the last event, at the usual speed: a history of
    /// 2009 continues in 2009.
    pub fn continuing_after(last: DateTime<Utc>) -> Self {
        Self::with_offset(last.signed_duration_since(Utc::now()), Some(last))
    }

    fn with_offset(offset: TimeDelta, last: Option<DateTime<Utc>>) -> Self {
        let told = last.map_or(i64::MIN, |last| last.timestamp_micros());
        Self { offset, told: Arc::new(AtomicI64::new(told)) }
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        let machine = Utc::now();
        let reading = machine.checked_add_signed(self.offset).unwrap_or(machine);
        let micros = reading.timestamp_micros();
        let before = self.told.fetch_max(micros, Ordering::SeqCst);
        DateTime::from_timestamp_micros(before.max(micros)).unwrap_or(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_tells_an_earlier_time_than_the_last_event() {
        let ahead = DateTime::from_timestamp_micros(9_000_000_000_000_000).unwrap();
        assert_eq!(Clock::system(Some(ahead)).now(), ahead);
    }

    #[test]
    fn a_history_of_2009_continues_in_2009() {
        let last: DateTime<Utc> = "2009-06-22T10:00:00Z".parse().unwrap();
        let now = Clock::continuing_after(last).now();
        assert!(now >= last && now < last + TimeDelta::minutes(5), "{now}");
    }

    #[test]
    fn it_has_whole_microseconds() {
        let now = Clock::system(None).now();
        assert_eq!(now.timestamp_subsec_nanos() % 1_000, 0);
    }
}
