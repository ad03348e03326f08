//! What can happen to a child's record.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    ArchiveBasis, ArchiveDates, Carer, ChildNumber, DateOfBirth, Gender, InvolvedService, Name,
    Provider, Whereabouts,
};
use crate::{
    identity::{CarerId, ChildRef, EventId, InvolvementId, OrganisationId},
    personal::Personal,
    reason::Text,
};

/// Where a fact came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSource {
    /// A practitioner entered it.
    Practitioner,
    /// A management team entered it.
    ManagementTeam,
    /// A body that must supply (Schedule 4, S5b).
    ScheduleFourBody,
    /// A body that may supply (Schedule 5, S5b).
    ScheduleFiveBody,
    /// A national feed (S9c).
    NationalFeed,
}

/// One basic detail, with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// The name in use. The one before it becomes a former name.
    Name(Personal<Name>),
    /// A former name.
    FormerName(Personal<Name>),
    /// Gender, or that it is not specified.
    Gender(Personal<Gender>),
    /// Date of birth.
    DateOfBirth(Personal<DateOfBirth>),
    /// Where the child is, or why that is not known.
    Whereabouts(Personal<Whereabouts>),
}

/// On what basis a sensitive service was recorded (S5b, S7, S29). No evidence of it is kept (S15c).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SensitiveBasis {
    /// The child consented, having sufficient understanding.
    ConsentOfChild,
    /// The parent or carer consented.
    ConsentOfCarer,
    /// Reasonable cause to suspect significant harm: regulation 11(3).
    SuspectedHarm,
}

/// What became of a quarantined record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuarantineOutcome {
    /// Another child: the record is released and may be seen.
    AnotherChild,
    /// The same child: the record stays invisible for good.
    SameChild,
}

