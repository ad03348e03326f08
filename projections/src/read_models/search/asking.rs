//! Which index leads to the fewest records, and which of these fit.

use domain::identity::ChildRef;
use uuid::Uuid;

use super::{BORN, GIVEN, GIVEN_SOUND, NAME, NUMBER, POSTCODE, SURNAME, SURNAME_SOUND};
use crate::{
    marks::{Mark, NameMarks, RecordMarks, TermMarks},
    store::{Range, beginning_with},
};

/// How many documents are looked through at once.
pub(super) const PAGE: usize = 256;

/// The handle of the record to which a key leads.
pub(super) fn led_to(key: &str) -> Option<ChildRef> {
    let (_, child) = key.rsplit_once('|').or_else(|| key.split_once('/'))?;
    Uuid::try_parse(child).ok().map(ChildRef::new)
}

/// The index that leads to the fewest records: by how telling a field is, the most telling first. None
/// when nothing is asked, or something that nothing is alike to.
pub(super) fn narrowest(asked: &TermMarks) -> Option<Range> {
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
pub(super) fn fits(record: &RecordMarks, asked: &TermMarks) -> bool {
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
