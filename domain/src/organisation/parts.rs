//! The parts of an organisation's state, each as the alternatives it can be in.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Channel, Cohort, NoticeLayer, NoticeOccasion, OrganisationKind};
use crate::identity::{OrganisationId, PractitionerId};

/// What kind of body it is, under which public name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Registration {
    /// The kind.
    pub kind: OrganisationKind,
    /// The public name.
    pub name: String,
}

/// Organisational accreditation, from its first day until the first on which it does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Accreditation {
    /// Never accredited.
    #[default]
    Never,
    /// Granted, and left to run.
    Granted {
        /// The first day.
        from: NaiveDate,
        /// The first day on which it does not hold.
        until: NaiveDate,
    },
    /// Withdrawn before its time.
    Withdrawn {
        /// The first day.
        from: NaiveDate,
        /// The first day on which it does not hold.
        until: NaiveDate,
    },
}

impl Accreditation {
    pub(super) fn withdrawn(self, on: NaiveDate) -> Self {
        match self {
            Self::Never => Self::Never,
            Self::Granted { from, until } | Self::Withdrawn { from, until } => {
                Self::Withdrawn { from, until: until.min(on) }
            }
        }
    }
}

/// Shielding before first use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShieldingPhase {
    /// Nothing has been reported.
    #[default]
    NotReported,
    /// Under way, as last reported.
    Underway {
        /// Requests looked at.
        considered: u32,
        /// Requests still waiting.
        waiting: u32,
    },
    /// Signed off.
    Completed {
        /// On which day.
        on: NaiveDate,
    },
}

/// A phase of the training programme, as announced by the department.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AnnouncedPhase {
    /// The teams that belong to it.
    pub teams: BTreeSet<OrganisationId>,
    /// The day on which it is expected to end; none if no date is stated.
    pub expected: Option<NaiveDate>,
}

/// How a management team stands in a phase.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TeamTraining {
    /// Enrolled.
    Enrolled {
        /// In which cohort.
        cohort: Cohort,
    },
    /// Every member was tested, and passed.
    Completed {
        /// On which day.
        on: NaiveDate,
        /// The members.
        members: BTreeSet<PractitionerId>,
    },
    /// Not completed. The team may be enrolled again.
    Failed {
        /// On which day.
        on: NaiveDate,
    },
}

/// A fair-processing notice that a school issued.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Notice {
    /// The school, by its public name.
    pub school: String,
    /// Which layer.
    pub layer: NoticeLayer,
    /// On which occasion.
    pub occasion: NoticeOccasion,
    /// On which day.
    pub on: NaiveDate,
    /// How many were issued; none if nobody collected it.
    pub quantity: Option<u64>,
}

/// Something done to inform the public.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Activity {
    /// By what means.
    pub channel: Channel,
    /// The area reached, in the organisation's words.
    pub area: String,
    /// From which day.
    pub from: NaiveDate,
    /// To which day, if it has ended.
    pub to: Option<NaiveDate>,
    /// Households or copies reached; none if nobody collected it.
    pub quantity: Option<u64>,
    /// Cost in pence; none if nobody collected it.
    pub cost_pence: Option<u64>,
}
