//! Makes the marks that go with an event, with the keys of the log.

mod search;

use domain::{
    access::{self, Basis, visible},
    activity::{self, Terms},
    child::{self, Child, Name, RecordStanding, Whereabouts},
    erasure,
    event::Event,
    fold::Fold as _,
    identity::ChildRef,
    personal::Personal,
    policy::Values,
    practitioner,
    recorded::Recorded,
    shield::Shield,
    stream::Stream,
};
use event_log::{
    AsOf, EventLog,
    backend::{Lent, ReadError, Stored},
    keyring::KeyringError,
};

use super::{
    Marks, NameMarks, RecordMarks, TermMarks, UserMarks,
    digest::{Digests, Field},
};

/// What the key of the marks is derived from the ring by. Another key makes other marks: then the
/// versions of the read models that hold some go up, too.
const LABEL: &str = "read-model-marks/1";

/// There are no keys to make marks with.
#[derive(Debug, thiserror::Error)]
pub enum NoMarker {
    /// The log was opened without a ring of keys.
    #[error("the log is read without a ring of keys, so nothing in it can be compared")]
    NoKeys,
    /// The ring cannot be used.
    #[error("the key of the marks could not be had")]
    Ring(#[from] KeyringError),
}

/// Makes marks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Marker {
    log: EventLog,
    digests: std::sync::Arc<Digests>,
}

/// Marks that are made, or for which a record has to be read in the log first.
pub(crate) enum Making {
    Made(Marks),
    OfRecord { child: ChildRef, position: u64 },
}

impl Making {
    /// Makes them.
    pub(crate) async fn made(self, marker: &Marker) -> Result<Marks, ReadError> {
        match self {
            Self::Made(marks) => Ok(marks),
            Self::OfRecord { child, position } => marker.record_as_of(child, position).await,
        }
    }
}

impl Marker {
    /// Makes marks of what stands in a log, with its own ring of keys.
    ///
    /// # Errors
    /// When it has none.
    pub fn of(log: &EventLog) -> Result<Self, NoMarker> {
        let key = log.keyring().ok_or(NoMarker::NoKeys)?.secret(LABEL)?;
        Ok(Self { log: log.clone(), digests: std::sync::Arc::new(Digests::under(&key)) })
    }

    /// The marks that go with an event, which was read without keys.
    ///
    /// # Errors
    /// When the log or the keys cannot be read.
    pub async fn marks(
        &self,
        stored: &Stored,
        recorded: &Recorded<Event>,
    ) -> Result<Marks, ReadError> {
        self.at_once(stored.lent(), recorded)?.made(self).await
    }

    /// The same of an event that is lent, as far as it can be made of that event alone.
    pub(crate) fn at_once(
        &self,
        lent: Lent<'_>,
        recorded: &Recorded<Event>,
    ) -> Result<Making, ReadError> {
        let made = match (&recorded.event, recorded.stamp.stream) {
            (Event::Child(child::Event::RecordCreated { .. }), Stream::Child(_))
                if recorded.stamp.revision == 0 =>
            {
                self.new_record(lent)
            }
            (Event::Child(event), Stream::Child(child)) if changes_marks(event) => {
                return Ok(Making::OfRecord { child, position: recorded.stamp.position });
            }
            (Event::Shield(_), Stream::Shield(child)) => {
                return Ok(Making::OfRecord { child, position: recorded.stamp.position });
            }
            (
                Event::Practitioner(
                    practitioner::Event::Nominated { .. }
                    | practitioner::Event::IdentityVerified { .. },
                ),
                _,
            ) => Ok(Marks::User(self.user(&self.log.decode_lent(lent)?.event))),
            (Event::Activity(_), _) => Ok(self.asked(&self.log.decode_lent(lent)?.event)),
            (Event::Erasure(erasure::Event::KeyDestroyed { .. }), _) => Ok(Marks::Erased),
            _ => Ok(Marks::Nothing),
        };
        made.map(Making::Made)
    }

    /// The marks of what a search asks for.
    pub fn terms(&self, terms: &Terms) -> TermMarks {
        let mut futile = false;
        let mut mark = |term: &Option<String>, field, sound: Option<Field>| {
            let text = term.as_deref().filter(|text| !text.trim().is_empty())?;
            let mark = match sound.filter(|_| terms.sounds_like) {
                Some(field) => self.digests.sound(field, text),
                None => self.digests.text(field, text),
            };
            futile |= mark.is_none();
            mark
        };
        TermMarks {
            given: mark(&terms.given, Field::Given, Some(Field::GivenSound)),
            surname: mark(&terms.surname, Field::Surname, Some(Field::SurnameSound)),
            number: mark(&terms.number, Field::Number, None),
            postcode: mark(&terms.postcode, Field::Postcode, None),
            sounds: terms.sounds_like,
            born: terms.date_of_birth.map(|day| self.digests.day(day)),
            gender: terms.gender.map(|gender| self.digests.gender(gender)),
            futile,
        }
    }

    fn new_record(&self, lent: Lent<'_>) -> Result<Marks, ReadError> {
        let recorded = self.log.decode_lent(lent)?;
        let mut record = Child::default();
        if let Event::Child(event) = recorded.event {
            record.evolve(&Recorded { stamp: recorded.stamp, event });
        }
        Ok(self.record(&record, &Shield::default()))
    }

