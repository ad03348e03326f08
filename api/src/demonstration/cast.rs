//! The cast, in the form in which deeds take it.

use chrono::NaiveDate;
use domain::{
    access::{Purpose, ReasonCode},
    actor::{Actor, Role},
    identity::OrganisationId,
    personal::Personal,
    practitioner::IdentityEvidence,
    reason::Text,
};
use fixtures::demonstration::{self as list, AUDITOR, Member, OFFICIALS};

use crate::chronicle::{Halt, Person};

/// Somebody with an account, by number.
pub(super) fn person(number: u128) -> Result<Person, Halt> {
    let member = list::member(number).ok_or(Halt::Otherwise("the cast"))?;
    let name = member.name();
    let Member { organisation, role, surname, need, crb_issued_on, .. } = member;
    Ok(Person {
        id: list::person(number),
        organisation: list::organisation(organisation),
        role,
        name: Text::try_from(name)?,
        surname: Text::try_from(surname)?,
        manager: manager(&member),
        need: Text::try_from(need)?,
        evidence: IdentityEvidence::Passport,
        crb_issued_on: crb_issued_on.parse::<NaiveDate>().unwrap_or(NaiveDate::MIN),
        disclosure_number: Text::try_from(format!("0012345{number:05}"))?,
        token: list::token(number),
    })
}

/// The manager of a team's member is an official; of everybody else, the head of the team.
fn manager(member: &Member) -> domain::identity::PractitionerId {
    let head = list::STAFF.iter().find(|one| {
        one.organisation == member.organisation
            && one.role == domain::practitioner::AccountRole::ManagementTeam
    });
    match head {
        Some(head) if head.role != member.role => list::person(head.number),
        Some(_) | None => list::person(OFFICIALS[0].number),
    }
}

/// Somebody with an account, acting.
pub(super) fn actor(number: u128) -> Result<Actor, Halt> {
    Ok(person(number)?.actor())
}

/// An official, acting; 0 or 1.
pub(super) fn official(which: usize) -> Actor {
    let number = if which == 0 { OFFICIALS[0].number } else { OFFICIALS[1].number };
    Actor::person(list::person(number), Role::Official, OrganisationId::DEPARTMENT)
}

/// The auditor, acting.
pub(super) const fn auditor() -> Actor {
    Actor::person(list::person(AUDITOR.number), Role::Auditor, OrganisationId::DEPARTMENT)
}

/// A reason for looking.
pub(super) fn purpose(code: &str, words: &str) -> Result<Purpose, Halt> {
    let code = ReasonCode::try_from(code.to_owned())?;
    Ok(Purpose { code, text: Personal::Known(Text::try_from(words)?) })
}
