//! Why a shield is not changed, and why there is nothing to look at.

use domain::{
    access::{
        brokering::{broker, decline, request as ask, view},
        close_record,
        copy::{destroy, take},
        override_shield::{attempt, confirm, end, withdraw},
    },
    shield::{
        apply_provisionally, challenge, determine, lift, record_view, request, review, uphold,
    },
};

use super::{Told, named, refusals, spelled};

fn may_not_ask(refused: &request::Rejection) -> Told {
    match refused {
        request::Rejection::Barred(barred) => Told::barred(barred),
        request::Rejection::IdentityNotChecked => Told::Field("identity_checked"),
    }
}

refusals!(request::Rejection, "request-shield", "S1", |refused| may_not_ask(refused));

refusals!(apply_provisionally::Rejection, "apply-shield-provisionally", "S2", |refused| {
    match refused {
        apply_provisionally::Rejection::Barred(barred) => Told::barred(barred),
        apply_provisionally::Rejection::ShieldedAlready => Told::State("shielded-already"),
        apply_provisionally::Rejection::AdoptionAlone => Told::Field("rests_on"),
    }
});

refusals!(record_view::Rejection, "record-view", "S3", |refused| match refused {
    record_view::Rejection::Barred(barred) => Told::barred(barred),
    record_view::Rejection::NothingToDecide => Told::State("nothing-to-decide"),
});

refusals!(determine::Rejection, "determine-shield", "S4", |refused| match refused {
    determine::Rejection::Barred(barred) => Told::barred(barred),
    determine::Rejection::NothingToDecide => Told::State("nothing-to-decide"),
    determine::Rejection::OnlyLifted => Told::State("only-lifted"),
    determine::Rejection::OwnDecision => Told::State("own-decision"),
    determine::Rejection::Unmet(unmet) => Told::Missing("unmet", spelled(unmet)),
});

refusals!(review::Rejection, "review-shield", "S5", |refused| match refused {
    review::Rejection::Barred(barred) => Told::barred(barred),
    review::Rejection::NotApplied => Told::State("not-applied"),
});

refusals!(lift::Rejection, "lift-shield", "S6", |refused| match refused {
    lift::Rejection::Barred(barred) => Told::barred(barred),
    lift::Rejection::NotApplied => Told::State("not-applied"),
    lift::Rejection::ViewsMissing(parties) => Told::Missing("views-missing", named(parties)),
});

refusals!(challenge::Rejection, "challenge-shield-decision", "S8", |refused| match refused {
    challenge::Rejection::MayNotAsk(refused) => may_not_ask(refused),
    challenge::Rejection::NoSuchDecision => Told::State("no-such-decision"),
    challenge::Rejection::UpheldAlready => Told::State("upheld-already"),
});

refusals!(uphold::Rejection, "uphold-shield-decision", "S9", |refused| match refused {
    uphold::Rejection::Barred(barred) => Told::barred(barred),
    uphold::Rejection::NotChallenged => Told::State("not-challenged"),
    uphold::Rejection::OwnDecision => Told::State("own-decision"),
});

refusals!(close_record::Rejection, "close-record", "A4", |refused| match refused {
    close_record::Rejection::NoSuchOpening => Told::NotFound,
    close_record::Rejection::AlreadyClosed => Told::State("already-closed"),
});

refusals!(attempt::Rejection, "attempt-override", "A5", |refused| match refused {
    attempt::Rejection::NotOpen => Told::State("not-open"),
    attempt::Rejection::NotShielded => Told::State("not-shielded"),
    attempt::Rejection::AlreadyRunning(_) => Told::State("already-running"),
    attempt::Rejection::ProcedureTaken => Told::State("procedure-taken"),
});

refusals!(confirm::Rejection, "confirm-override", "A6", |refused| match refused {
    confirm::Rejection::NoSuchProcedure => Told::NotFound,
    confirm::Rejection::NotWarned(_) => Told::State("not-warned"),
    confirm::Rejection::NotOpen => Told::State("not-open"),
    confirm::Rejection::NotShielded => Told::State("not-shielded"),
    confirm::Rejection::InvestigationTaken => Told::State("investigation-taken"),
});

refusals!(withdraw::Rejection, "withdraw-override", "A7", |refused| match refused {
    withdraw::Rejection::NoSuchProcedure => Told::NotFound,
    withdraw::Rejection::NotWarned(_) => Told::State("not-warned"),
});

refusals!(end::Rejection, "end-override", "A8", |refused| match refused {
    end::Rejection::NoSuchProcedure => Told::NotFound,
    end::Rejection::NotInForce(_) => Told::State("not-in-force"),
});

refusals!(take::Rejection, "take-copy", "A15", |refused| match refused {
    take::Rejection::NotOpen => Told::State("not-open"),
    take::Rejection::CopyTaken => Told::State("copy-taken"),
});

refusals!(destroy::Rejection, "destroy-copy", "A16", |refused| match refused {
    destroy::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    destroy::Rejection::NoSuchCopy => Told::NotFound,
});

refusals!(ask::Rejection, "request-contact", "A17", |refused| match refused {
    ask::Rejection::NotOpen => Told::State("not-open"),
    ask::Rejection::BrokeringTaken => Told::State("brokering-taken"),
});

refusals!(view::Rejection, "view-to-broker", "A18", |refused| match refused {
    view::Rejection::NoSuchBrokering => Told::NotFound,
    view::Rejection::Answered(_) => Told::State("answered"),
});

refusals!(broker::Rejection, "broker-contact", "A19", |refused| match refused {
    broker::Rejection::Barred(barred) => Told::barred(barred),
    broker::Rejection::NoSuchBrokering => Told::NotFound,
    broker::Rejection::NotViewed => Told::State("not-viewed"),
    broker::Rejection::Answered(_) => Told::State("answered"),
    broker::Rejection::NoSuchInvolvement => Told::Field("with"),
});

refusals!(decline::Rejection, "decline-brokering", "A20", |refused| match refused {
    decline::Rejection::Barred(barred) => Told::barred(barred),
    decline::Rejection::NoSuchBrokering => Told::NotFound,
    decline::Rejection::Answered(_) => Told::State("answered"),
});
