//! Saying something to the other rings: decided on all that was said before, or not said.

use uuid::Uuid;

use super::{
    Among, Refusal,
    change::{Change, Read, What},
    stream::NewChange,
};
use crate::keyring::{Keyring, KeyringError, Ring, files, while_doing};

/// How many events are read at once.
const AT_ONCE: usize = 500;

/// What follows from what a ring knows.
pub(super) enum Decision<T> {
    /// There is nothing to say; this is the answer.
    Answer(T),
    /// This is to be said first.
    Say(What),
}

/// Whether what others said is read before anything is decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// It is.
    Read,
    /// Only if nothing comes to be said: what is said is appended after all that this ring has read, or not
    /// at all, so it is decided on everything anyway.
    Assume,
}

impl Keyring {
    /// Decides, and says what is to be said, until there is an answer. An event is appended at the revision
    /// after the last one that was taken in: if there is another by then, it is read and decided again.
    pub(super) fn propose<T>(
        &self,
        among: &Among,
        before: Before,
        decide: impl FnMut(&Ring) -> Result<Decision<T>, KeyringError>,
    ) -> Result<T, KeyringError> {
        let _turn = among.turn();
        among.may_go_on()?;
        self.propose_in_turn(among, before, false, decide)
    }

    /// The same for whoever has the turn; `opening`, while the ring is not open yet.
    pub(super) fn propose_in_turn<T>(
        &self,
        among: &Among,
        before: Before,
        opening: bool,
        mut decide: impl FnMut(&Ring) -> Result<Decision<T>, KeyringError>,
    ) -> Result<T, KeyringError> {
        let mut read = before == Before::Read;
        if read {
            self.catch_up_in_turn(among, opening)?;
        }
        loop {
            let (decision, revision, prev, from) = {
                let ring = self.ring();
                let decision = decide(&ring);
                let part = ring.part()?;
                (decision, part.next, part.last, part.author())
            };
            let what = match decision {
                Ok(Decision::Say(what)) => what,
                Ok(Decision::Answer(answer)) if read => return Ok(answer),
                Err(error) if read => return Err(error),
                Ok(Decision::Answer(_)) | Err(_) => {
                    self.catch_up_in_turn(among, opening)?;
                    read = true;
                    continue;
                }
            };
            let change = Change::new(prev, from, what);
            let bytes = serde_json::to_vec(&change)
                .map_err(while_doing("writing down what is said to other rings"))?;
            let new = NewChange { id: identity()?, kind: change.kind(), bytes };
            if among.stream.append(revision, &new)? {
                let read = Read::parse(revision, &new.bytes)?;
                self.apply(among, &[read], opening.then_some(revision))?;
            } else {
                self.catch_up_in_turn(among, opening)?;
            }
            read = true;
        }
    }

    /// Reads on to the end of the stream.
    pub(in crate::keyring) fn catch_up(&self, among: &Among) -> Result<(), KeyringError> {
        let _turn = among.turn();
        among.may_go_on()?;
        self.catch_up_in_turn(among, false)
    }

    fn catch_up_in_turn(&self, among: &Among, opening: bool) -> Result<(), KeyringError> {
        let opening_from = self.ring().part()?.next;
        loop {
            let (next, last) = {
                let ring = self.ring();
                let part = ring.part()?;
                (part.next, part.last)
            };
            // The last one that was taken in is read again: a stream that moved back is found by it.
            let from = next.saturating_sub(1);
            let page = among.stream.read(from, AT_ONCE)?;
            let more = page.len() >= AT_ONCE;
            let events: Result<Vec<_>, _> =
                (from..).zip(&page).map(|(at, bytes)| Read::parse(at, bytes)).collect();
            let mut events = events.inspect_err(|error| among.stop(error))?;
            if next > 0 {
                let known = if events.is_empty() { None } else { Some(events.remove(0).digest) };
                if known != last {
                    let finding = "what was there before is not there any more: did the stream move \
                                   back, or is it another?";
                    let refusal = Refusal::contradiction(from, finding);
                    among.stop(&refusal);
                    return Err(refusal.into());
                }
            }
            self.apply(among, &events, opening.then_some(opening_from))?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Takes events in; what is gone is gone from memory as well, whatever follows.
    fn apply(
        &self,
        among: &Among,
        events: &[Read],
        opening_from: Option<u64>,
    ) -> Result<(), KeyringError> {
        let mut gone = Vec::new();
        let applied = {
            let mut ring = self.ring();
            let applied = ring.apply(self.origin(), events, opening_from, &mut gone);
            let mut at_hand = self.at_hand();
            for subject in &gone {
                drop(at_hand.forget(subject));
            }
            applied
        };
        if !gone.is_empty() {
            among.tell_gone(&gone);
        }
        if let Err(KeyringError::Refused(refusal)) = &applied {
            among.stop(refusal);
        }
        applied
    }
}

/// A fresh identity.
pub(in crate::keyring) fn identity() -> Result<Uuid, KeyringError> {
    let random = files::random()?;
    let (bytes, _) = random.expose().split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    Ok(uuid::Builder::from_random_bytes(*bytes).into_uuid())
}
