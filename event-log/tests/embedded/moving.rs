//! Where a stream ends is known, however often that went from memory into the file and was asked in between.

use domain::identity::EventId;
use event_log::{
    append::{Append, NewEvent},
    backend::{Backend, Head},
};
use uuid::Uuid;

use crate::log::{Log, child};

/// Twice as many as go into the file at once, so that most streams lie there when they move again.
const STREAMS: u64 = 40;

#[tokio::test]
async fn a_head_is_that_of_the_last_event_also_where_it_was_asked_before() {
    let log = Log::of(0).await;
    let open = log.open().unwrap();
    let mut heads: Vec<Option<Head>> = vec![None; usize::try_from(STREAMS + 1).unwrap()];
    let mut dice = 0x5eed_u64;
    for position in 0..600 {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = (dice >> 33) % STREAMS;
        let at = usize::try_from(number).unwrap();
        let revision = heads[at].map_or(0, |head| head.revision + 1);
        let id = EventId::new(Uuid::from_u128(u128::from(position)));
        let events = vec![NewEvent { id, entry: b"{}".to_vec(), sealed: None }];
        let expected = heads[at].map(|head| head.revision);
        let append = Append { stream: child(number), expected, guards: Vec::new(), events };
        open.append(append).await.unwrap();
        heads[at] = Some(Head { position, revision });
        // One of them is never written to.
        for (number, head) in (0..).zip(&heads) {
            assert_eq!(open.head(child(number)).await.unwrap(), *head, "{number} after {position}");
        }
    }
}
