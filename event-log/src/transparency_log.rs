//! The log as outsiders see it: its tree, its checkpoints, its receipts.
//!
//! Off the commit path. [`TransparencyLog::step`] takes what has been committed into the tree, compares
//! with what was last signed, and publishes a checkpoint; [`TransparencyLog::run`] does so for ever.
//! Whatever contradicts itself stops it: nothing is repaired in passing, and nothing more is signed.

mod adopting;
mod check;
mod packing;
mod run;
mod serve;
mod signer;
mod stop;

use std::{
    path::Path,
    sync::{Arc, OnceLock, PoisonError},
};

use tokio::sync::{Mutex, Notify, watch};

use self::signer::{Here, Signer};
pub use self::{run::Pace, stop::TransparencyError};
use crate::{
    EventLog,
    checkpoints::Checkpoints,
    log_keys::LogKeys,
    time_stamps::{self, TimeStamps},
    transparency::{
        Checkpoint, Hash, Signed,
        note::{Signature, VerifierKey},
        witness::{AddCheckpoint, read_answer},
    },
    tree_store::TreeStore,
};

/// How many entries are taken into the tree at once.
const AT_ONCE: usize = 4_096;

/// The log's tree and checkpoints.
#[derive(Debug)]
pub struct TransparencyLog {
    log: EventLog,
    tree: TreeStore,
    checkpoints: Checkpoints,
    time_stamps: TimeStamps,
    signer: Signer,
    published: watch::Sender<Option<Arc<Signed>>>,
    /// The newest checkpoint that witnesses have cosigned.
    cosigned: std::sync::Mutex<Option<Arc<Signed>>>,
    stopped: OnceLock<String>,
    halted: Notify,
    /// One step at a time. Whether the end of the tree was compared with the log since opening.
    stepping: Mutex<bool>,
}

/// When a step signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// Not at all.
    Never,
    /// If there are entries that no published checkpoint covers, or there is no checkpoint yet.
    WhenGrown,
    /// In any case: a heartbeat says that until now there was nothing more.
    Always,
}

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many entries came into the tree.
    pub integrated: u64,
    /// The checkpoint that was published, if one was.
    pub published: Option<Arc<Signed>>,
}

impl TransparencyLog {
    /// The tree in `dir/tree` and the checkpoints in `dir/checkpoints` of a log, signed with its keys.
    ///
    /// # Errors
    /// When either cannot be read, or the published checkpoint is not one of these keys.
    pub fn open(log: &EventLog, dir: &Path, keys: LogKeys) -> Result<Self, TransparencyError> {
        let tree = TreeStore::open(&dir.join("tree"))?;
        let signer = Signer::Here(Box::new(Here::with(keys, dir)?));
        let opened = Self::over(log, tree, dir, signer)?;
        if let (Some(current), Signer::Here(here)) = (opened.checkpoint(), &opened.signer) {
            current.signed_by(&here.keys.verifiers()).map_err(TransparencyError::Published)?;
            let last = here.keys.last_signed().read()?;
            if current.checkpoint().size > last.size {
                return Err(TransparencyError::LastSignedBehind {
                    published: current.checkpoint().size,
                    last: last.size,
                });
            }
        }
        Ok(opened)
    }

    /// The same, signing from now on in place of another server that did.
    #[must_use]
    pub fn taking_over(mut self) -> Self {
        if let Signer::Here(here) = &mut self.signer {
            here.take_over();
        }
        self
    }

    /// The same for whoever may not sign: the tree is built anew from the entries, in memory, and the
    /// checkpoints in `dir/checkpoints` are read and not written. The first step builds the tree.
    ///
    /// # Errors
    /// When the checkpoints cannot be read.
    pub fn open_read_only(log: &EventLog, dir: &Path) -> Result<Self, TransparencyError> {
        Self::over(log, TreeStore::memory()?, dir, Signer::Nobody)
    }

