//! The keys of subjects: made once, by an explicit act, destroyed for good, never made again.
//!
//! A subject's key lies wrapped under the key of an epoch. Destroying one key wraps the others anew
//! under a new epoch and destroys the old epoch's key: so what an old backup of this ring holds
//! opens nothing. The ring is no part of the log, nor of the log's backups. On a cluster each server has
//! a ring, and they do everything together ([`replicated`]).

mod certainty;
mod copying;
mod destruction;
mod error;
mod files;
mod making;
mod offline;
pub mod replicated;
mod wrap;

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub use self::destruction::Tombstone;
pub use self::error::KeyringError;
use self::error::{is_busy, while_doing};
pub use self::offline::{NotKeys, OfflineKeys};
pub use self::replicated::Refusal;
use self::replicated::{Among, Part};
use crate::{
    recent::Recent,
    seal::{Secret, SubjectKey},
};

/// How many unwrapped keys are kept at hand.
const AT_HAND: usize = 50_000;

/// What the ring knows of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has a key.
    Live,
    /// It has a key that may not be destroyed: a legal hold.
    Held,
    /// Its key has been destroyed. It never gets another.
    Tombstoned,
}

/// A key that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The commitment to it: `SHA-256("kc1" || key)`.
    pub commitment: [u8; 32],
    /// The epoch it was made in.
    pub epoch: u32,
}

/// The keys of the subjects of one log.
#[derive(Debug)]
pub struct Keyring {
    ring: Mutex<Ring>,
    at_hand: Mutex<Recent<Uuid, Arc<SubjectKey>>>,
    root: Secret,
    origin: String,
    /// The other servers' rings, if there may be any.
    among: Option<Among>,
}

/// How a ring is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Company {
    /// By itself.
    Alone,
    /// As one of several, or to be one.
    Others,
}

/// A subject's epoch, wrapped key and commitment.
type Row = (u32, Option<Vec<u8>>, Option<[u8; 32]>);

#[derive(Debug)]
struct Ring {
    db: Connection,
    /// Where the epochs' keys lie; none in memory.
    dir: Option<PathBuf>,
    epoch: u32,
    kek: Secret,
    /// Its part among others, if it has one.
    part: Option<Part>,
    /// Whether what the file says may still be taken back by a power cut.
    uncertain: Cell<bool>,
}

impl Keyring {
    /// A ring in memory.
    ///
    /// # Errors
    /// When the machine has no random bytes or no memory.
    pub fn memory(origin: &str) -> Result<Self, KeyringError> {
        let db = Connection::open_in_memory().map_err(while_doing("opening a ring in memory"))?;
        Self::with(db, None, origin, Company::Alone)
    }

    /// Opens the ring in a directory, which is made if there is none. A copy of one of several rings that
    /// has not joined them is by itself from then on.
    ///
    /// # Errors
    /// When it belongs to another log, is in use by another process, or cannot be read;
    /// [`Refusal::TakesPart`] when there are others that it has joined.
    pub fn open(dir: &Path, origin: &str) -> Result<Self, KeyringError> {
        Self::open_file(dir, origin, Company::Alone)
    }

    fn open_file(dir: &Path, origin: &str, company: Company) -> Result<Self, KeyringError> {
        files::make_private(dir).map_err(while_doing("making the directory of keys"))?;
        let path = dir.join("keyring.sqlite");
        files::touch_private(&path).map_err(while_doing("making the file of wrapped keys"))?;
        let db = Connection::open(path).map_err(while_doing("opening the file of wrapped keys"))?;
        match Self::with(db, Some(dir.to_owned()), origin, company) {
            Err(KeyringError::Unavailable { cause, .. }) if is_busy(&*cause) => {
                Err(KeyringError::InUse(dir.to_owned()))
            }
            opened => opened,
        }
    }

    /// Whether there is a ring in a directory.
    ///
    /// # Errors
    /// When that cannot be found out.
    pub fn exists(dir: &Path) -> Result<bool, KeyringError> {
        let file = dir.join("keyring.sqlite");
        file.try_exists().map_err(while_doing("looking for the file of wrapped keys"))
    }

