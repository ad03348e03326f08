//! Why a record is not changed.

use domain::child::{
    accept_transfer, amend_record, assign_lead_professional, correct_record, create_record,
    decline_transfer, end_carer, end_education, end_gp, end_involvement, end_lead_professional,
    indicate_common_assessment, offer_transfer, record_carer, record_education, record_gp,
    record_involvement, record_sensitive_involvement, resolve_quarantine,
    withdraw_common_assessment, withdraw_sensitive_consent,
};

use super::{Told, refusals, spelled};

refusals!(accept_transfer::Rejection, "accept-transfer", "R22", |refused| match refused {
    accept_transfer::Rejection::Barred(barred) => Told::barred(barred),
    accept_transfer::Rejection::NotOffered => Told::State("not-offered"),
});

refusals!(amend_record::Rejection, "amend-record", "R5", |refused| match refused {
    amend_record::Rejection::Barred(barred) => Told::barred(barred),
    amend_record::Rejection::OnlyCorrected => Told::State("only-corrected"),
    amend_record::Rejection::NotYetValid => Told::Field("valid_from"),
});

refusals!(assign_lead_professional::Rejection, "assign-lead-professional", "R17", |refused| {
    match refused {
        assign_lead_professional::Rejection::Barred(barred) => Told::barred(barred),
        assign_lead_professional::Rejection::NoSuchInvolvement => {
            Told::State("no-such-involvement")
        }
        assign_lead_professional::Rejection::InvolvementEnded(_) => {
            Told::State("involvement-ended")
        }
    }
});

refusals!(correct_record::Rejection, "correct-record", "R6", |refused| match refused {
    correct_record::Rejection::Barred(barred) => Told::barred(barred),
    correct_record::Rejection::BornInTheFuture => Told::Field("detail"),
});

refusals!(create_record::Rejection, "create-record", "R3", |refused| match refused {
    create_record::Rejection::Barred(barred) => Told::barred(barred),
    create_record::Rejection::HandleTaken => Told::State("handle-taken"),
    create_record::Rejection::Unmet(unmet) => Told::Missing("unmet", spelled(unmet)),
});

refusals!(decline_transfer::Rejection, "decline-transfer", "R23", |refused| match refused {
    decline_transfer::Rejection::Barred(barred) => Told::barred(barred),
    decline_transfer::Rejection::NotOffered => Told::State("not-offered"),
});

refusals!(end_carer::Rejection, "end-carer", "R8", |refused| match refused {
    end_carer::Rejection::Barred(barred) => Told::barred(barred),
    end_carer::Rejection::NoSuchCarer => Told::State("no-such-carer"),
    end_carer::Rejection::NotYet => Told::Field("on"),
});

refusals!(end_education::Rejection, "end-education", "R10", |refused| match refused {
    end_education::Rejection::Barred(barred) => Told::barred(barred),
    end_education::Rejection::NotYet => Told::Field("on"),
});

refusals!(end_gp::Rejection, "end-gp", "R12", |refused| match refused {
    end_gp::Rejection::Barred(barred) => Told::barred(barred),
    end_gp::Rejection::NotYet => Told::Field("on"),
});

refusals!(end_involvement::Rejection, "end-involvement", "R14", |refused| match refused {
    end_involvement::Rejection::Barred(barred) => Told::barred(barred),
    end_involvement::Rejection::NoSuchInvolvement => Told::State("no-such-involvement"),
    end_involvement::Rejection::AnotherOrganisations => Told::State("another-organisations"),
    end_involvement::Rejection::EndedAlready(_) => Told::State("ended-already"),
    end_involvement::Rejection::BeganLater(_) => Told::State("began-later"),
    end_involvement::Rejection::NotYet => Told::Field("on"),
});

refusals!(
    end_lead_professional::Rejection,
    "end-lead-professional",
    "R18",
    |refused| match refused {
        end_lead_professional::Rejection::Barred(barred) => Told::barred(barred),
        end_lead_professional::Rejection::NotYet => Told::Field("on"),
    }
);

refusals!(indicate_common_assessment::Rejection, "indicate-common-assessment", "R19", |refused| {
    match refused {
        indicate_common_assessment::Rejection::Barred(barred) => Told::barred(barred),
        indicate_common_assessment::Rejection::NotYet => Told::Field("on"),
    }
});

refusals!(offer_transfer::Rejection, "offer-transfer", "R21", |refused| match refused {
    offer_transfer::Rejection::Barred(barred) => Told::barred(barred),
    offer_transfer::Rejection::Unmet(unmet) => Told::Missing("unmet", spelled(unmet)),
});

refusals!(record_carer::Rejection, "record-carer", "R7", |refused| match refused {
    record_carer::Rejection::Barred(barred) => Told::barred(barred),
});

refusals!(record_education::Rejection, "record-education", "R9", |refused| match refused {
    record_education::Rejection::Barred(barred) => Told::barred(barred),
    record_education::Rejection::NotYet => Told::Field("from"),
});

refusals!(record_gp::Rejection, "record-gp", "R11", |refused| match refused {
    record_gp::Rejection::Barred(barred) => Told::barred(barred),
    record_gp::Rejection::NotYet => Told::Field("from"),
});

refusals!(record_involvement::Rejection, "record-involvement", "R13", |refused| match refused {
    record_involvement::Rejection::Barred(barred) => Told::barred(barred),
    record_involvement::Rejection::Unmet(unmet) => Told::Missing("unmet", spelled(unmet)),
});

refusals!(
    record_sensitive_involvement::Rejection,
    "record-sensitive-involvement",
    "R15",
    |refused| match refused {
        record_sensitive_involvement::Rejection::Barred(barred) => Told::barred(barred),
        record_sensitive_involvement::Rejection::Unmet(unmet) =>
            Told::Missing("unmet", spelled(unmet)),
    }
);

refusals!(resolve_quarantine::Rejection, "resolve-quarantine", "R4", |refused| match refused {
    resolve_quarantine::Rejection::Barred(barred) => Told::barred(barred),
    resolve_quarantine::Rejection::NotQuarantined => Told::State("not-quarantined"),
});

refusals!(withdraw_common_assessment::Rejection, "withdraw-common-assessment", "R20", |refused| {
    match refused {
        withdraw_common_assessment::Rejection::Barred(barred) => Told::barred(barred),
        withdraw_common_assessment::Rejection::NotYet => Told::Field("on"),
    }
});

refusals!(withdraw_sensitive_consent::Rejection, "withdraw-sensitive-consent", "R16", |refused| {
    match refused {
        withdraw_sensitive_consent::Rejection::Barred(barred) => Told::barred(barred),
        withdraw_sensitive_consent::Rejection::NoSuchInvolvement => {
            Told::State("no-such-involvement")
        }
        withdraw_sensitive_consent::Rejection::NotByConsent => Told::State("not-by-consent"),
    }
});