    fn over(
        log: &EventLog,
        tree: TreeStore,
        dir: &Path,
        signer: Signer,
    ) -> Result<Self, TransparencyError> {
        let checkpoints = Checkpoints::at(dir.join("checkpoints"));
        let time_stamps = TimeStamps::at(dir.join(time_stamps::FOLDER));
        let published = watch::Sender::new(checkpoints.current()?.map(Arc::new));
        Ok(Self {
            log: log.clone(),
            tree,
            checkpoints,
            time_stamps,
            signer,
            published,
            cosigned: std::sync::Mutex::default(),
            stopped: OnceLock::new(),
            halted: Notify::new(),
            stepping: Mutex::default(),
        })
    }

    /// Takes what was committed into the tree, then signs and publishes. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// See [`TransparencyError`]. After an error that [stops](TransparencyError::stops), every further
    /// step answers the same.
    pub async fn step(&self, now: u64, publish: Publish) -> Result<Step, TransparencyError> {
        if let Some(why) = self.stopped.get() {
            return Err(TransparencyError::Stopped(why.clone()));
        }
        let stepped = self.step_unless_stopped(now, publish).await;
        if let Err(error) = &stepped
            && error.stops()
        {
            self.halt(error);
        }
        stepped
    }

    /// Nothing more is signed, and whoever waits for it learns that. Should two come to a stop at once, the
    /// first is kept.
    fn halt(&self, error: &TransparencyError) {
        let _kept = self.stopped.set(error.with_causes());
        self.halted.notify_one();
        self.published.send_modify(|_| ());
    }

    async fn step_unless_stopped(
        &self,
        now: u64,
        publish: Publish,
    ) -> Result<Step, TransparencyError> {
        let mut compared = self.stepping.lock().await;
        let integrated = self.take_in_all(&mut compared).await?;
        let covered = self.checkpoint().map(|signed| signed.checkpoint().clone());
        let head = self.tree.head();
        let due = match publish {
            Publish::Never => false,
            // Also when the log has shrunk or is another: then publishing says so.
            Publish::WhenGrown => {
                covered.is_none_or(|covered| (covered.size, covered.root) != head)
            }
            Publish::Always => true,
        };
        let published = match &self.signer {
            Signer::Here(here) if due => {
                here.may_sign(&self.log).await?;
                Some(self.publish(&here.keys, now)?)
            }
            Signer::Here(_) | Signer::Elsewhere(_) | Signer::Nobody => None,
        };
        Ok(Step { integrated, published })
    }

    /// Everything that was committed into the tree; answers how much it was.
    async fn take_in_all(&self, compared: &mut bool) -> Result<u64, TransparencyError> {
        if !*compared {
            self.compare_end().await?;
            *compared = true;
        }
        let before = self.tree.size();
        while self.integrate_some().await? {
            tokio::task::yield_now().await;
        }
        Ok(self.tree.size().saturating_sub(before))
    }

    /// The next entries into the tree; whether there may be more.
    async fn integrate_some(&self) -> Result<bool, TransparencyError> {
        let from = self.tree.size();
        let some = self.log.backend().read_leaves(from, AT_ONCE).await?;
        if some.is_empty() {
            return Ok(false);
        }
        let leaves = in_order(some.into_iter(), from)?;
        self.tree.append(&leaves)?;
        Ok(leaves.len() == AT_ONCE)
    }

    /// Signs the tree as it is and publishes the checkpoint, unless it contradicts what was signed.
    fn publish(&self, keys: &LogKeys, now: u64) -> Result<Arc<Signed>, TransparencyError> {
        let held = keys.last_signed().hold()?;
        let (size, root) = self.tree.head();
        let next = Checkpoint { origin: keys.origin().to_owned(), size, root };
        let signed_before = held.last().size;
        let before =
            if signed_before <= size { Some(self.tree.root_at(signed_before)?) } else { None };
        held.compare(&next, before)?;
        held.move_on(&next)?;
        let signed = Signed::sign(next, keys.signing(), now)?;
        self.checkpoints.publish(&signed)?;
        let signed = Arc::new(signed);
        self.published.send_replace(Some(Arc::clone(&signed)));
        Ok(signed)
    }

