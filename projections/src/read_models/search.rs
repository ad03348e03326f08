//! Search: which records a search might find, by the marks of their visible fields.
//!
//! It only narrows. It may name a record that does not match, and never leaves one out that does: what
//! has happened since it last took something in is looked at as well ([`Seeker`]). Whoever asks folds
//! each candidate and judges it by `visible(..)`; a shielded record has marks of its visible fields only,
//! so that even a wrong decision later on would not find it by a hidden one.

mod asking;
mod seeker;
mod tail;

use domain::{identity::ChildRef, stream::Stream};
use uuid::Uuid;

pub use self::seeker::{Candidates, SearchError, Seeker};
use crate::{
    dated::KnownBy,
    marks::{Mark, Marks, RecordMarks},
    projection::{Entry, Evolved, MarkedProjection, Noted, Others, ReadModel},
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
    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Child(_) | Stream::Shield(_) | Stream::Erasure(_))
    }

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
