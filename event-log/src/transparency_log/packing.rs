//! Old checkpoints out of the way, while nothing is published.

use std::io;

use super::{TransparencyError, TransparencyLog};
use crate::checkpoints::{CheckpointsError, Packing};

impl TransparencyLog {
    /// Packs old checkpoints, as many as there are enough for, and answers how many sizes. Publishing waits
    /// meanwhile.
    ///
    /// # Errors
    /// See [`TransparencyError`]. What [stops](TransparencyError::stops) here stops signing as well.
    pub async fn pack_checkpoints(&self, packing: Packing) -> Result<u64, TransparencyError> {
        if let Some(why) = self.stopped() {
            return Err(TransparencyError::Stopped(why.to_owned()));
        }
        let _nothing_is_published = self.stepping.lock().await;
        let checkpoints = self.checkpoints.clone();
        let packed = tokio::task::spawn_blocking(move || checkpoints.pack(packing)).await;
        let packed = packed.unwrap_or_else(|ended| {
            let (doing, path) = ("pack", "checkpoints".into());
            Err(CheckpointsError::File { doing, path, cause: io::Error::other(ended) })
        });
        packed.map_err(|error| {
            let error = TransparencyError::from(error);
            if error.stops() {
                self.halt(&error);
            }
            error
        })
    }
}
