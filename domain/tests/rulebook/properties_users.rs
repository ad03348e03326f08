//! What holds after any sequence of commands on a standing. The check of the conditions here is written
//! a second time, from the bare events, so that it does not lean on what it checks.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each check picks out the few events that it is about"
)]

use std::{cell::Cell, collections::BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    caller::Caller,
    fold::Fold,
    identity::{EventId, InvestigationId, PractitionerId, TokenId},
    investigation::Finding,
    organisation::Organisation,
    policy::{Policy, PolicyVersion, Values},
    practitioner::{
        AccountRole, Condition, Event, IdentityEvidence, Practitioner, SuspensionCause, Topic,
        assess, authorise_account, begin_isa_monitoring, close_account, complete_training,
        demand_examination, end_isa_monitoring, grant_override_right, issue_token, nominate,
        provide_procedures, record_crb_check, record_lapse, record_test, record_training_attended,
        reinstate, revoke_token, sign_agreement, suspend, verify_identity, withdraw_override_right,
    },
    recorded::{Recorded, Stamp},
    stream::Stream,
};
use fixtures::{
    people::{Person, organisation, prepared, text},
    scenario::{at, id, on},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::users::{AUTHORITY, adopted, authority, subject};

/// One thing somebody tries.
#[derive(Clone, Copy, Debug)]
enum Step {
    Wait { days: u64 },
    Nominate,
    Verify,
    Check { days_ago: u64 },
    Lapse,
    Attend(Option<Topic>),
    Complete(Option<Topic>),
    Test { passed: bool },
    Demand,
    Provide { edition: u8 },
    Sign { edition: u8 },
    BeginIsa,
    EndIsa,
    Issue { token: u8 },
    Revoke { token: u8 },
    Authorise,
    Grant,
    Withdraw,
    Suspend(SuspensionCause),
    Conclude(Finding),
    Reinstate,
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    let topic = || {
        proptest::option::weighted(
            0.3,
            select(vec![
                Topic::Use,
                Topic::SecurityResponsibilities,
                Topic::GoodSecurityPractice,
                Topic::DataProtectionAct,
                Topic::HumanRightsAct,
            ]),
        )
    };
    let cause = select(vec![
        SuspensionCause::AuditFinding,
        SuspensionCause::Suspected,
        SuspensionCause::Reported,
        SuspensionCause::ManagerRequest,
    ]);
    let finding = select(vec![Finding::Proper, Finding::WrongProcedure, Finding::Improper]);
    prop_oneof![
        4 => (0_u64..400).prop_map(|days| Step::Wait { days }),
        1 => Just(Step::Nominate),
        2 => Just(Step::Verify),
        3 => (0_u64..1_300).prop_map(|days_ago| Step::Check { days_ago }),
        2 => Just(Step::Lapse),
        2 => topic().prop_map(Step::Attend),
        2 => topic().prop_map(Step::Complete),
        2 => any::<bool>().prop_map(|passed| Step::Test { passed }),
        1 => Just(Step::Demand),
        2 => (0_u8..2).prop_map(|edition| Step::Provide { edition }),
        2 => (0_u8..2).prop_map(|edition| Step::Sign { edition }),
        2 => Just(Step::BeginIsa),
        1 => Just(Step::EndIsa),
        2 => (0_u8..3).prop_map(|token| Step::Issue { token }),
        1 => (0_u8..3).prop_map(|token| Step::Revoke { token }),
        6 => Just(Step::Authorise),
        1 => Just(Step::Grant),
        1 => Just(Step::Withdraw),
        2 => cause.prop_map(Step::Suspend),
        2 => finding.prop_map(Step::Conclude),
        3 => Just(Step::Reinstate),
        1 => Just(Step::Close),
    ]
}

fn role() -> impl Strategy<Value = AccountRole> {
    select(vec![AccountRole::Practitioner, AccountRole::ManagementTeam, AccountRole::Trainer])
}

/// Sets in force from 2009: the defaults, then perhaps a yearly check, then perhaps the ISA.
fn policies() -> impl Strategy<Value = Policy> {
    (any::<bool>(), any::<bool>()).prop_map(|(yearly, isa)| {
        let crb_valid_months = if yearly { 12 } else { 36 };
        let isa_in_force_from = isa.then(|| on("2010-07-26"));
        adopted([
            ("2009-01-01", Values::default()),
            ("2009-10-01", Values { crb_valid_months, ..Values::default() }),
            ("2010-01-01", Values { crb_valid_months, isa_in_force_from, ..Values::default() }),
        ])
    })
}

/// A standing, what became of it so far, and the day.
struct World {
    now: DateTime<Utc>,
    role: AccountRole,
    policy: Policy,
    organisation: Organisation,
    history: Vec<Recorded<Event>>,
    state: Practitioner,
    finding: Option<Finding>,
    investigations: u128,
    official: Person,
    team: Person,
}

impl World {
    fn new(role: AccountRole, policy: Policy, ready: bool) -> Self {
        let mut world = Self {
            now: at("2009-06-22T12:00:00Z"),
            role,
            policy,
            organisation: organisation(AUTHORITY),
            history: Vec::new(),
            state: Practitioner::default(),
            finding: None,
            investigations: 0,
            official: Person::official(40),
            team: Person::management_team(20, AUTHORITY),
        };
        if ready {
            let events: Vec<Event> = prepared(1, role, AUTHORITY)
                .recorded()
                .iter()
                .map(|recorded| recorded.event.clone())
                .collect();
            world.record(&events);
        }
        world
    }

    fn record(&mut self, events: &[Event]) {
        for event in events {
            let revision = u64::try_from(self.history.len()).unwrap();
            let recorded = Recorded {
                stamp: Stamp {
                    id: EventId::new(id(revision.into())),
                    stream: Stream::Practitioner(subject()),
                    revision,
                    position: revision,
                    at: self.now,
                    by: domain::actor::Actor::SYSTEM,
                    policy: PolicyVersion::default(),
                    relied_on: Vec::new(),
                    correlation: None,
                    causation: None,
                },
                event: event.clone(),
            };
            self.state.evolve(&recorded);
            self.history.push(recorded);
        }
    }

    /// What the step leads to; nothing when it is refused.
    #[expect(clippy::too_many_lines, reason = "one arm for each thing that can be tried")]
    fn attempt(&mut self, step: Step) -> Vec<Event> {
        let (at, today) = (self.now, self.now.date_naive());
        let (by, team) = (self.official.caller(), self.team.caller());
        let (state, policy, organisation) = (&self.state, &self.policy, &self.organisation);
        let topics = |topic: Option<Topic>| match topic {
            Some(topic) => BTreeSet::from([topic]),
            None => Values::default().mandatory_topics,
        };
        let edition = |number: u8| format!("2009-{number}");
        let token = |number: u8| TokenId::new(id(500 + u128::from(number)));
        match step {
            Step::Wait { days } => {
                self.now = self.now.checked_add_days(Days::new(days)).unwrap();
                return Vec::new();
            }
            Step::Conclude(finding) => {
                self.finding = Some(finding);
                return Vec::new();
            }
            Step::Nominate => {
                let command = nominate::Nominate {
                    at,
                    practitioner: subject(),
                    organisation: authority(),
                    role: self.role,
                    name: text("Robin Example"),
                    surname: text("Example"),
                    manager: PractitionerId::new(id(9_000)),
                    need: text("x"),
                };
                let by = if self.role == AccountRole::ManagementTeam { by } else { team };
                nominate::decide(state, organisation, policy, &by, &command).ok()
            }
            Step::Verify => {
                let evidence = IdentityEvidence::Passport;
                let command = verify_identity::VerifyIdentity { at, evidence, home: None };
                verify_identity::decide(state, policy, &by, &command).ok()
            }
            Step::Check { days_ago } => {
                let command = record_crb_check::RecordCrbCheck {
                    at,
                    issued_on: today.checked_sub_days(Days::new(days_ago)).unwrap(),
                    disclosure_number: text("1"),
                };
                record_crb_check::decide(state, policy, &by, &command).ok()
            }
            Step::Lapse => {
                let command = record_lapse::RecordLapse { at };
                record_lapse::decide(state, policy, &Caller::system(), &command).ok()
            }
            Step::Attend(topic) => {
                let topics = topics(topic);
                let command =
                    record_training_attended::RecordTrainingAttended { at, on: today, topics };
                record_training_attended::decide(state, policy, &by, &command).ok()
            }
            Step::Complete(topic) => {
                let topics = topics(topic);
                let command = complete_training::CompleteTraining { at, on: today, topics };
                complete_training::decide(state, policy, &by, &command).ok()
            }
            Step::Test { passed } => {
                let outcome = if passed {
                    record_test::Outcome::Passed
                } else {
                    record_test::Outcome::Failed
                };
                let command = record_test::RecordTest { at, on: today, outcome };
                record_test::decide(state, policy, &by, &command).ok()
            }
            Step::Demand => {
                let command = demand_examination::DemandExamination { at };
                demand_examination::decide(state, policy, &by, &command).ok()
            }
            Step::Provide { edition: number } => {
                let edition = edition(number);
                let command = provide_procedures::ProvideProcedures { at, on: today, edition };
                provide_procedures::decide(state, policy, &by, &command).ok()
            }
            Step::Sign { edition: number } => {
                let edition = edition(number);
                let command = sign_agreement::SignAgreement { at, on: today, edition };
                sign_agreement::decide(state, policy, &by, &command).ok()
            }
            Step::BeginIsa => {
                let command = begin_isa_monitoring::BeginIsaMonitoring { at, on: today };
                begin_isa_monitoring::decide(state, policy, &by, &command).ok()
            }
            Step::EndIsa => {
                let command = end_isa_monitoring::EndIsaMonitoring { at, on: today };
                end_isa_monitoring::decide(state, policy, &by, &command).ok()
            }
            Step::Issue { token: number } => {
                let command = issue_token::IssueToken { at, token: token(number) };
                issue_token::decide(state, policy, &by, &command).ok()
            }
            Step::Revoke { token: number } => {
                let command = revoke_token::RevokeToken { at, token: token(number) };
                revoke_token::decide(state, policy, &by, &command).ok()
            }
            Step::Authorise => {
                let command = authorise_account::AuthoriseAccount { at };
                authorise_account::decide(state, organisation, policy, &by, &command).ok()
            }
            Step::Grant => {
                let command =
                    grant_override_right::GrantOverrideRight { at, justification: text("x") };
                grant_override_right::decide(state, organisation, policy, &team, &command).ok()
            }
            Step::Withdraw => {
                let command =
                    withdraw_override_right::WithdrawOverrideRight { at, reason: text("x") };
                withdraw_override_right::decide(state, policy, &by, &command).ok()
            }
            Step::Suspend(cause) => {
                self.investigations += 1;
                self.finding = None;
                let command = suspend::Suspend {
                    at,
                    cause,
                    particulars: text("x"),
                    investigation: InvestigationId::new(id(self.investigations)),
                };
                suspend::decide(state, policy, &by, &command).ok()
            }
            Step::Reinstate => {
                let running = state.account().suspension().and_then(|it| it.investigation);
                let inquiry = running.map(|investigation| reinstate::Inquiry {
                    investigation,
                    concluded: self.finding,
                });
                let command = reinstate::Reinstate { at, reason: text("x") };
                reinstate::decide(state, organisation, inquiry, policy, &by, &command).ok()
            }
            Step::Close => {
                let command = close_account::CloseAccount { at, reason: text("x") };
                close_account::decide(state, policy, &by, &command).ok()
            }
        }
        .unwrap_or_default()
    }

    /// Every condition of authorisation that the bare events do not show to hold.
    fn missing(&self) -> BTreeSet<Condition> {
        let today = self.now.date_naive();
        let (_, values) = self.policy.on(today);
        let events = || self.history.iter().map(|recorded| &recorded.event);
        let has = |wanted: fn(&Event) -> bool| events().any(wanted);
        let last = |one: fn(&Event) -> Option<bool>| events().rev().find_map(one) == Some(true);
        let check = last_check(events());
        let topics: BTreeSet<Topic> = events()
            .filter_map(|event| match event {
                Event::TrainingCompleted { topics, .. } => Some(topics.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        let test = last(|event| match event {
            Event::TrainingTestPassed { .. } => Some(true),
            Event::TrainingTestFailed { .. } => Some(false),
            _ => None,
        });
        let token = last(|event| match event {
            Event::SecurityTokenIssued { .. } => Some(true),
            Event::SecurityTokenRevoked { .. } => Some(false),
            _ => None,
        });
        let isa = last(|event| match event {
            Event::IsaMonitoringStarted { .. } => Some(true),
            Event::IsaMonitoringEnded { .. } => Some(false),
            _ => None,
        });
        let suspended = last(|event| match event {
            Event::AccountSuspended { .. } => Some(true),
            Event::AccountReinstated { .. } => Some(false),
            _ => None,
        });
        let isa_due = values.isa_in_force_from.is_some_and(|from| from <= today);
        [
            (
                on("2009-01-02") <= today && today < on("2012-01-02"),
                Condition::OrganisationAccredited,
            ),
            (has(|it| matches!(it, Event::Nominated { .. })), Condition::Nominated),
            (has(|it| matches!(it, Event::IdentityVerified { .. })), Condition::IdentityVerified),
            (
                check.is_some_and(|issued| {
                    let months = chrono::Months::new(values.crb_valid_months);
                    today < issued.checked_add_months(months).unwrap()
                }),
                Condition::CurrentCrbCheck,
            ),
            (topics.is_superset(&values.mandatory_topics), Condition::TrainingCompleted),
            (self.role == AccountRole::Practitioner || test, Condition::TestPassed),
            (
                has(|it| matches!(it, Event::SecurityProceduresProvided { .. })),
                Condition::ProceduresProvided,
            ),
            (
                has(|it| matches!(it, Event::EndUserAgreementSigned { .. })),
                Condition::AgreementSigned,
            ),
            (!isa_due || isa, Condition::IsaMonitored),
            (token, Condition::SecurityToken),
            (!suspended, Condition::NotSuspended),
            (!has(|it| matches!(it, Event::AccountClosed { .. })), Condition::NotClosed),
        ]
        .into_iter()
        .filter_map(|(holds, condition)| (!holds).then_some(condition))
        .collect()
    }

    fn closed(&self) -> bool {
        self.history.iter().any(|recorded| matches!(recorded.event, Event::AccountClosed { .. }))
    }
}

/// The newest check, unless its lapse is on record.
fn last_check<'a>(events: impl DoubleEndedIterator<Item = &'a Event>) -> Option<NaiveDate> {
    events
        .rev()
        .find_map(|event| match event {
            Event::EnhancedCrbCheckRecorded { issued_on, .. } => Some(Some(*issued_on)),
            Event::EnhancedCrbCheckExpired { .. } => Some(None),
            _ => None,
        })
        .flatten()
}

/// How many courses of events each property is held against.
const CASES: u32 = 300;

/// The same cases on every run and every machine.
fn run<S: Strategy>(cases: u32, strategy: &S, check: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let checked = TestRunner::new_with_rng(config, rng).run(strategy, |value| {
        check(value);
        Ok(())
    });
    assert!(checked.is_ok(), "{}", checked.unwrap_err());
}

fn courses() -> impl Strategy<Value = (AccountRole, Policy, bool, Vec<Step>)> {
    (role(), policies(), any::<bool>(), vec(step(), 0..60))
}

/// Takes every step, and shows each decision that recorded something before it is folded.
fn follow(
    (role, policy, ready, steps): (AccountRole, Policy, bool, Vec<Step>),
    mut seen: impl FnMut(&World, &[Event]),
) -> World {
    let mut world = World::new(role, policy, ready);
    for step in steps {
        let events = world.attempt(step);
        if !events.is_empty() {
            seen(&world, &events);
            world.record(&events);
        }
    }
    world
}

#[test]
fn u13_no_account_is_ever_authorised_while_a_condition_is_unmet() {
    let authorised = Cell::new(0_u32);
    run(CASES, &courses(), |course| {
        follow(course, |world, events| {
            if events.iter().any(|event| matches!(event, Event::AccountAuthorised { .. })) {
                assert_eq!(world.missing(), BTreeSet::new());
                authorised.set(authorised.get() + 1);
            }
        });
    });
    assert!(authorised.get() > 40, "only {} accounts were authorised at all", authorised.get());
}

#[test]
fn u1_the_judgement_and_the_bare_events_agree_on_every_condition() {
    let good = Cell::new(0_u32);
    run(CASES, &courses(), |course| {
        let world = follow(course, |_, _| {});
        let (state, organisation) = (&world.state, &world.organisation);
        let judged = assess(state, organisation, &world.policy, world.role, None, world.now);
        let mut unmet = judged.unmet.clone();
        let authorised = !unmet.remove(&Condition::AccountAuthorised);
        assert_eq!(unmet, world.missing());
        good.set(good.get() + u32::from(authorised && judged.authorised()));
    });
    assert!(good.get() > 8, "only {} ended in good standing", good.get());
}

#[test]
fn u1_good_standing_lasts_until_the_day_it_is_said_to_lapse_and_no_longer() {
    let lapsing = Cell::new(0_u32);
    run(CASES, &courses(), |course| {
        let world = follow(course, |_, _| {});
        let on_day =
            |at| assess(&world.state, &world.organisation, &world.policy, world.role, None, at);
        let now = on_day(world.now);
        let Some(lapses_on) = now.lapses_on else {
            // Accreditation is for a term, so whoever is in good standing will lose it some day.
            assert!(!now.authorised());
            return;
        };
        let noon = |day: NaiveDate| day.and_hms_opt(12, 0, 0).unwrap().and_utc();
        let eve = lapses_on.checked_sub_days(Days::new(1)).unwrap();
        let between = world.now.date_naive().iter_days().step_by(37);
        for day in between.take_while(|day| *day < eve).chain([eve]) {
            assert!(on_day(noon(day)).authorised(), "already unmet on {day}");
        }
        assert!(!on_day(noon(lapses_on)).authorised(), "still met on {lapses_on}");
        lapsing.set(lapsing.get() + 1);
    });
    assert!(lapsing.get() > 8, "only {} were to lapse", lapsing.get());
}

#[test]
fn u17_a_closed_account_never_changes() {
    let closed = Cell::new(0_u32);
    run(CASES, &courses(), |course| {
        let world = follow(course, |world, events| {
            assert!(!world.closed(), "recorded after closure: {events:?}");
        });
        closed.set(closed.get() + u32::from(world.closed()));
    });
    assert!(closed.get() > 40, "only {} accounts were closed", closed.get());
}

#[test]
fn u15_on_suspicion_manager_and_investigation_come_in_the_same_decision() {
    let suspicions = Cell::new(0_u32);
    run(CASES, &courses(), |course| {
        follow(course, |_, events| {
            let suspended = events.iter().find_map(|event| match event {
                Event::AccountSuspended { cause, .. } => Some(*cause),
                _ => None,
            });
            match suspended {
                None => assert!(!events.iter().any(|event| matches!(
                    event,
                    Event::ManagerNotified { .. } | Event::InvestigationOpened { .. }
                ))),
                Some(SuspensionCause::ManagerRequest) => assert_eq!(events.len(), 1),
                Some(_) => {
                    assert!(matches!(
                        events,
                        [
                            Event::AccountSuspended { .. },
                            Event::ManagerNotified { .. },
                            Event::InvestigationOpened { .. },
                        ]
                    ));
                    suspicions.set(suspicions.get() + 1);
                }
            }
        });
    });
    assert!(suspicions.get() > 40, "only {} suspensions on suspicion", suspicions.get());
}

#[test]
fn u16_nobody_is_reinstated_while_an_investigation_runs_or_after_improper_use() {
    let reinstated = Cell::new(0_u32);
    run(CASES, &courses(), |course| {
        follow(course, |world, events| {
            for event in events {
                if let Event::AccountReinstated { investigation, .. } = event {
                    let cleared =
                        matches!(world.finding, Some(Finding::Proper | Finding::WrongProcedure));
                    assert!(investigation.is_none() || cleared);
                    reinstated.set(reinstated.get() + 1);
                }
            }
        });
    });
    assert!(reinstated.get() > 10, "only {} reinstatements", reinstated.get());
}

#[test]
fn u1_a_standing_replayed_is_the_standing_followed() {
    run(CASES, &courses(), |course| {
        let world = follow(course, |_, _| {});
        assert_eq!(Practitioner::replay(&world.history), world.state);
        let (first, second) = world.history.split_at(world.history.len() / 2);
        let mut halves = Practitioner::replay(first);
        for recorded in second {
            halves.evolve(recorded);
        }
        assert_eq!(halves, world.state);
    });
}
