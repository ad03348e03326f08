use domain::{
    caller::{Caller, NotEntitled},
    child::{
        Barred, Child, Detail, Event, Gender, ServiceKind, amend_record, assign_lead_professional,
        correct_record, end_carer, end_education, end_gp, end_involvement, end_lead_professional,
        indicate_common_assessment, offer_transfer,
        record_carer::{self, RecordCarer},
        record_education, record_gp, record_involvement, record_sensitive_involvement,
        withdraw_common_assessment, withdraw_sensitive_consent,
    },
    organisation::{Capability, OrganisationKind},
    personal::Personal,
    policy::PolicyVersion,
    practitioner::Condition,
};
use fixtures::scenario::on;

use super::{
    EASTSHIRE, EVERYTHING, TODAY, TRUST, body, carer, child, involvement, june_2009, mother, now,
    organisation_id, practitioner, practitioner_enabled, quarantined, service, team, team_enabled,
    team_of, words,
};

/// Who is barred from what, or nobody from anything.
type Outcome = Result<(), Barred>;

macro_rules! outcome {
    ($decision:ident, $decided:expr) => {
        match $decided {
            Ok(_) => (stringify!($decision), Ok(())),
            Err($decision::Rejection::Barred(barred)) => (stringify!($decision), Err(barred)),
            Err(_) => (stringify!($decision), Ok(())),
        }
    };
}

/// The one decision that refuses for no other reason.
fn record_carer(child: &Child, caller: &Caller<'_>) -> Outcome {
    let command = RecordCarer { at: now(), carer: carer(1), particulars: mother() };
    match record_carer::decide(child, &june_2009(), caller, &command) {
        Ok(_) => Ok(()),
        Err(record_carer::Rejection::Barred(barred)) => Err(barred),
    }
}

/// Every write of a user, with whether the caller was barred.
fn writes(child: &Child, caller: &Caller<'_>) -> Vec<(&'static str, Outcome)> {
    let (policy, at, day) = (&june_2009(), now(), on(TODAY));
    let provider = || domain::child::Provider {
        name: "Hill".to_owned(),
        contact: domain::child::Contact::default(),
    };
    macro_rules! ask {
        ($decision:ident :: $command:ident { $($field:ident : $value:expr),* }) => {
            outcome!($decision, $decision::decide(
                child, policy, caller, &$decision::$command { at, $($field: $value),* },
            ))
        };
    }
    let gender = Detail::Gender(Personal::Known(Gender::Male));
    vec![
        ask!(amend_record::AmendRecord { detail: gender, valid_from: day }),
        ("record_carer", record_carer(child, caller)),
        ask!(end_carer::EndCarer { carer: carer(1), on: day }),
        ask!(record_education::RecordEducation { provider: provider(), from: day }),
        ask!(end_education::EndEducation { on: day }),
        ask!(record_gp::RecordGp { provider: provider(), from: day }),
        ask!(end_gp::EndGp { on: day }),
        ask!(record_involvement::RecordInvolvement {
            involvement: involvement(1),
            service: service(ServiceKind::Police),
            from: day
        }),
        ask!(end_involvement::EndInvolvement { involvement: involvement(1), on: day }),
        ask!(record_sensitive_involvement::RecordSensitiveInvolvement {
            involvement: involvement(1),
            basis: domain::child::SensitiveBasis::ConsentOfChild,
            service: service(ServiceKind::MentalHealth),
            from: day
        }),
        ask!(withdraw_sensitive_consent::WithdrawSensitiveConsent { involvement: involvement(1) }),
        ask!(assign_lead_professional::AssignLeadProfessional { involvement: involvement(1) }),
        ask!(end_lead_professional::EndLeadProfessional { on: day }),
        ask!(indicate_common_assessment::IndicateCommonAssessment { on: day }),
        ask!(withdraw_common_assessment::WithdrawCommonAssessment { on: day }),
    ]
}

