//! Why nothing is held, archived or erased.

use domain::{
    caller::NotEntitled,
    child::{archive_record, consent_to_stay, record_death},
    erasure::{
        NotErasable, authorise, begin, lift_hold, place_hold, propose, record_due, withdraw,
    },
};

use super::{Told, refusals};

const fn not_erasable(why: NotErasable) -> Told {
    Told::State(match why {
        NotErasable::Held => "held",
        NotErasable::NotDue => "not-due",
        NotErasable::Active => "active",
        NotErasable::Begun => "begun",
    })
}

/// To a team whose subject it is not nobody is there: it may not learn that there is such a record.
fn lacking(lacking: &NotEntitled) -> Told {
    match lacking {
        NotEntitled::OtherOrganisation { .. } | NotEntitled::OtherOffice { .. } => Told::NotFound,
        NotEntitled::NotAppointed { .. } | NotEntitled::Unmet { .. } | NotEntitled::OwnStanding => {
            Told::lacking(lacking)
        }
    }
}

refusals!(record_death::Rejection, "record-death", "K2", |refused| match refused {
    record_death::Rejection::Barred(barred) => Told::barred(barred),
    record_death::Rejection::NotYet | record_death::Rejection::BeforeBirth => Told::Field("on"),
});

refusals!(consent_to_stay::Rejection, "consent-to-stay", "K3", |refused| match refused {
    consent_to_stay::Rejection::Barred(barred) => Told::barred(barred),
    consent_to_stay::Rejection::TooYoung => Told::State("too-young"),
    consent_to_stay::Rejection::UnusableDay => Told::Field("until"),
});

refusals!(archive_record::Rejection, "archive-record", "K4", |refused| match refused {
    archive_record::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    archive_record::Rejection::NoSuchRecord => Told::NotFound,
    archive_record::Rejection::NotDue => Told::State("not-due"),
});

refusals!(place_hold::Rejection, "place-hold", "E1", |refused| match refused {
    place_hold::Rejection::NotEntitled(refused) => lacking(refused),
    place_hold::Rejection::NoSuchSubject => Told::NotFound,
    place_hold::Rejection::TooLate => Told::State("begun"),
});

refusals!(lift_hold::Rejection, "lift-hold", "E2", |refused| match refused {
    lift_hold::Rejection::NotEntitled(refused) => lacking(refused),
    lift_hold::Rejection::NoSuchHold => Told::NotFound,
});

refusals!(record_due::Rejection, "record-due", "E4", |refused| match refused {
    record_due::Rejection::NotEntitled(lacking) => Told::lacking(lacking),
    record_due::Rejection::NotDue => Told::State("not-due"),
});

refusals!(propose::Rejection, "propose-erasure", "E5", |refused| match refused {
    propose::Rejection::NotEntitled(refused) => lacking(refused),
    propose::Rejection::NoSuchSubject => Told::NotFound,
    propose::Rejection::NotErasable(why) => not_erasable(*why),
    propose::Rejection::AlreadyAuthorised => Told::State("already-authorised"),
});

refusals!(authorise::Rejection, "authorise-erasure", "E7", |refused| match refused {
    authorise::Rejection::NotEntitled(refused) => lacking(refused),
    authorise::Rejection::NotProposed => Told::State("not-proposed"),
    authorise::Rejection::SameOfficer => Told::State("same-officer"),
    authorise::Rejection::NotErasable(why) => not_erasable(*why),
});

refusals!(withdraw::Rejection, "withdraw-erasure", "E8", |refused| match refused {
    withdraw::Rejection::NotEntitled(refused) => lacking(refused),
    withdraw::Rejection::TooLate(why) => not_erasable(*why),
});

refusals!(begin::Rejection, "begin-erasure", "E9", |refused| match refused {
    begin::Rejection::NotEntitled(refused) => lacking(refused),
    begin::Rejection::NotAuthorised => Told::State("not-authorised"),
    begin::Rejection::NotErasable(why) => not_erasable(*why),
});
