//! Shields: in force when and by whose decision, reviews due, and how consistently authorities decide.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::ShieldState,
    event::Event,
    identity::{ChildRef, OrganisationId},
    recorded::Recorded,
    shield::{self, ReviewOutcome, Shield, Standing},
    stream::Stream,
};

use crate::{
    counting::{Counted, count},
    dated::{Chronicle, KnownBy, Moment, after, instant, place},
    intervals::{self, containing},
    projection::{Entry, Evolved, Projection, Refused},
    reader::{QueryError, Reader, Spoken},
    store::{Range, between},
};

/// The shield of every record, under the child's handle.
#[derive(Debug)]
pub struct Shields;

/// What happened to one shield.
pub type Document = Chronicle<shield::Event>;

/// By authority and time, as intervals.
pub const IN_FORCE: &str = "in-force";
/// By the day on which a review is due.
pub const REVIEW_DUE: &str = "review-due";
/// By the day on which a provisional shield should be decided.
pub const DECISION_DUE: &str = "decision-due";
/// By authority, kind of decision, instant, position.
pub const DECISION: &str = "decision";
/// Every instant at which a record became shielded.
pub const BEGAN: &str = "began";
/// Every instant at which a record ceased to be shielded.
pub const ENDED: &str = "ended";

/// The group of intervals of all authorities together.
const ANYWHERE: &str = "any";

/// A kind of decision that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Shielded.
    Applied,
    /// Not shielded.
    Refused,
    /// Kept after review.
    Kept,
    /// Lifted.
    Lifted,
    /// Upheld after a challenge.
    Upheld,
}

impl Decision {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Applied, Self::Refused, Self::Kept, Self::Lifted, Self::Upheld];

    const fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Kept => "kept",
            Self::Lifted => "lifted",
            Self::Upheld => "upheld",
        }
    }
}

/// A time during which a record was shielded, on one authority's decision, in one way.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Episode {
    /// Whose record.
    pub child: ChildRef,
    /// By whose decision; for a provisional shield, the organisation of the officer.
    pub authority: Option<OrganisationId>,
    /// Provisionally, or by decision.
    pub state: ShieldState,
    /// On which of the four grounds.
    pub grounds: Vec<shield::Ground>,
    /// Whether another ground was explained; the words are in the log.
    pub other_ground: bool,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when, if it has ended.
    pub to: Option<DateTime<Utc>>,
}

/// The times during which a record was shielded, as known by then. One ends where the way, the
/// authority or the grounds change.
pub fn episodes(document: &Document, known_by: KnownBy) -> Vec<Episode> {
    let Stream::Shield(child) = document.stream else { return Vec::new() };
    let mut episodes: Vec<Episode> = Vec::new();
    document.each::<Shield>(|state, recorded| {
        if !known_by.reaches(Moment::of(&recorded.stamp)) {
            return;
        }
        let at = recorded.stamp.at;
        let authority = match state.standing() {
            Standing::Applied(applied) => Some(applied.authority),
            Standing::Unshielded | Standing::Requested { .. } | Standing::Provisional { .. } => {
                recorded.stamp.by.organisation
            }
        };
        let now = state.grounds().map(|grounds| Episode {
            child,
            authority,
            state: state.state(),
            grounds: grounds.stated().iter().copied().collect(),
            other_ground: grounds.other().is_some(),
            from: at,
            to: None,
        });
        let running = episodes.last_mut().filter(|episode| episode.to.is_none());
        let goes_on = match (&now, &running) {
            (Some(now), Some(before)) => same_way(now, before),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !goes_on {
            if let Some(before) = running {
                before.to = Some(at);
            }
            episodes.extend(now);
        }
    });
    episodes
}

fn same_way(now: &Episode, before: &Episode) -> bool {
    let provisional = now.state == ShieldState::Provisional;
    now.state == before.state
        && (provisional || now.authority == before.authority)
        && now.grounds == before.grounds
        && now.other_ground == before.other_ground
}

fn decided(event: &shield::Event) -> Option<(OrganisationId, Decision)> {
    match event {
        shield::Event::Applied { authority, .. } => Some((*authority, Decision::Applied)),
        shield::Event::Refused { authority, .. } => Some((*authority, Decision::Refused)),
        shield::Event::Reviewed { authority, outcome: ReviewOutcome::Keep, .. } => {
            Some((*authority, Decision::Kept))
        }
        shield::Event::Lifted { authority, .. } => Some((*authority, Decision::Lifted)),
        shield::Event::DecisionUpheld { authority, .. } => Some((*authority, Decision::Upheld)),
        shield::Event::Reviewed { outcome: ReviewOutcome::Lift, .. }
        | shield::Event::Requested { .. }
        | shield::Event::ProvisionallyApplied { .. }
        | shield::Event::ViewRecorded { .. }
        | shield::Event::DecisionChallenged { .. } => None,
    }
}

impl Projection for Shields {
    const NAME: &'static str = "shields";
    const VERSION: u32 = 1;
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Shield(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        match (&recorded.event, recorded.stamp.stream) {
            (Event::Shield(_), Stream::Shield(child)) => vec![child.to_string()],
            _ => Vec::new(),
        }
    }

    fn evolve(
        _: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        let Event::Shield(event) = &recorded.event else {
            return Err(Refused { reason: "not about a shield", document });
        };
        Ok(Some(Chronicle::and(document, &recorded.stamp, event)))
    }

    fn entries(_: &str, document: &Document) -> Vec<Entry> {
        let state: Shield = document.state(KnownBy::Now);
        let mut entries = Vec::new();
        for episode in episodes(document, KnownBy::Now) {
            let authority = episode.authority.map(|id| id.to_string());
            for within in [Some(ANYWHERE.to_owned()), authority].into_iter().flatten() {
                entries.push(intervals::entry(IN_FORCE, &within, episode.from, episode.to));
            }
        }
        entries.extend(turns(document));
        let due =
            |index, day: Option<NaiveDate>| day.map(|day| Entry::new(index, &[&day.to_string()]));
        entries.extend(due(REVIEW_DUE, state.review_due()));
        entries.extend(due(DECISION_DUE, state.decision_due()));
        for happened in &document.happened {
            if let Some((authority, decision)) = decided(&happened.event) {
                let (at, place) = (instant(happened.known.at), place(happened.known.position));
                let parts = [&authority.to_string(), decision.code(), &at, &place];
                entries.push(Entry::new(DECISION, &parts));
            }
        }
        entries
    }

    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        document.as_of(known_by)
    }
}