/// Every write of the responsible authority, with whether the caller was barred.
fn duties(child: &Child, caller: &Caller<'_>) -> Vec<(&'static str, Outcome)> {
    let policy = &june_2009();
    let detail = Detail::Gender(Personal::Known(Gender::Male));
    let correct = correct_record::CorrectRecord { at: now(), detail, reason: words("Wrong") };
    let offer = offer_transfer::OfferTransfer { at: now(), to: organisation_id(EASTSHIRE) };
    let eastshire = body(EASTSHIRE, OrganisationKind::LocalAuthority, &EVERYTHING);
    vec![
        outcome!(correct_record, correct_record::decide(child, policy, caller, &correct)),
        outcome!(offer_transfer, offer_transfer::decide(child, &eastshire, policy, caller, &offer)),
    ]
}

#[track_caller]
fn all(outcomes: Vec<(&'static str, Outcome)>, expected: &Outcome) {
    for (decision, outcome) in outcomes {
        assert_eq!(&outcome, expected, "{decision}");
    }
}

fn not_enabled() -> Barred {
    Barred::NotEntitled(NotEntitled::Unmet {
        conditions: [Condition::CapabilityEnabled].into(),
        policy: PolicyVersion::default(),
    })
}

#[test]
fn r2_authorised_users_write_whoever_is_responsible() {
    all(writes(&child(), &practitioner().caller()), &Ok(()));
    all(writes(&child(), &team().caller()), &Ok(()));
    all(writes(&child(), &team_of(EASTSHIRE).caller()), &Ok(()));
}

#[test]
fn r2_an_organisation_not_enabled_for_updates_writes_nothing() {
    let parts = [Capability::Shield, Capability::Search];
    all(writes(&child(), &practitioner_enabled(TRUST, &parts).caller()), &Err(not_enabled()));
    all(duties(&child(), &team_enabled(&parts).caller()), &Err(not_enabled()));
}

#[test]
fn r2_where_there_is_no_record_nobody_writes() {
    let nothing = Child::default();
    all(writes(&nothing, &practitioner().caller()), &Err(Barred::NoSuchRecord));
    all(duties(&nothing, &team().caller()), &Err(Barred::NoSuchRecord));
}

#[test]
fn r2_a_quarantined_record_is_there_for_its_own_team_alone() {
    let quarantined: Child = quarantined().fold();
    all(writes(&quarantined, &practitioner().caller()), &Err(Barred::NoSuchRecord));
    all(writes(&quarantined, &team_of(EASTSHIRE).caller()), &Err(Barred::NoSuchRecord));
    all(duties(&quarantined, &team_of(EASTSHIRE).caller()), &Err(Barred::NoSuchRecord));
    all(writes(&quarantined, &team().caller()), &Ok(()));
    all(duties(&quarantined, &team().caller()), &Ok(()));
}

#[test]
fn r2_what_is_the_responsible_authoritys_is_for_its_team_alone() {
    all(duties(&child(), &team().caller()), &Ok(()));
    all(duties(&child(), &team_of(EASTSHIRE).caller()), &Err(Barred::NotResponsible));
    let other_office = NotEntitled::OtherOffice {
        acted_as: domain::actor::Role::Practitioner,
        needed: [domain::actor::Role::ManagementTeam].into(),
    };
    let barred = Err(Barred::NotEntitled(other_office));
    all(duties(&child(), &practitioner().caller()), &barred);
}

#[test]
fn r2_a_refusal_never_names_the_responsible_authority() {
    let refused = format!("{:?}", duties(&child(), &team_of(EASTSHIRE).caller()));
    let responsible = child().responsible_authority().unwrap().to_string();
    assert!(!refused.contains(&responsible));
    let told = Event::ResponsibilityAllocated { authority: organisation_id(super::WESTSHIRE) };
    assert!(format!("{told:?}").contains(&responsible), "or the test could not fail");
}
