//! Why nothing is changed about an organisation, the policy or an investigation.
#![expect(clippy::match_same_arms, reason = "one line for each reason, in their own order")]

use domain::{
    investigation::{assign, conclude},
    organisation::{
        accredit, announce_training_phase, complete_shielding_phase, complete_team_training,
        enable_capability, enrol_team, fail_team_training, record_fair_processing_notice,
        record_public_information, register, report_shielding_progress, state_phase_expectation,
        withdraw_accreditation,
    },
    policy::adopt,
};

use super::{Told, refusals};

refusals!(accredit::Rejection, "accredit", "O2", |refused| match refused {
    accredit::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    accredit::Rejection::NotRegistered => Told::State("not-registered"),
    accredit::Rejection::NoDisciplinaryProcedures => Told::Field("disciplinary_procedures_seen"),
});

refusals!(announce_training_phase::Rejection, "announce-training-phase", "T1", |refused| {
    match refused {
        announce_training_phase::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        announce_training_phase::Rejection::AlreadyAnnounced => Told::State("already-announced"),
        announce_training_phase::Rejection::UnusableNumber => Told::Field("phase"),
        announce_training_phase::Rejection::NoTeams => Told::Field("teams"),
        announce_training_phase::Rejection::ExpectedInThePast { .. } => {
            Told::Field("expected_completion")
        }
    }
});

refusals!(complete_shielding_phase::Rejection, "complete-shielding-phase", "O6", |refused| {
    match refused {
        complete_shielding_phase::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        complete_shielding_phase::Rejection::NotRegistered => Told::State("not-registered"),
        complete_shielding_phase::Rejection::InTheFuture { .. } => Told::Field("on"),
        complete_shielding_phase::Rejection::NothingReported => Told::State("nothing-reported"),
        complete_shielding_phase::Rejection::StillWaiting { .. } => Told::State("still-waiting"),
    }
});

refusals!(
    complete_team_training::Rejection,
    "complete-team-training",
    "T4",
    |refused| match refused {
        complete_team_training::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        complete_team_training::Rejection::NotEnrolled => Told::State("not-enrolled"),
        complete_team_training::Rejection::NoMembers => Told::Field("members"),
        complete_team_training::Rejection::InTheFuture { .. } => Told::Field("on"),
        complete_team_training::Rejection::MembersFallShort { .. } =>
            Told::State("members-fall-short"),
    }
);

refusals!(enable_capability::Rejection, "enable-capability", "O4", |refused| match refused {
    enable_capability::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    enable_capability::Rejection::NotRegistered => Told::State("not-registered"),
    enable_capability::Rejection::NotAccredited => Told::State("not-accredited"),
    enable_capability::Rejection::ShieldingNotSignedOff { .. } =>
        Told::State("shielding-not-signed-off"),
});

refusals!(enrol_team::Rejection, "enrol-team", "T3", |refused| match refused {
    enrol_team::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    enrol_team::Rejection::NotRegistered => Told::State("not-registered"),
    enrol_team::Rejection::NotAnnounced => Told::State("not-announced"),
    enrol_team::Rejection::NotOfThisPhase => Told::State("not-of-this-phase"),
    enrol_team::Rejection::AlreadyEnrolled { .. } => Told::State("already-enrolled"),
    enrol_team::Rejection::AlreadyCompleted => Told::State("already-completed"),
});

refusals!(fail_team_training::Rejection, "fail-team-training", "T5", |refused| match refused {
    fail_team_training::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    fail_team_training::Rejection::NotEnrolled => Told::State("not-enrolled"),
    fail_team_training::Rejection::InTheFuture { .. } => Told::Field("on"),
});

refusals!(
    record_fair_processing_notice::Rejection,
    "record-fair-processing-notice",
    "P4",
    |refused| {
        match refused {
            record_fair_processing_notice::Rejection::NotEntitled(lacking) => {
                Told::lacking(lacking)
            }
            record_fair_processing_notice::Rejection::NotAnAuthority => {
                Told::State("not-an-authority")
            }
            record_fair_processing_notice::Rejection::UnusableSchool => Told::Field("school"),
            record_fair_processing_notice::Rejection::NotIssued { .. } => Told::Field("on"),
            record_fair_processing_notice::Rejection::ImplausibleFigure => Told::Field("quantity"),
            record_fair_processing_notice::Rejection::HandleInUse => Told::State("handle-in-use"),
        }
    }
);

