//! A log copied to a cluster and back: byte for byte, going on where it was interrupted.

use std::ops::ControlFlow;

use event_log::{
    append::{Append, NewEvent},
    backend::Backend,
    copying::{self, CopyError, Stage},
    memory::Memory,
};
use kurrentdb_double::Double;

use crate::world::{World, append, child, shield};

/// Events of three streams, alone and in runs, sealed and not.
async fn source() -> Memory {
    let log = Memory::new();
    for round in 0..40_u64 {
        for (number, stream) in [(1, child(1)), (2, shield(1)), (3, child(2))] {
            let mut events = Vec::new();
            for n in 0..=round % 4 {
                let command = u128::from(round) * 100 + number * 10 + u128::from(n);
                let id = append(stream, None, command, "{}").events.remove(0).id;
                let entry = format!("{{\"v\":1,\"type\":\"a/1\",\"id\":\"{id}\",\"n\": {n}}}");
                let sealed = (n % 2 == 0).then(|| vec![0, 255, u8::try_from(round).unwrap()]);
                events.push(NewEvent { id, entry: entry.into_bytes(), sealed });
            }
            let expected = log.head(stream).await.unwrap().map(|head| head.revision);
            let asked = Append { stream, expected, guards: Vec::new(), events };
            log.append(asked).await.unwrap();
        }
    }
    log
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_copied_there_and_back_and_is_the_same() {
    let (here, world, back) = (source().await, World::new(Double::start()), Memory::new());
    let there = world.open().await.unwrap();
    // Interrupted after some of the appends, it goes on.
    let mut left = 1;
    let interrupted = copying::copy(&here, &*there, |progress| {
        left -= u32::from(progress.stage == Stage::Copying);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .await;
    assert!(matches!(interrupted, Err(CopyError::Interrupted)), "{interrupted:?}");
    let partly = *there.watch().borrow();
    assert!(partly > 0 && partly < 300, "{partly}");
    let on = |_| ControlFlow::Continue(());
    let copied = copying::copy(&here, &*there, on).await.unwrap();
    assert_eq!((copied.there, copied.there + copied.copied), (partly, 300));
    let returned = copying::copy(&*there, &back, on).await.unwrap();
    assert_eq!((returned.there, returned.copied, returned.root), (0, 300, copied.root));
    let everything = here.read_all(0, usize::MAX).await.unwrap();
    assert_eq!(there.read_all(0, usize::MAX).await.unwrap(), everything);
    assert_eq!(back.read_all(0, usize::MAX).await.unwrap(), everything);
    let again = copying::copy(&here, &back, on).await.unwrap();
    assert_eq!((again.there, again.copied), (300, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_copy_of_this_log_is_left_alone() {
    let (here, other) = (source().await, Memory::new());
    other.append(append(child(9), None, 9, "{}")).await.unwrap();
    let on = |_| ControlFlow::Continue(());
    let refused = copying::copy(&here, &other, on).await;
    assert!(matches!(refused, Err(CopyError::Differs { position: 0 })), "{refused:?}");
    let refused = copying::copy(&Memory::new(), &other, on).await;
    assert!(matches!(refused, Err(CopyError::Longer { there: 1, here: 0 })), "{refused:?}");
    assert_eq!(other.read_all(0, 9).await.unwrap().len(), 1);
}
