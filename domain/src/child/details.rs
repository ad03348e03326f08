//! The basic details of a child, each with the way it changes.

use super::{ChildNumber, DateOfBirth, Detail, Event, Gender, Name, Whereabouts};
use crate::personal::Personal;

/// The basic details. Each is absent only while no record exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Details {
    pub(super) number: Option<Personal<ChildNumber>>,
    pub(super) name: Option<Personal<Name>>,
    pub(super) former_names: Vec<Personal<Name>>,
    pub(super) gender: Option<Personal<Gender>>,
    pub(super) date_of_birth: Option<Personal<DateOfBirth>>,
    pub(super) whereabouts: Option<Personal<Whereabouts>>,
}

impl Details {
    /// A detail that was true is followed by another: an old name is a former name from now on.
    pub(super) fn supersede(&mut self, detail: &Detail) {
        match detail {
            Detail::Name(name) => self.former_names.extend(self.name.replace(name.clone())),
            Detail::FormerName(name) => self.former_names.push(name.clone()),
            Detail::Gender(gender) => self.gender = Some(gender.clone()),
            Detail::DateOfBirth(date) => self.date_of_birth = Some(date.clone()),
            Detail::Whereabouts(whereabouts) => self.whereabouts = Some(whereabouts.clone()),
        }
    }

    /// A detail that was wrong is replaced: a wrong name was never the child's.
    pub(super) fn correct(&mut self, detail: &Detail) {
        match detail {
            Detail::Name(name) => self.name = Some(name.clone()),
            Detail::FormerName(name) => {
                self.former_names.pop();
                self.former_names.push(name.clone());
            }
            Detail::Gender(_) | Detail::DateOfBirth(_) | Detail::Whereabouts(_) => {
                self.supersede(detail);
            }
        }
    }

    /// The details a record is created with; `None` for any other event.
    pub(super) fn created(event: &Event) -> Option<Self> {
        let Event::RecordCreated { number, name, gender, date_of_birth, whereabouts, source: _ } =
            event
        else {
            return None;
        };
        Some(Self {
            number: Some(number.clone()),
            name: Some(name.clone()),
            former_names: Vec::new(),
            gender: Some(gender.clone()),
            date_of_birth: Some(date_of_birth.clone()),
            whereabouts: Some(whereabouts.clone()),
        })
    }
}
