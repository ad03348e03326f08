//! The hash tiles, in a store of their own that can be thrown away: they follow from the entries.
//!
//! A row is a tile, full or unfinished; an append writes whole tiles in one transaction, so what is
//! found after a crash is the tree of some size, and goes on from there.

mod hashes;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension as _, params};

use self::hashes::StoredHashes;
use crate::{
    embedded::{
        connections::{Access, open_reading},
        refusal::OpenError,
    },
    transparency::{
        Hash,
        proof::{prove_consistency, prove_inclusion},
        tile::{Row, Tile},
        tree::{Edge, root_of},
    },
    write_ahead,
};

/// The version of the tables. Another one is thrown away by whoever runs the log, not read.
const FORMAT: i64 = 1;

/// The hash tiles of a log.
#[derive(Debug)]
pub struct TreeStore {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Connection,
    edge: Edge,
}

/// The tiles cannot be used. Nothing is lost: they follow from the entries.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// The store does not answer.
    #[error("could not {doing} the tree's tiles")]
    Store {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        cause: rusqlite::Error,
    },
    /// The folder cannot be made.
    #[error("could not make the folder of the tree's tiles")]
    Folder(#[source] std::io::Error),
    /// Whether there are any cannot be found out.
    #[error("could not look for the tree's tiles")]
    Unread(#[source] std::io::Error),
    /// A tile is not what the size of the tree asks for.
    #[error(
        "tile {index} of level {level} is not that of the tree; the tree's folder can be removed"
    )]
    Damaged {
        /// The level of the tile.
        level: u8,
        /// Its place in the level.
        index: u64,
    },
    /// The tables are of another version, or no tables of a tree.
    #[error("the tree's store has another format; its folder can be removed")]
    OtherFormat,
    /// Something was asked about a larger tree than there is.
    #[error("the tree has {size} entries, and something was asked about {asked}")]
    Beyond {
        /// How many entries it has.
        size: u64,
        /// How many were asked about.
        asked: u64,
    },
}

fn store(doing: &'static str) -> impl Fn(rusqlite::Error) -> TreeError {
    move |cause| TreeError::Store { doing, cause }
}

