//! Is a folder with a log in it what it claims to be? Everything in it is compared with everything else,
//! and with what the auditor brought along: public keys, and what was last signed.
//!
//! One pass over the rows checks the entries (`verify`) and the columns beside them, rebuilds the tree, and
//! compares every stored hash and the root of every checkpoint on the way. Then come the file of stream
//! heads and the storage engine's own structures. Nothing is changed. Memory is bounded by the number of
//! streams.

mod checkpoints;
mod looks;
mod report;
mod saved;
mod tiles;

use std::{collections::BTreeSet, path::Path, sync::Arc};

use self::{checkpoints::Kept, tiles::Tiles};
pub use self::{
    looks::Looks,
    report::{Found, Place, Report},
    saved::NotSaved,
};
use crate::{
    EventLog, Keys,
    backend::{Backend, ReadError},
    embedded::{
        examined::{Columns, Examined},
        refusal::OpenError,
    },
    transparency::{Checkpoint, Hash, leaf, note::VerifierKey, tree::Edge},
    verify::{Check, Finding, Judged, Sign, judge, judge_all},
};

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// What an auditor brings along, had from elsewhere than the folder.
#[derive(Clone, Debug)]
pub struct Brought<'a> {
    /// The log's public keys; without any, signatures are not checked.
    pub keys: &'a [VerifierKey],
    /// What was last signed, from the place where the signing keys are.
    pub last_signed: Option<&'a Checkpoint>,
    /// Checkpoints that somebody kept, each under a name for it: this must be the same log.
    pub kept: &'a [(String, Checkpoint)],
    /// Keys of sealed sections, to be held against what the entries commit to.
    pub unsealing: Keys,
}

impl Default for Brought<'_> {
    fn default() -> Self {
        Self { keys: &[], last_signed: None, kept: &[], unsealing: Keys::Absent }
    }
}

/// Why a folder could not be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The log is none, or not one of this program: by name.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Audits the log in `dir`. `progress` is told the next position after every few thousand events.
///
/// # Errors
/// When there is no log that can be read. Damage is no error here; it is what is looked for.
pub async fn audit(
    dir: &Path,
    brought: Brought<'_>,
    mut progress: impl FnMut(u64),
) -> Result<Report, AuditError> {
    let mut audit = Audit::begin(dir, brought)?;
    while let Some(came) = audit.advance().await? {
        if let Came::Entries(next) = came {
            progress(next);
        }
    }
    audit.finish().await
}

/// How far an audit came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The checkpoints up to those of this size have been looked at.
    Checkpoints(u64),
    /// The entries before this position have been.
    Entries(u64),
}

/// An audit under way, for whoever may be interrupted.
#[derive(Debug)]
pub struct Audit {
    /// The file of the log; none if it lies on a cluster.
    examined: Option<Examined>,
    log: EventLog,
    length: u64,
    kept: Kept,
    tiles: Tiles,
    check: Check,
    edge: Edge,
    /// How many of the roots were compared.
    compared: usize,
    /// The sizes at which a root was that of the entries.
    agreed_with: BTreeSet<u64>,
    found: Vec<Found>,
    /// Whether the log could be read so far.
    whole: bool,
    /// Whether the columns beside the entries follow each other so far.
    follows: bool,
}

impl Audit {
    /// Begins before the first event.
    ///
    /// # Errors
    /// When there is no log.
    pub fn begin(dir: &Path, brought: Brought<'_>) -> Result<Self, AuditError> {
        let examined = Examined::open(dir)?;
        let log = (examined.backend(), examined.origin(), examined.length());
        let audit = Self::of(log, Some(dir), brought);
        Ok(Self { examined: Some(examined), ..audit })
    }

    /// Begins before the first event of a log that does not lie in a folder; what follows from it and
    /// what was published lies in `dir`, if there is one.
    pub fn over(log: &EventLog, origin: &str, dir: Option<&Path>, brought: Brought<'_>) -> Self {
        Self::of((Arc::clone(log.backend()), origin, log.length()), dir, brought)
    }

    fn of(
        (backend, origin, length): (Arc<dyn Backend>, &str, u64),
        dir: Option<&Path>,
        brought: Brought<'_>,
    ) -> Self {
        let mut found = Vec::new();
        let checkpoints = dir.map(|dir| dir.join("checkpoints"));
        let kept = Kept::begin(checkpoints, origin, &brought, &mut found);
        let log = EventLog::over(backend, brought.unsealing);
        let tiles = Tiles::open(dir.map(|dir| dir.join("tree")).as_deref(), &mut found);
        let check = Check::default();
        Self {
            examined: None,
            log,
            length,
            kept,
            tiles,
            check,
            edge: Edge::default(),
            compared: 0,
            agreed_with: BTreeSet::new(),
            found,
            whole: true,
            follows: true,
        }
    }

    /// How many events there were when it began.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The next position.
    pub const fn next(&self) -> u64 {
        self.edge.size()
    }

    /// The size up to which checkpoints have been looked at.
    pub fn checkpoints(&self) -> u64 {
        self.kept.up_to()
    }

    /// Goes on by some hundred checkpoints, or then by a few thousand events; answers how far it came, or none at the
    /// end.
    ///
    /// # Errors
    /// When the log cannot be read. Damage is no error.
    pub async fn advance(&mut self) -> Result<Option<Came>, AuditError> {
        if !self.kept.is_read() {
            self.look_at_checkpoints();
            return Ok(Some(Came::Checkpoints(self.checkpoints())));
        }
        if !self.whole {
            return Ok(None);
        }
        let next = self.next();
        let (some, broken) = if let Some(examined) = &self.examined {
            let log = &self.log;
            let read = |from, limit| examined.rows(from, limit, |lent| judge(log, lent));
            let (rows, broken) = up_to_what_breaks(next, AT_ONCE, read).await?;
            let some = rows.len();
            for (judged, columns) in rows {
                self.take(judged, Some(columns));
            }
            (some, broken)
        } else {
            let read = |from, limit| self.log.read_stored(from, limit);
            let (some, broken) = up_to_what_breaks(next, AT_ONCE, read).await?;
            for judged in judge_all(&self.log, &some) {
                self.take(judged, None);
            }
            (some.len(), broken)
        };
        if let Some(broken) = broken {
            self.found.push(broken);
            self.whole = false;
        }
        Ok((some > 0).then(|| Came::Entries(self.edge.size())))
    }

