//! Which fields of a record an event of the child's stream can bring a value to.

use domain::{
    access::Field,
    child::{Detail, Event},
};

/// The fields whose personal values stand in this event.
pub(super) const fn carried(event: &Event) -> &'static [Field] {
    use Event as E;
    match event {
        E::RecordCreated { .. } => &[
            Field::Name,
            Field::FormerNames,
            Field::Gender,
            Field::DateOfBirth,
            Field::Number,
            Field::Whereabouts,
        ],
        E::DetailSuperseded { detail, .. } | E::DetailCorrected { detail, .. } => match detail {
            Detail::Name(_) | Detail::FormerName(_) => &[Field::Name, Field::FormerNames],
            Detail::Gender(_) => &[Field::Gender],
            Detail::DateOfBirth(_) => &[Field::DateOfBirth],
            Detail::Whereabouts(_) => &[Field::Whereabouts],
        },
        E::CarerRecorded { .. } => &[Field::CarerNames, Field::CarerContacts],
        E::EducationSettingRecorded { .. } => &[Field::Education],
        E::GpPracticeRecorded { .. } => &[Field::GpPractice],
        E::InvolvementRecorded { .. } => &[Field::Involvements, Field::LeadProfessional],
        E::SensitiveInvolvementRecorded { .. } => {
            &[Field::SensitiveServices, Field::LeadProfessional]
        }
        E::RecordQuarantined { .. }
        | E::QuarantineResolved { .. }
        | E::ResponsibilityAllocated { .. }
        | E::ResponsibilityTransferOffered { .. }
        | E::ResponsibilityTransferAccepted { .. }
        | E::ResponsibilityTransferDeclined { .. }
        | E::CarerEnded { .. }
        | E::EducationSettingEnded { .. }
        | E::GpPracticeEnded { .. }
        | E::InvolvementEnded { .. }
        | E::SensitiveConsentWithdrawn { .. }
        | E::LeadProfessionalAssigned { .. }
        | E::LeadProfessionalEnded { .. }
        | E::CommonAssessmentIndicated { .. }
        | E::CommonAssessmentWithdrawn { .. } => &[],
    }
}
