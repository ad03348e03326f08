//! What the clock said in England.
//!
//! British Summer Time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday
//! of October (Summer Time Order 2002, SI 2002/262).

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Timelike, Utc};

/// The hour by the clock in England, 0 to 23.
pub(super) fn hour(at: DateTime<Utc>) -> u32 {
    let shift = if is_summer(at) { TimeDelta::hours(1) } else { TimeDelta::zero() };
    at.checked_add_signed(shift).unwrap_or(at).hour()
}

fn is_summer(at: DateTime<Utc>) -> bool {
    let turns = |month| {
        let sunday = last_sunday(at.year(), month)?;
        Some(sunday.and_hms_opt(1, 0, 0)?.and_utc())
    };
    match (turns(3), turns(10)) {
        (Some(begins), Some(ends)) => begins <= at && at < ends,
        _ => false,
    }
}

/// Of a month with 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(u64::from(last.weekday().num_days_from_sunday())))
}

#[cfg(test)]
mod tests {
    use super::hour;

    #[test]
    fn the_clock_goes_forward_and_back_on_the_last_sundays() {
        for (instant, on_the_clock) in [
            ("2009-03-29T00:59:59Z", 0),
            ("2009-03-29T01:00:00Z", 2),
            ("2009-06-22T23:30:00Z", 0),
            ("2009-10-25T00:59:59Z", 1),
            ("2009-10-25T01:00:00Z", 1),
            ("2009-12-31T23:30:00Z", 23),
            ("2010-03-28T00:59:59Z", 0),
            ("2010-03-28T01:00:00Z", 2),
        ] {
            assert_eq!(hour(instant.parse().unwrap()), on_the_clock, "{instant}");
        }
    }
}
