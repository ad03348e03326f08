//! How fast read models answer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{activity::Terms, identity::ChildRef};
use event_log::EventLog;
use projections::{
    dated::Moment,
    marks::Marker,
    read_models::{
        AuthorisedUsers, Openings, Organisations, Seen, Shields, UnusualAccess,
        openings::open_at,
        parliament::Clerks,
        search::Seeker,
        seen::{self, Whose, Window},
        shields::in_force,
        unusual::{Of, standing_in},
    },
    reader::Reader,
    store::Store,
};
use uuid::Uuid;

use crate::generated::{self, FIRST_DAY, LAST_DAY};

/// How often each question is asked.
const TIMES: u64 = 1_000;

/// How long a question took.
pub(crate) struct Latency {
    what: &'static str,
    p50: Duration,
    p99: Duration,
    bare: Duration,
    rows: usize,
}

impl Latency {
    pub(crate) fn print(&self, kind: &str) {
        let Self { what, p50, p99, bare, rows } = self;
        let ratio = p50.as_secs_f64() / bare.as_secs_f64();
        let rows = *rows as f64 / TIMES as f64;
        println!("| {what} ({rows:.0} rows) | {kind} | {p50:.0?} | {p99:.0?} | {ratio:.1} |");
    }
}

async fn measure(what: &'static str, ask: impl AsyncFn(u64) -> usize) -> Latency {
    let (mut times, mut rows) = (Vec::new(), 0);
    for turn in 0..TIMES {
        let begun = Instant::now();
        rows += ask(turn).await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100];
    Latency { what, p50: at(50), p99: at(99), bare: at(50), rows }
}

/// Asks everything that is asked often.
pub(crate) async fn all(log: &EventLog, store: &Arc<dyn Store>) -> Vec<Latency> {
    let window = Window { from: generated::instant(FIRST_DAY), to: generated::instant(LAST_DAY) };
    let readers = Readers { log, store };
    let seen = readers.of::<Seen>();
    let bare = measure("one document by its key", async |turn| {
        let users = readers.of::<AuthorisedUsers>();
        let who = generated::person(turn * 7 % generated::people(log));
        usize::from(users.get(&who.to_string()).await.unwrap().value.is_some())
    })
    .await;
    let mut latencies = vec![
        measure("what a practitioner saw", async |turn| {
            let who = generated::person(turn * 7 % generated::people(log));
            let whose = Whose::Practitioner(who);
            seen::find(&seen, whose, &window.sights(50)).await.unwrap().len()
        })
        .await,
        measure("which searches listed a child", async |turn| {
            seen::listings_of(&seen, child(log, turn)).await.unwrap().len()
        })
        .await,
        measure("what an authority saw in a minute", async |turn| {
            let from = generated::looked_at(log, turn);
            let window = Window { from, to: from + Duration::from_secs(60) };
            let whose = Whose::Authority(generated::body(turn % generated::BODIES));
            seen::find(&seen, whose, &window.sights(50)).await.unwrap().len()
        })
        .await,
    ];
    latencies.extend(sets(log, &readers, window).await);
    latencies.extend(searching(log, store).await);
    latencies.insert(0, bare);
    let bare = latencies[0].p50;
    for latency in &mut latencies {
        latency.bare = bare;
    }
    latencies
}

async fn searching(log: &EventLog, store: &Arc<dyn Store>) -> Vec<Latency> {
    let england = generated::england(log);
    let marker = Marker::of(log).unwrap();
    let seeker = Seeker::new(log, Arc::clone(store), marker, Uuid::from_u128(1));
    let search = async |terms: Terms| seeker.candidates(&terms, 40).await.unwrap().children.len();
    vec![
        measure("search by name and date of birth", async |turn| {
            let child = england.child(turn * 31 % generated::children(log));
            search(Terms {
                given: Some(child.name.expose_given().to_owned()),
                surname: Some(child.name.expose_surname().to_owned()),
                date_of_birth: Some(child.date_of_birth.expose()),
                ..Terms::default()
            })
            .await
        })
        .await,
        measure("search by surname and gender, too many", async |turn| {
            let child = england.child(turn * 31 % generated::children(log));
            search(Terms {
                surname: Some(child.name.expose_surname().to_owned()),
                gender: Some(child.gender),
                ..Terms::default()
            })
            .await
        })
        .await,
    ]
}

async fn sets(log: &EventLog, readers: &Readers<'_>, window: Window) -> Vec<Latency> {
    let (openings, shields) = (readers.of::<Openings>(), readers.of::<Shields>());
    let unusual = readers.of::<UnusualAccess>();
    let last = log.header_at(log.length() - 1).await.unwrap().unwrap();
    let last = Moment::of(&last.stamp);
    let clerks = Clerks {
        users: readers.of::<AuthorisedUsers>(),
        organisations: readers.of::<Organisations>(),
        shields: readers.of::<Shields>(),
    };
    vec![
        measure("who was looking at an instant", async |turn| {
            let at = generated::looked_at(log, turn) + Duration::from_millis(5);
            open_at(&openings, at, last, 50).await.unwrap().value.len()
        })
        .await,
        measure("shields in force of an authority", async |turn| {
            let of = generated::body(turn % generated::BODIES);
            in_force(&shields, Some(of), window.to, 50).await.unwrap().value.len()
        })
        .await,
        measure("counts for Parliament", async |_| {
            let day = window.to.date_naive();
            clerks.counts(day, last).await.unwrap();
            1
        })
        .await,
        measure("unusual access of an authority", async |turn| {
            let of = Of::Authority(generated::body(turn % generated::BODIES));
            let late = Window { to: window.to + Duration::from_secs(60 * 86_400), ..window };
            standing_in(&unusual, of, late, 50).await.unwrap().value.len()
        })
        .await,
    ]
}

struct Readers<'a> {
    log: &'a EventLog,
    store: &'a Arc<dyn Store>,
}

impl Readers<'_> {
    fn of<P: projections::projection::ReadModel>(&self) -> Reader<P> {
        Reader::new(Arc::clone(self.store), self.log)
    }
}

fn child(log: &EventLog, turn: u64) -> ChildRef {
    generated::england(log).child(turn * 31 % generated::children(log)).reference
}
