//! Rule R1: a record is what its events say, with exactly one responsible authority from its creation on.
//!
//! Source: Schedule 1 of the Regulations, S1c; responsibility, S3.
//! Reading: an erased value is held and unreadable; it is never guessed, and nothing fails for it.

pub mod accept_transfer;
mod address;
pub mod amend_record;
mod archive;
pub mod archive_record;
pub mod assign_lead_professional;
pub mod consent_to_stay;
pub mod correct_record;
pub mod create_record;
mod date_of_birth;
pub mod decline_transfer;
mod details;
pub mod end_carer;
pub mod end_education;
pub mod end_gp;
pub mod end_involvement;
pub mod end_lead_professional;
pub(crate) mod entitlement;
mod event;
mod gender;
pub mod indicate_common_assessment;
mod involvement;
mod likeness;
mod name;
mod near_match;
mod number;
pub mod offer_transfer;
mod party;
pub mod record_carer;
pub mod record_death;
pub mod record_education;
pub mod record_gp;
pub mod record_involvement;
pub mod record_sensitive_involvement;
pub mod resolve_quarantine;
mod responsibility;
mod sound;
mod standing;
pub mod withdraw_common_assessment;
pub mod withdraw_sensitive_consent;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use address::{Address, ReturnStatement, UnusableAddress, Whereabouts};
pub use archive::{ArchiveBasis, ArchiveDates, Kept, birthday, kept};
pub use date_of_birth::{DateOfBirth, UnusableDateOfBirth};
pub use entitlement::Barred;
pub use event::{DataSource, Detail, Event, QuarantineOutcome, SensitiveBasis};
pub use gender::Gender;
pub use involvement::{Involvement, SensitiveInvolvement, ServedBy};
pub use likeness::{alike, same_name};
pub use name::{Name, UnusableName};
pub use near_match::nearly_matches;
pub use number::{ChildNumber, UnusableNumber};
pub use party::{Carer, Contact, InvolvedService, Provider, Relation, ServiceKind};
pub use responsibility::Responsibility;
pub use sound::{sounds, sounds_alike};
pub use standing::RecordStanding;

use archive::Keeping;
use details::Details;

use crate::{
    actor::Role,
    caller::Caller,
    fold::Fold,
    identity::{CarerId, InvolvementId, OrganisationId},
    personal::Personal,
    recorded::Recorded,
};

/// A child's record as it stands.
///
/// Every personal value may be erased; then the fact that there was one is all that is left.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Child {
    standing: RecordStanding,
    responsibility: Responsibility,
    details: Details,
    carers: BTreeMap<CarerId, Personal<Carer>>,
    education: Option<ServedBy>,
    gp_practice: Option<ServedBy>,
    involvements: BTreeMap<InvolvementId, Involvement>,
    sensitive: BTreeMap<InvolvementId, SensitiveInvolvement>,
    /// Consents withdrawn, with the provider that had recorded them.
    withdrawn: BTreeMap<InvolvementId, Option<OrganisationId>>,
    lead_professional: Option<InvolvementId>,
    common_assessment: Option<NaiveDate>,
    keeping: Keeping,
}

impl Child {
    /// Whether the record exists, and whether it may be seen.
    pub const fn standing(&self) -> &RecordStanding {
        &self.standing
    }

    /// Whether a record was ever created here.
    pub const fn exists(&self) -> bool {
        !matches!(self.standing, RecordStanding::Absent)
    }

    /// Whether the record may be seen by users at all: it exists and is not in quarantine.
    pub const fn is_live(&self) -> bool {
        matches!(self.standing, RecordStanding::Live)
    }

    /// Whether the record waits in quarantine for a management team.
    pub const fn is_quarantined(&self) -> bool {
        matches!(self.standing, RecordStanding::Quarantined { .. })
    }

    /// Whether data managers may read the record in the archive.
    pub const fn is_in_open_archive(&self) -> bool {
        matches!(self.standing, RecordStanding::Archived { narrowed: false })
    }

