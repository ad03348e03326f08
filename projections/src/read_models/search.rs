//! Search: which records a search might find, by the marks of their visible fields.
//!
//! It only narrows. It may name a record that does not match, and never leaves one out that does: what
//! has happened since it last took something in is looked at as well. Whoever asks folds each candidate
//! and judges it by `visible(..)`; a shielded record has marks of its visible fields only, so that even
//! a wrong decision later on would not find it by a hidden one.

use std::collections::BTreeSet;

use domain::{activity::Terms, identity::ChildRef, stream::Stream};
use event_log::{EventLog, backend::ReadError};
use uuid::Uuid;

use crate::{
    dated::KnownBy,
    marks::{Mark, Marker, Marks, NameMarks, RecordMarks, TermMarks},
    projection::{Entry, Evolved, MarkedProjection, Noted, Others, ReadModel},
    reader::{QueryError, Reader},
    store::{Range, beginning_with},
};

/// The marks of every record, under the child's handle.
#[derive(Debug)]
pub struct Search;

/// By number.
pub const NUMBER: &str = "number";
/// By date of birth, surname, given name.
pub const BORN: &str = "born";
/// By postcode.
pub const POSTCODE: &str = "postcode";
/// By surname, given name.
pub const NAME: &str = "name";
/// By surname, gender.
pub const SURNAME: &str = "surname";
/// By given name, gender.
pub const GIVEN: &str = "given";
/// By what the surname sounds like, gender.
pub const SURNAME_SOUND: &str = "surname-sound";
/// By what the given name sounds like, gender.
pub const GIVEN_SOUND: &str = "given-sound";

impl ReadModel for Search {
    const NAME: &'static str = "search";
    const VERSION: u32 = 1;
    type Document = RecordMarks;

    fn entries(_: &str, marks: &RecordMarks) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut add = |index, parts: &[Option<Mark>]| {
            // The first part is what is asked; an entry without it would lead nowhere.
            if parts.first().is_some_and(Option::is_some) {
                let parts: Vec<String> = parts.iter().map(|mark| part(*mark)).collect();
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                entries.push(Entry::new(index, &parts));
            }
        };
        add(NUMBER, &[marks.number]);
        add(POSTCODE, &[marks.postcode]);
        for name in &marks.names {
            add(BORN, &[marks.born, name.surname, name.given]);
            add(NAME, &[name.surname, name.given]);
            add(SURNAME, &[name.surname, marks.gender]);
            add(GIVEN, &[name.given, marks.gender]);
            add(SURNAME_SOUND, &[name.surname_sound, marks.gender]);
            add(GIVEN_SOUND, &[name.given_sound, marks.gender]);
        }
        if marks.names.is_empty() {
            add(BORN, &[marks.born, None, None]);
        }
        entries
    }

    /// It speaks of the present only: what was hidden since, or erased, is not kept.
    fn as_of(_: RecordMarks, _: KnownBy) -> Option<RecordMarks> {
        None
    }
}

/// A mark as a part of a key.
fn part(mark: Option<Mark>) -> String {
    mark.map_or_else(|| "-".to_owned(), |mark| mark.to_string())
}

impl MarkedProjection for Search {
    fn keys(noted: &Noted) -> Vec<String> {
        match (&noted.marks, noted.recorded.stamp.stream) {
            (Marks::Record(_), Stream::Child(child) | Stream::Shield(child)) => {
                vec![child.to_string()]
            }
            (Marks::Erased, Stream::Erasure(subject)) => vec![ChildRef::new(subject).to_string()],
            _ => Vec::new(),
        }
    }

    fn consults(_: &Noted) -> Vec<String> {
        Vec::new()
    }

    fn evolve(
        _: &str,
        _: Option<RecordMarks>,
        noted: &Noted,
        _: &dyn Others<RecordMarks>,
    ) -> Evolved<RecordMarks> {
        Ok(match &noted.marks {
            Marks::Record(marks) => Some(RecordMarks::clone(marks)).filter(|it| !it.is_empty()),
            Marks::Erased | Marks::Nothing | Marks::User(_) | Marks::Terms(_) => None,
        })
    }

    fn of_subject(subject: Uuid) -> Vec<String> {
        vec![ChildRef::new(subject).to_string()]
    }

    fn forget(_: RecordMarks) -> Option<RecordMarks> {
        None
    }
}

/// The records that a search might find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Which, in the order of their handles.
    pub children: Vec<ChildRef>,
    /// Whether there are more, beyond the limit.
    pub more: bool,
}

/// Why there are no candidates.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The read model did not answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The log cannot be read.
    #[error("the log could not be read")]
    Log(#[from] ReadError),
    /// It is so far behind that what has happened since cannot be looked through for each search.
    #[error("the read model of the search is {behind} events behind")]
    TooFarBehind {
        /// By how many events.
        behind: u64,
    },
}

/// How many events may stand between the read model and the end of the log.
const MOST_BEHIND: u64 = 50_000;

