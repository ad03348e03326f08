//! Many appends one after the other, for copies: one call each, and one look at where they came to stand.
//!
//! Not several at once: the server orders what is under way together as it likes, and the order is what
//! the tree is made of.

use super::{Inner, wire};
use crate::append::{Append, AppendError};

impl Inner {
    /// See [`crate::backend::Backend::append_in_order`].
    pub(super) async fn append_in_order(
        &self,
        appends: Vec<Append>,
    ) -> Result<u64, (usize, AppendError)> {
        self.may_write().map_err(|cause| (0, cause))?;
        let mut proposed = Vec::with_capacity(appends.len());
        for (index, append) in appends.iter().enumerate() {
            let ready = || {
                append.check()?;
                if !append.guards.is_empty() {
                    return Err(AppendError::Unstorable("appends in order have no guards"));
                }
                wire::proposed(&append.events)
            };
            proposed.push(ready().map_err(|cause| (index, cause))?);
        }
        let (mut commit, mut failed) = (None, None);
        for (index, (append, events)) in appends.iter().zip(proposed).enumerate() {
            match self.write(append, events).await {
                Ok(written) => commit = Some(written),
                Err(cause) => {
                    failed = Some((index, cause));
                    break;
                }
            }
        }
        // Also after a failure: those before it are to be seen.
        let reached = match commit {
            Some(commit) => self.reach(commit).await,
            None => Ok(()),
        };
        if let Some(failed) = failed {
            return Err(failed);
        }
        let last = appends.len().saturating_sub(1);
        reached.map_err(|cause| (last, AppendError::Unknown(Box::new(cause))))?;
        Ok(*self.length.borrow())
    }
}
