//! Rule P4: a fair-processing notice that a school issued is recorded, the number of copies only if collected;
//! asked for, it is *not collected*, never nought.
//!
//! Source: schools give notice at least when a child starts school, and to the pupil directly at 13, in
//! two layers, S41; figures that nobody collects cannot be given, HL4248.
//! Reading: recorded by the management team of the authority in whose area the school lies, since a
//! school has no stream of its own (ours). The school is named by its public name; no child, carer or
//! pupil is. Whether a school owed a notice is not judged.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Event, Notice, NoticeLayer, NoticeOccasion, Organisation, OrganisationKind,
    record_public_information::MOST,
};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    identity::PublicityId,
    policy::Policy,
};

/// Record a notice that a school issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFairProcessingNotice {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which: a fresh handle.
    pub notice: PublicityId,
    /// The school, by its public name.
    pub school: String,
    /// Which layer.
    pub layer: NoticeLayer,
    /// On which occasion.
    pub occasion: NoticeOccasion,
    /// On which day it was issued.
    pub on: NaiveDate,
    /// How many were issued, if collected.
    pub quantity: Option<u64>,
}

/// Why a notice is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not an authority.
    #[error("the notices of schools are recorded with the authority of their area")]
    NotAnAuthority,
    /// The school is blank or longer than 200 characters.
    #[error("the name of the school has 1 to 200 characters")]
    UnusableSchool,
    /// It has not been issued.
    #[error("the notice is dated {on}, which is in the future")]
    NotIssued {
        /// Its day.
        on: NaiveDate,
    },
    /// A figure above a million million.
    #[error("a figure is at most {MOST}")]
    ImplausibleFigure,
    /// The handle stands for another notice.
    #[error("this handle stands for another notice")]
    HandleInUse,
}

/// Records the notice; quiet if it is recorded so.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordFairProcessingNotice,
) -> Result<Vec<Event>, Rejection> {
    let kind = organisation.registration().map(|it| it.kind);
    let (Some(OrganisationKind::LocalAuthority), Some(id)) = (kind, organisation.id()) else {
        return Err(Rejection::NotAnAuthority);
    };
    require(caller, policy, command.at, Needs::ManagementTeamOf(id))?;
    if command.school.trim().is_empty() || command.school.chars().count() > 200 {
        return Err(Rejection::UnusableSchool);
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::NotIssued { on: command.on });
    }
    if command.quantity.is_some_and(|figure| figure > MOST) {
        return Err(Rejection::ImplausibleFigure);
    }
    let RecordFairProcessingNotice { layer, occasion, on, quantity, .. } = *command;
    let issued = Notice { school: command.school.clone(), layer, occasion, on, quantity };
    match organisation.notices().get(&command.notice) {
        Some(recorded) if *recorded == issued => Ok(Vec::new()),
        Some(_) => Err(Rejection::HandleInUse),
        None => Ok(vec![Event::FairProcessingNoticeIssued {
            notice: command.notice,
            school: issued.school,
            layer,
            occasion,
            on,
            quantity,
        }]),
    }
}
