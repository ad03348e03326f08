//! What outsiders may have: tiles, bundles, proofs; never more than the published checkpoint covers.

use std::sync::Arc;

use super::{TransparencyError, TransparencyLog};
use crate::transparency::{
    Receipt, Signed, bundle, leaf,
    tile::{Row, Tile},
};

impl TransparencyLog {
    /// The bytes of a hash tile; none if there is none within the published checkpoint.
    ///
    /// # Errors
    /// When the tiles cannot be read.
    pub fn hash_tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, TransparencyError> {
        let found = if self.is_published(tile) { self.tree().tile(tile) } else { return Ok(None) };
        found.map_err(|error| self.noticed(error.into()))
    }

    /// A bundle of entries, byte for byte as stored, compared with the tree on the way out; none if
    /// there is none within the published checkpoint.
    ///
    /// # Errors
    /// When the log cannot be read. [`TransparencyError::Disagreement`] when it is not what was signed:
    /// then nothing more is signed either.
    pub async fn entry_bundle(&self, tile: &Tile) -> Result<Option<Vec<u8>>, TransparencyError> {
        if tile.row != Row::Entries || !self.is_published(tile) {
            return Ok(None);
        }
        self.bundle_within_tree(tile).await.map(Some).map_err(|error| self.noticed(error))
    }

    /// A contradiction that somebody comes upon while reading stops the publishing as well.
    fn noticed(&self, error: TransparencyError) -> TransparencyError {
        if error.is_contradiction() {
            self.halt(&error);
        }
        error
    }

    pub(crate) async fn bundle_within_tree(
        &self,
        tile: &Tile,
    ) -> Result<Vec<u8>, TransparencyError> {
        let from = tile.index.saturating_mul(256);
        let to = from.saturating_add(u64::from(tile.width));
        let stored = self.log().read_stored(from, usize::from(tile.width)).await?;
        let mut leaves = self.tree().leaves(from, to)?.into_iter();
        let mut entries = stored.iter();
        for position in from..to {
            let entry = entries.next().filter(|entry| entry.position == position);
            if entry.map(|entry| leaf(&entry.entry)) != leaves.next() || entry.is_none() {
                let finding = "the entry is not the one that came into the tree".to_owned();
                return Err(TransparencyError::Disagreement { position, finding });
            }
        }
        let bundle = bundle::write(stored.iter().map(|entry| entry.entry.as_slice()));
        bundle.ok_or(TransparencyError::Disagreement {
            position: from,
            finding: "an entry is longer than a bundle can hold".to_owned(),
        })
    }

    /// The receipt for the entry at a position; none if the published checkpoint does not cover it yet.
    ///
    /// # Errors
    /// When the tiles cannot be read.
    pub fn receipt(&self, position: u64) -> Result<Option<Receipt>, TransparencyError> {
        let covering = self.checkpoint().filter(|signed| position < signed.checkpoint().size);
        covering.map(|signed| self.receipt_under(position, &signed)).transpose()
    }

    /// The receipt that says most: under the newest checkpoint that witnesses have cosigned, if that
    /// covers the position, else under the one that is published. None if neither does yet.
    ///
    /// # Errors
    /// When the tiles cannot be read.
    pub fn best_receipt(&self, position: u64) -> Result<Option<Receipt>, TransparencyError> {
        let covers = |signed: &Arc<Signed>| position < signed.checkpoint().size;
        match self.cosigned().filter(covers) {
            Some(cosigned) => self.receipt_under(position, &cosigned).map(Some),
            None => self.receipt(position),
        }
    }

    /// The receipt for the entry at a position under a checkpoint of this log that covers it.
    ///
    /// # Errors
    /// When the tiles cannot be read.
    pub fn receipt_under(
        &self,
        position: u64,
        checkpoint: &Signed,
    ) -> Result<Receipt, TransparencyError> {
        let proof = self.tree().prove_inclusion(position, checkpoint.checkpoint().size)?;
        Ok(Receipt { extra: None, index: position, proof, checkpoint: checkpoint.clone() })
    }

    /// Waits until a published checkpoint covers a position: until its receipt can be had.
    ///
    /// # Errors
    /// When publishing has stopped.
    pub async fn published_beyond(&self, position: u64) -> Result<Arc<Signed>, TransparencyError> {
        let stopped = || {
            let why = self.stopped().unwrap_or("nobody publishes any more");
            TransparencyError::Stopped(why.to_owned())
        };
        let mut watch = self.watch();
        loop {
            if let Some(signed) = watch.borrow_and_update().as_ref()
                && signed.checkpoint().size > position
            {
                return Ok(Arc::clone(signed));
            }
            if self.stopped().is_some() {
                return Err(stopped());
            }
            watch.changed().await.map_err(|_| stopped())?;
        }
    }

    fn is_published(&self, tile: &Tile) -> bool {
        let Some(signed) = self.checkpoint() else { return false };
        let level = match tile.row {
            Row::Hashes(level) => u32::from(level),
            Row::Entries => 0,
        };
        let hashes = signed.checkpoint().size.checked_shr(level.saturating_mul(8)).unwrap_or(0);
        let end = tile.index.saturating_mul(256).saturating_add(u64::from(tile.width));
        (1..=256).contains(&tile.width) && end <= hashes
    }
}
