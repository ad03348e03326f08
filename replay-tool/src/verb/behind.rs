//! The sealed events in which the shown fields of a record stand.

use domain::{
    access::{Field, Fields},
    child::{self, Detail},
    event::Event,
    identity::ChildRef,
    recorded::{Recorded, Stamp},
    stream::Stream,
};
use event_log::{AsOf, EventLog};

use crate::outcome::Failure;

/// How far a stream had been read when the event was decided.
pub(super) fn relied<E>(recorded: &Recorded<E>, stream: Stream) -> Result<AsOf, Failure> {
    let of = recorded.stamp.relied_on.iter().find(|relied| relied.stream == stream);
    match of.and_then(|relied| relied.revision) {
        Some(revision) => Ok(AsOf::Revision(revision)),
        None => Err(Failure::Incomplete(format!(
            "event {} does not say how far it relied on {stream}",
            recorded.stamp.id
        ))),
    }
}

/// The events of a record, as far as the decision read it, in which these fields stand: they, and no
/// others, are asked for.
pub(super) async fn sealed_behind(
    log: &EventLog,
    recorded: &Recorded<Event>,
    child: ChildRef,
    fields: Fields,
) -> Result<Vec<Stamp>, Failure> {
    let stream = Stream::Child(child);
    let history = log.without_keys().history(stream, relied(recorded, stream)?).await?;
    let behind = history.into_iter().filter(|past| match &past.event {
        Event::Child(event) => carried(event).iter().any(|field| fields.contains(*field)),
        Event::Policy(_)
        | Event::Organisation(_)
        | Event::Practitioner(_)
        | Event::Activity(_)
        | Event::Shield(_)
        | Event::Access(_)
        | Event::Investigation(_)
        | Event::Key(_)
        | Event::Erasure(_)
        | Event::Audit(_) => false,
    });
    Ok(behind.map(|past| past.stamp).collect())
}

/// The fields whose personal values stand in this event.
const fn carried(event: &child::Event) -> &'static [Field] {
    use child::Event as E;
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
        | E::CommonAssessmentWithdrawn { .. }
        | E::ParticipationConsentGiven { .. }
        | E::ParticipationConsentWithdrawn { .. }
        | E::DeathRecorded { .. }
        | E::RecordArchived { .. }
        | E::ArchiveAccessNarrowed { .. }
        | E::RecordPurged { .. } => &[],
    }
}
