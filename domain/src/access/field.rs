//! The fields of a record that a screen may show.

use serde::{Deserialize, Serialize};

/// A field of a record, by its stored name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The name in use.
    Name,
    /// Names before it.
    FormerNames,
    /// Gender.
    Gender,
    /// Date of birth.
    DateOfBirth,
    /// The identifying number.
    Number,
    /// Address or whereabouts.
    Whereabouts,
    /// Names of carers.
    CarerNames,
    /// What carers are to the child, and whether they have parental responsibility.
    CarerRelations,
    /// How to reach carers.
    CarerContacts,
    /// Place of education, with contact.
    Education,
    /// General practice, with contact.
    GpPractice,
    /// Involved services and practitioners, with contact.
    Involvements,
    /// Who is lead professional.
    LeadProfessional,
    /// Whether a common assessment exists.
    CommonAssessment,
    /// That some sensitive service is involved; no details.
    SensitiveMarker,
    /// Sensitive services, with details.
    SensitiveServices,
    /// Which authority is responsible.
    ResponsibleAuthority,
}

impl Field {
    /// Every field there is.
    pub const ALL: [Self; 17] = [
        Self::Name,
        Self::FormerNames,
        Self::Gender,
        Self::DateOfBirth,
        Self::Number,
        Self::Whereabouts,
        Self::CarerNames,
        Self::CarerRelations,
        Self::CarerContacts,
        Self::Education,
        Self::GpPractice,
        Self::Involvements,
        Self::LeadProfessional,
        Self::CommonAssessment,
        Self::SensitiveMarker,
        Self::SensitiveServices,
        Self::ResponsibleAuthority,
    ];
}
