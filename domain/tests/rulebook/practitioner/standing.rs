//! Every condition, at every use (U1).

use std::collections::BTreeSet;

use domain::{
    organisation::{self, Capability, Organisation},
    policy::{PolicyVersion, Values},
    practitioner::{
        self, AccountRole, Condition, Event, Practitioner, Standing, SuspensionCause, Topic, assess,
    },
    recorded::Recorded,
};
use fixtures::{
    people::{authorised, nominated, organisation, text},
    scenario::{History, at, on},
};

use crate::users::{AUTHORITY, adopted, ours};

const ALWAYS: [Condition; 11] = [
    Condition::OrganisationAccredited,
    Condition::Nominated,
    Condition::IdentityVerified,
    Condition::CurrentCrbCheck,
    Condition::TrainingCompleted,
    Condition::ProceduresProvided,
    Condition::AgreementSigned,
    Condition::SecurityToken,
    Condition::AccountAuthorised,
    Condition::NotSuspended,
    Condition::NotClosed,
];

fn her() -> History<Event> {
    authorised(1, AccountRole::Practitioner, AUTHORITY)
}

fn judged(person: &Practitioner, instant: &str) -> Standing {
    let at = at(instant);
    assess(person, &organisation(AUTHORITY), &ours(), AccountRole::Practitioner, None, at)
}

fn without(left_out: impl Fn(&Event) -> bool) -> BTreeSet<Condition> {
    let kept: Vec<Recorded<Event>> =
        her().recorded().iter().filter(|it| !left_out(&it.event)).cloned().collect();
    let person = <Practitioner as domain::fold::Fold>::replay(&kept);
    judged(&person, "2009-06-22T12:00:00Z").unmet
}

#[test]
fn u1_all_conditions_hold_until_the_first_dated_one_lapses() {
    assert_eq!(
        judged(&her().fold(), "2009-06-22T12:00:00Z"),
        Standing {
            judged: ALWAYS.into(),
            unmet: BTreeSet::new(),
            policy: PolicyVersion(0),
            lapses_on: Some(on("2011-09-01")),
        }
    );
}

#[test]
fn u1_each_condition_left_out_is_the_one_that_fails() {
    use Condition as C;
    assert_eq!(
        without(|it| matches!(it, Event::IdentityVerified { .. })),
        [C::IdentityVerified].into()
    );
    assert_eq!(
        without(|it| matches!(it, Event::EnhancedCrbCheckRecorded { .. })),
        [C::CurrentCrbCheck].into()
    );
    assert_eq!(
        without(|it| matches!(it, Event::TrainingAttended { .. })),
        [C::TrainingCompleted].into()
    );
    assert_eq!(
        without(|it| matches!(it, Event::TrainingCompleted { .. })),
        [C::TrainingCompleted].into()
    );
    assert_eq!(
        without(|it| matches!(it, Event::SecurityProceduresProvided { .. })),
        [C::ProceduresProvided].into()
    );
    assert_eq!(
        without(|it| matches!(it, Event::EndUserAgreementSigned { .. })),
        [C::AgreementSigned].into()
    );
    assert_eq!(
        without(|it| matches!(it, Event::SecurityTokenIssued { .. })),
        [C::SecurityToken].into()
    );
    assert_eq!(
        without(|it| matches!(it, Event::AccountAuthorised { .. })),
        [C::AccountAuthorised].into()
    );
    assert_eq!(without(|it| matches!(it, Event::Nominated { .. })), [C::Nominated].into());
}

#[test]
fn u1_nobody_known_meets_almost_nothing() {
    let nobody = Practitioner::default();
    let nowhere = Organisation::default();
    let at = at("2009-06-22T12:00:00Z");
    let found = assess(
        &nobody,
        &nowhere,
        &ours(),
        AccountRole::ManagementTeam,
        Some(Capability::Search),
        at,
    );
    let mut unmet: BTreeSet<Condition> = ALWAYS.into();
    unmet.extend([Condition::TestPassed, Condition::CapabilityEnabled]);
    assert_eq!(found.judged, unmet);
    unmet.remove(&Condition::NotSuspended);
    unmet.remove(&Condition::NotClosed);
    assert_eq!(found.unmet, unmet);
    assert_eq!(found.lapses_on, None);
}

#[test]
fn u1_every_unmet_condition_is_named() {
    let person: Practitioner = nominated(1, AccountRole::Practitioner, AUTHORITY).fold();
    assert_eq!(
        judged(&person, "2009-06-22T12:00:00Z").unmet,
        [
            Condition::IdentityVerified,
            Condition::CurrentCrbCheck,
            Condition::TrainingCompleted,
            Condition::ProceduresProvided,
            Condition::AgreementSigned,
            Condition::SecurityToken,
            Condition::AccountAuthorised,
        ]
        .into()
    );
}

#[test]
fn u1_teams_and_trainers_are_judged_on_their_test_and_practitioners_are_not() {
    let tested = |role| {
        let person: Practitioner = authorised(1, role, AUTHORITY).fold();
        let at = at("2009-06-22T12:00:00Z");
        let found = assess(&person, &organisation(AUTHORITY), &ours(), role, None, at);
        (found.judged.contains(&Condition::TestPassed), found.authorised())
    };
    assert_eq!(tested(AccountRole::Practitioner), (false, true));
    assert_eq!(tested(AccountRole::ManagementTeam), (true, true));
    assert_eq!(tested(AccountRole::Trainer), (true, true));
}

#[test]
fn u1_an_account_is_good_for_its_own_role_only() {
    let at = at("2009-06-22T12:00:00Z");
    let found =
        assess(&her().fold(), &organisation(AUTHORITY), &ours(), AccountRole::Trainer, None, at);
    assert_eq!(
        found.unmet,
        [Condition::Nominated, Condition::TestPassed, Condition::AccountAuthorised].into()
    );
}

