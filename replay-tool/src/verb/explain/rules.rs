//! Which rule of the rule-book an event came about under.

use domain::{
    access, activity, audit, child, erasure, event::Event, investigation, organisation, policy,
    practitioner, shield,
};

/// The ids of the rules in `docs/rulebook.md`, the deciding one first.
pub(super) const fn rules(event: &Event) -> &'static [&'static str] {
    match event {
        Event::Policy(policy::Event::VersionAdopted { .. }) => &["V1"],
        Event::Organisation(event) => of_organisation(event),
        Event::Practitioner(event) => of_practitioner(event),
        Event::Activity(
            activity::Event::SearchPerformed { .. } | activity::Event::SearchRefused { .. },
        ) => &["A10", "A11", "A1", "U1", "U19"],
        Event::Child(event) => of_child(event),
        Event::Shield(event) => of_shield(event),
        Event::Access(event) => of_access(event),
        Event::Investigation(investigation::Event::Assigned { .. }) => &["I1", "U19"],
        Event::Investigation(investigation::Event::Concluded { .. }) => &["I2", "U19"],
        // A key is made for a subject when something is first recorded about it; no rule decides.
        Event::Key(_) => &[],
        Event::Audit(
            audit::Event::TrailQueried { .. } | audit::Event::TrailQueryRefused { .. },
        ) => &["A14", "U19"],
        Event::Erasure(event) => of_erasure(event),
    }
}

const fn of_erasure(event: &erasure::Event) -> &'static [&'static str] {
    use erasure::Event as E;
    match event {
        E::LegalHoldPlaced { .. } => &["E1", "U19"],
        E::LegalHoldLifted { .. } => &["E2", "U19"],
        E::Due { .. } => &["E4", "E3", "K1"],
        E::Proposed { .. } => &["E5", "E6", "E3", "U19"],
        E::ProposalWithdrawn {} => &["E8", "U19"],
        E::Authorised { .. } => &["E7", "E6", "E3", "U19"],
        E::Begun { .. } => &["E9", "E6", "E3", "U19"],
        E::KeyDestroyed { .. }
        | E::CiphertextDeleted { .. }
        | E::HolderPurged { .. }
        | E::SubjectErased { .. } => &["E10"],
        E::LateEventRefused { .. } => &["E11"],
    }
}

const fn of_organisation(event: &organisation::Event) -> &'static [&'static str] {
    use organisation::Event as E;
    match event {
        E::Registered { .. } => &["O1"],
        E::Accredited { .. } => &["O2"],
        E::AccreditationWithdrawn { .. } => &["O3"],
        E::CapabilityEnabled { .. } => &["O4"],
        E::ShieldingPhaseProgressReported { .. } => &["O5"],
        E::ShieldingPhaseCompleted { .. } => &["O6"],
        E::TrainingPhaseAnnounced { .. } => &["T1"],
        E::TrainingPhaseExpectationStated { .. } => &["T2"],
        E::TeamEnrolled { .. } => &["T3"],
        E::TeamTrainingCompleted { .. } => &["T4"],
        E::TeamTrainingFailed { .. } => &["T5"],
        E::PublicInformationRecorded { .. } => &["P1"],
        E::FairProcessingNoticeIssued { .. } => &["P4"],
    }
}

const fn of_practitioner(event: &practitioner::Event) -> &'static [&'static str] {
    use practitioner::Event as E;
    match event {
        E::Nominated { .. } => &["U2"],
        E::AppointedToDepartment { .. } | E::DepartmentAppointmentEnded { .. } => &["U18"],
        E::IdentityVerified { .. } => &["U3"],
        E::EnhancedCrbCheckRecorded { .. } => &["U4"],
        E::EnhancedCrbCheckExpired { .. } => &["U5"],
        E::TrainingAttended { .. } => &["U6"],
        E::TrainingCompleted { .. } => &["U7"],
        E::TrainingTestPassed { .. } | E::TrainingTestFailed { .. } => &["U8"],
        E::SecurityProceduresProvided { .. } => &["U9"],
        E::EndUserAgreementSigned { .. } => &["U10"],
        E::IsaMonitoringStarted { .. } | E::IsaMonitoringEnded { .. } => &["U11"],
        E::SecurityTokenIssued { .. } | E::SecurityTokenRevoked { .. } => &["U12"],
        E::AccountAuthorised { .. } => &["U13", "U1"],
        E::ShieldOverrideRightGranted { .. } | E::ShieldOverrideRightWithdrawn { .. } => &["U14"],
        E::AccountSuspended { .. } | E::ManagerNotified { .. } | E::InvestigationOpened { .. } => {
            &["U15"]
        }
        E::AccountReinstated { .. } => &["U16", "U1"],
        E::AccountClosed { .. } => &["U17"],
    }
}