/// Every time the record became shielded, or ceased to be.
fn turns(document: &Document) -> Vec<Entry> {
    let mut turns = Vec::new();
    let mut before = false;
    document.each::<Shield>(|state, recorded| {
        if state.is_shielded() != before {
            before = !before;
            let index = if before { BEGAN } else { ENDED };
            let (at, place) = (instant(recorded.stamp.at), place(recorded.stamp.position));
            turns.push(Entry::new(index, &[&at, &place]));
        }
    });
    turns
}

/// The shields in force at an instant, of one authority or of all, the earliest first.
///
/// # Errors
/// See [`QueryError`].
pub async fn in_force(
    reader: &Reader<Shields>,
    authority: Option<OrganisationId>,
    at: DateTime<Utc>,
    limit: usize,
) -> Result<Spoken<Vec<Episode>>, QueryError> {
    let within = authority.map_or_else(|| ANYWHERE.to_owned(), |id| id.to_string());
    let spoken = reader.find(containing(IN_FORCE, &within, at, limit)).await?;
    Ok(spoken.map(|found| {
        let in_force = |it: &Episode| {
            it.from <= at
                && it.to.is_none_or(|to| at < to)
                && authority.is_none_or(|authority| it.authority == Some(authority))
        };
        let all = found.iter().flat_map(|found| episodes(&found.document, KnownBy::Now));
        let mut shields: Vec<Episode> = all.filter(in_force).collect();
        shields.sort_by_key(|it| (it.from, it.child));
        // One document is found once for each of its episodes.
        shields.dedup();
        shields.truncate(limit);
        shields
    }))
}

/// The shields whose review is due on a day or was due before it, the longest overdue first.
pub fn reviews_due_by(day: NaiveDate, limit: usize) -> Range {
    between(REVIEW_DUE, "", &format!("{day}~"), limit)
}

/// The provisional shields to be decided by a day, the longest overdue first.
pub fn decisions_due_by(day: NaiveDate, limit: usize) -> Range {
    between(DECISION_DUE, "", &format!("{day}~"), limit)
}

/// How often an authority decided in each way, from an instant to another, exclusive, as known at an event.
///
/// # Errors
/// See [`QueryError`].
pub async fn decisions(
    reader: &Reader<Shields>,
    authority: OrganisationId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    known: Moment,
) -> Result<Spoken<Vec<(Decision, u64)>>, QueryError> {
    let within = Decision::ALL.map(|decision| format!("{authority}/{}/", decision.code()));
    let counted = |within| Counted { index: DECISION, within, from, to };
    let counted: Vec<Counted<'_>> = within.iter().map(|within| counted(within)).collect();
    let counts = count(reader, &counted, known).await?;
    Ok(counts.map(|counts| Decision::ALL.into_iter().zip(counts).collect()))
}

/// How many records were shielded at an instant, as known at an event. Two counts in an index.
///
/// # Errors
/// See [`QueryError`].
pub async fn shielded_at(
    reader: &Reader<Shields>,
    at: DateTime<Utc>,
    known: Moment,
) -> Result<Spoken<u64>, QueryError> {
    let until = |index| Counted { index, within: "", from: DateTime::UNIX_EPOCH, to: after(at) };
    let counts = count(reader, &[until(BEGAN), until(ENDED)], known).await?;
    Ok(counts.map(|counts| match counts.as_slice() {
        [began, ended] => began.saturating_sub(*ended),
        _ => 0,
    }))
}
