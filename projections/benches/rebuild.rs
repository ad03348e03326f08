//! How fast read models are built from a log, and how fast they answer, on both stores.
//!
//! `cargo bench -p projections --bench rebuild -- [events]`, 200,000 unless said otherwise. A
//! `redis-server` of its own is started for the second store, on a socket.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be made has failed"
)]

#[path = "../tests/conformance/server.rs"]
#[expect(dead_code, reason = "tests kill it, and this does not")]
mod server;

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    access::{self, Basis, Field, Purpose, ReasonCode, ShieldState},
    actor::{Actor, Role},
    event::Event,
    identity::{ChildRef, OpeningId, OrganisationId, PractitionerId},
    personal::Personal,
    policy::PolicyVersion,
    practitioner::AccountRole,
    stream::Stream,
};
use event_log::{Commit, Context, EventLog, Options};
use fixtures::{
    people::{authorised, authority},
    scenario::{at, id},
};
use projections::{
    known::Known,
    projection::Projection,
    projector::{Projector, Settings},
    read_models::{self, AuthorisedUsers, Openings, Seen, Shields, openings::open_at, seen},
    reader::Reader,
    store::{Embedded, Redis, Store},
};
use uuid::Uuid;

const BODIES: u128 = 150;

#[tokio::main]
async fn main() {
    let events = std::env::args().find_map(|it| it.parse().ok()).unwrap_or(200_000_u64);
    let dir = tempfile::tempdir().unwrap();
    let options = Options { origin: "contactpoint.example/bench".to_owned() };
    let log = EventLog::open(dir.path(), &options).unwrap();
    write(&log, events).await;
    let log = log.without_keys();
    println!("{} events; rates in events a second, everything on", log.length());
    println!("reading and decoding alone: {:.0}", decoding(&log).await);
    let place = tempfile::tempdir().unwrap();
    let embedded: Arc<dyn Store> = Arc::new(Embedded::open(place.path()).unwrap());
    measure("embedded", &log, embedded).await;
    let server = server::Server::start();
    let redis: Arc<dyn Store> = Arc::new(Redis::at(&server.address()).unwrap());
    measure("redis", &log, redis).await;
}

async fn decoding(log: &EventLog) -> f64 {
    let begun = Instant::now();
    let mut next = 0;
    while next < log.length() {
        next += u64::try_from(log.read_all(next, 16_384).await.unwrap().len()).unwrap();
    }
    next as f64 / begun.elapsed().as_secs_f64()
}

async fn measure(name: &str, log: &EventLog, store: Arc<dyn Store>) {
    one::<AuthorisedUsers>(name, log).await;
    one::<Seen>(name, log).await;
    one::<Openings>(name, log).await;
    one::<Shields>(name, log).await;
    let rate = build(log, Arc::clone(&store), read_models::all()).await;
    println!("{name}: all six read models together: {rate:.0}");
    let seen = Reader::<Seen>::new(Arc::clone(&store), log);
    let window = seen::Window { from: at("2009-01-01T00:00:00Z"), to: at("2010-01-01T00:00:00Z") };
    latency(&format!("{name}: what one practitioner saw, 50 rows"), async |turn: u128| {
        let who = PractitionerId::new(id(10_000 + turn % 1_000));
        seen.find(vec![seen::by_practitioner(who, window, 50)]).await.unwrap().value.len()
    })
    .await;
    let openings = Reader::<Openings>::new(store, log);
    latency(&format!("{name}: who was looking at an instant, at most 50"), async |turn: u128| {
        let instant = at("2009-06-22T09:00:00Z")
            + chrono::Duration::milliseconds(i64::try_from(turn * 37).unwrap());
        open_at(&openings, instant, (KnownBy::Now, DateTime::<Utc>::MAX_UTC), 50)
            .await
            .unwrap()
            .value
            .len()
    })
    .await;
}

async fn one<P: Projection>(name: &str, log: &EventLog) {
    let (dir, server) = (tempfile::tempdir().unwrap(), server::Server::start());
    let store: Arc<dyn Store> = match name {
        "redis" => Arc::new(Redis::at(&server.address()).unwrap()),
        _ => Arc::new(Embedded::open(dir.path()).unwrap()),
    };
    let rate = build(log, store, Known::none().and::<P>()).await;
    println!("{name}: {} alone: {rate:.0}", P::NAME);
}

