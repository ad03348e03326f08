//! An organisation: accreditation, capabilities, its team's training, its public information.

mod event;
mod parts;

pub mod accredit;
pub mod announce_training_phase;
pub mod complete_shielding_phase;
pub mod complete_team_training;
pub mod enable_capability;
pub mod enrol_team;
pub mod fail_team_training;
pub mod programme;
pub mod publicity;
pub mod record_fair_processing_notice;
pub mod record_public_information;
pub mod register;
pub mod report_shielding_progress;
pub mod state_phase_expectation;
pub mod withdraw_accreditation;

pub use event::{
    Capability, Channel, Cohort, Event, NoticeLayer, NoticeOccasion, OrganisationKind, Phase,
};
pub use parts::{
    Accreditation, Activity, AnnouncedPhase, Notice, Registration, ShieldingPhase, TeamTraining,
};

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::{
    fold::Fold,
    identity::{OrganisationId, PublicityId},
    recorded::Recorded,
    stream::Stream,
};

/// Everything the rules need to know of one organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Organisation {
    id: Option<OrganisationId>,
    registration: Option<Registration>,
    accreditation: Accreditation,
    capabilities: BTreeSet<Capability>,
    shielding: ShieldingPhase,
    phases: BTreeMap<Phase, AnnouncedPhase>,
    training: BTreeMap<Phase, TeamTraining>,
    activities: BTreeMap<PublicityId, Activity>,
    notices: BTreeMap<PublicityId, Notice>,
}

impl Organisation {
    /// Whose stream this is; none before its first event.
    pub const fn id(&self) -> Option<OrganisationId> {
        self.id
    }

    /// What kind of body it is, under which name; none before it was registered.
    pub const fn registration(&self) -> Option<&Registration> {
        self.registration.as_ref()
    }

    /// Its accreditation.
    pub const fn accreditation(&self) -> Accreditation {
        self.accreditation
    }

    /// Whether it is accredited on a day.
    pub fn accredited_on(&self, day: NaiveDate) -> bool {
        match self.accreditation {
            Accreditation::Never => false,
            Accreditation::Granted { from, until } | Accreditation::Withdrawn { from, until } => {
                from <= day && day < until
            }
        }
    }

    /// The first day on which its accreditation no longer holds.
    pub const fn accredited_until(&self) -> Option<NaiveDate> {
        match self.accreditation {
            Accreditation::Never => None,
            Accreditation::Granted { until, .. } | Accreditation::Withdrawn { until, .. } => {
                Some(until)
            }
        }
    }

    /// Whether it has been enabled for a part of the system.
    pub fn enabled(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// How far its shielding before first use has come.
    pub const fn shielding(&self) -> ShieldingPhase {
        self.shielding
    }

    /// The phases of the training programme announced here (the department's stream only).
    pub const fn phases(&self) -> &BTreeMap<Phase, AnnouncedPhase> {
        &self.phases
    }

    /// How its management team stands in a phase; none if it was never enrolled.
    pub fn training(&self, phase: Phase) -> Option<&TeamTraining> {
        self.training.get(&phase)
    }

    /// What it did to inform the public.
    pub const fn activities(&self) -> &BTreeMap<PublicityId, Activity> {
        &self.activities
    }

    /// The fair-processing notices of the schools of its area.
    pub const fn notices(&self) -> &BTreeMap<PublicityId, Notice> {
        &self.notices
    }
}

impl Fold for Organisation {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        if let Stream::Organisation(id) = recorded.stamp.stream {
            self.id = Some(id);
        }
        match &recorded.event {
            Event::Registered { kind, name } => {
                self.registration = Some(Registration { kind: *kind, name: name.clone() });
            }
            Event::Accredited { on, until, disciplinary_procedures_seen: _ } => {
                self.accreditation = Accreditation::Granted { from: *on, until: *until };
            }
            Event::AccreditationWithdrawn { on, reason: _ } => {
                self.accreditation = self.accreditation.withdrawn(*on);
            }
            Event::CapabilityEnabled { capability } => {
                self.capabilities.insert(*capability);
            }
            Event::ShieldingPhaseProgressReported { considered, waiting } => {
                self.shielding =
                    ShieldingPhase::Underway { considered: *considered, waiting: *waiting };
            }
            Event::ShieldingPhaseCompleted { on } => {
                self.shielding = ShieldingPhase::Completed { on: *on };
            }
            Event::TrainingPhaseAnnounced { phase, teams, expected_completion } => {
                let announced =
                    AnnouncedPhase { teams: teams.clone(), expected: *expected_completion };
                self.phases.insert(*phase, announced);
            }
            Event::TrainingPhaseExpectationStated { phase, expected_completion } => {
                if let Some(announced) = self.phases.get_mut(phase) {
                    announced.expected = *expected_completion;
                }
            }
            Event::TeamEnrolled { phase, cohort } => {
                self.training.insert(*phase, TeamTraining::Enrolled { cohort: *cohort });
            }
            Event::TeamTrainingCompleted { phase, on, members } => {
                let completed = TeamTraining::Completed { on: *on, members: members.clone() };
                self.training.insert(*phase, completed);
            }
            Event::TeamTrainingFailed { phase, on } => {
                self.training.insert(*phase, TeamTraining::Failed { on: *on });
            }
            Event::PublicInformationRecorded {
                activity,
                channel,
                area,
                from,
                to,
                quantity,
                cost_pence,
            } => {
                let recorded = Activity {
                    channel: *channel,
                    area: area.clone(),
                    from: *from,
                    to: *to,
                    quantity: *quantity,
                    cost_pence: *cost_pence,
                };
                self.activities.insert(*activity, recorded);
            }
            Event::FairProcessingNoticeIssued { notice, school, layer, occasion, on, quantity } => {
                let (layer, occasion, on, quantity) = (*layer, *occasion, *on, *quantity);
                let issued = Notice { school: school.clone(), layer, occasion, on, quantity };
                self.notices.insert(*notice, issued);
            }
        }
    }
}
