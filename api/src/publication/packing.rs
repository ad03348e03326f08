//! Old checkpoints out of their many files into few, while the service runs.

use std::{sync::Arc, time::Duration};

use event_log::{checkpoints::Packing, transparency_log::TransparencyLog};
use tokio::time::sleep;

use super::causes;

/// How often it is looked whether there are enough of them. Ours: at a checkpoint a second there are about once an
/// hour.
const EVERY: Duration = Duration::from_secs(600);

/// Packs old checkpoints, for ever. What stops signing is reported by whoever signs.
pub(super) async fn keep_packed(log: Arc<TransparencyLog>) {
    loop {
        sleep(EVERY).await;
        match log.pack_checkpoints(Packing::default()).await {
            Ok(0) => {}
            Ok(checkpoints) => tracing::info!(checkpoints, "Old checkpoints were packed"),
            Err(error) => {
                tracing::error!(error = %causes(&error), "Old checkpoints could not be packed");
            }
        }
    }
}