    /// What decides for how long the record is kept.
    const fn keeping(&self) -> &Keeping {
        &self.keeping
    }

    /// The one authority responsible for the record; none only while no record exists.
    pub const fn responsible_authority(&self) -> Option<OrganisationId> {
        self.responsibility.authority()
    }

    /// The authority to which responsibility has been offered, until it answers.
    pub const fn transfer_offered_to(&self) -> Option<OrganisationId> {
        self.responsibility.offered_to()
    }

    /// The identifying number.
    pub const fn number(&self) -> Option<&Personal<ChildNumber>> {
        self.details.number.as_ref()
    }

    /// The name in use.
    pub const fn name(&self) -> Option<&Personal<Name>> {
        self.details.name.as_ref()
    }

    /// Names before it, the oldest first.
    pub fn former_names(&self) -> &[Personal<Name>] {
        &self.details.former_names
    }

    /// Gender, or the statement that it is not specified.
    pub const fn gender(&self) -> Option<&Personal<Gender>> {
        self.details.gender.as_ref()
    }

    /// Date of birth.
    pub const fn date_of_birth(&self) -> Option<&Personal<DateOfBirth>> {
        self.details.date_of_birth.as_ref()
    }

    /// Where the child is, or the statement why that is not known.
    pub const fn whereabouts(&self) -> Option<&Personal<Whereabouts>> {
        self.details.whereabouts.as_ref()
    }

    /// Those who have parental responsibility or care now.
    pub const fn carers(&self) -> &BTreeMap<CarerId, Personal<Carer>> {
        &self.carers
    }

    /// The place of education, if there is one now.
    pub const fn education(&self) -> Option<&ServedBy> {
        self.education.as_ref()
    }

    /// The general practice, if there is one now.
    pub const fn gp_practice(&self) -> Option<&ServedBy> {
        self.gp_practice.as_ref()
    }

    /// Services that work or worked with the child; never a sensitive one.
    pub const fn involvements(&self) -> &BTreeMap<InvolvementId, Involvement> {
        &self.involvements
    }

    /// Sensitive services that work or worked with the child. One whose consent was withdrawn is
    /// not among them from that event on.
    pub const fn sensitive_involvements(&self) -> &BTreeMap<InvolvementId, SensitiveInvolvement> {
        &self.sensitive
    }

    /// Who is lead professional, by their involvement.
    pub const fn lead_professional(&self) -> Option<InvolvementId> {
        self.lead_professional
    }

    /// Since when a common assessment is known to exist.
    pub const fn common_assessment(&self) -> Option<NaiveDate> {
        self.common_assessment
    }

    /// Whether an involvement was ever recorded under this handle.
    pub(crate) fn knows_involvement(&self, involvement: InvolvementId) -> bool {
        self.involvements.contains_key(&involvement)
            || self.sensitive.contains_key(&involvement)
            || self.withdrawn.contains_key(&involvement)
    }

    /// Sensitive involvements whose consent has been withdrawn, with who had recorded each.
    pub(crate) const fn withdrawn(&self) -> &BTreeMap<InvolvementId, Option<OrganisationId>> {
        &self.withdrawn
    }

    fn end_involvement(&mut self, involvement: InvolvementId, on: NaiveDate) {
        if let Some(ended) = self.involvements.get_mut(&involvement) {
            ended.ended = Some(on);
        }
        if let Some(ended) = self.sensitive.get_mut(&involvement) {
            ended.ended = Some(on);
        }
        self.lead_professional = self.lead_professional.filter(|lead| *lead != involvement);
    }
}

/// Whose word a fact rests on: the office of who enters it.
fn source_of(caller: &Caller<'_>) -> DataSource {
    match caller.role {
        Role::Practitioner => DataSource::Practitioner,
        Role::ManagementTeam | Role::Trainer | Role::Official | Role::Auditor => {
            DataSource::ManagementTeam
        }
        Role::System => DataSource::NationalFeed,
    }
}