impl TreeStore {
    /// The tiles in `folder`, or none yet.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn open(folder: &Path) -> Result<Self, TreeError> {
        fs::create_dir_all(folder).map_err(TreeError::Folder)?;
        let db = Connection::open(folder.join("tree.sqlite")).map_err(store("open"))?;
        // NORMAL: a power cut may take the last appends back, and cannot tear them. They follow
        // from the entries again.
        write_ahead::begin(&db)
            .and_then(|()| db.pragma_update(None, "synchronous", "NORMAL"))
            .map_err(store("open"))?;
        Self::over(db)
    }

    /// The tiles in `folder` as they are, not to be changed; none if there are none.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn open_read_only(folder: &Path) -> Result<Option<Self>, TreeError> {
        let path = folder.join("tree.sqlite");
        if !path.try_exists().map_err(TreeError::Unread)? {
            return Ok(None);
        }
        let access = Access::now(&path).map_err(|refusal| {
            if let OpenError::File { cause, .. } = refusal {
                TreeError::Unread(cause)
            } else {
                TreeError::OtherFormat
            }
        })?;
        let db = open_reading(&path, access).map_err(store("open"))?;
        let format: i64 = db
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(store("read the version of"))?;
        if format != FORMAT {
            return Err(TreeError::OtherFormat);
        }
        let edge = read_edge(&db)?;
        Ok(Some(Self { inner: Mutex::new(Inner { db, edge }) }))
    }

    /// How many tiles are stored, whether or not the tree asks for them.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn tiles(&self) -> Result<u64, TreeError> {
        let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let tiles = self.inner().db.query_row("SELECT count(*) FROM tile", [], count);
        Ok(u64::try_from(tiles.map_err(store("count"))?).unwrap_or_default())
    }

    /// The hashes of a tile as they are stored, whatever their number.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn stored_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, TreeError> {
        read_tile(&self.inner().db, level, index)
    }

    /// No tiles yet, and none to be kept.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn memory() -> Result<Self, TreeError> {
        Self::over(Connection::open_in_memory().map_err(store("open"))?)
    }

    fn over(db: Connection) -> Result<Self, TreeError> {
        let format: i64 = db
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(store("read the version of"))?;
        if format == 0 {
            db.execute_batch(
                "BEGIN; \
                 CREATE TABLE tile (place INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT; \
                 CREATE TABLE tree (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL) \
                 STRICT; \
                 INSERT INTO tree VALUES (1, 0); \
                 PRAGMA user_version = 1; \
                 COMMIT;",
            )
            .map_err(store("create"))?;
        } else if format != FORMAT {
            return Err(TreeError::OtherFormat);
        }
        let edge = read_edge(&db)?;
        Ok(Self { inner: Mutex::new(Inner { db, edge }) })
    }

    /// How many entries the tree has.
    pub fn size(&self) -> u64 {
        self.inner().edge.size()
    }

    /// Size and root, of one moment.
    pub fn head(&self) -> (u64, Hash) {
        let inner = self.inner();
        (inner.edge.size(), inner.edge.root())
    }

    /// Appends leaf hashes, all or none.
    ///
    /// # Errors
    /// See [`TreeError`]; then the tree is as before.
    pub fn append(&self, leaves: &[Hash]) -> Result<(), TreeError> {
        let mut inner = self.inner();
        let mut edge = inner.edge.clone();
        let mut tiles: BTreeMap<(u8, u64), Vec<u8>> = BTreeMap::new();
        for (level, hashes) in (0_u8..).zip(edge.unfinished()) {
            let shift = u32::from(level).saturating_add(1).saturating_mul(8);
            let index = edge.size().checked_shr(shift).unwrap_or_default();
            tiles.insert((level, index), hashes.concat());
        }
        for leaf in leaves {
            edge.push(*leaf, |stored| {
                let tile = tiles.entry((stored.level, stored.index >> 8)).or_default();
                tile.extend_from_slice(&stored.hash);
            });
        }
        let transaction = inner.db.transaction().map_err(store("write"))?;
        {
            let mut put = transaction
                .prepare_cached("INSERT OR REPLACE INTO tile (place, hashes) VALUES (?1, ?2)")
                .map_err(store("write"))?;
            for ((level, index), hashes) in tiles.iter().filter(|(_, hashes)| !hashes.is_empty()) {
                put.execute(params![place(*level, *index), hashes]).map_err(store("write"))?;
            }
        }
        transaction
            .execute("UPDATE tree SET size = ?1", [i64::try_from(edge.size()).unwrap_or(i64::MAX)])
            .map_err(store("write"))?;
        transaction.commit().map_err(store("write"))?;
        inner.edge = edge;
        Ok(())
    }

    /// The bytes of a hash tile of any width that the tree has; none of one it has not, or of entries.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, TreeError> {
        let Row::Hashes(level) = tile.row else { return Ok(None) };
        let length = usize::from(tile.width).saturating_mul(32);
        let mut hashes = read_tile(&self.inner().db, level, tile.index)?;
        Ok((length > 0 && hashes.len() >= length).then(|| {
            hashes.truncate(length);
            hashes
        }))
    }

    /// The leaf hashes of entries `from..to`, as far as the tree has them.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, TreeError> {
        let inner = self.inner();
        let mut hashes = StoredHashes::new(&inner.db);
        (from..to.min(inner.edge.size())).map(|index| hashes.get(0, index)).collect()
    }

    /// The root over the first `size` entries.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn root_at(&self, size: u64) -> Result<Hash, TreeError> {
        let inner = self.within(size)?;
        root_of(&mut StoredHashes::new(&inner.db), 0, size)
    }

    /// The proof that entry `index` is among the first `size`.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn prove_inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
        let inner = self.within(size.max(index.saturating_add(1)))?;
        prove_inclusion(&mut StoredHashes::new(&inner.db), index, size)
    }

    /// The proof that the first `old` entries are the beginning of the first `new`.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn prove_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, TreeError> {
        let inner = self.within(new.max(old))?;
        prove_consistency(&mut StoredHashes::new(&inner.db), old, new)
    }

    fn within(&self, asked: u64) -> Result<MutexGuard<'_, Inner>, TreeError> {
        let inner = self.inner();
        let size = inner.edge.size();
        if asked > size { Err(TreeError::Beyond { size, asked }) } else { Ok(inner) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a tile stands in the table: the level in the upper byte of seven.
fn place(level: u8, index: u64) -> i64 {
    let index = i64::try_from(index & ((1 << 56) - 1)).unwrap_or_default();
    (i64::from(level) << 56) | index
}

fn read_tile(db: &Connection, level: u8, index: u64) -> Result<Vec<u8>, TreeError> {
    let found = db
        .prepare_cached("SELECT hashes FROM tile WHERE place = ?1")
        .and_then(|mut get| get.query_row([place(level, index)], |row| row.get(0)).optional())
        .map_err(store("read"))?;
    Ok(found.unwrap_or_default())
}

/// The right edge, from the unfinished tile of every level.
fn read_edge(db: &Connection) -> Result<Edge, TreeError> {
    let size: i64 = db
        .query_row("SELECT size FROM tree WHERE one = 1", [], |row| row.get(0))
        .map_err(store("read the size of"))?;
    let size = u64::try_from(size).unwrap_or_default();
    let mut unfinished = Vec::new();
    let (mut level, mut rest) = (0_u8, size);
    while rest > 0 {
        let index = rest >> 8;
        let tile = read_tile(db, level, index)?;
        let (hashes, surplus) = tile.as_chunks::<32>();
        let width = u64::try_from(hashes.len()).unwrap_or(u64::MAX);
        if width != rest & 0xff || !surplus.is_empty() {
            return Err(TreeError::Damaged { level, index });
        }
        unfinished.push(hashes.to_vec());
        rest = index;
        level = level.saturating_add(1);
    }
    Edge::resume(size, unfinished).ok_or(TreeError::Damaged { level: 0, index: 0 })
}
