//! Why a standing is not changed.
#![expect(clippy::match_same_arms, reason = "one line for each reason, in their own order")]

use domain::practitioner::{
    appoint_to_department, authorise_account, begin_isa_monitoring, close_account,
    complete_training, demand_examination, end_appointment, end_isa_monitoring,
    grant_override_right, issue_token, nominate, provide_procedures, record_crb_check,
    record_lapse, record_test, record_training_attended, reinstate, revoke_token, sign_agreement,
    suspend, verify_identity, withdraw_override_right,
};

use super::{Told, no_account, refusals};

refusals!(
    appoint_to_department::Rejection,
    "appoint-to-department",
    "U18",
    |refused| match refused {
        appoint_to_department::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        appoint_to_department::Rejection::HoldsAccount => Told::State("holds-account"),
        appoint_to_department::Rejection::AlreadyAppointed { .. } =>
            Told::State("already-appointed"),
    }
);

refusals!(authorise_account::Rejection, "authorise-account", "U13", |refused| match refused {
    authorise_account::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    authorise_account::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    authorise_account::Rejection::AlreadyAuthorised => Told::State("already-authorised"),
    authorise_account::Rejection::Unmet { conditions, policy } =>
        Told::Unmet(conditions.clone(), *policy),
});

refusals!(
    begin_isa_monitoring::Rejection,
    "begin-isa-monitoring",
    "U11",
    |refused| match refused {
        begin_isa_monitoring::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        begin_isa_monitoring::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
        begin_isa_monitoring::Rejection::InTheFuture { .. } => Told::Field("on"),
        begin_isa_monitoring::Rejection::BeforeTheLastEnded { .. } => Told::Field("on"),
    }
);

refusals!(close_account::Rejection, "close-account", "U17", |refused| match refused {
    close_account::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    close_account::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
});

refusals!(complete_training::Rejection, "complete-training", "U7", |refused| match refused {
    complete_training::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    complete_training::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    complete_training::Rejection::NoTopics => Told::Field("topics"),
    complete_training::Rejection::InTheFuture { .. } => Told::Field("on"),
    complete_training::Rejection::NotAttended { .. } => Told::State("not-attended"),
});

refusals!(demand_examination::Rejection, "demand-examination", "U8", |refused| match refused {
    demand_examination::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    demand_examination::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    demand_examination::Rejection::NoExaminationForPractitioners =>
        Told::State("no-examination-for-practitioners"),
});

refusals!(end_appointment::Rejection, "end-appointment", "U18", |refused| match refused {
    end_appointment::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    end_appointment::Rejection::NotAppointed => Told::State("not-appointed"),
    end_appointment::Rejection::BackDated { .. } => Told::Field("on"),
});

refusals!(end_isa_monitoring::Rejection, "end-isa-monitoring", "U11", |refused| match refused {
    end_isa_monitoring::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    end_isa_monitoring::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    end_isa_monitoring::Rejection::InTheFuture { .. } => Told::Field("on"),
    end_isa_monitoring::Rejection::NotMonitored => Told::State("not-monitored"),
    end_isa_monitoring::Rejection::BeforeItBegan { .. } => Told::Field("on"),
});

refusals!(
    grant_override_right::Rejection,
    "grant-override-right",
    "U14",
    |refused| match refused {
        grant_override_right::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        grant_override_right::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
        grant_override_right::Rejection::NotAPractitioner { .. } =>
            Told::State("not-a-practitioner"),
        grant_override_right::Rejection::Unmet { conditions, policy } =>
            Told::Unmet(conditions.clone(), *policy),
    }
);

refusals!(issue_token::Rejection, "issue-token", "U12", |refused| match refused {
    issue_token::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    issue_token::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    issue_token::Rejection::HoldsAnother { .. } => Told::State("holds-another"),
    issue_token::Rejection::WasRevoked => Told::State("was-revoked"),
});

