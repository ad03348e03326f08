//! Does the tree still follow from the log?

use super::{AT_ONCE, TransparencyError, TransparencyLog, in_order};
use crate::{
    backend::ReadError,
    transparency::{
        Hash,
        tile::{Row, Tile},
        tree::{Edge, Stored},
    },
};

/// How many entries at the end of the tree are compared on opening: the unfinished tile and one more.
const END: u64 = 512;

impl TransparencyLog {
    /// Compares the whole tree with the log: every leaf with its entry, every upper hash with the
    /// leaves below it. `progress` is told how far it came.
    ///
    /// # Errors
    /// [`TransparencyError::Disagreement`] names the first position that does not fit.
    pub async fn check(&self, mut progress: impl FnMut(u64)) -> Result<u64, TransparencyError> {
        let (size, mut next, mut edge) = (self.tree().size(), 0_u64, Edge::default());
        while next < size {
            let leaves = self.compare(next, size).await?;
            let mut upper = Vec::new();
            for leaf in &leaves {
                edge.push(*leaf, |stored| {
                    if stored.level > 0 {
                        upper.push(stored);
                    }
                });
            }
            for stored in upper {
                self.compare_upper(stored)?;
            }
            next = edge.size();
            progress(next);
        }
        Ok(size)
    }

    /// Compares the end of the tree with the log, before anything is built on it.
    pub(super) async fn compare_end(&self) -> Result<(), TransparencyError> {
        let size = self.tree().size();
        let mut next = size.saturating_sub(END);
        while next < size {
            let compared = self.compare(next, size).await?;
            next = next.saturating_add(u64::try_from(compared.len()).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    /// Compares some entries from position `from` with their leaves, at least one.
    async fn compare(&self, from: u64, size: u64) -> Result<Vec<Hash>, TransparencyError> {
        let limit = usize::try_from(size.saturating_sub(from)).unwrap_or(usize::MAX).min(AT_ONCE);
        let some = match self.log().backend().read_leaves(from, limit).await {
            Ok(some) => some,
            Err(ReadError::Corrupt { position, finding }) => {
                return Err(TransparencyError::Disagreement { position, finding });
            }
            Err(error @ ReadError::Unavailable { .. }) => return Err(error.into()),
        };
        if some.is_empty() {
            let finding = format!("the log ends here, and the tree has {size} entries");
            return Err(TransparencyError::Disagreement { position: from, finding });
        }
        let leaves = in_order(some.into_iter(), from)?;
        let to = from.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
        let kept = self.tree().leaves(from, to)?;
        let differs = (from..).zip(leaves.iter().zip(&kept)).find(|(_, (ours, kept))| ours != kept);
        if let Some((position, _)) = differs {
            let finding = "the entry is not the one that came into the tree".to_owned();
            return Err(TransparencyError::Disagreement { position, finding });
        }
        Ok(leaves)
    }

    fn compare_upper(&self, stored: Stored) -> Result<(), TransparencyError> {
        let place = stored.index & 0xff;
        let width = u16::try_from(place.saturating_add(1)).unwrap_or(u16::MAX);
        let row = Row::Hashes(stored.level);
        let tile = self.tree().tile(&Tile { row, index: stored.index >> 8, width })?;
        let kept = tile.as_deref().and_then(<[u8]>::last_chunk::<32>);
        if kept == Some(&stored.hash) {
            return Ok(());
        }
        let shift = u32::from(stored.level).saturating_mul(8);
        let position = stored.index.checked_shl(shift).unwrap_or(u64::MAX);
        let finding = format!("hash {} of level {} is another", stored.index, stored.level);
        Err(TransparencyError::Disagreement { position, finding })
    }
}
