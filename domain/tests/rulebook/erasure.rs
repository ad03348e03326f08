//! Rules E*: holds, when erasure is due, two officers, the steps, and what comes too late.

use std::collections::BTreeSet;

use domain::{
    caller::{Caller, NotEntitled},
    child::{self, Child, ChildNumber, DataSource, DateOfBirth, Gender, Name, Whereabouts},
    erasure::{
        Erasure, Event, Grounds, HoldGround, NotErasable, PurgeMethod, RetentionRule, Sections,
        Stage, Step, Subject, authorise, begin, due, late_event, lift_hold, place_hold, propose,
        record_due, withdraw,
    },
    identity::{ChildRef, HoldId, PractitionerId},
    personal::Personal,
    policy::{Policy, Retention},
    practitioner::{self, AccountRole, Practitioner},
    reason::Text,
    stream::Stream,
};
use fixtures::{
    people::{Person, authorised},
    scenario::{History, at, id, on},
};

use crate::users::{AUTHORITY, ELSEWHERE};

/// The first day on which the record below should be gone: 24 years after the birth.
const DUE: &str = "2027-05-01T00:00:00Z";
const DAY_BEFORE: &str = "2027-04-30T23:59:59Z";

fn words() -> Text {
    "Proceedings are under way".try_into().unwrap()
}

fn first() -> Person {
    Person::official(40)
}

fn second() -> Person {
    Person::official(42)
}

/// The record of a child born on 1 May 2003, of the authority.
fn record() -> Child {
    History::of(Stream::Child(ChildRef::new(id(1))))
        .then(child::Event::RecordCreated {
            number: Personal::Known(ChildNumber::from_serial(7)),
            name: Personal::Known(Name::new("Billie", "Field").unwrap()),
            gender: Personal::Known(Gender::Female),
            date_of_birth: Personal::Known(
                DateOfBirth::new(on("2003-05-01"), on("2009-06-22")).unwrap(),
            ),
            whereabouts: Personal::Known(Whereabouts::NoKnownAddress),
            source: DataSource::Practitioner,
        })
        .then(child::Event::ResponsibilityAllocated { authority: crate::users::authority() })
        .fold()
}

fn history() -> History<Event> {
    History::of(Stream::Erasure(id(1)))
}

fn hold() -> HoldId {
    HoldId::new(id(500))
}

fn placed() -> Event {
    Event::LegalHoldPlaced {
        hold: hold(),
        ground: HoldGround::Litigation,
        words: Personal::Known(words()),
    }
}

fn lifted() -> Event {
    Event::LegalHoldLifted { hold: hold(), words: Personal::Known(words()) }
}

fn proposed(grounds: Grounds) -> Event {
    let rule = (grounds == Grounds::RetentionEnded).then_some(RetentionRule::ReachedAge);
    Event::Proposed { grounds, rule }
}

fn by_first(history: History<Event>) -> History<Event> {
    history.by(first().caller().actor())
}

fn was_proposed() -> History<Event> {
    by_first(history()).then(proposed(Grounds::OrderedByCourt))
}

fn authorisation() -> Event {
    Event::Authorised { proposed_by: first().caller().id, grounds: Grounds::OrderedByCourt }
}

fn was_authorised() -> History<Event> {
    was_proposed().by(second().caller().actor()).then(authorisation())
}

fn holders() -> BTreeSet<String> {
    ["a-cache", "an-index"].map(str::to_owned).into()
}

fn beginning(rule: Option<RetentionRule>) -> Event {
    Event::Begun {
        grounds: Grounds::OrderedByCourt,
        rule,
        proposed_by: first().caller().id,
        authorised_by: second().caller().id,
        holders: holders(),
    }
}

fn had_begun() -> History<Event> {
    was_authorised().then(beginning(None))
}