/// An event of a `child-{ref}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A record was created. `ResponsibilityAllocated` follows in the same append.
    #[serde(rename = "child.record-created/1")]
    RecordCreated {
        /// The identifying number.
        number: Personal<ChildNumber>,
        /// The name.
        name: Personal<Name>,
        /// Gender, or that it is not specified.
        gender: Personal<Gender>,
        /// Date of birth.
        date_of_birth: Personal<DateOfBirth>,
        /// Where the child is, or why that is not known.
        whereabouts: Personal<Whereabouts>,
        /// Where this came from.
        source: DataSource,
    },
    /// The record nearly matches others, so nobody sees it until a management team has decided.
    #[serde(rename = "child.record-quarantined/1")]
    RecordQuarantined {
        /// The records it nearly matches.
        matches: BTreeSet<ChildRef>,
    },
    /// A management team decided on the quarantine.
    #[serde(rename = "child.quarantine-resolved/1")]
    QuarantineResolved {
        /// How.
        outcome: QuarantineOutcome,
        /// Why.
        reason: Personal<Text>,
    },
    /// An authority became responsible. There is exactly one (I5).
    #[serde(rename = "child.responsibility-allocated/1")]
    ResponsibilityAllocated {
        /// Which.
        authority: OrganisationId,
    },
    /// The responsible authority offered the record to another.
    #[serde(rename = "child.responsibility-transfer-offered/1")]
    ResponsibilityTransferOffered {
        /// To which.
        to: OrganisationId,
    },
    /// The other authority accepted, and is responsible from now on.
    #[serde(rename = "child.responsibility-transfer-accepted/1")]
    ResponsibilityTransferAccepted {
        /// Which.
        by: OrganisationId,
    },
    /// The other authority declined; nothing changes.
    #[serde(rename = "child.responsibility-transfer-declined/1")]
    ResponsibilityTransferDeclined {
        /// Which.
        by: OrganisationId,
        /// Why.
        reason: Personal<Text>,
    },
    /// A detail was true and has been followed by another.
    #[serde(rename = "child.detail-superseded/1")]
    DetailSuperseded {
        /// The new value.
        detail: Detail,
        /// From which day it holds.
        valid_from: NaiveDate,
        /// Where this came from.
        source: DataSource,
    },
    /// A detail was wrong.
    #[serde(rename = "child.detail-corrected/1")]
    DetailCorrected {
        /// The right value.
        detail: Detail,
        /// Why the old one was wrong.
        reason: Personal<Text>,
        /// Where this came from.
        source: DataSource,
    },
    /// A carer was recorded, or what is known of them replaced.
    #[serde(rename = "child.carer-recorded/1")]
    CarerRecorded {
        /// Which carer.
        carer: CarerId,
        /// What is known of them.
        particulars: Personal<Carer>,
    },
    /// A carer has care no longer.
    #[serde(rename = "child.carer-ended/1")]
    CarerEnded {
        /// Which carer.
        carer: CarerId,
        /// From which day.
        on: NaiveDate,
    },
    /// A place of education was recorded; one before it has ended.
    #[serde(rename = "child.education-setting-recorded/1")]
    EducationSettingRecorded {
        /// Which.
        provider: Personal<Provider>,
        /// From which day.
        from: NaiveDate,
    },
    /// Education at the recorded place ended.
    #[serde(rename = "child.education-setting-ended/1")]
    EducationSettingEnded {
        /// From which day.
        on: NaiveDate,
    },
    /// A general practice was recorded; one before it has ended.
    #[serde(rename = "child.gp-practice-recorded/1")]
    GpPracticeRecorded {
        /// Which.
        provider: Personal<Provider>,
        /// From which day.
        from: NaiveDate,
    },
    /// Registration with the recorded practice ended.
    #[serde(rename = "child.gp-practice-ended/1")]
    GpPracticeEnded {
        /// From which day.
        on: NaiveDate,
    },
    /// A service recorded that it works with the child.
    #[serde(rename = "child.involvement-recorded/1")]
    InvolvementRecorded {
        /// Which involvement.
        involvement: InvolvementId,
        /// Of which organisation.
        organisation: OrganisationId,
        /// The service, and how to reach it.
        service: Personal<InvolvedService>,
        /// From which day.
        from: NaiveDate,
    },
    /// An involvement ended.
    #[serde(rename = "child.involvement-ended/1")]
    InvolvementEnded {
        /// Which involvement.
        involvement: InvolvementId,
        /// From which day.
        on: NaiveDate,
    },
    /// A sensitive service recorded that it works with the child.
    #[serde(rename = "child.sensitive-involvement-recorded/1")]
    SensitiveInvolvementRecorded {
        /// Which involvement.
        involvement: InvolvementId,
        /// On what basis.
        basis: SensitiveBasis,
        /// The service, and how to reach it.
        service: Personal<InvolvedService>,
        /// From which day.
        from: NaiveDate,
    },
    /// Consent to a sensitive involvement was withdrawn: it is hidden at once.
    #[serde(rename = "child.sensitive-consent-withdrawn/1")]
    SensitiveConsentWithdrawn {
        /// Which involvement.
        involvement: InvolvementId,
    },
    /// Somebody became the lead professional; one before them has ceased to be.
    #[serde(rename = "child.lead-professional-assigned/1")]
    LeadProfessionalAssigned {
        /// By their involvement.
        involvement: InvolvementId,
    },
    /// There is no lead professional any more.
    #[serde(rename = "child.lead-professional-ended/1")]
    LeadProfessionalEnded {
        /// From which day.
        on: NaiveDate,
    },
    /// A common assessment exists. Its content is not held.
    #[serde(rename = "child.common-assessment-indicated/1")]
    CommonAssessmentIndicated {
        /// From which day.
        on: NaiveDate,
    },
    /// The indication was withdrawn.
    #[serde(rename = "child.common-assessment-withdrawn/1")]
    CommonAssessmentWithdrawn {
        /// From which day.
        on: NaiveDate,
    },
    /// The young person consented to stay in the directory beyond 18 (S1, S28b).
    #[serde(rename = "child.participation-consent-given/1")]
    ParticipationConsentGiven {
        /// Until which day, exclusive: their 25th birthday at the latest.
        until: Personal<NaiveDate>,
    },
    /// The young person withdrew that consent.
    #[serde(rename = "child.participation-consent-withdrawn/1")]
    ParticipationConsentWithdrawn {
        /// From which day on.
        on: NaiveDate,
    },
    /// The death of the child was notified.
    #[serde(rename = "child.death-recorded/1")]
    DeathRecorded {
        /// The day of the death.
        on: Personal<NaiveDate>,
        /// Where this came from.
        source: DataSource,
    },
    /// The record went into the archive: ordinary users no longer read it (S9, S1b).
    #[serde(rename = "child.record-archived/1")]
    RecordArchived {
        /// Why.
        basis: ArchiveBasis,
        /// Since when it belongs there, and what is to follow. These dates tell a birthday.
        dates: Personal<ArchiveDates>,
    },
    /// The first year of the archive is over: data managers no longer read the record (S9).
    #[serde(rename = "child.archive-access-narrowed/1")]
    ArchiveAccessNarrowed {
        /// From which day on it was to be so.
        from: Personal<NaiveDate>,
    },
    /// The erasure of the record has begun: from here on nobody sees anything of it.
    #[serde(rename = "child.record-purged/1")]
    RecordPurged {
        /// The event of `erasure-{subject}` with which the erasure began.
        erasure: EventId,
    },
}
