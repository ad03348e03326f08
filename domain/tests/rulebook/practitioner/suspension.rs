//! Suspension and reinstatement (U15, U16).

use domain::{
    actor::Role,
    caller::NotEntitled,
    identity::{InvestigationId, PractitionerId},
    investigation::Finding,
    policy::{Policy, PolicyVersion, Values},
    practitioner::{
        Account, AccountRole, Condition, Event, NoOpenAccount, Practitioner, SuspensionCause,
        reinstate::{self, Inquiry},
        suspend,
    },
};
use fixtures::{
    people::{Person, authorised, nominated, organisation, text},
    scenario::{History, given, id, on},
};

use crate::users::{
    AUTHORITY, SUBJECT, adopted, noon, official, other_office, ours, team, trainer,
};

const SUSPICIONS: [SuspensionCause; 3] =
    [SuspensionCause::AuditFinding, SuspensionCause::Suspected, SuspensionCause::Reported];

fn user() -> History<Event> {
    authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

const fn inquiry(number: u128) -> InvestigationId {
    InvestigationId::new(id(number))
}

fn suspended(cause: SuspensionCause) -> Event {
    Event::AccountSuspended { cause, particulars: text("Looked up a neighbour") }
}

fn on_suspicion(cause: SuspensionCause, investigation: InvestigationId) -> [Event; 3] {
    [
        suspended(cause),
        Event::ManagerNotified { manager: PractitionerId::new(id(9_000)) },
        Event::InvestigationOpened { investigation, due: on("2009-07-06") },
    ]
}

fn suspend(
    by: &Person,
    cause: SuspensionCause,
    number: u128,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, suspend::Rejection> {
    suspend_under(ours(), by, cause, number)
}

fn suspend_under(
    policy: Policy,
    by: &Person,
    cause: SuspensionCause,
    number: u128,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, suspend::Rejection> {
    move |person| {
        let command = suspend::Suspend {
            at: noon(),
            cause,
            particulars: text("Looked up a neighbour"),
            investigation: inquiry(number),
        };
        suspend::decide(person, &policy, &by.caller(), &command)
    }
}

fn reinstate(
    by: &Person,
    inquiry: impl Into<Option<Inquiry>>,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, reinstate::Rejection> {
    let inquiry = inquiry.into();
    move |person| {
        let command = reinstate::Reinstate { at: noon(), reason: text("Nothing improper") };
        let organisation = organisation(AUTHORITY);
        reinstate::decide(person, &organisation, inquiry, &ours(), &by.caller(), &command)
    }
}

const fn found(number: u128, concluded: Option<Finding>) -> Inquiry {
    Inquiry { investigation: inquiry(number), concluded }
}

fn under_suspicion() -> History<Event> {
    on_suspicion(SuspensionCause::Reported, inquiry(7)).into_iter().fold(user(), History::then)
}

#[test]
fn u15_on_suspicion_the_three_duties_are_done_at_once_and_in_order() {
    for cause in SUSPICIONS {
        for by in [team(), official()] {
            given(user()).when(suspend(&by, cause, 7)).then(on_suspicion(cause, inquiry(7)));
        }
    }
}

#[test]
fn u15_at_the_managers_request_the_account_is_suspended_and_nothing_else() {
    let cause = SuspensionCause::ManagerRequest;
    given(user()).when(suspend(&team(), cause, 7)).then([suspended(cause)]);
}

#[test]
fn u15_the_investigation_is_due_by_the_policy_of_the_day() {
    let quick = Values { investigation_days: 1, ..Values::default() };
    let cause = SuspensionCause::Suspected;
    let [suspended, notified, _] = on_suspicion(cause, inquiry(7));
    let opened = Event::InvestigationOpened { investigation: inquiry(7), due: on("2009-06-23") };
    given(user())
        .when(suspend_under(adopted([("2009-01-01", quick)]), &team(), cause, 7))
        .then([suspended, notified, opened]);
}

#[test]
fn u15_somebody_not_authorised_yet_can_be_suspended() {
    let cause = SuspensionCause::Suspected;
    given(nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY))
        .when(suspend(&team(), cause, 7))
        .then(on_suspicion(cause, inquiry(7)));
}

#[test]
fn u15_suspicion_outranks_a_request_and_nothing_outranks_a_running_investigation() {
    let at_request = || user().then(suspended(SuspensionCause::ManagerRequest));
    for cause in SUSPICIONS {
        given(at_request()).when(suspend(&team(), cause, 7)).then(on_suspicion(cause, inquiry(7)));
        given(under_suspicion())
            .when(suspend(&team(), cause, 8))
            .then_refused(suspend::Rejection::AlreadySuspended { investigation: Some(inquiry(7)) });
    }
    given(at_request())
        .when(suspend(&team(), SuspensionCause::ManagerRequest, 7))
        .then_refused(suspend::Rejection::AlreadySuspended { investigation: None });
}

#[test]
fn u15_the_keepers_of_the_account_suspend_it_and_a_closed_one_needs_none() {
    let cause = SuspensionCause::Suspected;
    given(user()).when(suspend(&trainer(), cause, 7)).then_refused(
        suspend::Rejection::NotEntitled(other_office(
            Role::Trainer,
            [Role::ManagementTeam, Role::Official],
        )),
    );
    given(user().then(Event::AccountClosed { reason: text("left") }))
        .when(suspend(&team(), cause, 7))
        .then_refused(suspend::Rejection::NoOpenAccount(NoOpenAccount::Closed));
}

#[test]
fn u16_an_account_is_reinstated_after_a_finding_that_clears_it() {
    for finding in [Finding::Proper, Finding::WrongProcedure] {
        given(under_suspicion()).when(reinstate(&team(), found(7, Some(finding)))).then([
            Event::AccountReinstated {
                investigation: Some(inquiry(7)),
                reason: text("Nothing improper"),
            },
        ]);
    }
}

#[test]
fn u16_not_before_the_investigation_is_concluded_nor_after_improper_use() {
    for unconcluded in [None, Some(found(7, None)), Some(found(8, Some(Finding::Proper)))] {
        given(under_suspicion()).when(reinstate(&team(), unconcluded)).then_refused(
            reinstate::Rejection::InvestigationNotConcluded { investigation: inquiry(7) },
        );
    }
    given(under_suspicion())
        .when(reinstate(&team(), found(7, Some(Finding::Improper))))
        .then_refused(reinstate::Rejection::FoundImproper { investigation: inquiry(7) });
}

#[test]
fn u16_after_a_managers_request_no_investigation_is_needed() {
    given(user().then(suspended(SuspensionCause::ManagerRequest)))
        .when(reinstate(&team(), None))
        .then([Event::AccountReinstated { investigation: None, reason: text("Nothing improper") }]);
}

#[test]
fn u16_the_conditions_hold_again_before_the_account_does() {
    given(under_suspicion().then(Event::EnhancedCrbCheckExpired { on: on("2009-06-01") }))
        .when(reinstate(&team(), found(7, Some(Finding::Proper))))
        .then_refused(reinstate::Rejection::Unmet {
            conditions: [Condition::CurrentCrbCheck].into(),
            policy: PolicyVersion(0),
        });
}

#[test]
fn u16_the_account_is_then_what_it_was_before() {
    let cleared = Event::AccountReinstated { investigation: Some(inquiry(7)), reason: text("x") };
    let person: Practitioner = under_suspicion().then(cleared.clone()).fold();
    let before: Practitioner = user().fold();
    assert_eq!(person.account(), before.account());

    let never = nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY);
    let never =
        on_suspicion(SuspensionCause::Reported, inquiry(7)).into_iter().fold(never, History::then);
    given(never.clone()).when(reinstate(&team(), found(7, Some(Finding::Proper)))).then([
        Event::AccountReinstated {
            investigation: Some(inquiry(7)),
            reason: text("Nothing improper"),
        },
    ]);
    let person: Practitioner = never.then(cleared).fold();
    assert_eq!(person.account(), &Account::NotAuthorised);
}

#[test]
fn u16_a_request_before_the_suspicion_does_not_lose_what_the_account_was() {
    let both = on_suspicion(SuspensionCause::Reported, inquiry(7))
        .into_iter()
        .fold(user().then(suspended(SuspensionCause::ManagerRequest)), History::then);
    let cleared = Event::AccountReinstated { investigation: Some(inquiry(7)), reason: text("x") };
    let person: Practitioner = both.then(cleared).fold();
    let before: Practitioner = user().fold();
    assert_eq!(person.account(), before.account());
}

#[test]
fn u16_only_what_is_suspended_and_never_by_the_person() {
    given(user()).when(reinstate(&team(), None)).then_refused(reinstate::Rejection::NotSuspended);
    let herself = Person::management_team(SUBJECT, AUTHORITY);
    given(
        authorised(SUBJECT, AccountRole::ManagementTeam, AUTHORITY)
            .then(suspended(SuspensionCause::ManagerRequest)),
    )
    .when(reinstate(&herself, None))
    .then_refused(reinstate::Rejection::NotEntitled(NotEntitled::OwnStanding));
}