fn place(
    history: &History<Event>,
    child: &Child,
    by: &Person,
) -> Result<Vec<Event>, place_hold::Rejection> {
    let nobody = Practitioner::default();
    place_hold::decide(
        &history.fold(),
        Subject::of(child, &nobody),
        &Policy::default(),
        &by.caller(),
        &place_hold::PlaceHold {
            at: at("2009-06-22T12:00:00Z"),
            hold: hold(),
            ground: HoldGround::Litigation,
            words: words(),
        },
    )
}

#[test]
fn e1_an_official_or_the_team_that_answers_places_a_hold() {
    for by in [first(), Person::management_team(20, AUTHORITY)] {
        assert_eq!(place(&history(), &record(), &by), Ok(vec![placed()]));
    }
    let elsewhere = Person::management_team(21, ELSEWHERE);
    assert!(matches!(
        place(&history(), &record(), &elsewhere),
        Err(place_hold::Rejection::NotEntitled(NotEntitled::OtherOrganisation { .. })),
    ));
}

#[test]
fn e1_placing_a_hold_again_is_quiet_also_after_it_was_lifted() {
    assert_eq!(place(&history().then(placed()), &record(), &first()), Ok(vec![]));
    let lifted = history().then(placed()).then(lifted());
    assert_eq!(place(&lifted, &record(), &first()), Ok(vec![]));
}

#[test]
fn e1_nothing_is_held_for_nobody_or_once_an_erasure_has_begun() {
    assert_eq!(
        place(&history(), &Child::default(), &first()),
        Err(place_hold::Rejection::NoSuchSubject),
    );
    assert_eq!(place(&was_authorised(), &record(), &first()), Ok(vec![placed()]));
    assert_eq!(place(&had_begun(), &record(), &first()), Err(place_hold::Rejection::TooLate),);
}

#[test]
fn e2_a_hold_is_lifted_once_and_only_if_it_was_placed() {
    let lift = |history: History<Event>| {
        lift_hold::decide(
            &history.fold(),
            Subject::of(&record(), &Practitioner::default()),
            &Policy::default(),
            &first().caller(),
            &lift_hold::LiftHold { at: at(DUE), hold: hold(), words: words() },
        )
    };
    assert_eq!(lift(history()), Err(lift_hold::Rejection::NoSuchHold));
    assert_eq!(lift(history().then(placed())), Ok(vec![lifted()]));
    assert_eq!(lift(history().then(placed()).then(lifted())), Ok(vec![]));
}

#[test]
fn e3_a_record_is_due_six_years_after_it_was_archived() {
    let (rule, dates) = due::due(Subject::Child(&record()), Retention::OF_2009).unwrap();
    assert_eq!(rule, RetentionRule::ReachedAge);
    assert_eq!(dates, due::Dates { kept_from: on("2021-05-01"), due_from: on("2027-05-01") });
}

#[test]
fn e3_a_user_is_due_six_years_after_the_account_was_closed() {
    let open: Practitioner = authorised(1, AccountRole::Practitioner, AUTHORITY).fold();
    assert_eq!(due::due(Subject::Practitioner(&open), Retention::OF_2009), None);
    let closed = practitioner::Event::AccountClosed { reason: Personal::Known(words()) };
    let closed: Practitioner = authorised(1, AccountRole::Practitioner, AUTHORITY)
        .at("2010-07-01T10:00:00Z")
        .then(closed)
        .fold();
    let (rule, dates) = due::due(Subject::Practitioner(&closed), Retention::OF_2009).unwrap();
    assert_eq!((rule, dates.due_from), (RetentionRule::AccountClosed, on("2016-07-01")));
}

fn due(rule: RetentionRule) -> Event {
    let dates = due::Dates { kept_from: on("2021-05-01"), due_from: on("2027-05-01") };
    Event::Due { rule, dates: Personal::Known(dates) }
}

