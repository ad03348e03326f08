//! Reading on: what the server committed after what the index knows, in its order.

use std::{
    sync::{Arc, PoisonError, Weak},
    time::Duration,
};

use super::{
    Expected, Inner, Refusal,
    checks::{self, metadata},
    connection::{Ask, Patience},
    index::Unfit,
    reading::{corrupt, failed, index_failed},
    wire::Found,
};
use crate::backend::{ReadError, leaf};

/// How many events are read at once.
const AT_ONCE: usize = 1_000;

/// Asks again and again what others have written, until the log is dropped.
pub(super) async fn keep_following(log: Weak<Inner>, poll: Duration) {
    loop {
        tokio::time::sleep(poll).await;
        let Some(log) = log.upgrade() else { return };
        // A failure is for whoever reads: the next read meets it, and says so.
        drop(log.catch_up().await);
    }
}

/// Checks the cluster every day, until the log is dropped.
pub(super) async fn keep_checking(log: Weak<Inner>, expected: Option<Expected>) {
    let Some(expected) = expected else { return };
    // The approval was for what was there when the log was opened.
    let expected = Expected { scavenges_approved: false, ..expected };
    loop {
        tokio::time::sleep(checks::EVERY).await;
        let Some(log) = log.upgrade() else { return };
        // What it finds is what the next append answers.
        drop(log.check_and_note(&expected).await);
    }
}

impl Inner {
    /// Takes up where the index ends, and reads on to the end of the log.
    pub(super) async fn begin_to_follow(self: Arc<Self>) -> Result<(), ReadError> {
        let known = self.index.last().map_err(index_failed)?;
        self.announce(known.map_or(0, |last| last.position.saturating_add(1)));
        self.catch_up().await
    }

    /// Reads on to the end of the log.
    pub(super) async fn catch_up(&self) -> Result<(), ReadError> {
        let _turn = self.turn.lock().await;
        while self.read_on().await? {}
        Ok(())
    }

    /// Reads on until everything committed at this position or before it is known.
    pub(super) async fn reach(&self, commit: u64) -> Result<(), ReadError> {
        let reached = || -> Result<bool, ReadError> {
            let last = self.index.last().map_err(index_failed)?;
            Ok(last.is_some_and(|last| last.at.commit >= commit))
        };
        if reached()? {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        let mut patience = Patience::of(self.patience);
        while !reached()? {
            if !self.read_on().await? && !reached()? && !patience.wait().await {
                return Err(ReadError::Unavailable {
                    doing: format!("reading on to {commit} in $all"),
                    cause: "the server does not give yet what it has committed".into(),
                });
            }
        }
        Ok(())
    }

    /// Takes in the next page; says whether there may be another. Damage that is met is remembered.
    async fn read_on(&self) -> Result<bool, ReadError> {
        self.next_page().await.inspect_err(|error| self.note(error))
    }

    /// Remembers damage, whoever met it: nothing is written after that.
    pub(super) fn note(&self, error: &ReadError) {
        if matches!(error, ReadError::Corrupt { .. }) {
            // Only the first finding counts.
            self.damaged.set(error.to_string()).ok();
        }
    }

    async fn next_page(&self) -> Result<bool, ReadError> {
        let last = self.index.last().map_err(index_failed)?;
        let prefix = self.names.prefix();
        let ask =
            Ask::All { prefix, from: last.map(|last| last.at), count: AT_ONCE, metadata: true };
        let read = self.server.read(&ask, self.patience).await;
        let read = read.map_err(|error| failed("on in the log", error))?;
        let more = read.len() >= AT_ONCE;
        let next = last.map_or(0, |last| last.position.saturating_add(1));
        let mut events: Vec<Found> = Vec::with_capacity(read.len());
        for event in &read {
            let Some(event) = self.names.found(event) else {
                return Err(corrupt(next, "an event in our streams is not one of ours"));
            };
            events.push(event);
        }
        self.judge_metadata(&mut events, next).await?;
        let genesis = self.names.genesis();
        events.retain(|event| event.name != genesis);
        if let Some(last) = last {
            // The page begins with what is known: a head that moved back is found here, and so is
            // an event that is not what it was.
            let stands = events.first().filter(|first| first.at == last.at);
            match stands {
                Some(first) if leaf(&first.entry) == last.leaf => drop(events.remove(0)),
                Some(_) => return Err(corrupt(last.position, "its entry is not what it was")),
                None => {
                    return Err(corrupt(
                        last.position,
                        "it was there, and is not any more: the log was cut off, or an older backup \
                         was restored",
                    ));
                }
            }
        }
        if let Some(foreign) = events.iter().find(|event| self.names.stream(&event.name).is_none())
        {
            let finding = format!("somebody wrote to {}, which is no stream of ours", foreign.name);
            return Err(corrupt(next, finding));
        }
        if !events.is_empty() {
            let length = self.index.extend(&events).map_err(unfit)?;
            self.announce(length);
        }
        Ok(more)
    }

    /// Takes out the metadata of our streams. What it says now must not hide events: a scavenge would
    /// remove them.
    async fn judge_metadata(&self, events: &mut Vec<Found>, next: u64) -> Result<(), ReadError> {
        let (metadata, ours): (Vec<_>, Vec<_>) =
            std::mem::take(events).into_iter().partition(|event| event.name.starts_with("$$"));
        *events = ours;
        for event in metadata {
            let ask = Ask::Last { name: event.name.clone() };
            let last = self.server.read(&ask, self.patience).await;
            let last = last.map_err(|error| failed("the metadata of a stream", error))?;
            let says = last.first().map(|last| &last.get_original_event().data);
            if let Some(member) = says.and_then(|says| metadata::forbidden(says)) {
                let stream = event.name.trim_start_matches('$').to_owned();
                let refusal = Refusal::Metadata { stream, member };
                return Err(corrupt(next, refusal.to_string()));
            }
        }
        Ok(())
    }

    /// Makes the checks, and remembers whether anything may be written after them.
    pub(super) async fn check_and_note(&self, expected: &Expected) -> Result<(), Refusal> {
        let checked = self.check(expected).await;
        let refused = match &checked {
            // That it cannot be asked at present says nothing about it.
            Ok(()) | Err(Refusal::Read(ReadError::Unavailable { .. })) => None,
            Err(refusal) => Some(refusal.to_string()),
        };
        *self.refused.write().unwrap_or_else(PoisonError::into_inner) = refused;
        checked
    }

    fn announce(&self, length: u64) {
        self.length.send_if_modified(|announced| {
            let grown = *announced < length;
            *announced = length.max(*announced);
            grown
        });
    }
}

fn unfit(unfit: Unfit) -> ReadError {
    match unfit {
        Unfit::Index(cause) => index_failed(cause),
        Unfit::Gap { position, name, missing } => {
            corrupt(position, format!("revision {missing} of {name} is missing before it"))
        }
    }
}
