//! Those who open, and those who shield and suspend meanwhile: all through the one handler.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use api::{
    directory::{Directory, View},
    problem::Problem,
    request::Context,
};
use domain::{
    access,
    actor::{Actor, Role},
    child::Child,
    event::Event,
    identity::{ChildRef, InvestigationId, OrganisationId, PractitionerId},
    practitioner::{Practitioner, SuspensionCause, reinstate, suspend},
    reason::Text,
    shield::{
        Ground, Grounds, Party, RestsOn, Shield, ThreatLevel, View as Opinion, apply_provisionally,
        determine, record_view,
    },
    stream::Stream,
};
use uuid::Uuid;

use crate::{twice, world::World};

/// How many records are raced for at once; after a while the racers move on to others, so that no
/// access stream grows beyond what a record ever sees.
const AT_ONCE: usize = 3;

/// For how many openings.
const FOR_A_WHILE: usize = 250;

/// Who races about what.
#[derive(Clone, Debug)]
pub(crate) struct Race {
    team: Actor,
    users: Vec<Actor>,
    children: Vec<ChildRef>,
    done: Arc<AtomicUsize>,
}

/// What came of the openings.
#[derive(Debug, Default)]
pub(crate) struct Raced {
    pub(crate) granted: usize,
    pub(crate) refused: usize,
    pub(crate) too_much_movement: usize,
}

fn text(text: &str) -> Text {
    text.try_into().unwrap()
}

fn context(directory: &Directory, by: Actor) -> Context {
    Context {
        command: Uuid::now_v7(),
        repeatable: false,
        at: directory.clock().now(),
        by,
        correlation: None,
        digest: [0; 32],
        wait: None,
    }
}

impl Race {
    pub(crate) async fn prepared(world: &World, openings: usize) -> Self {
        let authority = world.authority("Leeds").await;
        let organisation = OrganisationId::new(authority.id);
        let actor = |id, role| Actor::person(PractitionerId::new(id), role, organisation);
        let mut users = vec![actor(authority.user.id, Role::Practitioner)];
        for _ in 0..2 {
            let user = world.user(&authority.team, "practitioner", authority.id).await;
            users.push(actor(user.id, Role::Practitioner));
        }
        let mut children = Vec::new();
        for number in 0..AT_ONCE * (openings / FOR_A_WHILE).max(1) {
            let child = world.child_named(&authority, &format!("Child {number}"), "Racing").await;
            children.push(ChildRef::new(child));
        }
        let team = actor(authority.team.id, Role::ManagementTeam);
        Self { team, users, children, done: Arc::default() }
    }

    /// Openers and changers, each on a thread of its own, until enough was opened.
    pub(crate) fn run(&self, directory: &Directory, openings: usize) -> Raced {
        let (left, over) = (AtomicUsize::new(openings), AtomicBool::new(false));
        thread::scope(|scope| {
            let shielding = scope.spawn(|| {
                self.change(&over, async |turn| self.shields(directory, turn).await);
            });
            let suspending = scope.spawn(|| {
                self.change(&over, async |turn| self.accounts(directory, turn, &over).await);
            });
            let openers: Vec<_> = (0..3)
                .map(|lane| (lane, &left))
                .map(|(lane, left)| {
                    scope.spawn(move || self.open_until_done(directory, left, lane))
                })
                .collect();
            let mut raced = Raced::default();
            for opener in openers {
                let one = opener.join().unwrap();
                raced.granted += one.granted;
                raced.refused += one.refused;
                raced.too_much_movement += one.too_much_movement;
            }
            over.store(true, SeqCst);
            for changer in [shielding, suspending] {
                changer.join().unwrap();
            }
            raced
        })
    }

    /// One of those that are raced for now.
    fn child(&self, turn: usize) -> ChildRef {
        let window = self.done.load(SeqCst) / FOR_A_WHILE;
        self.children[(window * AT_ONCE + turn % AT_ONCE) % self.children.len()]
    }

    /// Changes something, again and again, at the pace of the openings.
    fn change(&self, over: &AtomicBool, step: impl AsyncFn(usize)) {
        runtime().block_on(async {
            let (mut turn, mut seen) = (0, usize::MAX);
            while !over.load(SeqCst) {
                let done = self.done.load(SeqCst);
                if done == seen {
                    thread::yield_now();
                    continue;
                }
                seen = done;
                step(turn).await;
                turn += 1;
            }
        });
    }

