//! The organisations and everybody with an account.

use std::collections::BTreeSet;

use domain::{
    actor::{Actor, Role},
    identity::OrganisationId,
    organisation::{Capability, Cohort, OrganisationKind, Phase},
    practitioner::AccountRole,
    reason::Text,
};
use fixtures::england::StaffMember;

use super::{Generation, OPENING, SIGN_OFF_AFTER, STAFF, STAFF_AFTER, at, date};
use crate::chronicle::{Halt, Person};

/// The first phase of the training programme.
const FIRST: Phase = Phase(1);

impl Generation<'_> {
    /// An official, acting.
    pub(super) fn official(&self, number: u64) -> Actor {
        let official = self.england.official(number);
        Actor::person(official.id, Role::Official, OrganisationId::DEPARTMENT)
    }

    /// A member of an authority's management team, acting.
    pub(super) fn team(&self, authority: u64, number: u64) -> Actor {
        let member = self.england.team_member(authority, number);
        Actor::person(member.id, Role::ManagementTeam, member.organisation)
    }

    /// Somebody who is to have an account.
    fn person(&self, member: &StaffMember) -> Result<Person, Halt> {
        let manager = match member.role {
            AccountRole::Practitioner | AccountRole::Trainer => member.manager,
            AccountRole::ManagementTeam => self.england.official(0).id,
        };
        Ok(Person {
            id: member.id,
            organisation: member.organisation,
            role: member.role,
            name: Text::try_from(member.name.as_str())?,
            surname: Text::try_from(member.surname.as_str())?,
            manager,
            need: Text::try_from(member.need)?,
            evidence: member.evidence,
            crb_issued_on: member.crb_issued_on,
            disclosure_number: Text::try_from(member.disclosure_number.as_str())?,
            token: member.token,
        })
    }

    /// Policy, the department, its officials, the announced training.
    pub(super) async fn opening(&self) -> Result<(), Halt> {
        let mut line = self.line("opening", 0, at(date(OPENING)));
        line.later(8 * 3_600).by(Actor::SYSTEM).adopt_policy().await?;
        let department = "Department for Children, Schools and Families";
        line.register(OrganisationId::DEPARTMENT, OrganisationKind::Department, department).await?;
        for number in 0..3 {
            let one = self.england.official(number);
            line.appoint(one.id, one.office, &Text::try_from(one.name)?).await?;
            line.by(self.official(0));
        }
        let teams: BTreeSet<OrganisationId> =
            self.england.authorities().map(|authority| authority.id).collect();
        line.announce_phase(FIRST, &teams).await
    }

    /// An authority, its team and its trainer.
    pub(super) async fn authority(&self, number: u64) -> Result<(), Halt> {
        let england = &self.england;
        let authority = england.authority(number);
        let (keeper, teacher) = (self.official(0), self.official(1));
        let mut line = self.line("authority", number, at(date(OPENING)));
        line.later(9 * 3_600).by(keeper);
        line.register(authority.id, OrganisationKind::LocalAuthority, &authority.name).await?;
        line.accredit(authority.id).await?;
        line.enable(authority.id, Capability::Shield, &[]).await?;
        line.enable(authority.id, Capability::Update, &[]).await?;
        line.enrol(authority.id, FIRST, Cohort(1)).await?;
        let team = [england.team_member(number, 0), england.team_member(number, 1)];
        for member in &team {
            line.enlist(&self.person(member)?, keeper, teacher).await?;
        }
        line.by(teacher).complete_phase(authority.id, FIRST, &team.map(|one| one.id)).await?;
        let trainer = self.person(&england.trainer(number))?;
        line.enlist(&trainer, self.team(number, 0), teacher).await
    }

    /// An authority signs its shielding before first use off.
    pub(super) async fn sign_off(&self, number: u64) -> Result<(), Halt> {
        let at = self.during(SIGN_OFF_AFTER, number, self.england.how_many_authorities());
        let mut line = self.line("sign off", number, at);
        let authority = self.england.authority(number).id;
        line.by(self.team(number, 0)).sign_shielding_off(authority, 0).await
    }

    /// Search is switched on everywhere.
    pub(super) async fn search_on(&self) -> Result<(), Halt> {
        let mut line = self.line("search", 0, self.during(SIGN_OFF_AFTER + 1, 1, 2));
        let all: Vec<OrganisationId> = self.england.authorities().map(|one| one.id).collect();
        line.by(self.official(0));
        for authority in &all {
            line.enable(*authority, Capability::Search, &all).await?;
        }
        Ok(())
    }

    /// Some practitioners get their accounts.
    pub(super) async fn staff(&self, unit: u64) -> Result<(), Halt> {
        let england = &self.england;
        let everybody = england.how_many_practitioners();
        let first = unit.saturating_mul(STAFF);
        let at = self.during(STAFF_AFTER, first, everybody);
        let last = first.saturating_add(STAFF).min(everybody);
        let members: Vec<StaffMember> =
            (first..last).map(|number| england.practitioner(number)).collect();
        let subjects: Vec<uuid::Uuid> = members.iter().map(|one| one.id.uuid()).collect();
        self.line("known staff", unit, at).introduce(&subjects).await?;
        for (number, member) in (first..).zip(&members) {
            let mut line = self.line("practitioner", number, at);
            let person = self.person(member)?;
            let trainer = england.trainer(member.authority);
            let trainer = Actor::person(trainer.id, Role::Trainer, trainer.organisation);
            line.enlist(&person, self.team(member.authority, 0), trainer).await?;
            if let Some(why) = member.override_need {
                line.grant_override(&person, Text::try_from(why)?).await?;
            }
        }
        Ok(())
    }
}
