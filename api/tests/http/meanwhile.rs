//! Listings of now, while what they list changes between one look at the store and the next: each tells what
//! was so at the position that it says.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::{
    access::{self, Basis, Field, Fields, Purpose, ReasonCode, ShieldState},
    actor::{Actor, Role},
    event::Event,
    identity::{
        ChildRef, InvestigationId, OpeningId, OrganisationId, OverrideId, PractitionerId,
        PublicityId,
    },
    investigation::{self, Finding},
    organisation::{self, Channel},
    personal::Personal,
    policy::PolicyVersion,
    practitioner::{self, SuspensionCause},
    reason::Text,
    shield::{self, Ground, Grounds, ThreatLevel},
    stream::Stream,
};
use event_log::{Commit, Context, EventLog, memory::Memory};
use projections::store::{
    Answer as Later, ApplyError, Ask, Batch, Build, Built, Embedded, Reply, Store, StoreError,
    Write,
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::world::{Authority, Who, World};

/// A store in which, before anything but a single document is looked at, something happens and is taken in.
struct Moving {
    store: Arc<dyn Store>,
    moves: OnceCell<Moves>,
    armed: AtomicBool,
}

impl Store for Moving {
    fn read<'a>(
        &'a self,
        build: &'a Build,
        asks: Vec<Ask>,
    ) -> Later<'a, Result<Option<Reply>, StoreError>> {
        Box::pin(async move {
            // A projector asks for single documents only.
            let listing = asks.iter().any(|ask| !matches!(ask, Ask::Get(_)));
            if listing && self.armed.load(SeqCst) {
                let moves = self.moves.get().unwrap();
                moves.happen().await;
                taken_in(&*self.store, moves.log.length()).await;
            }
            self.store.read(build, asks).await
        })
    }

    fn builds(&self) -> Later<'_, Result<Vec<Built>, StoreError>> {
        self.store.builds()
    }
    fn create<'a>(&'a self, build: &'a Build) -> Later<'a, Result<(), StoreError>> {
        self.store.create(build)
    }
    fn apply(&self, batch: Batch) -> Later<'_, Result<(), ApplyError>> {
        self.store.apply(batch)
    }
    fn amend<'a>(
        &'a self,
        build: &'a Build,
        at: u64,
        writes: Vec<Write>,
    ) -> Later<'a, Result<(), ApplyError>> {
        self.store.amend(build, at, writes)
    }
    fn complete<'a>(&'a self, build: &'a Build) -> Later<'a, Result<bool, StoreError>> {
        self.store.complete(build)
    }
    fn serve<'a>(&'a self, build: &'a Build) -> Later<'a, Result<bool, StoreError>> {
        self.store.serve(build)
    }
    fn switch<'a>(&'a self, build: &'a Build) -> Later<'a, Result<bool, StoreError>> {
        self.store.switch(build)
    }
    fn serving<'a>(&'a self, name: &'a str) -> Later<'a, Result<Option<Build>, StoreError>> {
        self.store.serving(name)
    }
    fn drop_build<'a>(&'a self, build: &'a Build) -> Later<'a, Result<bool, StoreError>> {
        self.store.drop_build(build)
    }
    fn take_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Later<'a, Result<bool, StoreError>> {
        self.store.take_lease(holder, time)
    }
    fn seize_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Later<'a, Result<(), StoreError>> {
        self.store.seize_lease(holder, time)
    }
    fn release_lease<'a>(&'a self, holder: &'a str) -> Later<'a, Result<(), StoreError>> {
        self.store.release_lease(holder)
    }
}

