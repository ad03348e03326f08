//! Rule I1: an investigation that was opened is given to somebody other than the one it is about.
//!
//! Source: S8: every suspicion is investigated at once, by the authority over its own users or by the
//! central team; S27: so is every override.
//! Reading: only an investigation that the log shows as opened, by an override or by a suspension, can
//! be assigned. The management team of the user's organisation, an official or an auditor assigns it;
//! never the user. The investigator is an authorised member of some management team, or holds office
//! in the department, and is not the user. It may be assigned anew until it is concluded.

use chrono::{DateTime, Utc};

use super::{Event, Investigation, Origin, over};
use crate::{
    access::Access,
    caller::{Caller, Needs, NotEntitled, require_about_another},
    identity::{ChildRef, InvestigationId, PractitionerId},
    policy::Policy,
    practitioner::{AccountRole, Practitioner},
};

/// Where the log shows an investigation as opened.
#[derive(Clone, Copy, Debug)]
pub enum Opened<'a> {
    /// By an override.
    Override {
        /// Of whose shield.
        child: ChildRef,
        /// The accesses to that record.
        access: &'a Access,
    },
    /// By the suspension of the subject on suspicion.
    Suspicion,
}

/// Assign an investigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assign {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub investigation: InvestigationId,
}

/// Why it cannot be assigned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not assign it.
    #[error("not entitled to assign this investigation: {0}")]
    NotEntitled(NotEntitled),
    /// The log does not show it as opened, or not into this person's conduct.
    #[error("no such investigation was opened into the conduct of this person")]
    NotOpened,
    /// The investigator would be the subject.
    #[error("nobody investigates themself")]
    InvestigatesThemself,
    /// The investigator is neither of a management team nor of the department.
    #[error("an investigator is of a management team or of the department")]
    NotAnInvestigator,
    /// They investigate it already.
    #[error("they investigate it already")]
    AlreadyAssigned,
    /// It has ended.
    #[error("the investigation has been concluded")]
    AlreadyConcluded,
}

/// Decides who investigates.
pub fn decide(
    state: &Investigation,
    opened: Opened<'_>,
    subject: &Practitioner,
    investigator: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Assign,
) -> Result<Vec<Event>, Rejection> {
    require_about_another(caller, policy, command.at, Needs::AnyOf(&over(subject)), subject.id())
        .map_err(Rejection::NotEntitled)?;
    let (origin, about) =
        opened.shows(subject, command.investigation).ok_or(Rejection::NotOpened)?;
    let investigates = investigator.id().ok_or(Rejection::NotAnInvestigator)?;
    if investigates == about {
        return Err(Rejection::InvestigatesThemself);
    }
    if !may_investigate(investigator, command.at) {
        return Err(Rejection::NotAnInvestigator);
    }
    match state {
        Investigation::Concluded { .. } => return Err(Rejection::AlreadyConcluded),
        Investigation::Assigned(assigned) if assigned.investigator == investigates => {
            return Err(Rejection::AlreadyAssigned);
        }
        Investigation::Assigned(_) | Investigation::NotAssigned => {}
    }
    Ok(vec![Event::Assigned { origin, subject: about, investigator: investigates }])
}

impl Opened<'_> {
    fn shows(
        self,
        subject: &Practitioner,
        investigation: InvestigationId,
    ) -> Option<(Origin, PractitionerId)> {
        let about = subject.id()?;
        let origin = match self {
            Self::Override { child, access } => access
                .investigation(investigation)
                .filter(|opened| opened.practitioner == about)
                .map(|opened| Origin::Override { child, procedure: opened.procedure }),
            Self::Suspicion => subject
                .account()
                .suspension()
                .filter(|suspension| suspension.investigation == Some(investigation))
                .map(|_| Origin::Suspicion),
        };
        origin.map(|origin| (origin, about))
    }
}

fn may_investigate(person: &Practitioner, at: DateTime<Utc>) -> bool {
    let of_team = person.account().suspension().is_none()
        && person
            .account()
            .authorisation()
            .is_some_and(|held| held.role == AccountRole::ManagementTeam);
    of_team || person.appointment().office_on(at.date_naive()).is_some()
}