#[test]
fn u1_accreditation_ends_on_its_last_day_and_with_it_everybodys_access() {
    let renewed: Practitioner = her()
        .at("2011-06-01T09:00:00Z")
        .then(Event::EnhancedCrbCheckRecorded {
            issued_on: on("2011-06-01"),
            disclosure_number: text("2"),
        })
        .fold();
    assert_eq!(judged(&renewed, "2011-12-31T12:00:00Z").lapses_on, Some(on("2012-01-02")));
    assert!(judged(&renewed, "2012-01-01T23:59:59Z").authorised());
    assert_eq!(
        judged(&renewed, "2012-01-02T00:00:00Z").unmet,
        [Condition::OrganisationAccredited].into()
    );
}

#[test]
fn u1_a_past_day_is_answered_from_the_states_of_that_day_under_the_policy_of_that_day() {
    let before: Practitioner = her().fold();
    let suspended: Practitioner = her()
        .at("2009-05-01T09:00:00Z")
        .then(Event::AccountSuspended { cause: SuspensionCause::Reported, particulars: text("x") })
        .fold();
    let mut topics = Values::default().mandatory_topics;
    topics.insert(Topic::Shielding);
    let policy = adopted([
        ("2009-01-01", Values::default()),
        ("2009-06-01", Values { mandatory_topics: topics, ..Values::default() }),
    ]);
    let judged = |person: &Practitioner, instant| {
        let at = at(instant);
        let found = assess(
            person,
            &organisation(AUTHORITY),
            &policy,
            AccountRole::Practitioner,
            Some(Capability::Search),
            at,
        );
        (found.policy.0, found.unmet)
    };
    assert_eq!(judged(&before, "2009-04-30T12:00:00Z"), (1, BTreeSet::new()));
    assert_eq!(judged(&suspended, "2009-05-01T12:00:00Z"), (1, [Condition::NotSuspended].into()));
    assert_eq!(judged(&before, "2009-05-31T12:00:00Z"), (1, BTreeSet::new()));
    assert_eq!(judged(&before, "2009-06-01T12:00:00Z"), (2, [Condition::TrainingCompleted].into()));
}

#[test]
fn u1_the_lapse_foreseen_takes_a_policy_to_come_into_account() {
    let isa = Values { isa_in_force_from: Some(on("2010-07-26")), ..Values::default() };
    let policy = adopted([("2009-01-01", Values::default()), ("2010-01-01", isa)]);
    let at = at("2009-06-22T12:00:00Z");
    let found = assess(
        &her().fold(),
        &organisation(AUTHORITY),
        &policy,
        AccountRole::Practitioner,
        None,
        at,
    );
    assert_eq!(found.lapses_on, Some(on("2010-07-26")));

    let yearly = Values { crb_valid_months: 12, ..Values::default() };
    let policy = adopted([("2009-01-01", Values::default()), ("2009-12-01", yearly)]);
    let found = assess(
        &her().fold(),
        &organisation(AUTHORITY),
        &policy,
        AccountRole::Practitioner,
        None,
        at,
    );
    assert_eq!(found.lapses_on, Some(on("2009-12-01")));
}

#[test]
fn u1_withdrawn_accreditation_stops_everybody_from_its_day() {
    let withdrawn: Organisation = fixtures::people::authority(AUTHORITY)
        .then(organisation::Event::AccreditationWithdrawn {
            on: on("2009-06-22"),
            reason: text("no procedures"),
        })
        .fold();
    let unmet = |instant| {
        let at = at(instant);
        assess(&her().fold(), &withdrawn, &ours(), AccountRole::Practitioner, None, at).unmet
    };
    assert_eq!(unmet("2009-06-21T23:59:59Z"), BTreeSet::new());
    assert_eq!(unmet("2009-06-22T00:00:00Z"), [Condition::OrganisationAccredited].into());
}

#[test]
fn u1_topics_of_several_courses_count_together() {
    let all = Values::default().mandatory_topics;
    let (first, second): (BTreeSet<Topic>, BTreeSet<Topic>) =
        all.into_iter().partition(|topic| *topic == Topic::Use);
    let trained = |parts: &[&BTreeSet<Topic>]| {
        let start = nominated(1, AccountRole::Practitioner, AUTHORITY);
        let person: Practitioner = parts
            .iter()
            .fold(start, |history, part| {
                history
                    .then(Event::TrainingAttended { on: on("2009-02-01"), topics: (*part).clone() })
                    .then(Event::TrainingCompleted {
                        on: on("2009-02-01"),
                        topics: (*part).clone(),
                    })
            })
            .fold();
        !judged(&person, "2009-06-22T12:00:00Z").unmet.contains(&Condition::TrainingCompleted)
    };
    assert!(trained(&[&first, &second]));
    assert!(!trained(&[&second]));
    assert!(!trained(&[&first]));
}

#[test]
fn u1_the_last_test_counts() {
    let after = |events: Vec<Event>| {
        let person: Practitioner = events
            .into_iter()
            .fold(authorised(1, AccountRole::Trainer, AUTHORITY), History::then)
            .fold();
        let at = at("2009-06-22T12:00:00Z");
        assess(&person, &organisation(AUTHORITY), &ours(), AccountRole::Trainer, None, at).unmet
    };
    let failed = practitioner::Event::TrainingTestFailed { on: on("2009-05-01") };
    let passed = practitioner::Event::TrainingTestPassed { on: on("2009-05-02") };
    assert_eq!(after(vec![failed.clone()]), [Condition::TestPassed].into());
    assert_eq!(after(vec![failed, passed]), BTreeSet::new());
}
