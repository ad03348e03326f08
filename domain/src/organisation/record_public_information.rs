//! Rule P1: what is done to inform the public is recorded by whoever did it, figures only if collected.
//!
//! Source: HL4248 (the department and local authorities, by a variety of means and channels; authorities
//! determine how; the department does not collect information about local direct mailing).
//! Reading: an authority's management team records its own, officials the department's. A quantity or a
//! cost that nobody collected is absent, which is not nought. One figure is at most a million million.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Activity, Channel, Event, Organisation, OrganisationKind};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    identity::PublicityId,
    policy::Policy,
};

/// The most that one figure may be: far above any, far below what a sum can hold.
pub(super) const MOST: u64 = 1_000_000_000_000;

/// Record an activity that informed the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPublicInformation {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which: a fresh handle.
    pub activity: PublicityId,
    /// By what means.
    pub channel: Channel,
    /// The area reached: a place, never a person.
    pub area: String,
    /// From which day.
    pub from: NaiveDate,
    /// To which day, if it has ended.
    pub to: Option<NaiveDate>,
    /// Households or copies reached, if collected.
    pub quantity: Option<u64>,
    /// Cost in pence, if collected.
    pub cost_pence: Option<u64>,
}

/// Why an activity is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not an authority, nor the department.
    #[error("authorities and the department inform the public")]
    NeitherAuthorityNorDepartment,
    /// The area is blank or longer than 200 characters.
    #[error("the area has 1 to 200 characters")]
    UnusableArea,
    /// It has not begun.
    #[error("the activity begins on {from}, which is in the future")]
    NotBegun {
        /// Its first day.
        from: NaiveDate,
    },
    /// It ends before it begins.
    #[error("the activity ends before it begins")]
    EndsBeforeItBegins,
    /// A figure above a million million.
    #[error("a figure is at most {MOST}")]
    ImplausibleFigure,
    /// The handle stands for another activity.
    #[error("this handle stands for another activity")]
    HandleInUse,
}

/// Records the activity; quiet if it is recorded so.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordPublicInformation,
) -> Result<Vec<Event>, Rejection> {
    let kind = organisation.registration().map(|it| it.kind);
    let needs = match (kind, organisation.id()) {
        (Some(OrganisationKind::LocalAuthority), Some(id)) => Needs::ManagementTeamOf(id),
        (Some(OrganisationKind::Department), Some(_)) => Needs::Official,
        _ => return Err(Rejection::NeitherAuthorityNorDepartment),
    };
    require(caller, policy, command.at, needs)?;
    if command.area.trim().is_empty() || command.area.chars().count() > 200 {
        return Err(Rejection::UnusableArea);
    }
    if command.from > command.at.date_naive() {
        return Err(Rejection::NotBegun { from: command.from });
    }
    if command.to.is_some_and(|to| to < command.from) {
        return Err(Rejection::EndsBeforeItBegins);
    }
    if [command.quantity, command.cost_pence].into_iter().flatten().any(|figure| figure > MOST) {
        return Err(Rejection::ImplausibleFigure);
    }
    let activity = Activity {
        channel: command.channel,
        area: command.area.clone(),
        from: command.from,
        to: command.to,
        quantity: command.quantity,
        cost_pence: command.cost_pence,
    };
    match organisation.activities().get(&command.activity) {
        Some(recorded) if *recorded == activity => Ok(Vec::new()),
        Some(_) => Err(Rejection::HandleInUse),
        None => Ok(vec![Event::PublicInformationRecorded {
            activity: command.activity,
            channel: activity.channel,
            area: activity.area,
            from: activity.from,
            to: activity.to,
            quantity: activity.quantity,
            cost_pence: activity.cost_pence,
        }]),
    }
}
