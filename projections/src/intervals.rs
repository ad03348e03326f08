//! Intervals of time in an index: which of them contain an instant, without reading all that began
//! before it.
//!
//! An interval that has not ended is under its beginning. One that has is under the class of its length
//! first: those of class k are shorter than 2^k milliseconds, so at an instant only those of them matter
//! that began in the 2^k milliseconds before; about half of what is read is wanted.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    dated::instant,
    projection::Entry,
    store::{Range, between},
};

/// Classes of length: 2^42 milliseconds are 139 years.
const CLASSES: u32 = 42;

/// Where an interval stands in an index. `within` groups intervals that are asked about together.
pub fn entry(
    index: &'static str,
    within: &str,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Entry {
    let class = match to {
        None => "open".to_owned(),
        Some(to) => class(from, to),
    };
    Entry::new(index, &[within, &class, &instant(from)])
}

fn class(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let length = to.signed_duration_since(from).num_milliseconds();
    let bits =
        u64::try_from(length).map_or(0, |length| 64_u32.saturating_sub(length.leading_zeros()));
    format!("{:04}", bits.min(CLASSES))
}

/// The ranges in which every interval stands that contains an instant, and others that do not: look at
/// their ends. `limit` holds for each range.
pub fn containing(index: &str, within: &str, at: DateTime<Utc>, limit: usize) -> Vec<Range> {
    // The end of a range is exclusive, and an interval that begins at this instant contains it.
    let to = format!("{}~", instant(at));
    let mut ranges =
        vec![between(index, &format!("{within}/open/"), &format!("{within}/open/{to}"), limit)];
    for class in 0..=CLASSES {
        let length = 1_i64.checked_shl(class).map(TimeDelta::milliseconds);
        let from = length.and_then(|length| at.checked_sub_signed(length)).map(instant);
        ranges.push(between(
            index,
            &format!("{within}/{class:04}/{}", from.unwrap_or_default()),
            &format!("{within}/{class:04}/{to}"),
            limit,
        ));
    }
    ranges
}

/// The same, as known at an event that was recorded at some time. Nothing is known of later instants, so
/// whatever went on then goes on; what has ended since ended after that time, and is found there. Whatever
/// the events around it have touched is to be looked at besides, for clocks that run apart
/// ([`crate::reader::Reader::touched_after`]).
pub fn containing_as_known(
    index: &str,
    within: &str,
    at: DateTime<Utc>,
    known: DateTime<Utc>,
    limit: usize,
) -> Vec<Range> {
    let mut ranges = containing(index, within, at, limit);
    if known < at {
        ranges.extend(containing(index, within, known, limit));
    }
    ranges
}
