//! How somebody comes to have an account.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::{
    actor::{Actor, Role},
    identity::{InvestigationId, OrganisationId, PractitionerId, TokenId},
    organisation::Organisation,
    personal::Personal,
    policy::Policy,
    practitioner::{
        AccountRole, IdentityEvidence, Practitioner, SuspensionCause, authorise_account,
        complete_training, grant_override_right, issue_token, nominate, provide_procedures,
        record_crb_check, record_lapse, record_test, record_training_attended, sign_agreement,
        suspend, verify_identity,
    },
    reason::Text,
    stream::Stream,
};

use super::{Halt, Line};

/// The edition of the security operating procedures of that year.
pub(crate) const EDITION: &str = "2009-1";

/// Somebody who is to have an account.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: PractitionerId,
    pub(crate) organisation: OrganisationId,
    pub(crate) role: AccountRole,
    pub(crate) name: Text,
    pub(crate) surname: Text,
    pub(crate) manager: PractitionerId,
    pub(crate) need: Text,
    pub(crate) evidence: IdentityEvidence,
    pub(crate) crb_issued_on: NaiveDate,
    pub(crate) disclosure_number: Text,
    pub(crate) token: TokenId,
}

/// The office that somebody acts in with a kind of account.
pub(crate) const fn office(role: AccountRole) -> Role {
    match role {
        AccountRole::Practitioner => Role::Practitioner,
        AccountRole::ManagementTeam => Role::ManagementTeam,
        AccountRole::Trainer => Role::Trainer,
    }
}

impl Person {
    /// This person, acting.
    pub(crate) const fn actor(&self) -> Actor {
        Actor::person(self.id, office(self.role), self.organisation)
    }

    const fn stream(&self) -> Stream {
        Stream::Practitioner(self.id)
    }

    fn with_organisation(&self) -> (Stream, Stream) {
        (self.stream(), Stream::Organisation(self.organisation))
    }
}

type AndOrganisation = (Arc<Practitioner>, Arc<Organisation>);

impl Line<'_> {
    /// Their organisation, or the department, nominates somebody.
    pub(crate) async fn nominate(&mut self, person: &Person) -> Result<(), Halt> {
        self.decide(
            person.stream(),
            person.with_organisation(),
            |(one, organisation): &AndOrganisation, policy, caller, at| {
                let command = nominate::Nominate {
                    at,
                    practitioner: person.id,
                    organisation: person.organisation,
                    role: person.role,
                    name: Personal::Known(person.name.clone()),
                    surname: Personal::Known(person.surname.clone()),
                    manager: person.manager,
                    need: Personal::Known(person.need.clone()),
                };
                nominate::decide(one, organisation, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// Identity and criminal records check.
    pub(crate) async fn vet(&mut self, person: &Person) -> Result<(), Halt> {
        let stream = person.stream();
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let evidence = person.evidence;
            let command = verify_identity::VerifyIdentity { at, evidence, home: None };
            verify_identity::decide(one, policy, caller, &command)
        })
        .await?;
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let command = record_crb_check::RecordCrbCheck {
                at,
                issued_on: person.crb_issued_on,
                disclosure_number: Personal::Known(person.disclosure_number.clone()),
            };
            record_crb_check::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// They attend training that day, on every mandatory topic.
    pub(crate) async fn attend_training(&mut self, who: PractitionerId) -> Result<(), Halt> {
        let stream = Stream::Practitioner(who);
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy: &Policy, caller, at| {
            let on = at.date_naive();
            let topics = policy.on(on).1.mandatory_topics.clone();
            let command = record_training_attended::RecordTrainingAttended { at, on, topics };
            record_training_attended::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// They complete it, that day.
    pub(crate) async fn complete_training(&mut self, who: PractitionerId) -> Result<(), Halt> {
        let stream = Stream::Practitioner(who);
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy: &Policy, caller, at| {
            let on = at.date_naive();
            let topics = policy.on(on).1.mandatory_topics.clone();
            let command = complete_training::CompleteTraining { at, on, topics };
            complete_training::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// They are tested, that day.
    pub(crate) async fn test(
        &mut self,
        who: PractitionerId,
        outcome: record_test::Outcome,
    ) -> Result<(), Halt> {
        let stream = Stream::Practitioner(who);
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let command = record_test::RecordTest { at, on: at.date_naive(), outcome };
            record_test::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// They are handed the procedures, sign the agreement, and get their token, that day.
    pub(crate) async fn equip(&mut self, person: &Person) -> Result<(), Halt> {
        let stream = person.stream();
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let (on, edition) = (at.date_naive(), EDITION.to_owned());
            let command = provide_procedures::ProvideProcedures { at, on, edition };
            provide_procedures::decide(one, policy, caller, &command)
        })
        .await?;
        let keeper = self.actor();
        self.by(person.actor());
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let (on, edition) = (at.date_naive(), EDITION.to_owned());
            let command = sign_agreement::SignAgreement { at, on, edition };
            sign_agreement::decide(one, policy, caller, &command)
        })
        .await?;
        self.by(keeper);
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let command = issue_token::IssueToken { at, token: person.token };
            issue_token::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// Their account is authorised, since every condition holds.
    pub(crate) async fn authorise(&mut self, person: &Person) -> Result<(), Halt> {
        self.decide(
            person.stream(),
            person.with_organisation(),
            |(one, organisation): &AndOrganisation, policy, caller, at| {
                let command = authorise_account::AuthoriseAccount { at };
                authorise_account::decide(one, organisation, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// Everything from nomination to authorisation, on one day, by one keeper and one trainer.
    pub(crate) async fn enlist(
        &mut self,
        person: &Person,
        keeper: Actor,
        trainer: Actor,
    ) -> Result<(), Halt> {
        self.by(keeper).nominate(person).await?;
        self.vet(person).await?;
        self.by(trainer).attend_training(person.id).await?;
        self.complete_training(person.id).await?;
        match person.role {
            AccountRole::Practitioner => {}
            AccountRole::ManagementTeam | AccountRole::Trainer => {
                self.test(person.id, record_test::Outcome::Passed).await?;
            }
        }
        self.by(keeper).equip(person).await?;
        self.authorise(person).await
    }

    /// They are granted the right to override shields.
    pub(crate) async fn grant_override(
        &mut self,
        person: &Person,
        justification: Text,
    ) -> Result<(), Halt> {
        self.decide(
            person.stream(),
            person.with_organisation(),
            |(one, organisation): &AndOrganisation, policy, caller, at| {
                let justification = Personal::Known(justification.clone());
                let command = grant_override_right::GrantOverrideRight { at, justification };
                grant_override_right::decide(one, organisation, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// The clock finds that their check has lapsed.
    pub(crate) async fn record_lapse(&mut self, who: PractitionerId) -> Result<(), Halt> {
        let stream = Stream::Practitioner(who);
        self.by(Actor::SYSTEM);
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            record_lapse::decide(one, policy, caller, &record_lapse::RecordLapse { at })
        })
        .await?;
        Ok(())
    }

    /// The account is suspended; on suspicion an investigation opens, whose handle this is.
    pub(crate) async fn suspend(
        &mut self,
        who: PractitionerId,
        cause: SuspensionCause,
        particulars: Text,
    ) -> Result<InvestigationId, Halt> {
        let investigation = InvestigationId::new(self.handle("suspicion"));
        let stream = Stream::Practitioner(who);
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let particulars = Personal::Known(particulars.clone());
            let command = suspend::Suspend { at, cause, particulars, investigation };
            suspend::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(investigation)
    }
}
