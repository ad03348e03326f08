//! What a ring makes of the events of the stream: the same as every other ring makes of them.
//!
//! Which event counts follows from those before it alone. One that does not is *void*: it changes nothing,
//! for nobody.

use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::{
    Part, Refusal,
    change::{Carried, Digest, Read, What},
    part::stored,
    transport,
};
use crate::keyring::{KeyringError, Ring, State, certainty::commit, files, making, while_doing};

const DOING: &str = "taking in what other rings did";

impl Ring {
    /// Takes events in, in their order. Those up to a destruction are written together, and a destruction
    /// with its consequences. The subjects whose keys are gone are added to `gone`, whatever follows.
    pub(super) fn apply(
        &mut self,
        origin: &str,
        events: &[Read],
        opening_from: Option<u64>,
        gone: &mut Vec<Uuid>,
    ) -> Result<(), KeyringError> {
        let destroys = |read: &Read| matches!(read.change.what, What::Destroyed { .. });
        for some in events.chunk_by(|one, next| !destroys(one) && !destroys(next)) {
            if let [read] = some
                && let What::Destroyed { epoch, next, subjects } = &read.change.what
            {
                let what = (*epoch, *next, subjects.as_slice());
                self.take_destruction(origin, (read, what), opening_from, gone)?;
            } else {
                self.take_in(origin, some, opening_from)?;
            }
        }
        Ok(())
    }

    fn take_in(
        &mut self,
        origin: &str,
        events: &[Read],
        opening_from: Option<u64>,
    ) -> Result<(), KeyringError> {
        self.certain()?;
        let mut part = self.part()?.clone();
        let transaction = self.db.unchecked_transaction().map_err(while_doing(DOING))?;
        for read in events {
            part.accept(read, opening_from)?;
            self.record(&transaction, origin, &mut part, read)?;
            move_on(&mut part, read);
        }
        part.save(&transaction)?;
        commit(transaction, &self.uncertain, DOING)?;
        self.part = Some(part);
        Ok(())
    }

    fn record(
        &self,
        transaction: &Transaction<'_>,
        origin: &str,
        part: &mut Part,
        read: &Read,
    ) -> Result<(), KeyringError> {
        let (revision, change) = (read.revision, &read.change);
        let counts = change.from.is_some_and(|from| part.members.takes_part(from.ring));
        match &change.what {
            What::Founded { .. } if revision > 0 => {
                return Err(Refusal::contradiction(revision, "it begins the stream again").into());
            }
            // It was about to found the stream, and another did.
            What::Founded { .. } if change.from.is_none_or(|from| from.ring != part.ring) => {
                return Err(Refusal::NotACopy.into());
            }
            What::StruckOff { ring, .. } if *ring == part.ring => {
                if part.members.may_be_struck_off(*ring) {
                    return Err(Refusal::StruckOff(*ring).into());
                }
            }
            What::KeysMade { epoch, keys } if counts && *epoch == self.epoch => {
                for carried in keys {
                    self.unpack(transaction, (origin, part), carried, revision)?;
                }
            }
            What::Held { subject } if counts => {
                self.set(transaction, *subject, State::Live, State::Held)?;
            }
            What::Lifted { subject } if counts => {
                self.set(transaction, *subject, State::Held, State::Live)?;
            }
            What::Founded { .. }
            | What::Joined {}
            | What::Opened {}
            | What::StruckOff { .. }
            | What::KeysMade { .. }
            | What::Held { .. }
            | What::Lifted { .. }
            | What::Destroyed { .. }
            | What::Followed { .. } => {}
        }
        Ok(())
    }

    /// The first key of a subject is its key; a later one is void, and so is one after its destruction.
    fn unpack(
        &self,
        transaction: &Transaction<'_>,
        (origin, part): (&str, &Part),
        carried: &Carried,
        revision: u64,
    ) -> Result<(), KeyringError> {
        match making::known(transaction, carried.subject) {
            Ok(None) => {}
            Ok(Some(_)) | Err(KeyringError::Tombstoned(_)) => return Ok(()),
            Err(error) => return Err(error),
        }
        let under = (&part.transport, origin, self.epoch);
        let key = transport::unpack(under, carried, revision)?;
        making::insert(transaction, (self.epoch, &self.kek), carried.subject, &key)?;
        Ok(())
    }

    fn set(
        &self,
        transaction: &Transaction<'_>,
        subject: Uuid,
        from: State,
        to: State,
    ) -> Result<(), KeyringError> {
        if self.state(subject)? == Some(from) {
            let held = u8::from(to == State::Held);
            transaction
                .execute(
                    "UPDATE subject SET state = ?2 WHERE id = ?1",
                    params![subject.as_bytes(), held],
                )
                .map_err(while_doing(DOING))?;
        }
        Ok(())
    }

    /// A destruction counts if its epoch is the one in force, none of its subjects is held, and one of them
    /// has not been destroyed before.
    fn take_destruction(
        &mut self,
        origin: &str,
        (read, (epoch, next, subjects)): (&Read, (u32, Digest, &[Uuid])),
        opening_from: Option<u64>,
        gone: &mut Vec<Uuid>,
    ) -> Result<(), KeyringError> {
        let mut part = self.part()?.clone();
        part.accept(read, opening_from)?;
        let counts = read.change.from.is_some_and(|from| part.members.takes_part(from.ring));
        let void = match self.are_destroyed(subjects) {
            Ok(already) => already,
            Err(KeyringError::Held(_)) => true,
            Err(error) => return Err(error),
        };
        if !counts || void || epoch != self.epoch {
            return self.take_in(origin, std::slice::from_ref(read), opening_from);
        }
        let after = epoch.checked_add(1).ok_or(KeyringError::Damaged("no epochs are left"))?;
        part.transport = transport::next(&part.transport, origin, after)?;
        if part.transport.commitment() != next.0 {
            let finding = "the next transport key is not the one that follows from this ring's";
            return Err(Refusal::contradiction(read.revision, finding).into());
        }
        move_on(&mut part, read);
        part.destroyed = Some(read.revision);
        let mut new = std::collections::BTreeSet::new();
        for &subject in subjects {
            if self.state(subject)? != Some(State::Tombstoned) {
                new.insert(subject);
            }
        }
        let new: Vec<Uuid> = new.into_iter().collect();
        // A crash before the commit leaves a file that the next attempt writes anew, with the same key.
        files::keep(self.dir.as_deref(), &files::transport_name(after), &part.transport)?;
        self.begin_epoch(&new, |transaction| {
            for subject in &new {
                transaction
                    .execute(
                        "INSERT INTO destruction (subject, revision) VALUES (?1, ?2)",
                        params![subject.as_bytes(), stored(read.revision)],
                    )
                    .map_err(while_doing(DOING))?;
            }
            part.save(transaction)
        })?;
        self.part = Some(part);
        gone.extend(new);
        Ok(())
    }

    /// The part of this ring, which has one.
    pub(super) fn part(&self) -> Result<&Part, KeyringError> {
        self.part.as_ref().ok_or(KeyringError::Damaged("the ring has no part among others"))
    }
}

fn move_on(part: &mut Part, read: &Read) {
    part.members.evolve(read.revision, &read.change);
    let own = read.change.from.filter(|from| from.ring == part.ring);
    if let Some(session) = own.map(|from| from.session)
        && part.opening == Some(session)
    {
        (part.session, part.opening) = (part.opening, None);
    }
    part.next = read.revision.saturating_add(1);
    part.last = Some(read.digest);
}