refusals!(record_public_information::Rejection, "record-public-information", "P1", |refused| {
    match refused {
        record_public_information::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        record_public_information::Rejection::NeitherAuthorityNorDepartment => {
            Told::State("neither-authority-nor-department")
        }
        record_public_information::Rejection::UnusableArea => Told::Field("area"),
        record_public_information::Rejection::NotBegun { .. } => Told::Field("from"),
        record_public_information::Rejection::EndsBeforeItBegins => Told::Field("to"),
        record_public_information::Rejection::ImplausibleFigure => Told::Field("quantity"),
        record_public_information::Rejection::HandleInUse => Told::State("handle-in-use"),
    }
});

refusals!(register::Rejection, "register", "O1", |refused| match refused {
    register::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    register::Rejection::AlreadyRegistered => Told::State("already-registered"),
    register::Rejection::UnusableName => Told::Field("name"),
    register::Rejection::KindOfTheDepartment => Told::Field("kind"),
});

refusals!(report_shielding_progress::Rejection, "report-shielding-progress", "O5", |refused| {
    match refused {
        report_shielding_progress::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        report_shielding_progress::Rejection::NotRegistered => Told::State("not-registered"),
        report_shielding_progress::Rejection::AlreadySignedOff => Told::State("already-signed-off"),
    }
});

refusals!(state_phase_expectation::Rejection, "state-phase-expectation", "T2", |refused| {
    match refused {
        state_phase_expectation::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        state_phase_expectation::Rejection::NotAnnounced => Told::State("not-announced"),
        state_phase_expectation::Rejection::ExpectedInThePast { .. } => {
            Told::Field("expected_completion")
        }
    }
});

refusals!(
    withdraw_accreditation::Rejection,
    "withdraw-accreditation",
    "O3",
    |refused| match refused {
        withdraw_accreditation::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        withdraw_accreditation::Rejection::NotAccredited { .. } => Told::State("not-accredited"),
        withdraw_accreditation::Rejection::BackDated { .. } => Told::Field("on"),
    }
);

refusals!(adopt::Rejection, "adopt-policy", "V1", |refused| match refused {
    adopt::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    adopt::Rejection::BackDated { .. } => Told::Field("effective_from"),
    adopt::Rejection::FirstSetHoldsAtOnce { .. } => Told::Field("effective_from"),
    adopt::Rejection::UnusableValues(values) => Told::Fields(
        values
            .iter()
            .map(|value| (format!("values.{}", value.field), value.rule.to_owned()))
            .collect()
    ),
    adopt::Rejection::SourcesIncomplete { missing, unknown } => Told::Fields(
        missing
            .iter()
            .map(|field| (format!("sources.{field}"), "is missing".to_owned()))
            .chain(
                unknown
                    .iter()
                    .map(|field| (format!("sources.{field}"), "is no policy value".to_owned()))
            )
            .collect()
    ),
    adopt::Rejection::NumbersExhausted => Told::State("numbers-exhausted"),
});

refusals!(assign::Rejection, "assign-investigation", "I1", |refused| match refused {
    assign::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    assign::Rejection::NotOpened => Told::State("not-opened"),
    assign::Rejection::InvestigatesThemself => Told::Field("investigator"),
    assign::Rejection::NotAnInvestigator => Told::Field("investigator"),
    assign::Rejection::AlreadyAssigned => Told::State("already-assigned"),
    assign::Rejection::AlreadyConcluded => Told::State("already-concluded"),
});

refusals!(conclude::Rejection, "conclude-investigation", "I2", |refused| match refused {
    conclude::Rejection::NotAssigned => Told::State("not-assigned"),
    conclude::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    conclude::Rejection::AlreadyConcluded => Told::State("already-concluded"),
});