#[test]
fn e4_that_it_is_due_is_recorded_once_on_its_day_and_not_the_day_before() {
    let clock = |history: History<Event>, instant| {
        record_due::decide(
            &history.fold(),
            Subject::Child(&record()),
            &Policy::default(),
            &Caller::system(),
            &record_due::RecordDue { at: at(instant) },
        )
    };
    let recorded = Ok(vec![due(RetentionRule::ReachedAge)]);
    assert_eq!(clock(history(), DAY_BEFORE), Err(record_due::Rejection::NotDue));
    assert_eq!(clock(history(), DUE), recorded);
    assert_eq!(clock(history().then(due(RetentionRule::ReachedAge)), DUE), Ok(vec![]));
    assert_eq!(clock(history().then(due(RetentionRule::Death)), DUE), recorded);
    assert_eq!(clock(history().then(placed()), DUE), recorded, "a hold hides nothing");
    assert_eq!(clock(had_begun(), DUE), Ok(vec![]));
}

fn propose(
    history: &History<Event>,
    grounds: Grounds,
    by: &Person,
    instant: &str,
) -> Result<Vec<Event>, propose::Rejection> {
    propose::decide(
        &history.fold(),
        Subject::of(&record(), &Practitioner::default()),
        &Policy::default(),
        &by.caller(),
        &propose::Propose { at: at(instant), grounds },
    )
}

#[test]
fn e5_one_officer_proposes_and_the_same_again_is_quiet() {
    let court = Grounds::OrderedByCourt;
    let early = "2009-06-22T12:00:00Z";
    assert_eq!(propose(&history(), court, &first(), early), Ok(vec![proposed(court)]));
    assert_eq!(propose(&was_proposed(), court, &first(), early), Ok(vec![]));
    assert_eq!(propose(&was_proposed(), court, &second(), early), Ok(vec![proposed(court)]));
    let other = Grounds::EnteredInError;
    assert_eq!(propose(&was_proposed(), other, &first(), early), Ok(vec![proposed(other)]));
    assert_eq!(
        propose(&was_authorised(), court, &first(), early),
        Err(propose::Rejection::AlreadyAuthorised),
    );
}

#[test]
fn e5_practitioners_trainers_and_auditors_propose_nothing() {
    for by in
        [Person::practitioner(22, AUTHORITY), Person::trainer(30, AUTHORITY), Person::auditor(41)]
    {
        assert!(matches!(
            propose(&history(), Grounds::OrderedByCourt, &by, "2009-06-22T12:00:00Z"),
            Err(propose::Rejection::NotEntitled(NotEntitled::OtherOffice { .. })),
        ));
    }
}

#[test]
fn e6_time_is_over_on_its_day_and_not_the_day_before() {
    let ended = Grounds::RetentionEnded;
    let refused = Err(propose::Rejection::NotErasable(NotErasable::NotDue));
    assert_eq!(propose(&history(), ended, &first(), DAY_BEFORE), refused);
    assert_eq!(propose(&history(), ended, &first(), DUE), Ok(vec![proposed(ended)]));
}

#[test]
fn e6_nothing_is_erased_under_an_open_hold() {
    let held = was_authorised().then(placed());
    let state: Erasure = held.fold();
    assert_eq!(state.stage(), &Stage::NotProposed, "a hold undoes the authorisation");
    let refused = Err(propose::Rejection::NotErasable(NotErasable::Held));
    assert_eq!(propose(&held, Grounds::OrderedByCourt, &first(), DUE), refused);
    assert_eq!(
        begin(
            &by_first(held.clone())
                .then(proposed(Grounds::OrderedByCourt))
                .by(second().caller().actor())
                .then(authorisation()),
            &first()
        ),
        Err(begin::Rejection::NotErasable(NotErasable::Held)),
    );
    let free = held.then(lifted());
    assert_eq!(begin(&free, &first()), Err(begin::Rejection::NotAuthorised));
    assert!(propose(&free, Grounds::OrderedByCourt, &first(), DUE).is_ok());
}