/// How many documents are looked through at once.
const PAGE: usize = 256;

/// How many events are looked through at once.
const AT_ONCE: usize = 4_096;

/// At most so many records that a search might find, and every record of which something has happened
/// since the read model last took something in: so it is never older than the log is now.
///
/// # Errors
/// See [`SearchError`].
pub async fn candidates(
    reader: &Reader<Search>,
    marker: &Marker,
    terms: &Terms,
    limit: usize,
) -> Result<Candidates, SearchError> {
    let asked = marker.terms(terms);
    let Some(mut range) = narrowest(&asked) else { return Ok(Candidates::default()) };
    let (mut children, mut more, mut known) = (BTreeSet::new(), false, u64::MAX);
    loop {
        let page = reader.find(vec![range.clone()]).await?;
        // Another build may have come to serve between two pages.
        known = known.min(page.next);
        let fitting = page.value.iter().filter(|found| fits(&found.document, &asked));
        for child in fitting.filter_map(|found| led_to(&found.key)) {
            more = children.len() >= limit;
            if more {
                break;
            }
            children.insert(child);
        }
        match page.value.last() {
            Some(last) if page.value.len() == PAGE && !more => range = range.after(&last.key),
            Some(_) | None => break,
        }
    }
    children.extend(since(reader.log(), known).await?);
    Ok(Candidates { children: children.into_iter().collect(), more })
}

/// The handle of the record to which a key leads.
fn led_to(key: &str) -> Option<ChildRef> {
    let (_, child) = key.rsplit_once('|').or_else(|| key.split_once('/'))?;
    Uuid::try_parse(child).ok().map(ChildRef::new)
}

/// The records of which something has happened from a position on.
async fn since(log: &EventLog, from: u64) -> Result<BTreeSet<ChildRef>, SearchError> {
    let behind = log.length().saturating_sub(from);
    if behind > MOST_BEHIND {
        return Err(SearchError::TooFarBehind { behind });
    }
    let (mut children, mut next, head) = (BTreeSet::new(), from, log.length());
    while next < head {
        let stored = log.read_stored(next, AT_ONCE).await?;
        let Some(last) = stored.last() else { break };
        next = last.position.saturating_add(1);
        children.extend(stored.iter().filter_map(|stored| match stored.stream {
            Stream::Child(child) | Stream::Shield(child) => Some(child),
            _ => None,
        }));
    }
    Ok(children)
}

/// The index that leads to the fewest records: by how telling a field is, the most telling first. None
/// when nothing is asked, or something that nothing is alike to.
fn narrowest(asked: &TermMarks) -> Option<Range> {
    if asked.futile {
        return None;
    }
    let range = |index, parts: &[Mark]| {
        let parts: Vec<String> = parts.iter().map(Mark::to_string).collect();
        Some(beginning_with(index, &parts.join("/"), PAGE))
    };
    let exact = |mark: Option<Mark>| mark.filter(|_| !asked.sounds);
    let with_gender = |mark| match asked.gender {
        Some(gender) => vec![mark, gender],
        None => vec![mark],
    };
    if let Some(number) = asked.number {
        return range(NUMBER, &[number]);
    }
    if let Some(postcode) = asked.postcode {
        return range(POSTCODE, &[postcode]);
    }
    match (asked.born, exact(asked.surname), exact(asked.given)) {
        (Some(born), Some(surname), Some(given)) => range(BORN, &[born, surname, given]),
        (Some(born), Some(surname), None) => range(BORN, &[born, surname]),
        (Some(born), None, _) => range(BORN, &[born]),
        (None, Some(surname), Some(given)) => range(NAME, &[surname, given]),
        (None, Some(surname), None) => range(SURNAME, &with_gender(surname)),
        (None, None, Some(given)) => range(GIVEN, &with_gender(given)),
        (None, None, None) => match (asked.surname, asked.given) {
            (Some(surname), _) => range(SURNAME_SOUND, &with_gender(surname)),
            (None, Some(given)) => range(GIVEN_SOUND, &with_gender(given)),
            // Half of all records share a gender: it narrows nothing, and every record is looked at.
            (None, None) => asked.gender.map(|_| Range::documents(PAGE)),
        },
    }
}

/// Given name and surname must be those of one name.
fn fits(record: &RecordMarks, asked: &TermMarks) -> bool {
    let alike = |asked: Option<Mark>, held| asked.is_none() || asked == held;
    let named = |name: &NameMarks| {
        let (given, surname) = if asked.sounds {
            (name.given_sound, name.surname_sound)
        } else {
            (name.given, name.surname)
        };
        alike(asked.given, given) && alike(asked.surname, surname)
    };
    let by_name = asked.given.is_some() || asked.surname.is_some();
    (!by_name || record.names.iter().any(named))
        && alike(asked.born, record.born)
        && alike(asked.number, record.number)
        && alike(asked.postcode, record.postcode)
        && alike(asked.gender, record.gender)
}
