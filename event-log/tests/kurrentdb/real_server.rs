//! One round through everything, on the server that `CONTACTPOINT_TEST_KURRENTDB` names, under a prefix of
//! its own. On the double if none is named.

use std::sync::Arc;

use event_log::{
    append::AppendError,
    backend::Backend,
    kurrent::{Kurrent, Settings},
};
use kurrentdb_double::Double;

use crate::world::{append, child, guarded, shield};

#[tokio::test(flavor = "multi_thread")]
async fn real_server_appends_guards_races_and_reads() {
    let double = Double::start();
    let named = std::env::var("CONTACTPOINT_TEST_KURRENTDB");
    let connection = named.unwrap_or_else(|_| double.connection());
    // How that server is set up is its operator's business, and not what is tested.
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let prefix = format!("cptest-{now}-round-");
    let settings =
        Settings { prefix, expected: None, ..Settings::new(connection, "test.example/log") };
    let log = Arc::new(Kurrent::open(&settings).await.unwrap());
    let first = log.length();

    let asked = append(child(1), None, 1, "{\"type\":\"a/1\",\"b\": 1}");
    let appended = log.append(asked.clone()).await.unwrap();
    assert_eq!((appended.first_position, appended.first_revision), (first, 0));
    assert_eq!(log.append(asked.clone()).await.unwrap(), appended, "sent again");
    let other = append(child(1), None, 2, "{}");
    assert!(matches!(
        log.append(other).await,
        Err(AppendError::Conflict { expected: None, actual: Some(0), .. })
    ));
    let last = log.read_stream(child(1), 0, None).await.unwrap();
    assert_eq!(last.last().unwrap().entry, asked.events.first().unwrap().entry);

    log.append(append(shield(1), None, 3, "{}")).await.unwrap();
    let stale = guarded(append(child(2), None, 4, "{}"), &[(shield(1), None)]);
    assert!(matches!(log.append(stale).await, Err(AppendError::GuardMoved { written: None, .. })));
    let holds = guarded(append(child(2), None, 5, "{}"), &[(shield(1), Some(0))]);
    log.append(holds).await.unwrap();

    for round in 0..10_u64 {
        let racers: Vec<_> = (0..8_u64)
            .map(|racer| {
                let log = Arc::clone(&log);
                let command = u128::from(1_000 + round * 10 + racer);
                let entry = format!("{{\"racer\":{racer}}}");
                let asked = append(child(3), round.checked_sub(1), command, &entry);
                tokio::spawn(async move { log.append(asked).await.is_ok() })
            })
            .collect();
        let mut won = 0;
        for racer in racers {
            won += u32::from(racer.await.unwrap());
        }
        assert_eq!(won, 1, "round {round}");
    }
    let all = log.read_all(first, usize::MAX).await.unwrap();
    assert_eq!(all.len(), 13);
    let streamed = log.read_stream(child(3), 0, None).await.unwrap();
    assert!(streamed.iter().eq(all.iter().filter(|event| event.stream == child(3))));
}

/// How many events there are.
trait Length {
    fn length(&self) -> u64;
}

impl Length for Kurrent {
    fn length(&self) -> u64 {
        *self.watch().borrow()
    }
}
