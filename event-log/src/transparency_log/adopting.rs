//! A server that does not sign gives out what another one signed, once its own tree says the same.

use std::{path::Path, sync::Arc};

use super::{TransparencyError, TransparencyLog, signer::Signer};
use crate::{
    EventLog,
    transparency::{Signed, note::VerifierKey},
    tree_store::TreeStore,
};

impl TransparencyLog {
    /// The tree in `dir/tree` and the checkpoints in `dir/checkpoints` of a log that another server signs
    /// with these keys. What it signed comes in by [`TransparencyLog::adopt`]; the one adopted last is
    /// compared with the log before this answers.
    ///
    /// # Errors
    /// See [`TransparencyError`].
    pub async fn open_following(
        log: &EventLog,
        dir: &Path,
        keys: Vec<VerifierKey>,
    ) -> Result<Self, TransparencyError> {
        let tree = TreeStore::open(&dir.join("tree"))?;
        let opened = Self::over(log, tree, dir, Signer::Elsewhere(keys))?;
        if let Some(last) = opened.checkpoint() {
            opened.take_in_all(&mut *opened.stepping.lock().await).await?;
            let size = last.checkpoint().size;
            if opened.tree.size() < size {
                let position = opened.tree.size();
                let finding = format!("the log ends here, and {size} entries were signed");
                return Err(TransparencyError::Disagreement { position, finding });
            }
            opened.compare_signed(&last)?;
        }
        Ok(opened)
    }

    /// Gives out a checkpoint that the signer signed, if the tree here has the same root. Answers whether
    /// it is given out now: not while the log here does not reach so far, nor if a newer one is.
    ///
    /// # Errors
    /// [`TransparencyError::Foreign`] when it is not signed by the signer; then nothing changes. What
    /// [stops](TransparencyError::stops) stops this one as well.
    pub async fn adopt(&self, signed: Signed) -> Result<bool, TransparencyError> {
        if let Some(why) = self.stopped.get() {
            return Err(TransparencyError::Stopped(why.clone()));
        }
        signed.signed_by(&self.verifiers()).map_err(TransparencyError::Foreign)?;
        let adopted = self.adopt_good(signed).await;
        if let Err(error) = &adopted
            && error.stops()
        {
            self.halt(error);
        }
        adopted
    }

    async fn adopt_good(&self, signed: Signed) -> Result<bool, TransparencyError> {
        let mut compared = self.stepping.lock().await;
        self.take_in_all(&mut compared).await?;
        if self.tree.size() < signed.checkpoint().size {
            return Ok(false);
        }
        self.compare_signed(&signed)?;
        let size = signed.checkpoint().size;
        let current = self.checkpoint();
        if current.is_some_and(|now| now.checkpoint().size > size || *now == signed) {
            return Ok(false);
        }
        self.checkpoints.publish(&signed)?;
        self.published.send_replace(Some(Arc::new(signed)));
        Ok(true)
    }

    fn compare_signed(&self, signed: &Signed) -> Result<(), TransparencyError> {
        let (size, root) = (signed.checkpoint().size, signed.checkpoint().root);
        let ours = self.tree.root_at(size)?;
        if ours == root {
            return Ok(());
        }
        let finding = format!(
            "the {size} entries before it have root {} here, and {} was signed: there are two histories",
            hex::encode(ours),
            hex::encode(root)
        );
        Err(TransparencyError::Disagreement { position: size, finding })
    }
}
