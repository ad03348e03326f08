//! How the directory itself comes to be: policy, offices, organisations, the training programme.

use std::{collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use domain::{
    identity::{OrganisationId, PractitionerId, PublicityId},
    organisation::{
        Capability, Channel, Cohort, Organisation, OrganisationKind, Phase, accredit,
        announce_training_phase, complete_shielding_phase, complete_team_training,
        enable_capability, enrol_team, fail_team_training, record_public_information, register,
        report_shielding_progress,
    },
    personal::Personal,
    policy::{Policy, Values, adopt},
    practitioner::{Office, Practitioner, appoint_to_department},
    reason::Text,
    stream::Stream,
};

use super::{Halt, Line};

/// An activity that informed the public.
#[derive(Clone, Debug)]
pub(crate) struct Publicity {
    pub(crate) channel: Channel,
    pub(crate) area: &'static str,
    pub(crate) from: NaiveDate,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) quantity: Option<u64>,
    pub(crate) cost_pence: Option<u64>,
}

type One = Arc<Organisation>;

impl Line<'_> {
    /// The values of the day are adopted, with their sources.
    pub(crate) async fn adopt_policy(&mut self) -> Result<(), Halt> {
        self.decide(Stream::Policy, (), |(): &(), policy: &Policy, caller, at| {
            let command = adopt::Adopt {
                at,
                effective_from: at.date_naive(),
                values: Values::default(),
                sources: Values::default_sources(),
            };
            adopt::decide(policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// Somebody is appointed to an office of the department.
    pub(crate) async fn appoint(
        &mut self,
        who: PractitionerId,
        office: Office,
        name: &Text,
    ) -> Result<(), Halt> {
        let stream = Stream::Practitioner(who);
        self.decide(stream, stream, |one: &Arc<Practitioner>, policy, caller, at| {
            let name = Personal::Known(name.clone());
            let command =
                appoint_to_department::AppointToDepartment { at, practitioner: who, office, name };
            appoint_to_department::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// An organisation is made known.
    pub(crate) async fn register(
        &mut self,
        organisation: OrganisationId,
        kind: OrganisationKind,
        name: &str,
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(organisation);
        self.decide(stream, stream, |one: &One, policy, caller, at| {
            let command = register::Register { at, organisation, kind, name: name.to_owned() };
            register::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// It is accredited.
    pub(crate) async fn accredit(&mut self, organisation: OrganisationId) -> Result<(), Halt> {
        let stream = Stream::Organisation(organisation);
        self.decide(stream, stream, |one: &One, policy, caller, at| {
            let command = accredit::Accredit { at, disciplinary_procedures_seen: true };
            accredit::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// It is enabled for a part of the system. `authorities` are all there are.
    pub(crate) async fn enable(
        &mut self,
        organisation: OrganisationId,
        capability: Capability,
        authorities: &[OrganisationId],
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(organisation);
        let others = authorities.iter().map(|id| Stream::Organisation(*id)).collect();
        self.decide(
            stream,
            (stream, others),
            |(one, others): &(One, Vec<One>), policy, caller, at| {
                let others: Vec<&Organisation> = others.iter().map(|one| &**one).collect();
                let command = enable_capability::EnableCapability { at, capability };
                enable_capability::decide(one, &others, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// A phase of training is announced, without a date.
    pub(crate) async fn announce_phase(
        &mut self,
        phase: Phase,
        teams: &BTreeSet<OrganisationId>,
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(OrganisationId::DEPARTMENT);
        self.decide(stream, stream, |one: &One, policy, caller, at| {
            let command = announce_training_phase::AnnounceTrainingPhase {
                at,
                phase,
                teams: teams.clone(),
                expected_completion: None,
            };
            announce_training_phase::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// A team is enrolled in a cohort.
    pub(crate) async fn enrol(
        &mut self,
        team: OrganisationId,
        phase: Phase,
        cohort: Cohort,
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(team);
        let department = Stream::Organisation(OrganisationId::DEPARTMENT);
        self.decide(
            stream,
            (stream, department),
            |(one, department): &(One, One), policy, caller, at| {
                let command = enrol_team::EnrolTeam { at, phase, cohort };
                enrol_team::decide(one, department, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// A team completes a phase, that day.
    pub(crate) async fn complete_phase(
        &mut self,
        team: OrganisationId,
        phase: Phase,
        members: &[PractitionerId],
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(team);
        let standings = members.iter().map(|id| Stream::Practitioner(*id)).collect();
        self.decide(
            stream,
            (stream, standings),
            |(one, standings): &(One, Vec<Arc<Practitioner>>), policy, caller, at| {
                let standings: Vec<&Practitioner> = standings.iter().map(|one| &**one).collect();
                let members = members.iter().copied().collect();
                let on = at.date_naive();
                let command =
                    complete_team_training::CompleteTeamTraining { at, phase, on, members };
                complete_team_training::decide(one, &standings, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// A team does not complete a phase.
    pub(crate) async fn fail_phase(
        &mut self,
        team: OrganisationId,
        phase: Phase,
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(team);
        self.decide(stream, stream, |one: &One, policy, caller, at| {
            let on = at.date_naive();
            let command = fail_team_training::FailTeamTraining { at, phase, on };
            fail_team_training::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// An organisation reports that so many requests were looked at and none waits, and signs its
    /// shielding before first use off.
    pub(crate) async fn sign_shielding_off(
        &mut self,
        organisation: OrganisationId,
        considered: u32,
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(organisation);
        self.decide(stream, stream, |one: &One, policy, caller, at| {
            let command =
                report_shielding_progress::ReportShieldingProgress { at, considered, waiting: 0 };
            report_shielding_progress::decide(one, policy, caller, &command)
        })
        .await?;
        self.decide(stream, stream, |one: &One, policy, caller, at| {
            let on = at.date_naive();
            let command = complete_shielding_phase::CompleteShieldingPhase { at, on };
            complete_shielding_phase::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// The public was informed.
    pub(crate) async fn inform_public(
        &mut self,
        organisation: OrganisationId,
        activity: PublicityId,
        done: &Publicity,
    ) -> Result<(), Halt> {
        let stream = Stream::Organisation(organisation);
        self.decide(stream, stream, |one: &One, policy, caller, at| {
            let command = record_public_information::RecordPublicInformation {
                at,
                activity,
                channel: done.channel,
                area: done.area.to_owned(),
                from: done.from,
                to: done.to,
                quantity: done.quantity,
                cost_pence: done.cost_pence,
            };
            record_public_information::decide(one, policy, caller, &command)
        })
        .await?;
        Ok(())
    }
}
