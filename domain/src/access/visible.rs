//! Rule A1: what somebody may see of a record depends on its shield and on nothing but their basis.
//!
//! Source: regulation 6(3) and 6(6) (S1b): a practitioner reads all but the details of sensitive
//! services; of a shielded record only name, gender, date of birth, number, and the names of those
//! with parental responsibility or care. HL4249: the contact details of the child, the carers and
//! the practitioners are hidden. S27: an override shows what was hidden until the user leaves the
//! record; the responsible authority's team may see it for its functions.
//! Reading: regulation 6(6) leaves the whole of Schedule 1 paragraph 1 visible, former names
//! included, so that old and new surname stand side by side: the leak of March 2009. Former names
//! are hidden under a shield; so are the carers' names when its ground is a placement at risk, what
//! carers are to the child ("adoptive parent" tells where to look), and which authority is
//! responsible (a place). All four are ours; the first two are narrower than the 2007 text. An
//! override does not open sensitive services. A record in quarantine, or never created, shows
//! nothing to anybody here; one in its first year in the archive shows itself to the team alone (K4).
//!
//! This is the only place that knows. Opening, searching and overriding ask it; a screen or a list is
//! rebuilt from the event that recorded its answer.

use super::{Basis, Field, Fields};
use crate::{
    child::Child,
    policy::Values,
    shield::{Ground, Shield},
};

/// What a viewer may see of a record, and what they may not.
///
/// Only fields that hold something are in either set: together they are all that the record holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visible {
    /// The fields that hold something and may be shown.
    pub shown: Fields,
    /// The fields that hold something and may not.
    pub withheld: Fields,
}

/// Says which fields of a record somebody may see on a basis, under the policy values in force.
pub fn visible(child: &Child, shield: &Shield, basis: Basis, policy: &Values) -> Visible {
    let readable =
        child.is_live() || (child.is_in_open_archive() && basis == Basis::ResponsibleTeam);
    if !readable {
        return Visible::default();
    }
    let (shown, withheld) = Field::ALL
        .into_iter()
        .filter(|field| holds(child, *field))
        .partition(|field| may_see(*field, shield, basis, policy));
    Visible { shown, withheld }
}

fn may_see(field: Field, shield: &Shield, basis: Basis, policy: &Values) -> bool {
    match basis {
        Basis::ResponsibleTeam => true,
        Basis::Override => is_open_to_practitioners(field, policy),
        Basis::Practitioner => {
            is_open_to_practitioners(field, policy)
                && shield.grounds().is_none_or(|grounds| {
                    stays_visible(field, grounds.stated().contains(&Ground::PlacementAtRisk))
                })
        }
    }
}

/// Regulation 6(3).
const fn is_open_to_practitioners(field: Field, policy: &Values) -> bool {
    match field {
        Field::SensitiveServices => false,
        Field::SensitiveMarker => policy.sensitive_marker_shown,
        Field::Name
        | Field::FormerNames
        | Field::Gender
        | Field::DateOfBirth
        | Field::Number
        | Field::Whereabouts
        | Field::CarerNames
        | Field::CarerRelations
        | Field::CarerContacts
        | Field::Education
        | Field::GpPractice
        | Field::Involvements
        | Field::LeadProfessional
        | Field::CommonAssessment
        | Field::ResponsibleAuthority => true,
    }
}

/// Regulation 6(6), narrowed as the reading above says.
const fn stays_visible(field: Field, placement_at_risk: bool) -> bool {
    match field {
        Field::Name | Field::Gender | Field::DateOfBirth | Field::Number => true,
        Field::CarerNames => !placement_at_risk,
        Field::FormerNames
        | Field::Whereabouts
        | Field::CarerRelations
        | Field::CarerContacts
        | Field::Education
        | Field::GpPractice
        | Field::Involvements
        | Field::LeadProfessional
        | Field::CommonAssessment
        | Field::SensitiveMarker
        | Field::SensitiveServices
        | Field::ResponsibleAuthority => false,
    }
}

/// The fields that a shield leaves visible to an authorised user; fewer where its ground is a placement
/// at risk.
pub fn visible_under_a_shield(placement_at_risk: bool) -> Fields {
    Field::ALL.into_iter().filter(|field| stays_visible(*field, placement_at_risk)).collect()
}

/// Whether the record holds anything in a field. An erased value is held: it was recorded.
fn holds(child: &Child, field: Field) -> bool {
    match field {
        Field::Name | Field::Gender | Field::DateOfBirth | Field::Number | Field::Whereabouts => {
            true
        }
        Field::FormerNames => !child.former_names().is_empty(),
        Field::CarerNames | Field::CarerRelations | Field::CarerContacts => {
            !child.carers().is_empty()
        }
        Field::Education => child.education().is_some(),
        Field::GpPractice => child.gp_practice().is_some(),
        Field::Involvements => !child.involvements().is_empty(),
        Field::LeadProfessional => child.lead_professional().is_some(),
        Field::CommonAssessment => child.common_assessment().is_some(),
        Field::SensitiveMarker | Field::SensitiveServices => {
            !child.sensitive_involvements().is_empty()
        }
        Field::ResponsibleAuthority => child.responsible_authority().is_some(),
    }
}
