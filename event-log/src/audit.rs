//! Is a folder with a log in it what it claims to be? Everything in it is compared with everything else,
//! and with what the auditor brought along: public keys, and what was last signed.
//!
//! One pass over the entries checks them (`verify`), rebuilds the tree, and compares every stored hash and
//! the root of every checkpoint on the way. Then come the columns beside the entries, the file of stream
//! heads, and the storage engine's own structures. Nothing is changed. Memory is bounded by the number of
//! streams.

mod checkpoints;
mod tiles;

use std::{fmt, path::Path};

use self::{
    checkpoints::{Kept, Root},
    tiles::Tiles,
};
use crate::{
    EventLog, Keys,
    backend::{ReadError, Stored},
    embedded::{examined::Examined, refusal::OpenError},
    transparency::{Checkpoint, Hash, leaf, note::VerifierKey, tree::Edge},
    verify::{self, Check, Finding, Sign},
};

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// What an auditor brings along, had from elsewhere than the folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct Brought<'a> {
    /// The log's public keys; without any, signatures are not checked.
    pub keys: &'a [VerifierKey],
    /// What was last signed, from the place where the signing keys are.
    pub last_signed: Option<&'a Checkpoint>,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At a position of the log.
    Position(u64),
    /// In a file of a checkpoint.
    Checkpoint(String),
    /// In what was last signed.
    LastSigned,
    /// In the tree's tiles as a whole.
    Tiles,
    /// In the file of the log as a whole.
    Store,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// What it is, and what kind of tampering it looks like.
    pub says: String,
}

/// What an audit came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the entries by themselves came to.
    pub log: verify::Report,
    /// The root over all entries.
    pub root: Hash,
    /// How many checkpoints were compared.
    pub checkpoints: u64,
    /// How many entries the stored tree covers.
    pub tree: u64,
    /// What was found beside [`Report::log`], by place.
    pub found: Vec<Found>,
}

impl Report {
    /// Whether nothing was found at all.
    pub fn is_clean(&self) -> bool {
        self.log.is_clean() && self.found.is_empty()
    }

    /// Everything that was found, the first position of the log first.
    pub fn all(&self) -> Vec<Found> {
        let entries = self.log.findings.iter().map(|finding| Found {
            place: Place::Position(finding.position),
            says: finding.sign.to_string(),
        });
        let mut all: Vec<Found> = entries.chain(self.found.iter().cloned()).collect();
        all.sort();
        all
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(position) => write!(f, "position {position}"),
            Self::Checkpoint(file) => write!(f, "checkpoints/{file}"),
            Self::LastSigned => f.write_str("what was last signed"),
            Self::Tiles => f.write_str("the tree's tiles"),
            Self::Store => f.write_str("the file of the log"),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.says)
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
    let examined = Examined::open(dir)?;
    let mut found = Vec::new();
    let kept = Kept::read(&dir.join("checkpoints"), examined.origin(), brought, &mut found);
    let mut tiles = Tiles::open(&dir.join("tree"), &mut found);
    let log = EventLog::over(examined.backend(), Keys::Absent);
    let mut pass =
        Pass { check: Check::new(log.clone()), edge: Edge::default(), roots: kept.roots() };
    let mut next = 0;
    let whole = loop {
        let (some, broken) = readable(&log, next).await?;
        for stored in &some {
            pass.take(stored, &mut tiles, &mut found);
        }
        next = pass.edge.size();
        progress(next);
        if let Some(broken) = broken {
            found.push(broken);
            break false;
        }
        if some.is_empty() {
            break true;
        }
    };
    // Where the log cannot be read on, nobody knows where it ends.
    if whole {
        pass.compare_roots(&mut found);
        pass.roots.iter().for_each(|root| root.is_beyond(next, &mut found));
        tiles.finish(next, kept.published(), &mut found);
    }
    found.extend(examined.contradictions()?.into_iter().map(|contradiction| Found {
        place: contradiction.position.map_or(Place::Store, Place::Position),
        says: contradiction.finding,
    }));
    found.sort();
    let (mut log, root) = (pass.check.finish(), pass.edge.root());
    attribute(&mut log.findings, tiles.agreed());
    Ok(Report { log, root, checkpoints: kept.number(), tree: tiles.size(), found })
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

/// The next events, up to what cannot be read, and what that is.
async fn readable(log: &EventLog, next: u64) -> Result<(Vec<Stored>, Option<Found>), ReadError> {
    match log.read_stored(next, AT_ONCE).await {
        Ok(some) => Ok((some, None)),
        Err(ReadError::Corrupt { position, finding }) => {
            let before = usize::try_from(position.saturating_sub(next)).unwrap_or_default();
            let some = log.read_stored(next, before.min(AT_ONCE)).await.unwrap_or_default();
            Ok((some, Some(Found { place: Place::Position(position), says: finding })))
        }
        Err(error @ ReadError::Unavailable { .. }) => Err(error),
    }
}

/// The one pass over the entries.
struct Pass<'a> {
    check: Check,
    edge: Edge,
    /// The roots that are still to be compared, the smallest size first.
    roots: &'a [Root],
}

impl Pass<'_> {
    fn take(&mut self, stored: &Stored, tiles: &mut Tiles, found: &mut Vec<Found>) {
        self.compare_roots(found);
        self.check.take(stored);
        self.edge.push(leaf(&stored.entry), |hash| tiles.compare(hash, found));
    }

    fn compare_roots(&mut self, found: &mut Vec<Found>) {
        while let Some((root, rest)) = self.roots.split_first()
            && root.size == self.edge.size()
        {
            root.compare(&self.edge, found);
            self.roots = rest;
        }
    }
}
