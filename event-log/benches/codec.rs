//! How many events a second one core writes as entries, reads as events, opens and checks.
//!
//! `cargo bench -p event-log --bench codec`. The store is in memory, so what is measured is JSON,
//! sealing, hashing and folding, and not a disk.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement talks, and ends where something is wrong"
)]

use std::{sync::Arc, time::Instant};

use chrono::{DateTime, Duration, Utc};
use domain::{
    access::{self, Basis, Field, Purpose, ReasonCode, ShieldState},
    actor::{Actor, Role},
    event::Event,
    fold::Fold,
    identity::{ChildRef, OpeningId, OrganisationId, PractitionerId},
    personal::Personal,
    policy::PolicyVersion,
    reason::Text,
    recorded::Recorded,
    stream::Stream,
};
use event_log::{Commit, Context, EventLog, verify::verify};
use uuid::Uuid;

const EVENTS: u128 = 200_000;
const CHILDREN: u128 = 5_000;

#[derive(Clone, Default)]
struct Nothing;

impl Fold for Nothing {
    type Event = access::Event;
    fn evolve(&mut self, _: &Recorded<access::Event>) {}
}

fn opened(number: u128) -> Event {
    let text = Text::try_from("Concern raised by the school nurse about attendance.").unwrap();
    Event::Access(access::Event::RecordOpened {
        opening: OpeningId::new(Uuid::from_u128(number)),
        purpose: Purpose {
            code: ReasonCode::try_from("child-protection".to_owned()).unwrap(),
            text: Personal::Known(text),
        },
        basis: Basis::Practitioner,
        shield: ShieldState::Unshielded,
        shown: Field::ALL.into_iter().take(8).collect(),
        withheld: Field::ALL.into_iter().skip(14).take(1).collect(),
    })
}

fn closed(number: u128) -> Event {
    let opening = OpeningId::new(Uuid::from_u128(number));
    Event::Access(access::Event::RecordClosed { opening })
}

fn context(number: u128) -> Context {
    let person = PractitionerId::new(Uuid::from_u128(77));
    let seconds = i64::try_from(number).unwrap();
    Context {
        command: Uuid::from_u128(number),
        at: DateTime::<Utc>::UNIX_EPOCH
            .checked_add_signed(Duration::milliseconds(seconds.saturating_mul(7)))
            .unwrap(),
        by: Actor::person(person, Role::Practitioner, OrganisationId::new(Uuid::from_u128(78))),
        policy: PolicyVersion(3),
        correlation: Some(Uuid::from_u128(79)),
        causation: None,
        request_digest: Some([7; 32]),
    }
}

/// The wall clock, and where the system says so the time this process had on a core: on a busy
/// machine only the second says what the code costs.
#[derive(Clone, Copy)]
struct Begun(Instant, Option<f64>);

fn begin() -> Begun {
    Begun(Instant::now(), on_core())
}

/// Seconds on a core so far.
fn on_core() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

fn say(what: &str, events: u128, begun: Begun) {
    let Begun(instant, core) = begun;
    let wall = events as f64 / instant.elapsed().as_secs_f64();
    let core = on_core().zip(core).map_or(wall, |(now, then)| events as f64 / (now - then));
    println!("{what:<58} {wall:>10.0} events/s {core:>10.0} per second on a core");
}

/// An opening relies on four other streams; every second event is one, the others are closings.
async fn write(log: &EventLog, from: u128, to: u128) {
    for number in from..to {
        let child = ChildRef::new(Uuid::from_u128(number.wrapping_rem(CHILDREN)));
        let stream = Stream::Access(child);
        let reading = log.reading();
        reading.fold::<Nothing>(stream).await.unwrap();
        let opens = number.is_multiple_of(2);
        if opens {
            for other in 1..5_u128 {
                let other = Stream::Access(ChildRef::new(Uuid::from_u128(other.wrapping_shl(64))));
                reading.fold::<Nothing>(other).await.unwrap();
            }
        }
        let events = vec![if opens { opened(number) } else { closed(number) }];
        log.commit(Commit { stream, events, reading, context: context(number) }).await.unwrap();
    }
}

async fn read(log: &EventLog) -> u128 {
    let mut from = 0;
    let mut read = 0_u128;
    loop {
        let some = log.read_all(from, 2_048).await.unwrap();
        let Some(last) = some.last() else { return read };
        from = last.stamp.position.saturating_add(1);
        read = read.saturating_add(some.len() as u128);
    }
}

async fn measure() {
    let log = EventLog::memory().unwrap();
    let subjects: Vec<Uuid> = (0..CHILDREN).map(Uuid::from_u128).collect();
    log.create_subjects(&subjects, |subject| context(subject.as_u128())).await.unwrap();

    let begun = begin();
    write(&log, 0, EVENTS).await;
    say("folded, encoded, half of them sealed, committed", EVENTS, begun);

    let mut bytes = 0_usize;
    let mut from = 0;
    let begun = begin();
    loop {
        let some = log.read_stored(from, 2_048).await.unwrap();
        let Some(last) = some.last() else { break };
        from = last.position.saturating_add(1);
        bytes = some.iter().fold(bytes, |bytes, stored| bytes.saturating_add(stored.entry.len()));
    }
    say("copied out of the store in memory", EVENTS, begun);
    println!("{:<58} {:>10.0} bytes", "an entry on average", bytes as f64 / EVENTS as f64);

    let public = log.without_keys();
    let begun = begin();
    let events = read(&public).await;
    say("read as events without keys", events, begun);
    let begun = begin();
    let events = read(&log).await;
    say("read as events, half of them opened", events, begun);

    let all = Arc::new(log.read_stored(0, usize::MAX).await.unwrap());
    let begun = begin();
    for stored in all.iter() {
        std::hint::black_box(public.decode_stored(stored).unwrap());
    }
    say("decoded without keys, the store apart", all.len() as u128, begun);

    let begun = begin();
    let report = verify(&log, |_| {}).await.unwrap();
    say("verified: entries, chains, sections", u128::from(report.events), begun);
    assert!(report.is_clean());
}

fn main() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(measure());
}
