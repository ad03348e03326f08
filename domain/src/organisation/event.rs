//! What can happen to an organisation.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    identity::{OrganisationId, PractitionerId, PublicityId},
    personal::Personal,
    reason::Text,
};

/// What kind of body it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    /// The department.
    Department,
    /// One of about 150 local authorities.
    LocalAuthority,
    /// A body given access by the Secretary of State.
    NationalPartner,
    /// Any other accredited body.
    Other,
}

/// What an organisation has been enabled to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Shield records: enabled first, everywhere.
    Shield,
    /// Search and open records.
    Search,
    /// Create and amend records.
    Update,
}

/// A phase of the training programme, by number from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phase(pub u32);

/// A cohort within a phase, by number from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cohort(pub u32);

/// By what means the public was informed. Source: HL4248.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Letters to households, in some areas.
    DirectMailing,
    /// Leaflets lying at public outlets.
    LeafletAtOutlet,
    /// Leaflets handed round.
    LeafletDistribution,
    /// Articles and notices in national publications.
    NationalPublication,
    /// Articles and notices in regional publications.
    RegionalPublication,
    /// Articles and notices in local publications.
    LocalPublication,
    /// Information on websites.
    Website,
    /// Any other.
    Other,
}

/// Which of the two layers of a school's fair-processing notice was issued. Source: S41.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeLayer {
    /// One page for everybody.
    OnePage,
    /// The full text, on a website or on paper.
    FullText,
}

/// On which occasion a school issued its notice. Source: S41.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeOccasion {
    /// When the child starts school.
    StartsSchool,
    /// To the pupil directly, at 13.
    ThirteenthYear,
    /// Any other.
    Other,
}

/// An event of an `organisation-{id}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The organisation was made known to the directory, under its public name.
    #[serde(rename = "organisation.registered/1")]
    Registered {
        /// What kind of body.
        kind: OrganisationKind,
        /// Its public name.
        name: String,
    },
    /// It passed organisational accreditation.
    #[serde(rename = "organisation.accredited/1")]
    Accredited {
        /// From which day.
        on: NaiveDate,
        /// The first day on which it no longer holds.
        until: NaiveDate,
        /// Proof of suitable disciplinary procedures was seen.
        disciplinary_procedures_seen: bool,
    },
    /// Its accreditation was withdrawn.
    #[serde(rename = "organisation.accreditation-withdrawn/1")]
    AccreditationWithdrawn {
        /// From which day.
        on: NaiveDate,
        /// Why.
        reason: Personal<Text>,
    },
    /// It may now use a part of the system.
    #[serde(rename = "organisation.capability-enabled/1")]
    CapabilityEnabled {
        /// Which part.
        capability: Capability,
    },
    /// It reported how far its shielding before first use has come.
    #[serde(rename = "organisation.shielding-phase-progress-reported/1")]
    ShieldingPhaseProgressReported {
        /// Requests looked at.
        considered: u32,
        /// Requests still waiting.
        waiting: u32,
    },
    /// It signed off its shielding before first use.
    #[serde(rename = "organisation.shielding-phase-completed/1")]
    ShieldingPhaseCompleted {
        /// On which day.
        on: NaiveDate,
    },
    /// A phase of the training of management teams was announced (the department's stream).
    #[serde(rename = "organisation.training-phase-announced/1")]
    TrainingPhaseAnnounced {
        /// Which phase.
        phase: Phase,
        /// The teams that belong to it.
        teams: BTreeSet<OrganisationId>,
        /// When it is expected to end, if anybody has said so. HL4245 was answered without a date.
        expected_completion: Option<NaiveDate>,
    },
    /// A date for the end of an announced phase was stated, changed, or taken back.
    #[serde(rename = "organisation.training-phase-expectation-stated/1")]
    TrainingPhaseExpectationStated {
        /// Which phase.
        phase: Phase,
        /// The date now expected, or none.
        expected_completion: Option<NaiveDate>,
    },
    /// Its management team was enrolled in a cohort of a phase.
    #[serde(rename = "organisation.team-enrolled/1")]
    TeamEnrolled {
        /// Which phase.
        phase: Phase,
        /// Which cohort.
        cohort: Cohort,
    },
    /// Its management team completed the phase; every member was tested and passed.
    #[serde(rename = "organisation.team-training-completed/1")]
    TeamTrainingCompleted {
        /// Which phase.
        phase: Phase,
        /// On which day.
        on: NaiveDate,
        /// The members who passed.
        members: BTreeSet<PractitionerId>,
    },
    /// Its management team did not complete the phase, and may be enrolled again.
    #[serde(rename = "organisation.team-training-failed/1")]
    TeamTrainingFailed {
        /// Which phase.
        phase: Phase,
        /// On which day.
        on: NaiveDate,
    },
    /// The public was informed.
    #[serde(rename = "organisation.public-information-recorded/1")]
    PublicInformationRecorded {
        /// Which activity.
        activity: PublicityId,
        /// By what means.
        channel: Channel,
        /// The area reached, in the words of the organisation; a place, never a person.
        area: String,
        /// From which day.
        from: NaiveDate,
        /// To which day, if it has ended.
        to: Option<NaiveDate>,
        /// Households or copies reached; none if nobody collected it.
        quantity: Option<u64>,
        /// Cost in pence; none if nobody collected it.
        cost_pence: Option<u64>,
    },
    /// A school of the authority's area issued its fair-processing notice.
    #[serde(rename = "organisation.fair-processing-notice-issued/1")]
    FairProcessingNoticeIssued {
        /// Which notice.
        notice: PublicityId,
        /// The school, by its public name; never a pupil.
        school: String,
        /// Which layer.
        layer: NoticeLayer,
        /// On which occasion.
        occasion: NoticeOccasion,
        /// On which day.
        on: NaiveDate,
        /// How many were issued; none if nobody collected it.
        quantity: Option<u64>,
    },
}