async fn build(log: &EventLog, store: Arc<dyn Store>, known: Known) -> f64 {
    let begun = Instant::now();
    let mut projector = Projector::new(log, store, known, Settings::default(), Uuid::nil());
    projector.catch_up().await.unwrap();
    log.length() as f64 / begun.elapsed().as_secs_f64()
}

async fn latency(what: &str, ask: impl AsyncFn(u128) -> usize) {
    let (mut times, mut rows) = (Vec::new(), 0);
    for turn in 0..2_000 {
        let begun = Instant::now();
        rows += ask(turn).await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let (p50, p99): (Duration, Duration) = (times[1_000], times[1_980]);
    println!("{what}: p50 {p50:?}, p99 {p99:?}, {rows} rows in 2000 answers");
}

/// One part standings, ten parts looks: opened and closed again.
async fn write(log: &EventLog, events: u64) {
    let context = |command: u128, instant| Context {
        command: id((1 << 100) + command),
        at: instant,
        by: Actor::SYSTEM,
        policy: PolicyVersion(1),
        correlation: None,
        causation: None,
        request_digest: None,
    };
    let begin = at("2009-01-01T00:00:00Z");
    let people = u128::from(events / 110).max(1_000);
    let children = u128::from(events / 20).max(100);
    let subjects: Vec<Uuid> = (0..people)
        .map(|number| id(10_000 + number))
        .chain((0..children).map(|number| id((1 << 64) + number)))
        .chain((0..BODIES).map(|number| id(1 + number)))
        .collect();
    log.create_subjects(&subjects, |subject| context(subject.as_u128(), begin)).await.unwrap();
    for number in 0..BODIES {
        put(log, authority(1 + number).recorded(), context((1 << 90) + number, begin)).await;
    }
    for number in 0..people {
        let history = authorised(10_000 + number, AccountRole::Practitioner, 1 + number % BODIES);
        put(log, history.recorded(), context((1 << 91) + number, begin)).await;
    }
    let mut looks = 0_u128;
    while log.length() < events {
        let mut together = tokio::task::JoinSet::new();
        for _ in 0..256 {
            looks += 1;
            let child = ChildRef::new(id((1 << 64) + looks * 7_919 % children));
            let instant = at("2009-06-22T09:00:00Z")
                + chrono::Duration::milliseconds(i64::try_from(looks * 20).unwrap());
            let (who, of) = (PractitionerId::new(id(10_000 + looks % people)), 1 + looks % BODIES);
            let by = Actor::person(who, Role::Practitioner, OrganisationId::new(id(of)));
            let mut context = context((1 << 92) + looks, instant);
            context.by = by;
            let (log, events) = (log.clone(), looked(looks));
            together.spawn(async move {
                let (stream, reading) = (Stream::Access(child), log.reading());
                // Another may have written to the same record meanwhile: one look less.
                drop(log.commit(Commit { stream, events, reading, context }).await);
            });
        }
        while together.join_next().await.is_some() {}
    }
}

fn looked(number: u128) -> Vec<Event> {
    let opening = OpeningId::new(id((1 << 80) + number));
    let code = ReasonCode::try_from("child-protection".to_owned()).unwrap();
    let opened = access::Event::RecordOpened {
        opening,
        purpose: Purpose { code, text: Personal::Erased },
        basis: Basis::Practitioner,
        shield: ShieldState::Unshielded,
        shown: BTreeSet::from([Field::Name, Field::DateOfBirth, Field::Involvements]),
        withheld: BTreeSet::new(),
    };
    vec![opened.into(), access::Event::RecordClosed { opening }.into()]
}

async fn put<E: Into<Event> + Clone>(
    log: &EventLog,
    history: &[domain::recorded::Recorded<E>],
    context: Context,
) {
    let stream = history[0].stamp.stream;
    let events = history.iter().map(|recorded| recorded.event.clone().into()).collect();
    log.commit(Commit { stream, events, reading: log.reading(), context }).await.unwrap();
}
