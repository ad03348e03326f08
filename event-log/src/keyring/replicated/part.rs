//! What a ring remembers of its part: who it is, how far it has read, who else there is.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use uuid::Uuid;

use super::{
    Refusal,
    change::{From, Read},
    members::{Member, Members},
};
use crate::{
    keyring::{KeyringError, files, while_doing},
    seal::Secret,
};

const DOING: &str = "reading or writing which part this ring has among others";

/// What a ring remembers of its part.
#[derive(Clone, Debug)]
pub(in crate::keyring) struct Part {
    /// Which ring it is.
    pub(super) ring: Uuid,
    /// The session that stands in the stream.
    pub(super) session: Option<Uuid>,
    /// One that may have come to stand there.
    pub(super) opening: Option<Uuid>,
    /// The revision to be read next.
    pub(super) next: u64,
    /// The digest of the event before that.
    pub(super) last: Option<[u8; 32]>,
    /// The revision of the last destruction carried out.
    pub(super) destroyed: Option<u64>,
    /// Who takes part.
    pub(super) members: Members,
    /// The transport key of the epoch in force.
    pub(super) transport: Secret,
}

impl Part {
    /// That of a ring which begins a stream.
    pub(super) fn of_founder(ring: Uuid, transport: Secret) -> Self {
        Self {
            ring,
            session: None,
            opening: None,
            next: 0,
            last: None,
            destroyed: None,
            members: Members::default(),
            transport,
        }
    }

    /// Which ring it is.
    pub(in crate::keyring) fn ring(&self) -> Uuid {
        self.ring
    }

    /// What the file says; none if the ring is alone.
    pub(in crate::keyring) fn load(
        db: &Connection,
        dir: Option<&Path>,
        epoch: u32,
    ) -> Result<Option<Self>, KeyringError> {
        let row = db
            .query_row(
                "SELECT ring, session, opening, next, last, destroyed FROM part",
                [],
                |row| {
                    Ok((
                        Uuid::from_bytes(row.get(0)?),
                        row.get::<_, Option<[u8; 16]>>(1)?.map(Uuid::from_bytes),
                        row.get::<_, Option<[u8; 16]>>(2)?.map(Uuid::from_bytes),
                        row.get::<_, i64>(3)?,
                        row.get(4)?,
                        row.get::<_, Option<i64>>(5)?,
                    ))
                },
            )
            .optional()
            .map_err(while_doing(DOING))?;
        let (Some((ring, session, opening, next, last, destroyed)), Some(dir)) = (row, dir) else {
            return Ok(None);
        };
        Ok(Some(Self {
            ring,
            session,
            opening,
            next: next.unsigned_abs(),
            last,
            destroyed: destroyed.map(i64::unsigned_abs),
            members: members(db).map_err(while_doing(DOING))?,
            transport: files::secret(dir, &files::transport_name(epoch))?,
        }))
    }

    /// Writes it down, in one transaction with what it follows from.
    pub(super) fn save(&self, transaction: &Transaction<'_>) -> Result<(), KeyringError> {
        let save = || -> rusqlite::Result<()> {
            transaction.execute(
                "INSERT OR REPLACE INTO part (one, ring, session, opening, next, last, destroyed)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    self.ring.as_bytes(),
                    self.session.as_ref().map(Uuid::as_bytes),
                    self.opening.as_ref().map(Uuid::as_bytes),
                    stored(self.next),
                    self.last,
                    self.destroyed.map(stored),
                ],
            )?;
            let mut put = transaction.prepare_cached(
                "INSERT OR REPLACE INTO member (ring, joined, followed, struck_off)
                 VALUES (?1, ?2, ?3, ?4)",
            )?;
            for (ring, member) in self.members.all() {
                let (joined, followed) = (stored(member.joined), stored(member.followed));
                let struck_off = member.struck_off.map(stored);
                put.execute(params![ring.as_bytes(), joined, followed, struck_off])?;
            }
            Ok(())
        };
        save().map_err(while_doing(DOING))
    }

    /// Whether an event may follow what was read: the one after it, in the same history, and none that
    /// somebody else wrote in this ring's name.
    ///
    /// `opening_from` is where reading began, while the ring is being opened. Then the one event that may
    /// stand there from before is what this ring appended last and had no time to take in.
    pub(super) fn accept(&self, read: &Read, opening_from: Option<u64>) -> Result<(), Refusal> {
        let Read { revision, change, .. } = read;
        if *revision != self.next || change.prev.map(|prev| prev.0) != self.last {
            return Err(Refusal::contradiction(
                *revision,
                "it does not follow what this ring has read before it",
            ));
        }
        let Some(From { ring, session }) = change.from.filter(|from| from.ring == self.ring) else {
            return Ok(());
        };
        let known = Some(session) == self.session || Some(session) == self.opening;
        match opening_from {
            None if known => Ok(()),
            None => Err(Refusal::OpenedElsewhere(ring)),
            Some(from) if known && *revision == from => Ok(()),
            Some(_) => Err(Refusal::OlderCopy { ring, revision: *revision }),
        }
    }

    /// The destruction that is carried out, and not yet acknowledged.
    pub(super) fn unacknowledged(&self) -> Option<u64> {
        let member = self.members.0.get(&self.ring)?;
        self.destroyed.filter(|destroyed| *destroyed > member.followed)
    }

    /// Who speaks for this ring.
    pub(super) fn author(&self) -> Option<From> {
        let session = self.opening.or(self.session)?;
        Some(From { ring: self.ring, session })
    }
}

/// Leaves a ring by itself that never joined the others: a copy that was made to be used alone.
///
/// # Errors
/// [`Refusal::TakesPart`] if it joined.
pub(in crate::keyring) fn leave(db: &Connection) -> Result<(), KeyringError> {
    let joined: Option<bool> = db
        .query_row("SELECT session IS NOT NULL OR opening IS NOT NULL FROM part", [], |row| {
            row.get(0)
        })
        .optional()
        .map_err(while_doing(DOING))?;
    match joined {
        None => Ok(()),
        Some(true) => Err(Refusal::TakesPart.into()),
        Some(false) => forget(db),
    }
}

/// Forgets the others.
pub(super) fn forget(db: &Connection) -> Result<(), KeyringError> {
    db.execute_batch(
        "BEGIN; DELETE FROM part; DELETE FROM member; DELETE FROM destruction; COMMIT;",
    )
    .map_err(while_doing(DOING))
}

fn members(db: &Connection) -> rusqlite::Result<Members> {
    let mut members = db.prepare("SELECT ring, joined, followed, struck_off FROM member")?;
    let members = members.query_map([], |row| {
        let member = Member {
            joined: row.get::<_, i64>(1)?.unsigned_abs(),
            followed: row.get::<_, i64>(2)?.unsigned_abs(),
            struck_off: row.get::<_, Option<i64>>(3)?.map(i64::unsigned_abs),
        };
        Ok((Uuid::from_bytes(row.get(0)?), member))
    })?;
    members.collect::<rusqlite::Result<_>>().map(Members)
}

/// The engine counts to `i64::MAX`, and so does the server.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
