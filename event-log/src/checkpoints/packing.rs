//! Old checkpoints out of their many files into few.
//!
//! A checkpoint a second is 31 million files a year: more than a file system is made for. A pack is durable
//! before one of the files in it is removed; whoever is killed in between finds each of them in both, and the
//! next time begins with removing what is in the pack already.

use std::fs;

use super::{
    Checkpoints, CheckpointsError, PACKS, failed, file_name, latest_file_name, pack::Pack, parse,
};
use crate::durable;

/// How many sizes stay in files of their own, and how many come into a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    /// The newest sizes, which witnesses may still be cosigning and which readers look for.
    pub loose: usize,
    /// The sizes of one pack.
    pub together: usize,
}

impl Default for Packing {
    /// Ours: at a checkpoint a second, those of the last hour and more stay by themselves, and a pack of some
    /// 20 MB comes about as often.
    fn default() -> Self {
        Self { loose: 4_096, together: 4_096 }
    }
}

impl Checkpoints {
    /// Packs old checkpoints while there are enough of them, and answers how many sizes. Nothing may be published
    /// or cosigned meanwhile.
    ///
    /// # Errors
    /// See [`CheckpointsError`]. Nothing is removed before it stands in a durable pack.
    pub fn pack(&self, packing: Packing) -> Result<u64, CheckpointsError> {
        let packs = self.packs()?;
        if let Some(newest) = packs.last() {
            self.remove_packed(newest)?;
        }
        let mut packed = 0;
        let mut sizes = self.loose_sizes()?;
        // Packs never overlap: what somebody has put back beside older ones stays as it is.
        sizes.retain(|size| packs.last().is_none_or(|newest| *size > newest.last));
        let enough = packing.loose.saturating_add(packing.together);
        let mut left = sizes.as_slice();
        while left.len() >= enough
            && let Some((oldest, newer)) = left.split_at_checked(packing.together.max(1))
        {
            let mut files = Vec::new();
            for size in oldest {
                for name in [file_name(*size), latest_file_name(*size)] {
                    if let Some(bytes) = self.bytes(&name)? {
                        let signed = parse(&self.folder.join(&name), &bytes)?;
                        self.is_of_size(&name, &signed, *size)?;
                        files.push((name, bytes));
                    }
                }
            }
            let pack = Pack::write(&self.folder.join(PACKS), &files)?;
            self.remove_packed(&pack)?;
            packed = u64::try_from(oldest.len()).unwrap_or(u64::MAX).saturating_add(packed);
            left = newer;
        }
        Ok(packed)
    }

    /// Removes the files that stand in this pack, each byte for byte.
    fn remove_packed(&self, pack: &Pack) -> Result<(), CheckpointsError> {
        let mut removed = false;
        for (name, bytes) in pack.files()? {
            let path = self.folder.join(&name);
            match self.bytes(&name)? {
                None => continue,
                Some(loose) if loose == bytes => {}
                Some(_) => return Err(CheckpointsError::Damaged { path, cause: None }),
            }
            fs::remove_file(&path).map_err(|cause| failed("remove", &path, cause))?;
            removed = true;
        }
        let synced = if removed { durable::sync_folder(&self.folder) } else { Ok(()) };
        synced.map_err(|cause| failed("sync", &self.folder, cause))
    }
}