#[test]
fn e6_nobody_is_erased_while_they_use_the_directory() {
    let propose = |person: &Practitioner| {
        propose::decide(
            &Erasure::default(),
            Subject::of(&Child::default(), person),
            &Policy::default(),
            &first().caller(),
            &propose::Propose { at: at("2012-03-02T12:00:00Z"), grounds: Grounds::OrderedByCourt },
        )
    };
    let active = Err(propose::Rejection::NotErasable(NotErasable::Active));
    let proposed = Ok(vec![Event::Proposed { grounds: Grounds::OrderedByCourt, rule: None }]);
    let user = authorised(1, AccountRole::Practitioner, AUTHORITY);
    assert_eq!(propose(&user.clone().fold()), active);
    let closed = practitioner::Event::AccountClosed { reason: Personal::Known(words()) };
    assert_eq!(propose(&user.at("2012-03-01T10:00:00Z").then(closed).fold()), proposed);
    let office = domain::practitioner::Office::Official;
    let official = History::of(Stream::Practitioner(PractitionerId::new(id(42)))).then(
        practitioner::Event::AppointedToDepartment { office, name: Personal::Known(words()) },
    );
    let until = |day| {
        let ended = practitioner::Event::DepartmentAppointmentEnded { on: on(day) };
        official.clone().then(ended).fold()
    };
    assert_eq!(propose(&official.clone().fold()), active);
    assert_eq!(propose(&until("2012-03-03")), active);
    assert_eq!(propose(&until("2012-03-02")), proposed);
}

fn authorise(
    history: &History<Event>,
    by: &Person,
    instant: &str,
) -> Result<Vec<Event>, authorise::Rejection> {
    authorise::decide(
        &history.fold(),
        Subject::of(&record(), &Practitioner::default()),
        &Policy::default(),
        &by.caller(),
        &authorise::Authorise { at: at(instant) },
    )
}

#[test]
fn e7_another_officer_authorises_and_never_the_same() {
    assert_eq!(authorise(&was_proposed(), &second(), DUE), Ok(vec![authorisation()]));
    assert_eq!(authorise(&was_proposed(), &first(), DUE), Err(authorise::Rejection::SameOfficer),);
    assert_eq!(authorise(&history(), &second(), DUE), Err(authorise::Rejection::NotProposed));
    assert_eq!(authorise(&was_authorised(), &second(), DUE), Ok(vec![]));
    assert_eq!(authorise(&was_authorised(), &first(), DUE), Err(authorise::Rejection::SameOfficer),);
}

#[test]
fn e7_the_grounds_are_judged_anew_on_the_day_of_the_authorisation() {
    let history = by_first(history()).then(proposed(Grounds::RetentionEnded));
    assert_eq!(
        authorise(&history, &second(), DAY_BEFORE),
        Err(authorise::Rejection::NotErasable(NotErasable::NotDue)),
    );
    assert!(authorise(&history, &second(), DUE).is_ok());
}

#[test]
fn e7_nobody_decides_about_themselves() {
    let official: Practitioner = History::of(Stream::Practitioner(PractitionerId::new(id(42))))
        .then(practitioner::Event::AppointedToDepartment {
            office: domain::practitioner::Office::Official,
            name: Personal::Known(words()),
        })
        .fold();
    let decided = authorise::decide(
        &was_proposed().fold(),
        Subject::of(&Child::default(), &official),
        &Policy::default(),
        &second().caller(),
        &authorise::Authorise { at: at(DUE) },
    );
    assert_eq!(decided, Err(authorise::Rejection::NotEntitled(NotEntitled::OwnStanding)));
}

