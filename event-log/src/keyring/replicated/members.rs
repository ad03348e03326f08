//! Which rings take part, and how far each has followed.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::change::{Change, What};

/// A ring, as the stream names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The revision at which it came to take part.
    pub joined: u64,
    /// It has carried out every destruction up to this revision.
    pub followed: u64,
    /// The revision at which it was struck off, if it was.
    pub struck_off: Option<u64>,
}

/// The rings that ever took part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(pub(super) BTreeMap<Uuid, Member>);

impl Members {
    /// All of them, in the order of their handles.
    pub fn all(&self) -> impl Iterator<Item = (Uuid, Member)> + '_ {
        self.0.iter().map(|(ring, member)| (*ring, *member))
    }

    /// Whether a ring takes part.
    pub fn takes_part(&self, ring: Uuid) -> bool {
        self.0.get(&ring).is_some_and(|member| member.struck_off.is_none())
    }

    /// The rings that take part and have not carried out the destruction at this revision.
    pub fn behind(&self, destruction: u64) -> Vec<Uuid> {
        let behind = |member: &Member| member.struck_off.is_none() && member.followed < destruction;
        self.all().filter(|(_, member)| behind(member)).map(|(ring, _)| ring).collect()
    }

    /// Whether a ring may be struck off: it takes part, and is not the last one that does.
    pub fn may_be_struck_off(&self, ring: Uuid) -> bool {
        self.takes_part(ring)
            && self.all().any(|(other, _)| other != ring && self.takes_part(other))
    }

    /// Takes an event in. What is said by a ring that does not take part is void.
    pub(super) fn evolve(&mut self, revision: u64, change: &Change) {
        let from = change.from.map(|from| from.ring);
        match (&change.what, from) {
            (What::Founded { .. } | What::Joined {}, Some(ring)) => {
                let member = Member { joined: revision, followed: revision, struck_off: None };
                // Whoever took part once, or was struck off, does not join again.
                self.0.entry(ring).or_insert(member);
            }
            (What::StruckOff { ring, .. }, _) if self.may_be_struck_off(*ring) => {
                if let Some(member) = self.0.get_mut(ring) {
                    member.struck_off = Some(revision);
                }
            }
            (What::Followed { revision: followed }, Some(ring)) if self.takes_part(ring) => {
                if let Some(member) = self.0.get_mut(&ring).filter(|_| *followed < revision) {
                    member.followed = member.followed.max(*followed);
                }
            }
            (
                What::Founded { .. }
                | What::Joined {}
                | What::Opened {}
                | What::StruckOff { .. }
                | What::KeysMade { .. }
                | What::Held { .. }
                | What::Lifted { .. }
                | What::Destroyed { .. }
                | What::Followed { .. },
                _,
            ) => {}
        }
    }
}