const fn of_child(event: &child::Event) -> &'static [&'static str] {
    use child::Event as E;
    match event {
        E::RecordCreated { .. } | E::ResponsibilityAllocated { .. } => &["R3", "R2"],
        E::RecordQuarantined { .. } => &["R3", "A13"],
        E::QuarantineResolved { .. } => &["R4"],
        E::ResponsibilityTransferOffered { .. } => &["R21"],
        E::ResponsibilityTransferAccepted { .. } => &["R22"],
        E::ResponsibilityTransferDeclined { .. } => &["R23"],
        E::DetailSuperseded { .. } => &["R5", "R2"],
        E::DetailCorrected { .. } => &["R6", "R2"],
        E::CarerRecorded { .. } => &["R7", "R2"],
        E::CarerEnded { .. } => &["R8", "R2"],
        E::EducationSettingRecorded { .. } => &["R9", "R2"],
        E::EducationSettingEnded { .. } => &["R10", "R2"],
        E::GpPracticeRecorded { .. } => &["R11", "R2"],
        E::GpPracticeEnded { .. } => &["R12", "R2"],
        E::InvolvementRecorded { .. } => &["R13", "R2"],
        E::InvolvementEnded { .. } => &["R14", "R2"],
        E::SensitiveInvolvementRecorded { .. } => &["R15", "R2"],
        E::SensitiveConsentWithdrawn { .. } => &["R16", "R2"],
        E::LeadProfessionalAssigned { .. } => &["R17", "R2"],
        E::LeadProfessionalEnded { .. } => &["R18", "R2"],
        E::CommonAssessmentIndicated { .. } => &["R19", "R2"],
        E::CommonAssessmentWithdrawn { .. } => &["R20", "R2"],
        E::DeathRecorded { .. } => &["K2", "R2"],
        E::ParticipationConsentGiven { .. } | E::ParticipationConsentWithdrawn { .. } => {
            &["K3", "R2"]
        }
        E::RecordArchived { .. } | E::ArchiveAccessNarrowed { .. } => &["K4", "K1"],
        E::RecordPurged { .. } => &["E9"],
    }
}

const fn of_shield(event: &shield::Event) -> &'static [&'static str] {
    use shield::Event as E;
    match event {
        E::Requested { .. } => &["S1"],
        E::ProvisionallyApplied { .. } => &["S2"],
        E::ViewRecorded { .. } => &["S3"],
        E::Applied { .. } | E::Refused { .. } => &["S4", "S3"],
        E::Reviewed { .. } => &["S5"],
        E::Lifted { .. } => &["S6", "S3"],
        E::DecisionChallenged { .. } => &["S8", "S1"],
        E::DecisionUpheld { .. } => &["S9"],
    }
}

const fn of_access(event: &access::Event) -> &'static [&'static str] {
    use access::Event as E;
    match event {
        E::RecordOpened { .. } => &["A3", "A1", "A2", "U1", "U19"],
        E::AccessRefused { sought: access::Basis::Practitioner, .. } => {
            &["A3", "A15", "A17", "U1", "U19"]
        }
        E::AccessRefused { sought: access::Basis::ResponsibleTeam, .. } => {
            &["A3", "A15", "A18", "U1", "U19"]
        }
        E::AccessRefused { sought: access::Basis::Override, .. } => &["A5", "A6", "U1", "U19"],
        E::RecordClosed { .. } => &["A4"],
        E::DisclosureWithheld { .. } => &["A1"],
        E::ShieldOverrideAttempted { .. } | E::ShieldOverrideWarned { .. } => &["A5", "U14", "U1"],
        E::ShieldOverrideConfirmed { .. } | E::InvestigationOpened { .. } => {
            &["A6", "A1", "A2", "U14", "U1"]
        }
        E::ShieldOverrideWithdrawn { .. } => &["A7"],
        E::ShieldOverrideEnded { .. } => &["A8"],
        E::DisclosureCopied { .. } => &["A15", "A1"],
        E::CopyDestroyed { .. } => &["A16"],
        E::BrokeredContactRequested { .. } => &["A17"],
        E::BrokerViewedHiddenDetails { .. } => &["A18", "A1"],
        E::ContactBrokered { .. } => &["A19"],
        E::BrokeringDeclined { .. } => &["A20"],
    }
}
