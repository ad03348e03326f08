//! Subscriptions: confirmed, caught up, then live. They end with UNAVAILABLE, unless asked to err.

use std::sync::{Arc, atomic::Ordering};

use tonic::Status;
use uuid::Uuid;

use crate::{
    convert::{self, Ids, answer, position},
    double::Shared,
    filter::Filter,
    log::{Event, Log},
    read::{From, Sender},
    wire::streams::read_resp::{Checkpoint, Content, Live, SubscriptionConfirmation},
};

/// How many events are looked at between two looks at the log.
const AT_ONCE: usize = 500;

/// Counts a subscription for as long as it is there.
struct Counted(Arc<Shared>);

impl Counted {
    fn new(shared: Arc<Shared>) -> Self {
        shared.subscribers.fetch_add(1, Ordering::Relaxed);
        Self(shared)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.subscribers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the subscriber takes messages from; says when there is to be no next one.
struct Messages {
    sender: Sender,
    left: Option<u64>,
}

impl Messages {
    async fn send(
        &mut self,
        message: Result<crate::wire::streams::ReadResp, Status>,
    ) -> Option<()> {
        if let Some(left) = &mut self.left {
            // Ending here ends the call with OK: the defect that is asked for.
            *left = left.checked_sub(1)?;
        }
        self.sender.send(message).await.ok()
    }

    async fn confirm(&mut self) -> Option<()> {
        let subscription_id = Uuid::from_u128(u128::from(crate::log::now())).to_string();
        let confirmed = SubscriptionConfirmation { subscription_id };
        self.send(Ok(answer(Content::Confirmation(confirmed)))).await
    }

    async fn caught_up(&mut self, at: u64, all: bool) -> Option<()> {
        let live = Live {
            timestamp: None,
            stream_revision: (!all).then(|| i64::try_from(at).unwrap_or(i64::MAX)),
            position: all.then(|| position(at)),
        };
        self.send(Ok(answer(Content::CaughtUp(live)))).await
    }

    async fn checkpoint(&mut self, at: u64) -> Option<()> {
        let checkpoint = Checkpoint { commit_position: at, prepare_position: at, timestamp: None };
        self.send(Ok(answer(Content::Checkpoint(checkpoint)))).await
    }
}

pub(crate) async fn to_stream(
    shared: Arc<Shared>,
    stream: String,
    from: From,
    ids: Ids,
    sender: Sender,
) -> Option<()> {
    let counted = Counted::new(Arc::clone(&shared));
    let (log, left) = (&counted.0.log, shared.faults.end_after());
    let mut messages = Messages { sender, left };
    let mut head = log.watch();
    messages.confirm().await?;
    let mut next = match from {
        From::Start => 0,
        From::At(revision) => revision + 1,
        From::End => log.state().revision(&stream).map_or(0, |revision| revision + 1),
    };
    let mut live = false;
    loop {
        head.mark_unchanged();
        let events = {
            let state = log.state();
            let after = state.stream(&stream).iter().filter(|event| event.revision >= next);
            after.take(AT_ONCE).cloned().collect::<Vec<_>>()
        };
        for event in &events {
            messages.send(Ok(convert::event(event, ids))).await?;
            next = event.revision + 1;
        }
        if events.is_empty() {
            if !live {
                live = true;
                messages.caught_up(next.saturating_sub(1), false).await?;
            }
            wait(&mut head, &mut messages).await?;
        }
    }
}

pub(crate) async fn to_all(
    shared: Arc<Shared>,
    from: From,
    filter: Option<Filter>,
    ids: Ids,
    sender: Sender,
) -> Option<()> {
    let counted = Counted::new(Arc::clone(&shared));
    let (log, left) = (&counted.0.log, shared.faults.end_after());
    let mut messages = Messages { sender, left };
    let mut head = log.watch();
    messages.confirm().await?;
    let mut after = match from {
        From::Start => 0,
        From::At(position) => position,
        From::End => log.state().last_position(),
    };
    let (mut live, mut examined) = (false, 0_u64);
    loop {
        head.mark_unchanged();
        let events = next(log, after);
        for event in &events {
            after = event.position;
            let wanted = filter.as_ref().is_none_or(|filter| filter.wants(event));
            let skipped = filter.is_some() && shared.faults.skips_events();
            if wanted && !skipped {
                messages.send(Ok(convert::event(event, ids))).await?;
            }
            examined += 1;
            let due = filter.as_ref().is_some_and(|filter| examined % filter.window == 0);
            if due || (wanted && skipped) {
                messages.checkpoint(after).await?;
            }
        }
        if events.is_empty() {
            if !live {
                live = true;
                messages.caught_up(after, true).await?;
            }
            wait(&mut head, &mut messages).await?;
        }
    }
}

fn next(log: &Log, after: u64) -> Vec<Arc<Event>> {
    let state = log.state();
    let first = state.events.partition_point(|event| event.position <= after);
    state.events[first..].iter().take(AT_ONCE).cloned().collect()
}

/// Waits for the next event; ends when the subscriber has gone.
async fn wait(head: &mut tokio::sync::watch::Receiver<u64>, messages: &mut Messages) -> Option<()> {
    if messages.left == Some(0) {
        return None;
    }
    tokio::select! {
        changed = head.changed() => changed.ok(),
        () = messages.sender.closed() => None,
    }
}