    /// Why nothing more is signed, if something was found.
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    /// The published checkpoint; none before the first.
    pub fn checkpoint(&self) -> Option<Arc<Signed>> {
        self.published.borrow().clone()
    }

    /// The published checkpoint, and every later one.
    pub fn watch(&self) -> watch::Receiver<Option<Arc<Signed>>> {
        self.published.subscribe()
    }

    /// The time-stamps of checkpoints.
    pub const fn time_stamps(&self) -> &TimeStamps {
        &self.time_stamps
    }

    /// Every checkpoint that was published.
    pub const fn checkpoints(&self) -> &Checkpoints {
        &self.checkpoints
    }

    /// The tree's tiles.
    pub const fn tree(&self) -> &TreeStore {
        &self.tree
    }

    /// The log whose entries they are.
    pub const fn log(&self) -> &EventLog {
        &self.log
    }

    /// The public keys that it is signed with, here or elsewhere; none if neither is known.
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.signer.verifiers()
    }

    /// What to ask of a witness that has cosigned the log at size `old` (0 if never): none before the
    /// first checkpoint, and none if the witness is ahead.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn ask_witness(&self, old: u64) -> Result<Option<AddCheckpoint>, TransparencyError> {
        let published = self.checkpoint().filter(|signed| old <= signed.checkpoint().size);
        let Some(signed) = published else { return Ok(None) };
        let proof = self.tree.prove_consistency(old, signed.checkpoint().size)?;
        Ok(Some(AddCheckpoint { old, proof, checkpoint: Signed::clone(&signed) }))
    }

    /// Keeps a witness's answer to a request: the good cosignatures of these keys. Answers how many.
    ///
    /// # Errors
    /// When the answer is none, or cannot be kept.
    pub async fn take_cosignatures(
        &self,
        checkpoint: &Signed,
        answer: &str,
        witness: &[VerifierKey],
    ) -> Result<usize, TransparencyError> {
        let cosignatures: Vec<Signature> = read_answer(answer, checkpoint, witness)
            .map_err(|cause| TransparencyError::WitnessAnswer(cause.into()))?;
        let number = cosignatures.len();
        let _one_at_a_time = self.stepping.lock().await;
        // Another witness may have answered meanwhile: what is kept goes on from what was kept.
        let current = self.checkpoint().filter(|now| now.checkpoint() == checkpoint.checkpoint());
        let mut signed = checkpoint.clone();
        if let Some(current) = &current {
            signed = Signed::clone(current);
        }
        signed.add(cosignatures);
        self.checkpoints.add_signatures(&signed)?;
        let signed = Arc::new(signed);
        if number > 0 {
            self.keep_cosigned(&signed);
        }
        if current.is_some() {
            self.published.send_replace(Some(signed));
        }
        Ok(number)
    }

    fn keep_cosigned(&self, signed: &Arc<Signed>) {
        let mut kept = self.cosigned.lock().unwrap_or_else(PoisonError::into_inner);
        let weight = |signed: &Signed| (signed.checkpoint().size, signed.note().signatures().len());
        if kept.as_ref().is_none_or(|kept| weight(kept) <= weight(signed)) {
            *kept = Some(Arc::clone(signed));
        }
    }

    /// The newest checkpoint that a witness has cosigned since this was opened.
    pub fn cosigned(&self) -> Option<Arc<Signed>> {
        self.cosigned.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Leaf hashes whose entries must follow each other from position `from`.
fn in_order(
    leaves: impl Iterator<Item = (u64, Hash)>,
    from: u64,
) -> Result<Vec<Hash>, TransparencyError> {
    let in_order = |(position, (stands, leaf)): (u64, (u64, Hash))| {
        if stands == position {
            Ok(leaf)
        } else {
            let finding = format!("the log gives position {stands} here");
            Err(TransparencyError::Disagreement { position, finding })
        }
    };
    (from..).zip(leaves).map(in_order).collect()
}
