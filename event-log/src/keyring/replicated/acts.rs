//! What one ring does and all do: keys made, held, destroyed.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant},
};

use uuid::Uuid;

use super::{
    Among,
    change::{Digest, What},
    proposing::{Before, Decision},
    transport,
};
use crate::keyring::{Keyring, KeyringError, Made, Ring, State, files, making, while_doing};

/// How many keys are carried in one event: some 300 KB.
const KEYS_AT_ONCE: usize = 1_000;

/// How often it is looked whether the other rings have carried a destruction out.
const LOOKED: Duration = Duration::from_millis(100);

impl Keyring {
    pub(in crate::keyring) fn create_among(
        &self,
        among: &Among,
        subjects: &[Uuid],
    ) -> Result<Vec<Made>, KeyringError> {
        self.propose(among, Before::Assume, |ring| ring.decide_keys(self.origin(), subjects))
    }

    pub(in crate::keyring) fn hold_among(
        &self,
        among: &Among,
        subject: Uuid,
        held: bool,
    ) -> Result<(), KeyringError> {
        self.propose(among, Before::Read, |ring| {
            Ok(match (ring.state(subject)?, held) {
                (None, _) => return Err(KeyringError::NoKey(subject)),
                (Some(State::Tombstoned), _) => return Err(KeyringError::Tombstoned(subject)),
                (Some(State::Live), true) => Decision::Say(What::Held { subject }),
                (Some(State::Held), false) => Decision::Say(What::Lifted { subject }),
                (Some(State::Live), false) | (Some(State::Held), true) => Decision::Answer(()),
            })
        })
    }

    /// Destroys the keys in this ring, and waits a while for the others.
    pub(in crate::keyring) fn destroy_among(
        &self,
        among: &Among,
        subjects: &[Uuid],
    ) -> Result<u32, KeyringError> {
        self.propose(among, Before::Read, |ring| ring.decide_destruction(self.origin(), subjects))?;
        self.acknowledge(among)?;
        let began = Instant::now();
        loop {
            let (behind, epoch) = {
                let ring = self.ring();
                (ring.behind(subjects)?, ring.epoch)
            };
            if behind.is_empty() {
                return Ok(epoch);
            }
            if began.elapsed() >= among.patience {
                return Err(KeyringError::Awaiting(behind.into_iter().collect()));
            }
            thread::sleep(LOOKED);
            self.catch_up(among)?;
        }
    }

    /// Reads on; makes an end of what is destroyed, and says so to the others.
    pub(in crate::keyring) fn acknowledge(&self, among: &Among) -> Result<(), KeyringError> {
        self.propose(among, Before::Read, |ring| match ring.part()?.unacknowledged() {
            None => Ok(Decision::Answer(())),
            Some(revision) => {
                // The old epoch's files first: what is acknowledged is gone.
                ring.destroy_other_epochs()?;
                Ok(Decision::Say(What::Followed { revision }))
            }
        })
    }
}

impl Ring {
    fn decide_keys(
        &self,
        origin: &str,
        subjects: &[Uuid],
    ) -> Result<Decision<Vec<Made>>, KeyringError> {
        let mut made = Vec::with_capacity(subjects.len());
        let mut missing = BTreeSet::new();
        for &subject in subjects {
            match making::known(&self.db, subject)? {
                Some(known) => made.push(known),
                None => drop(missing.insert(subject)),
            }
        }
        if missing.is_empty() {
            return Ok(Decision::Answer(made));
        }
        let under = (&self.part()?.transport, origin, self.epoch);
        let keys: Result<Vec<_>, KeyringError> = missing
            .into_iter()
            .take(KEYS_AT_ONCE)
            .map(|subject| transport::carry(under, subject, &files::random()?))
            .collect();
        Ok(Decision::Say(What::KeysMade { epoch: self.epoch, keys: keys? }))
    }

    fn decide_destruction(
        &self,
        origin: &str,
        subjects: &[Uuid],
    ) -> Result<Decision<()>, KeyringError> {
        if self.are_destroyed(subjects)? {
            return Ok(Decision::Answer(()));
        }
        let after = self.epoch.checked_add(1).ok_or(KeyringError::Damaged("no epochs are left"))?;
        let next = transport::next(&self.part()?.transport, origin, after)?;
        Ok(Decision::Say(What::Destroyed {
            epoch: self.epoch,
            next: Digest(next.commitment()),
            subjects: subjects.to_vec(),
        }))
    }

    /// The rings that take part and have not said that these subjects' keys are gone there.
    fn behind(&self, subjects: &[Uuid]) -> Result<BTreeSet<Uuid>, KeyringError> {
        let mut behind = BTreeSet::new();
        for subject in subjects {
            let mut query = self
                .db
                .prepare_cached("SELECT revision FROM destruction WHERE subject = ?1")
                .map_err(while_doing("looking a destruction up"))?;
            let mut rows = query
                .query_map([subject.as_bytes()], |row| row.get::<_, i64>(0))
                .map_err(while_doing("looking a destruction up"))?;
            // None: it was destroyed before there were other rings, which are copies of what was left.
            if let Some(revision) = rows.next() {
                let revision = revision.map_err(while_doing("looking a destruction up"))?;
                behind.extend(self.part()?.members.behind(revision.unsigned_abs()));
            }
        }
        Ok(behind)
    }
}