/// Waits until every read model has taken in so many events.
async fn taken_in(store: &dyn Store, events: u64) {
    for _ in 0..12_000 {
        if store.builds().await.unwrap().iter().all(|built| built.checkpoint.next >= events) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the read models stay behind");
}

/// What happens: whoever was suspended is so no more and another is, and so on for what is open, shielded and
/// investigated. So there is always one of each, and another one each time.
struct Moves {
    log: EventLog,
    organisation: OrganisationId,
    people: [PractitionerId; 2],
    children: [ChildRef; 2],
    turn: AtomicU64,
    opening: Mutex<Option<(ChildRef, OpeningId)>>,
    investigation: Mutex<Option<InvestigationId>>,
}

impl Moves {
    async fn write(&self, stream: Stream, event: impl Into<Event>) {
        // By a clock that is a little behind that of others.
        let at: DateTime<Utc> = Utc::now() - chrono::Duration::milliseconds(300);
        let by = Actor::person(self.people[1], Role::Practitioner, self.organisation);
        let context = || Context {
            command: Uuid::now_v7(),
            at,
            by,
            policy: PolicyVersion(1),
            correlation: None,
            causation: None,
            request_digest: None,
        };
        if let Some(subject) = stream.subject() {
            drop(self.log.create_subject(subject, context()).await); // it may have a key already
        }
        let (events, reading) = (vec![event.into()], self.log.reading());
        self.log.commit(Commit { stream, events, reading, context: context() }).await.unwrap();
    }

    async fn happen(&self) {
        let even = self.turn.fetch_add(1, SeqCst).is_multiple_of(2);
        let [here, there] = if even { [0, 1] } else { [1, 0] };
        let suspended = practitioner::Event::AccountSuspended {
            cause: SuspensionCause::Suspected,
            particulars: words(),
        };
        let reinstated =
            practitioner::Event::AccountReinstated { investigation: None, reason: words() };
        self.write(Stream::Practitioner(self.people[there]), reinstated).await;
        self.write(Stream::Practitioner(self.people[here]), suspended).await;
        self.look(self.children[here]).await;
        self.shield(self.children[here], self.children[there]).await;
        self.inquire(self.children[here]).await;
        let informed = organisation::Event::PublicInformationRecorded {
            activity: PublicityId::new(Uuid::now_v7()),
            channel: Channel::DirectMailing,
            area: "Everywhere".to_owned(),
            from: Utc::now().date_naive(),
            to: None,
            quantity: None,
            cost_pence: None,
        };
        self.write(Stream::Organisation(self.organisation), informed).await;
    }

    async fn look(&self, child: ChildRef) {
        let opening = OpeningId::new(Uuid::now_v7());
        let before = self.opening.lock().unwrap().replace((child, opening));
        if let Some((child, opening)) = before {
            self.write(Stream::Access(child), access::Event::RecordClosed { opening }).await;
        }
        let opened = access::Event::RecordOpened {
            opening,
            purpose: Purpose {
                code: ReasonCode::try_from("child-protection".to_owned()).unwrap(),
                text: words(),
            },
            basis: Basis::Practitioner,
            shield: ShieldState::Unshielded,
            shown: Fields::from([Field::Name]),
            withheld: Fields::NONE,
        };
        self.write(Stream::Access(child), opened).await;
    }

    async fn shield(&self, on: ChildRef, off: ChildRef) {
        let (authority, views) = (self.organisation, BTreeMap::new());
        let lifted = shield::Event::Lifted { authority, reasons: words(), views: views.clone() };
        self.write(Stream::Shield(off), lifted).await;
        let applied = shield::Event::Applied {
            authority,
            grounds: Grounds::new([Ground::ChildAtRisk].into(), None).unwrap(),
            threat_level: ThreatLevel::Severe,
            threat_rationale: words(),
            views,
            review_due: Utc::now().date_naive(),
        };
        self.write(Stream::Shield(on), applied).await;
    }

    async fn inquire(&self, child: ChildRef) {
        let which = InvestigationId::new(Uuid::now_v7());
        let before = self.investigation.lock().unwrap().replace(which);
        if let Some(before) = before {
            let concluded =
                investigation::Event::Concluded { finding: Finding::Proper, report: words() };
            self.write(Stream::Investigation(before), concluded).await;
        }
        let opened = access::Event::InvestigationOpened {
            investigation: which,
            procedure: OverrideId::new(Uuid::now_v7()),
            practitioner: self.people[1],
            due: Utc::now().date_naive(),
        };
        self.write(Stream::Access(child), opened).await;
    }
}

fn words() -> Personal<Text> {
    Personal::Known(Text::try_from("A test of what happens meanwhile.".to_owned()).unwrap())
}

/// Every listing that what happens changes, by its address and what it is narrowed to; none for a GET.
fn listings(authority: &Authority) -> Vec<(String, Option<Value>)> {
    let window = json!({"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"});
    let opened = |mut narrowed: Value| {
        narrowed["what"] = json!(["opened"]);
        Some(narrowed)
    };
    vec![
        ("/practitioners/queries".to_owned(), Some(json!({}))),
        ("/practitioners/queries".to_owned(), Some(json!({"which": "suspended"}))),
        ("/practitioners/queries".to_owned(), Some(json!({"lapses_within_days": 3660}))),
        (format!("/practitioners/{}/sights/queries", authority.user.id), opened(json!({}))),
        ("/sights/queries".to_owned(), opened(window)),
        ("/openings/queries".to_owned(), Some(json!({}))),
        ("/shields/queries".to_owned(), Some(json!({}))),
        ("/overrides/queries".to_owned(), Some(json!({}))),
        ("/investigations/queries".to_owned(), Some(json!({"which": "unfinished"}))),
        ("/investigations/queries".to_owned(), Some(json!({}))),
        ("/shields/decisions".to_owned(), None),
        ("/public-information".to_owned(), None),
    ]
}

/// The rows of a listing of now, when everything that is in the log has been taken in.
async fn ask(world: &World, who: &Who, (path, narrowed): &(String, Option<Value>)) -> Value {
    let token = format!("p{}", world.log.length().saturating_sub(1));
    let headers = [("consistency-token", token.as_str()), ("prefer", "wait=30")];
    let answer = if let Some(narrowed) = narrowed {
        let mut body = json!({"reason": {"code": "audit", "text": "Weekly review."}});
        body.as_object_mut().unwrap().extend(narrowed.as_object().unwrap().clone());
        world.post_with(who, path, &headers, body).await
    } else {
        let bearer = format!("Bearer {}", who.token);
        let headers = [headers[0], headers[1], ("authorization", bearer.as_str())];
        world.send(reqwest::Method::GET, path, &headers, None).await
    };
    let answer = answer.good();
    json!({"data": answer["data"], "facets": answer["facets"]})
}

#[tokio::test]
async fn a_listing_of_now_tells_what_was_so_at_its_position_whatever_happens_while_it_is_read() {
    let memory = Arc::new(Memory::new());
    let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
    let store: Arc<dyn Store> = Arc::new(Embedded::temporary().unwrap());
    let moving = Arc::new(Moving { store, moves: OnceCell::new(), armed: AtomicBool::new(false) });
    let kept: Arc<dyn Store> = Arc::<Moving>::clone(&moving);
    let world = World::keeping(log.clone(), memory, kept).await;
    let authority = world.authority("Leeds").await;
    let other = world.user(&authority.team, "practitioner", authority.id).await;
    let children = [world.child(&authority).await, world.child(&authority).await];
    let moves = Moves {
        log,
        organisation: OrganisationId::new(authority.id),
        people: [other.id, authority.user.id].map(PractitionerId::new),
        children: children.map(ChildRef::new),
        turn: AtomicU64::new(0),
        opening: Mutex::default(),
        investigation: Mutex::default(),
    };
    moving.moves.set(moves).unwrap_or_else(|_| panic!("it was set before"));
    moving.moves.get().unwrap().happen().await;
    for listing in &listings(&authority) {
        let before = ask(&world, &world.official, listing).await;
        let turns = moving.moves.get().unwrap().turn.load(SeqCst);
        moving.armed.store(true, SeqCst);
        let meanwhile = ask(&world, &world.official, listing).await;
        moving.armed.store(false, SeqCst);
        assert!(
            moving.moves.get().unwrap().turn.load(SeqCst) > turns,
            "{listing:?}: nothing happened"
        );
        assert_eq!(meanwhile, before, "{listing:?}");
        let after = ask(&world, &world.official, listing).await;
        assert_ne!(after, before, "{listing:?}: what happened changes nothing in it");
    }
}
