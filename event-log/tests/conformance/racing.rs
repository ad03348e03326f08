//! Many at once: one winner per revision, guards that hold, nothing lost and nothing doubled.

use std::collections::{HashMap, HashSet};

use domain::{recorded::ReliedOn, stream::Stream};
use event_log::{
    append::{Append, AppendError, Appended},
    backend::Backend,
};

use crate::store::{Store, append, child, guarded, shield};

pub(crate) async fn of_many_appends_at_one_revision_exactly_one_wins(store: Store) {
    for round in 0..store.rounds(100) {
        let tasks: Vec<_> = (0..24)
            .map(|task| {
                let store = store.handle();
                let entry = format!("{{\"round\":{round},\"task\":{task}}}");
                let asked = append(child(1), round.checked_sub(1), &[&entry]);
                tokio::spawn(async move { (entry, store.append(asked).await) })
            })
            .collect();
        let mut winners = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                (entry, Ok(appended)) => {
                    assert_eq!(appended.first_revision, round);
                    winners.push(entry);
                }
                (_, Err(AppendError::Conflict { actual, .. })) => assert_eq!(actual, Some(round)),
                (_, Err(other)) => panic!("{other:?}"),
            }
        }
        assert_eq!(winners.len(), 1);
        let read = store.read_stream(child(1), round, None).await.unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].entry, winners[0].as_bytes());
    }
}

const TASKS: u64 = 32;
const TRIES: u64 = 100;
const STREAMS: u128 = 6;

/// What one task appended, and what it relied on.
struct Won {
    asked: Append,
    appended: Appended,
}

#[derive(Default)]
struct Outcome {
    won: Vec<Won>,
    /// Written, and answered that a guard had moved before: by a store that looks afterwards.
    too_late: Vec<(Won, ReliedOn)>,
    conflicts: usize,
    guards_moved: usize,
}

pub(crate) async fn guards_hold_at_the_position_of_the_event(store: Store) {
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| tokio::spawn(race(store.handle(), task, store.rounds(TRIES))))
        .collect();
    let mut total = Outcome::default();
    for task in tasks {
        let outcome = task.await.unwrap();
        total.won.extend(outcome.won);
        total.too_late.extend(outcome.too_late);
        total.conflicts += outcome.conflicts;
        total.guards_moved += outcome.guards_moved;
    }
    assert!(total.won.len() > 100, "only {} succeeded", total.won.len());
    assert!(total.conflicts > 100, "no race: only {} conflicts", total.conflicts);
    assert!(total.guards_moved > 10, "no race: only {} guards moved", total.guards_moved);
    judge(&store, &total).await;
    judge(&store.restarted().await, &total).await;
}

/// Reads two streams and appends to one of them, guarded by the other, again and again.
async fn race(store: std::sync::Arc<dyn Backend>, task: u64, tries: u64) -> Outcome {
    let mut outcome = Outcome::default();
    let mut number = task + 1;
    for attempt in 0..tries {
        // Knuth's generator: the same choices in every run.
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let written = child(u128::from(number >> 33) % STREAMS);
        let guard = shield_or_child(number);
        let guard = if guard == written { shield(0) } else { guard };
        let expected = revision(&*store, written).await;
        let relied = revision(&*store, guard).await;
        tokio::task::yield_now().await;
        let entries: Vec<String> =
            (0..=number % 3).map(|n| format!("{{\"by\":[{task},{attempt},{n}]}}")).collect();
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let written = if number >> 60 == 0 { guard } else { written };
        let guards = [(guard, relied)];
        let guards = if written == guard { &[][..] } else { &guards[..] };
        let expected = if written == guard { relied } else { expected };
        let asked = guarded(append(written, expected, &entries), guards);
        match store.append(asked.clone()).await {
            Ok(appended) => outcome.won.push(Won { asked, appended }),
            Err(AppendError::Conflict { .. }) => outcome.conflicts += 1,
            Err(AppendError::GuardMoved { written: None, .. }) => outcome.guards_moved += 1,
            Err(AppendError::GuardMoved { written: Some(appended), guard }) => {
                outcome.too_late.push((Won { asked, appended }, guard));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    outcome
}

fn shield_or_child(number: u64) -> Stream {
    let which = u128::from(number >> 40) % STREAMS;
    if number >> 50 & 1 == 0 { shield(which) } else { child(which) }
}

async fn revision(store: &dyn Backend, stream: Stream) -> Option<u64> {
    store.head(stream).await.unwrap().map(|head| head.revision)
}

/// Walks through the log from its first event, and compares it with what was answered.
async fn judge(store: &Store, outcome: &Outcome) {
    let log = store.everything().await;
    let in_time = outcome.won.iter().map(|won| (won, None));
    let too_late = outcome.too_late.iter().map(|(won, guard)| (won, Some(*guard)));
    let mut at: HashMap<u64, (&Won, Option<ReliedOn>)> =
        in_time.chain(too_late).map(|said| (said.0.appended.first_position, said)).collect();
    let written = outcome.won.len() + outcome.too_late.len();
    assert_eq!(at.len(), written, "two appends were given one position");
    let mut heads: HashMap<Stream, u64> = HashMap::new();
    let mut seen = HashSet::new();
    let mut position = 0;
    while position < log.len() {
        let (won, moved) =
            at.remove(&log[position].position).expect("an event that nobody appended");
        assert_eq!(heads.get(&won.asked.stream).copied(), won.asked.expected);
        if let Some(guard) = moved {
            assert_ne!(heads.get(&guard.stream).copied(), guard.revision, "at {position}");
        } else {
            for guard in &won.asked.guards {
                assert_eq!(heads.get(&guard.stream).copied(), guard.revision, "at {position}");
            }
        }
        for event in &won.asked.events {
            let stored = &log[position];
            assert_eq!(stored.position, u64::try_from(position).unwrap());
            assert_eq!(stored.stream, won.asked.stream);
            assert_eq!(stored.entry, event.entry);
            let next = heads.get(&stored.stream).map_or(0, |head| head + 1);
            assert_eq!(stored.revision, next);
            heads.insert(stored.stream, next);
            assert!(seen.insert(stored.entry.clone()), "doubled");
            position += 1;
        }
        assert_eq!(won.appended.last_position + 1, u64::try_from(position).unwrap());
    }
    assert!(at.is_empty(), "{} acknowledged appends are not in the log", at.len());
    for (stream, revision) in heads {
        let head = store.head(stream).await.unwrap().unwrap();
        assert_eq!(head.revision, revision);
        let read = store.read_stream(stream, 0, None).await.unwrap();
        let of_it = log.iter().filter(|event| event.stream == stream);
        assert!(read.iter().eq(of_it), "{stream} reads otherwise by itself");
    }
}
