//! Counts in an index of what happened when, as they were known at a position.
//!
//! The index is in the order of time, which is nearly that of positions: handlers and servers that record
//! at once may differ. So what lies well before the position is counted where it stands, and what lies
//! around it is looked at one by one.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    dated::{Moment, instant},
    projection::ReadModel,
    reader::{QueryError, Reader, Spoken},
    store::{Ask, Row, between},
};

/// By how much the clocks of servers on one log may differ. Ours.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);

/// The most entries that are looked at one by one.
const AROUND: usize = 1_000_000;

/// Entries `{within}{instant}/{position}` of an index.
#[derive(Clone, Debug)]
pub(crate) struct Counted<'a> {
    pub(crate) index: &'static str,
    pub(crate) within: &'a str,
    /// From this instant.
    pub(crate) from: DateTime<Utc>,
    /// To this one, exclusive.
    pub(crate) to: DateTime<Utc>,
}

impl Counted<'_> {
    fn asks(&self, known: Moment) -> [Ask; 2] {
        let bound = |at: DateTime<Utc>| format!("{}{}", self.within, instant(at));
        let early = known.at.checked_sub_signed(CLOCKS_DIFFER).unwrap_or(self.from);
        let late = known.at.checked_add_signed(CLOCKS_DIFFER).unwrap_or(self.to);
        let early = early.clamp(self.from, self.to.max(self.from));
        let late = self.to.min(late).max(early);
        [
            Ask::Count(between(self.index, &bound(self.from), &bound(early), AROUND)),
            Ask::Rows(between(self.index, &bound(early), &bound(late), AROUND)),
        ]
    }
}

/// How many of each there are that were recorded at a position or before. `known` is the event there.
///
/// # Errors
/// See [`QueryError`].
pub(crate) async fn count<P: ReadModel>(
    reader: &Reader<P>,
    all: &[Counted<'_>],
    known: Moment,
) -> Result<Spoken<Vec<u64>>, QueryError> {
    let asks = all.iter().flat_map(|counted| counted.asks(known)).collect();
    let spoken = reader.ask(asks).await?;
    Ok(spoken.map(|answers| {
        let both = answers.chunks(2).map(|both| {
            let rows = |at: usize| both.get(at).map(Vec::as_slice).unwrap_or_default();
            let before = rows(0).first().map_or(0, number);
            let around = rows(1).iter().filter(|row| position(row) <= Some(known.position));
            before.saturating_add(u64::try_from(around.count()).unwrap_or(u64::MAX))
        });
        both.collect()
    }))
}

fn number(row: &Row) -> u64 {
    std::str::from_utf8(&row.value).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The position at the end of an entry's place.
fn position(row: &Row) -> Option<u64> {
    let (place, _) = row.key.rsplit_once('|')?;
    place.rsplit('/').next()?.parse().ok()
}
