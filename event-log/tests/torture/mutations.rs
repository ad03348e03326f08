//! Ten thousand hands at the log: whatever is altered is found, and where.
//!
//! Each mutation is made in a folder that is whole, and one audit must name the position, or the file of
//! the checkpoint. A seed is fixed, so a failure can be had again; `EVENT_LOG_MUTATIONS` multiplies the
//! numbers.

mod columns;
mod kept;
mod outside;
mod raw;

use std::{
    fs,
    path::{Path, PathBuf},
};

use event_log::{
    EventLog,
    audit::{AuditError, Brought, Found, Place, audit},
    last_signed::LastSigned,
    transparency::note::VerifierKey,
    transparency_log::{Publish, TransparencyLog},
};
use tempfile::TempDir;

use crate::world::{self, NOW, Template, calm, keys};

/// How often the usual number.
fn times() -> usize {
    std::env::var("EVENT_LOG_MUTATIONS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// A plain generator of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).unwrap() % bound
    }

    /// Flips one bit of one byte.
    fn flip(&mut self, bytes: &mut [u8]) -> usize {
        let at = self.below(bytes.len());
        bytes[at] ^= 1 << self.below(8);
        at
    }
}

/// A folder with a log, all of it under a published checkpoint, and an earlier copy of it.
struct Whole {
    dir: TempDir,
    earlier: TempDir,
    verifiers: Vec<VerifierKey>,
    length: u64,
}

impl Whole {
    async fn with(more: u128) -> Self {
        let template = Template::with(more).await;
        let (dir, earlier) = (template.copy(), template.copy());
        let log = EventLog::open_with(dir.path(), &calm()).unwrap();
        let tree = TransparencyLog::open(&log, dir.path(), keys(dir.path())).unwrap();
        tree.step(NOW + 1, Publish::WhenGrown).await.unwrap();
        let (verifiers, length) = (tree.verifiers(), log.length());
        drop((tree, log));
        let whole = Self { dir, earlier, verifiers, length };
        assert_eq!(whole.findings().await, []);
        whole
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn file(&self, name: &str) -> Kept {
        let path = self.path(name);
        Kept { bytes: fs::read(&path).unwrap(), path }
    }

    /// What an audit finds; what cannot be opened is a finding about the whole file.
    async fn findings(&self) -> Vec<Found> {
        self.findings_with(&self.verifiers).await
    }

    /// The same where no checkpoint was touched: their signatures need not be checked every time.
    async fn findings_in_entries(&self) -> Vec<Found> {
        self.findings_with(&[]).await
    }

    async fn findings_with(&self, keys: &[VerifierKey]) -> Vec<Found> {
        let last = LastSigned::at(self.path("keys/log-signing.last")).read();
        let brought = Brought { keys, last_signed: last.as_ref().ok(), ..Brought::default() };
        let mut found = match audit(self.dir.path(), brought, |_| ()).await {
            Ok(report) => report.all(),
            Err(AuditError::Open(error)) => {
                vec![Found { place: Place::Store, says: error.to_string() }]
            }
            Err(AuditError::Read(error)) => {
                vec![Found { place: Place::Store, says: error.to_string() }]
            }
        };
        if let Err(error) = last {
            found.push(Found { place: Place::LastSigned, says: error.to_string() });
        }
        found
    }
}

/// A file as it should be, put back when it has been altered.
struct Kept {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Kept {
    fn put_back(&self) {
        fs::write(&self.path, &self.bytes).unwrap();
        for beside in ["-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(beside);
            drop(fs::remove_file(name));
        }
    }
}

/// The first finding must be at one of these places.
fn must_begin(what: &str, found: &[Found], places: &[Place]) {
    let first = found.first().unwrap_or_else(|| panic!("{what}: missed"));
    assert!(places.contains(&first.place), "{what}: found as {first}, of {found:#?}");
}

/// One of these places must be named.
fn must_name(what: &str, found: &[Found], places: &[Place]) {
    assert!(!found.is_empty(), "{what}: missed");
    let named = found.iter().any(|found| places.contains(&found.place));
    assert!(named, "{what}: {found:#?} name none of {places:?}");
}

fn copy_file(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}

fn exported_at(whole: &Whole) -> PathBuf {
    world::exported(whole.dir.path())
}