#[test]
fn e8_any_officer_takes_it_back_until_it_has_begun() {
    let withdraw = |history: History<Event>| {
        withdraw::decide(
            &history.fold(),
            Subject::of(&record(), &Practitioner::default()),
            &Policy::default(),
            &first().caller(),
            &withdraw::Withdraw { at: at(DUE) },
        )
    };
    assert_eq!(withdraw(history()), Ok(vec![]));
    assert_eq!(withdraw(was_proposed()), Ok(vec![Event::ProposalWithdrawn {}]));
    assert_eq!(withdraw(was_authorised()), Ok(vec![Event::ProposalWithdrawn {}]));
    assert_eq!(withdraw(had_begun()), Err(withdraw::Rejection::TooLate(NotErasable::Begun)),);
    let state: Erasure = was_authorised().then(Event::ProposalWithdrawn {}).fold();
    assert_eq!(state.stage(), &Stage::NotProposed);
}

fn begin(history: &History<Event>, by: &Person) -> Result<Vec<Event>, begin::Rejection> {
    begin::decide(
        &history.fold(),
        Subject::of(&record(), &Practitioner::default()),
        &Policy::default(),
        &by.caller(),
        &begin::Begin { at: at(DUE), holders: holders() },
    )
}

#[test]
fn e9_it_begins_when_two_officers_have_authorised_it_and_only_once() {
    let rule = Some(RetentionRule::ReachedAge);
    assert_eq!(begin(&history(), &first()), Err(begin::Rejection::NotAuthorised));
    assert_eq!(begin(&was_proposed(), &second()), Err(begin::Rejection::NotAuthorised));
    assert_eq!(begin(&was_authorised(), &first()), Ok(vec![beginning(rule)]));
    assert_eq!(begin(&had_begun(), &first()), Ok(vec![]));
}

#[test]
fn e10_step_follows_step_and_every_holder_acknowledges() {
    let purged = |holder: &str| Event::HolderPurged {
        holder: holder.to_owned(),
        method: PurgeMethod::Evicted,
        count: 1,
        evidence: None,
    };
    let step = |history: &History<Event>, expected: Step<'_>| {
        let state: Erasure = history.fold();
        assert_eq!(state.progress().unwrap().next_step(), expected);
        assert!(state.has_begun() && !state.is_erased());
    };
    let history = had_begun();
    step(&history, Step::DestroyKey);
    let history = history.then(Event::KeyDestroyed {
        key: id(1),
        commitment: Some("a3".repeat(32)),
        epoch: 1,
        successor: 2,
    });
    step(&history, Step::DeleteCiphertext);
    let stream = Stream::Child(ChildRef::new(id(1)));
    let sections = vec![Sections { stream, named: 1, left: 0 }];
    let history = history.then(Event::CiphertextDeleted { sections });
    step(&history, Step::Purge("a-cache"));
    let history = history.then(purged("a-cache"));
    step(&history, Step::Purge("an-index"));
    let history = history.then(purged("an-index"));
    step(&history, Step::Complete);
    let history = history.then(Event::SubjectErased {
        grounds: Grounds::OrderedByCourt,
        rule: None,
        proposed_by: first().caller().id,
        authorised_by: second().caller().id,
        holders: holders(),
        beyond_use_until: on("2027-06-05"),
    });
    let state: Erasure = history.fold();
    assert!(state.is_erased());
    assert_eq!(place(&history, &record(), &first()), Err(place_hold::Rejection::TooLate));
}

#[test]
fn e11_what_comes_too_late_is_recorded_without_what_was_in_it() {
    let late = late_event::LateEvent {
        stream: Stream::Access(ChildRef::new(id(1))),
        event: "access.access-refused/1".to_owned(),
        command: id(7),
    };
    let recorded = Event::LateEventRefused {
        stream: late.stream,
        event: late.event.clone(),
        command: late.command,
    };
    assert_eq!(late_event::decide(&was_authorised().fold(), &late), Err(late_event::NotTooLate),);
    assert_eq!(late_event::decide(&had_begun().fold(), &late), Ok(vec![recorded.clone()]));
    let state: Erasure = had_begun().then(recorded).fold();
    assert_eq!(state.late_events(), 1);
}