    fn open_until_done(&self, directory: &Directory, left: &AtomicUsize, lane: usize) -> Raced {
        runtime().block_on(async {
            let (mut raced, mut turn) = (Raced::default(), lane);
            while left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
                let child = self.child(turn);
                self.done.fetch_add(1, SeqCst);
                let user = self.users[turn / 2 % self.users.len()];
                match open(directory, user, child).await {
                    Ok(true) => raced.granted += 1,
                    Ok(false) => raced.refused += 1,
                    Err(problem) if problem.to_string() == "too-much-movement" => {
                        raced.too_much_movement += 1;
                    }
                    Err(problem) => panic!("{problem}"),
                }
                turn += 1;
            }
            raced
        })
    }

    /// A provisional shield, then the decision not to shield, child after child.
    async fn shields(&self, directory: &Directory, turn: usize) {
        let child = self.child(turn);
        let grounds = Grounds::new(BTreeSet::from([Ground::ChildAtRisk]), None).unwrap();
        self.about_shield(directory, child, |view| {
            apply_provisionally::decide(
                view.child,
                view.shield,
                view.policy,
                &view.caller,
                &apply_provisionally::ApplyProvisionally {
                    at: view.at,
                    grounds: grounds.clone(),
                    rests_on: RestsOn::ThreatInThisCase,
                    rationale: text("Now."),
                },
            )
            .unwrap()
        })
        .await;
        for party in Party::ALL {
            self.about_shield(directory, child, |view| {
                record_view::decide(
                    view.child,
                    view.shield,
                    view.policy,
                    &view.caller,
                    &record_view::RecordView { at: view.at, party, view: Opinion::NoneExpressed },
                )
                .unwrap()
            })
            .await;
        }
        self.about_shield(directory, child, |view| {
            determine::decide(
                view.child,
                view.shield,
                view.policy,
                &view.caller,
                &determine::DetermineShield {
                    at: view.at,
                    threat_level: ThreatLevel::Low,
                    threat_rationale: text("Passed."),
                    finding: determine::Finding::Refuse,
                },
            )
            .unwrap()
        })
        .await;
    }

    async fn about_shield(
        &self,
        directory: &Directory,
        child: ChildRef,
        decide: impl Fn(&Shielding<'_>) -> Vec<domain::shield::Event>,
    ) {
        let context = context(directory, self.team);
        let decided = directory
            .handle(&context, Stream::Shield(child), async |view: &View| {
                let record = view.fold::<Child>(Stream::Child(child)).await?;
                let shield = view.fold::<Shield>(Stream::Shield(child)).await?;
                let (policy, asker) = (view.policy().await?, view.asker().await?);
                let events = decide(&Shielding {
                    child: &record,
                    shield: &shield,
                    policy: &policy,
                    caller: asker.caller(),
                    at: context.at,
                });
                Ok(events.into_iter().map(Event::from).collect())
            })
            .await;
        decided.unwrap();
    }

    /// Waits until so many more were opened than now, or all are: however the threads take turns, the openings meet
    /// what stands now.
    fn hold(&self, over: &AtomicBool, more: usize) {
        let until = self.done.load(SeqCst).saturating_add(more);
        while self.done.load(SeqCst) < until && !over.load(SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// A suspension, then a reinstatement, user after user; every second one after a while, the others at once.
    async fn accounts(&self, directory: &Directory, turn: usize, over: &AtomicBool) {
        let user = self.users[turn % self.users.len()].id.unwrap();
        let stream = Stream::Practitioner(user);
        for suspending in [true, false] {
            let context = context(directory, self.team);
            let decided = directory
                .handle(&context, stream, async |view: &View| {
                    let state = view.fold::<Practitioner>(stream).await?;
                    let by = state.nomination().unwrap().organisation;
                    let organisation = view.fold(Stream::Organisation(by)).await?;
                    let (policy, asker) = (view.policy().await?, view.asker().await?);
                    let (at, caller) = (context.at, asker.caller());
                    let events = if suspending {
                        let command = suspend::Suspend {
                            at,
                            cause: SuspensionCause::ManagerRequest,
                            particulars: text("Asked.").into(),
                            investigation: InvestigationId::new(Uuid::now_v7()),
                        };
                        suspend::decide(&state, &policy, &caller, &command).unwrap()
                    } else {
                        let command = reinstate::Reinstate { at, reason: text("Done.").into() };
                        reinstate::decide(&state, &organisation, None, &policy, &caller, &command)
                            .unwrap()
                    };
                    Ok(events.into_iter().map(Event::from).collect())
                })
                .await;
            decided.unwrap();
            if suspending && turn.is_multiple_of(2) {
                self.hold(over, 3 * self.users.len());
            }
        }
    }
}

/// What a decision about a shield rests on.
struct Shielding<'a> {
    child: &'a Child,
    shield: &'a Shield,
    policy: &'a domain::policy::Policy,
    caller: domain::caller::Caller<'a>,
    at: chrono::DateTime<chrono::Utc>,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Opens, and says whether anything was shown.
async fn open(directory: &Directory, by: Actor, child: ChildRef) -> Result<bool, Problem> {
    let context = context(directory, by);
    let outcome = twice::open(directory, (&context, child), async || {}).await?;
    Ok(matches!(outcome.recorded[0].event, Event::Access(access::Event::RecordOpened { .. })))
}