impl Fold for Child {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::RecordCreated { .. } => {
                self.standing = RecordStanding::Live;
                self.details = Details::created(&recorded.event).unwrap_or_default();
            }
            Event::RecordQuarantined { matches } => {
                self.standing = RecordStanding::Quarantined { matches: matches.clone() };
            }
            Event::QuarantineResolved { outcome, reason: _ } => {
                self.standing = match outcome {
                    QuarantineOutcome::AnotherChild => RecordStanding::Live,
                    QuarantineOutcome::SameChild => RecordStanding::SameChild,
                };
            }
            Event::ResponsibilityAllocated { authority }
            | Event::ResponsibilityTransferAccepted { by: authority } => {
                self.responsibility = Responsibility::With(*authority);
            }
            Event::ResponsibilityTransferOffered { to } => {
                self.responsibility = self.responsibility.offering(*to);
            }
            Event::ResponsibilityTransferDeclined { by: _, reason: _ } => {
                self.responsibility = self.responsibility.keeping();
            }
            Event::DetailSuperseded { detail, valid_from: _, source: _ } => {
                self.details.supersede(detail);
            }
            Event::DetailCorrected { detail, reason: _, source: _ } => self.details.correct(detail),
            Event::CarerRecorded { carer, particulars } => {
                self.carers.insert(*carer, particulars.clone());
            }
            Event::CarerEnded { carer, on: _ } => {
                self.carers.remove(carer);
            }
            Event::EducationSettingRecorded { provider, from } => {
                self.education = Some(ServedBy { provider: provider.clone(), from: *from });
            }
            Event::EducationSettingEnded { on: _ } => self.education = None,
            Event::GpPracticeRecorded { provider, from } => {
                self.gp_practice = Some(ServedBy { provider: provider.clone(), from: *from });
            }
            Event::GpPracticeEnded { on: _ } => self.gp_practice = None,
            Event::InvolvementRecorded { involvement, organisation, service, from } => {
                let entry = Involvement {
                    organisation: *organisation,
                    service: service.clone(),
                    from: *from,
                    ended: None,
                };
                self.involvements.insert(*involvement, entry);
            }
            Event::InvolvementEnded { involvement, on } => self.end_involvement(*involvement, *on),
            Event::SensitiveInvolvementRecorded { involvement, basis, service, from } => {
                let entry = SensitiveInvolvement {
                    provider: recorded.stamp.by.organisation,
                    basis: *basis,
                    service: service.clone(),
                    from: *from,
                    ended: None,
                };
                self.sensitive.insert(*involvement, entry);
            }
            Event::SensitiveConsentWithdrawn { involvement } => {
                if let Some(hidden) = self.sensitive.remove(involvement) {
                    self.withdrawn.insert(*involvement, hidden.provider);
                }
            }
            Event::LeadProfessionalAssigned { involvement } => {
                self.lead_professional = Some(*involvement);
            }
            Event::LeadProfessionalEnded { on: _ } => self.lead_professional = None,
            Event::CommonAssessmentIndicated { on } => self.common_assessment = Some(*on),
            Event::CommonAssessmentWithdrawn { on: _ } => self.common_assessment = None,
            Event::ParticipationConsentGiven { until } => {
                self.keeping.consent = Some(until.clone());
                self.keeping.withdrawn = None;
            }
            Event::ParticipationConsentWithdrawn { on } => self.keeping.withdrawn = Some(*on),
            Event::DeathRecorded { on: _, source: _ } => {
                self.keeping.death_notified.get_or_insert(recorded.stamp.at.date_naive());
            }
            Event::RecordArchived { basis, dates } => {
                self.standing = RecordStanding::Archived { narrowed: false };
                self.keeping.archived = Some((*basis, dates.clone()));
            }
            Event::ArchiveAccessNarrowed { from: _ } => {
                self.standing = RecordStanding::Archived { narrowed: true };
            }
            Event::RecordPurged { erasure: _ } => self.standing = RecordStanding::Purged,
        }
    }
}