refusals!(nominate::Rejection, "nominate", "U2", |refused| match refused {
    nominate::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    nominate::Rejection::AlreadyNominated => Told::State("already-nominated"),
    nominate::Rejection::HoldsOffice => Told::State("holds-office"),
    nominate::Rejection::OrganisationNotAccredited => Told::State("organisation-not-accredited"),
    nominate::Rejection::OwnManager => Told::Field("manager"),
});

refusals!(provide_procedures::Rejection, "provide-procedures", "U9", |refused| match refused {
    provide_procedures::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    provide_procedures::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    provide_procedures::Rejection::UnusableEdition => Told::Field("edition"),
    provide_procedures::Rejection::InTheFuture { .. } => Told::Field("on"),
});

refusals!(record_crb_check::Rejection, "record-crb-check", "U4", |refused| match refused {
    record_crb_check::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    record_crb_check::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    record_crb_check::Rejection::InTheFuture { .. } => Told::Field("issued_on"),
    record_crb_check::Rejection::NotNewer { .. } => Told::Field("issued_on"),
});

refusals!(record_lapse::Rejection, "record-lapse", "U5", |refused| match refused {
    record_lapse::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    record_lapse::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    record_lapse::Rejection::NoCheck => Told::State("no-check"),
    record_lapse::Rejection::StillHolds { .. } => Told::State("still-holds"),
});

refusals!(record_test::Rejection, "record-test", "U8", |refused| match refused {
    record_test::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    record_test::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    record_test::Rejection::NoExaminationForPractitioners =>
        Told::State("no-examination-for-practitioners"),
    record_test::Rejection::InTheFuture { .. } => Told::Field("on"),
    record_test::Rejection::NoTrainingAttended => Told::State("no-training-attended"),
    record_test::Rejection::EarlierThanLast { .. } => Told::Field("on"),
});

refusals!(record_training_attended::Rejection, "record-training-attended", "U6", |refused| {
    match refused {
        record_training_attended::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        record_training_attended::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
        record_training_attended::Rejection::NoTopics => Told::Field("topics"),
        record_training_attended::Rejection::InTheFuture { .. } => Told::Field("on"),
    }
});

refusals!(reinstate::Rejection, "reinstate", "U16", |refused| match refused {
    reinstate::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    reinstate::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    reinstate::Rejection::NotSuspended => Told::State("not-suspended"),
    reinstate::Rejection::InvestigationNotConcluded { .. } =>
        Told::State("investigation-not-concluded"),
    reinstate::Rejection::FoundImproper { .. } => Told::State("found-improper"),
    reinstate::Rejection::Unmet { conditions, policy } => Told::Unmet(conditions.clone(), *policy),
});

refusals!(revoke_token::Rejection, "revoke-token", "U12", |refused| match refused {
    revoke_token::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    revoke_token::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    revoke_token::Rejection::NotHeld => Told::State("not-held"),
});

refusals!(sign_agreement::Rejection, "sign-agreement", "U10", |refused| match refused {
    sign_agreement::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    sign_agreement::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    sign_agreement::Rejection::InTheFuture { .. } => Told::Field("on"),
    sign_agreement::Rejection::ProceduresNotProvided => Told::State("procedures-not-provided"),
    sign_agreement::Rejection::SignedBeforeProcedures { .. } => Told::Field("on"),
    sign_agreement::Rejection::OtherEdition { .. } => Told::Field("edition"),
});

refusals!(suspend::Rejection, "suspend", "U15", |refused| match refused {
    suspend::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    suspend::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    suspend::Rejection::AlreadySuspended { .. } => Told::State("already-suspended"),
});

refusals!(verify_identity::Rejection, "verify-identity", "U3", |refused| match refused {
    verify_identity::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    verify_identity::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
});

refusals!(withdraw_override_right::Rejection, "withdraw-override-right", "U14", |refused| {
    match refused {
        withdraw_override_right::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
        withdraw_override_right::Rejection::NoOpenAccount(none) => Told::State(no_account(*none)),
    }
});