    async fn record_as_of(&self, child: ChildRef, position: u64) -> Result<Marks, ReadError> {
        let then = AsOf::Position(position);
        let shield = self.log.fold_at::<Shield>(Stream::Shield(child), then).await?;
        let record = self.log.fold_at::<Child>(Stream::Child(child), then).await?;
        Ok(self.record(&record, &shield))
    }

    /// Of what a user without any right may see. A record in quarantine or in the archive is seen by
    /// nobody, and must be recognised all the same: its number and its date of birth have marks.
    fn record(&self, record: &Child, shield: &Shield) -> Marks {
        if matches!(record.standing(), RecordStanding::Absent | RecordStanding::Purged) {
            return Marks::Record(Box::default());
        }
        let mut marks = RecordMarks {
            born: record
                .date_of_birth()
                .and_then(Personal::known)
                .map(|born| self.digests.day(born.expose())),
            number: record
                .number()
                .and_then(Personal::known)
                .and_then(|number| self.digests.text(Field::Number, number.expose())),
            ..RecordMarks::default()
        };
        // No value of the policy bears on these fields.
        let seen = visible(record, shield, Basis::Practitioner, &Values::default()).shown;
        let may = |field| seen.contains(field);
        if matches!(record.standing(), RecordStanding::Live) {
            let former = if may(access::Field::FormerNames) { record.former_names() } else { &[] };
            let in_use = record.name().filter(|_| may(access::Field::Name));
            let known = former.iter().chain(in_use).filter_map(Personal::known);
            marks.names = known.map(|name| self.name(name)).collect();
            let gender = record.gender().filter(|_| may(access::Field::Gender));
            marks.gender =
                gender.and_then(Personal::known).map(|gender| self.digests.gender(*gender));
            let whereabouts = record.whereabouts().filter(|_| may(access::Field::Whereabouts));
            if let Some(Whereabouts::Current(address) | Whereabouts::LastKnown(address)) =
                whereabouts.and_then(Personal::known)
            {
                marks.postcode = self.digests.text(Field::Postcode, address.expose_postcode());
                marks.address = Some(self.digests.address(address));
            }
        }
        Marks::Record(Box::new(marks))
    }

    fn name(&self, name: &Name) -> NameMarks {
        let (given, surname) = (name.expose_given(), name.expose_surname());
        NameMarks {
            given: self.digests.text(Field::Given, given),
            surname: self.digests.text(Field::Surname, surname),
            given_sound: self.digests.sound(Field::GivenSound, given),
            surname_sound: self.digests.sound(Field::SurnameSound, surname),
        }
    }

    fn user(&self, event: &Event) -> UserMarks {
        let Event::Practitioner(event) = event else { return UserMarks::default() };
        if let practitioner::Event::Nominated { surname, .. } = event {
            let surname = surname.known();
            let surname = surname.and_then(|name| self.digests.text(Field::Surname, name.expose()));
            return UserMarks { surname, address: None };
        }
        if let practitioner::Event::IdentityVerified { home: Some(home), .. } = event {
            let address = home.known().map(|home| self.digests.address(home));
            return UserMarks { surname: None, address };
        }
        UserMarks::default()
    }

    fn asked(&self, event: &Event) -> Marks {
        let Event::Activity(
            activity::Event::SearchPerformed { terms, .. }
            | activity::Event::SearchRefused { terms, .. },
        ) = event
        else {
            return Marks::Nothing;
        };
        match terms.known() {
            Some(terms) => Marks::Terms(Box::new(self.terms(terms))),
            None => Marks::Nothing,
        }
    }
}

/// Whether an event changes what of a record may be searched by.
const fn changes_marks(event: &child::Event) -> bool {
    match event {
        child::Event::RecordCreated { .. }
        | child::Event::RecordQuarantined { .. }
        | child::Event::QuarantineResolved { .. }
        | child::Event::DetailSuperseded { .. }
        | child::Event::DetailCorrected { .. }
        | child::Event::RecordArchived { .. }
        | child::Event::RecordPurged { .. } => true,
        child::Event::ResponsibilityAllocated { .. }
        | child::Event::ResponsibilityTransferOffered { .. }
        | child::Event::ResponsibilityTransferAccepted { .. }
        | child::Event::ResponsibilityTransferDeclined { .. }
        | child::Event::CarerRecorded { .. }
        | child::Event::CarerEnded { .. }
        | child::Event::EducationSettingRecorded { .. }
        | child::Event::EducationSettingEnded { .. }
        | child::Event::GpPracticeRecorded { .. }
        | child::Event::GpPracticeEnded { .. }
        | child::Event::InvolvementRecorded { .. }
        | child::Event::InvolvementEnded { .. }
        | child::Event::SensitiveInvolvementRecorded { .. }
        | child::Event::SensitiveConsentWithdrawn { .. }
        | child::Event::LeadProfessionalAssigned { .. }
        | child::Event::LeadProfessionalEnded { .. }
        | child::Event::CommonAssessmentIndicated { .. }
        | child::Event::CommonAssessmentWithdrawn { .. }
        | child::Event::ParticipationConsentGiven { .. }
        | child::Event::ParticipationConsentWithdrawn { .. }
        | child::Event::DeathRecorded { .. }
        | child::Event::ArchiveAccessNarrowed { .. } => false,
    }
}