    fn look_at_checkpoints(&mut self) {
        self.kept.advance(&mut self.found);
        if self.kept.is_read() {
            // Roots before the place where it goes on were compared before.
            let before = self.kept.roots().iter().take_while(|root| root.size < self.next());
            self.compared = before.count();
        }
    }

    fn take(&mut self, judged: Judged, columns: Option<Columns>) {
        self.compare_roots();
        let position = judged.position;
        let (leaf, before) = self.check.take(judged);
        // Until something is wrong with them.
        let wrong = columns.filter(|_| self.follows).and_then(|it| it.wrong_after(before));
        if let Some(wrong) = wrong {
            self.found.push(Found { place: Place::Position(position), says: wrong.to_owned() });
            self.follows = false;
        }
        let (tiles, found) = (&mut self.tiles, &mut self.found);
        self.edge.push(leaf, |hash| tiles.compare(hash, found));
    }

    fn compare_roots(&mut self) {
        let roots = self.kept.roots().get(self.compared..).unwrap_or_default();
        for root in roots.iter().take_while(|root| root.size <= self.edge.size()) {
            if root.compare(&self.edge, &mut self.found) {
                self.agreed_with.insert(root.size);
            }
            self.compared = self.compared.saturating_add(1);
        }
    }

    /// Ends with what can be compared only at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn finish(mut self) -> Result<Report, AuditError> {
        while !self.kept.is_read() {
            self.look_at_checkpoints();
        }
        let next = self.edge.size();
        // Where the log cannot be read on, nobody knows where it ends.
        if self.whole {
            self.compare_roots();
            let beyond = self.kept.roots().get(self.compared..).unwrap_or_default();
            for root in beyond {
                root.is_beyond(next, &mut self.found);
            }
            self.tiles.finish(next, self.kept.published(), &mut self.found);
        }
        if let Some(examined) = &self.examined {
            let ends = (self.whole && self.follows).then(|| self.check.ends());
            let contradictions = examined.contradictions(ends);
            self.found.extend(contradictions.into_iter().map(|contradiction| Found {
                place: contradiction.position.map_or(Place::Store, Place::Position),
                says: contradiction.finding,
            }));
        }
        if let Some(position) = self.tiles.differs_at() {
            let place = Place::Position(position);
            let says = self.judge(position).await?.to_string();
            self.found.push(Found { place, says });
        }
        self.found.sort();
        let (mut log, root) = (self.check.finish(), self.edge.root());
        attribute(&mut log.findings, self.tiles.agreed());
        let (checkpoints, tree) = (self.kept.number(), self.tiles.size());
        Ok(Report { log, root, checkpoints, tree, found: self.found })
    }

    /// What it looks like where an entry is not the one that came into the stored tree: what was signed next
    /// says which of the two was altered.
    async fn judge(&self, position: u64) -> Result<Looks, ReadError> {
        let Some(tree) = self.tiles.kept() else { return Ok(Looks::Altered) };
        let Some(root) = self.kept.roots().iter().find(|root| root.size > position) else {
            return Ok(Looks::Unsigned);
        };
        if self.agreed_with.contains(&root.size) {
            return Ok(Looks::TreeAltered);
        }
        if !tree.root_at(root.size).is_ok_and(|stored| root.is(&stored)) {
            return Ok(Looks::Unsigned);
        }
        let to = position.saturating_add(looks::WINDOW);
        let limit = usize::try_from(looks::WINDOW).unwrap_or(usize::MAX);
        let read = |from, limit| self.log.read_stored(from, limit);
        let (entries, _) = up_to_what_breaks(position, limit, read).await?;
        let entries: Vec<Hash> = entries.iter().map(|stored| leaf(&stored.entry)).collect();
        Ok(looks::judge(&entries, &tree.leaves(position, to).unwrap_or_default()))
    }
}

/// Where two entries of a stream do not fit, the tree says which of them was altered: not the one that
/// came into it as it stands.
fn attribute(findings: &mut [Finding], agreed: u64) {
    for finding in findings.iter_mut() {
        if let Sign::EntryAltered { witness } = finding.sign
            && finding.position < agreed
        {
            let sign = Sign::FollowsAnother { before: finding.position };
            *finding = Finding { position: witness, sign };
        }
    }
    findings.sort_by_key(|finding| finding.position);
}

/// What is read from `next`, up to what cannot be read, and what that is.
async fn up_to_what_breaks<T, F>(
    next: u64,
    limit: usize,
    read: impl Fn(u64, usize) -> F,
) -> Result<(Vec<T>, Option<Found>), ReadError>
where
    F: Future<Output = Result<Vec<T>, ReadError>>,
{
    match read(next, limit).await {
        Ok(some) => Ok((some, None)),
        Err(ReadError::Corrupt { position, finding }) => {
            let before = usize::try_from(position.saturating_sub(next)).unwrap_or_default();
            let some = read(next, before.min(limit)).await.unwrap_or_default();
            Ok((some, Some(Found { place: Place::Position(position), says: finding })))
        }
        Err(error @ ReadError::Unavailable { .. }) => Err(error),
    }
}