    fn with(
        db: Connection,
        dir: Option<PathBuf>,
        origin: &str,
        company: Company,
    ) -> Result<Self, KeyringError> {
        let doing = "preparing the file of wrapped keys";
        let uncertain = dir.as_deref().map(files::were_left).transpose()?;
        let uncertain = Cell::new(uncertain.unwrap_or_default());
        for tables in
            [include_str!("keyring/schema.sql"), include_str!("keyring/replicated/schema.sql")]
        {
            db.execute_batch(tables).map_err(while_doing(doing))?;
        }
        let found: Option<(String, u32)> = db
            .query_row("SELECT origin, epoch FROM ring", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(while_doing(doing))?;
        let epoch = match found {
            Some((found, _)) if found != origin => {
                return Err(KeyringError::OtherLog { found, wanted: origin.to_owned() });
            }
            Some((_, epoch)) => epoch,
            None => {
                files::new_secret(dir.as_deref(), "root")?;
                files::new_secret(dir.as_deref(), &files::epoch_name(1))?;
                db.execute("INSERT INTO ring (one, origin, epoch) VALUES (1, ?1, 1)", [origin])
                    .map_err(while_doing(doing))?;
                1
            }
        };
        let (root, kek) = match &dir {
            None => (files::random()?, files::random()?),
            Some(dir) => {
                (files::secret(dir, "root")?, files::secret(dir, &files::epoch_name(epoch))?)
            }
        };
        if company == Company::Alone {
            replicated::leave(&db)?;
        }
        let part = Part::load(&db, dir.as_deref(), epoch)?;
        let mut ring = Ring { db, dir, epoch, kek, part, uncertain };
        ring.begin()?;
        let (ring, at_hand) = (Mutex::new(ring), Mutex::new(Recent::new(AT_HAND)));
        Ok(Self { ring, at_hand, root, origin: origin.to_owned(), among: None })
    }

    /// The log these keys belong to.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// A secret of the server that follows from the ring's root and a label: for keyed digests and
    /// the like. The same label gives the same secret for as long as the ring exists.
    ///
    /// # Errors
    /// When the cipher fails.
    pub fn secret(&self, label: &str) -> Result<Secret, KeyringError> {
        self.root.derive(&[b"secret1", label.as_bytes()]).map_err(while_doing("deriving a secret"))
    }

    /// Makes sure that each subject has a key. When this answers, the keys survive a power cut.
    /// A subject that has one keeps it. Among others, every ring has or gets the same key.
    ///
    /// # Errors
    /// [`KeyringError::Tombstoned`] when one has been erased; then none is made.
    pub fn create(&self, subjects: &[Uuid]) -> Result<Vec<Made>, KeyringError> {
        match &self.among {
            None => self.ring().create(subjects),
            Some(among) => self.create_among(among, subjects),
        }
    }

    /// The key of a subject; none if it was never made, or has been destroyed. Among others, one that is
    /// not known here is looked for in what they did meanwhile.
    ///
    /// # Errors
    /// When the ring cannot be read, or is damaged; when what the others did cannot be read.
    pub fn key(&self, subject: Uuid) -> Result<Option<Arc<SubjectKey>>, KeyringError> {
        if let Some(among) = &self.among {
            among.may_go_on()?;
        }
        if let Some(key) = self.at_hand().get(&subject) {
            return Ok(Some(key));
        }
        let key = self.key_in_ring(subject)?;
        match &self.among {
            Some(among) if key.is_none() && self.state(subject)?.is_none() => {
                self.catch_up(among)?;
                self.key_in_ring(subject)
            }
            Some(_) | None => Ok(key),
        }
    }

    fn key_in_ring(&self, subject: Uuid) -> Result<Option<Arc<SubjectKey>>, KeyringError> {
        // Both locks, in this order here and where keys are destroyed: a key is never put at hand after
        // it has been destroyed.
        let ring = self.ring();
        let Some(key) = ring.key(subject)? else { return Ok(None) };
        let ready = SubjectKey::of(key).map_err(while_doing("making a key ready"))?;
        let key = Arc::new(ready);
        self.at_hand().put(subject, Arc::clone(&key));
        Ok(Some(key))
    }

    /// Whether there are other rings of this log, on other servers, or may be.
    pub fn is_one_of_several(&self) -> bool {
        self.among.is_some()
    }

    /// Which of several rings this is; none if it is by itself.
    pub fn name(&self) -> Option<Uuid> {
        self.ring().part.as_ref().map(Part::ring)
    }

    /// Has somebody told whose keys are gone from this ring because another server destroyed them, or
    /// this one: before the others are told. Only the first who asks is told.
    pub fn when_gone(&self, tell: impl Fn(&[Uuid]) + Send + Sync + 'static) {
        if let Some(among) = &self.among {
            among.when_gone(Box::new(tell));
        }
    }

    /// What is known of a subject; nothing if it never had a key.
    ///
    /// # Errors
    /// When the ring cannot be read, or is damaged.
    pub fn state(&self, subject: Uuid) -> Result<Option<State>, KeyringError> {
        self.ring().state(subject)
    }

    /// What remains of the key of a subject that was erased; nothing if it was not.
    ///
    /// # Errors
    /// When the ring cannot be read, or is damaged.
    pub fn tombstone(&self, subject: Uuid) -> Result<Option<Tombstone>, KeyringError> {
        self.ring().tombstone(subject)
    }

    /// Places a legal hold on a subject's key, or lifts it; in every ring.
    ///
    /// # Errors
    /// When the subject has no key, or has been erased.
    pub fn hold(&self, subject: Uuid, held: bool) -> Result<(), KeyringError> {
        match &self.among {
            None => self.ring().hold(subject, held),
            Some(among) => self.hold_among(among, subject, held),
        }
    }

    /// Destroys the keys of these subjects for good: all or none. The others are wrapped anew under
    /// a new epoch, and the old epoch's key is destroyed. A subject that never had a key gets its
    /// tombstone all the same. Where all have theirs already, what an interrupted attempt may have left
    /// of the old epoch is destroyed, and nothing else changes. Answers the epoch from now on, once this
    /// holds of every ring that takes part.
    ///
    /// # Errors
    /// [`KeyringError::Held`] when one is under a legal hold; then nothing is destroyed.
    /// [`KeyringError::Awaiting`] when it is done here, and some other ring has not followed yet: asking
    /// again destroys nothing twice.
    pub fn destroy(&self, subjects: &[Uuid]) -> Result<u32, KeyringError> {
        if let Some(among) = &self.among {
            return self.destroy_among(among, subjects);
        }
        let mut ring = self.ring();
        let destroyed = ring.destroy(subjects);
        // Whatever the answer: a key that may be gone must not be used from memory.
        let mut at_hand = self.at_hand();
        for subject in subjects {
            drop(at_hand.forget(subject));
        }
        destroyed
    }

    /// The ring; before that, it is made certain of what was written last. If that fails it is tried again
    /// at the next use, and until then nothing is written.
    fn ring(&self) -> MutexGuard<'_, Ring> {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if ring.settle().unwrap_or_default() {
            *self.at_hand() = Recent::new(AT_HAND);
        }
        ring
    }

    fn at_hand(&self) -> MutexGuard<'_, Recent<Uuid, Arc<SubjectKey>>> {
        self.at_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn key(&self, subject: Uuid) -> Result<Option<Secret>, KeyringError> {
        let doing = "looking a key up";
        let found: Option<Row> = self
            .db
            .prepare_cached("SELECT epoch, wrapped, commitment FROM subject WHERE id = ?1")
            .and_then(|mut query| {
                query
                    .query_row([subject.as_bytes()], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                    })
                    .optional()
            })
            .map_err(while_doing(doing))?;
        let Some((epoch, Some(wrapped), commitment)) = found else { return Ok(None) };
        if epoch != self.epoch {
            return Err(KeyringError::Damaged("a key is wrapped under an epoch that has passed"));
        }
        let key = wrap::unwrap(&self.kek, epoch, subject, &wrapped)?;
        if Some(key.commitment()) == commitment {
            Ok(Some(key))
        } else {
            Err(KeyringError::Damaged("a key is not the one committed to"))
        }
    }

    fn state(&self, subject: Uuid) -> Result<Option<State>, KeyringError> {
        self.db
            .query_row("SELECT state FROM subject WHERE id = ?1", [subject.as_bytes()], |row| {
                row.get(0)
            })
            .optional()
            .map_err(while_doing("looking a subject up"))?
            .map(State::stored)
            .transpose()
    }

    fn hold(&self, subject: Uuid, held: bool) -> Result<(), KeyringError> {
        self.certain()?;
        match self.state(subject)? {
            None => return Err(KeyringError::NoKey(subject)),
            Some(State::Tombstoned) => return Err(KeyringError::Tombstoned(subject)),
            Some(State::Live | State::Held) => {}
        }
        self.uncertain.set(true);
        self.db
            .execute(
                "UPDATE subject SET state = ?2 WHERE id = ?1",
                params![subject.as_bytes(), u8::from(held)],
            )
            .map_err(while_doing("placing or lifting a hold"))?;
        self.uncertain.set(false);
        Ok(())
    }
}

impl State {
    fn stored(number: u8) -> Result<Self, KeyringError> {
        match number {
            0 => Ok(Self::Live),
            1 => Ok(Self::Held),
            2 => Ok(Self::Tombstoned),
            _ => Err(KeyringError::Damaged("a subject is in no known state")),
        }
    }
}
