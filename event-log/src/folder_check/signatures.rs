//! The checkpoints that were kept in an exported folder, and who signed them.

use super::{Flaw, FolderError, files::Files, found};
use crate::{
    checkpoints::size_of_file,
    on_all_cores::on_all_cores,
    transparency::{Checkpoint, Policy, Signed},
};

/// So many files are looked at before it is said how far it came.
const AT_ONCE: usize = 512;

/// Two signatures take a few hundred microseconds.
const WORTH_A_THREAD: usize = 4;

/// The files of older checkpoints, in the order in which they are looked at.
#[derive(Debug)]
pub(super) struct Signatures {
    names: Vec<String>,
    /// How many were looked at.
    looked_at: usize,
    /// Of how many of them an earlier run saw that they are signed.
    good_before: usize,
}

impl Signatures {
    pub(super) fn of(files: &Files<'_>) -> Result<Self, FolderError> {
        Ok(Self { names: files.names("checkpoints")?, looked_at: 0, good_before: 0 })
    }

    pub(super) const fn number(&self) -> usize {
        self.names.len()
    }

    pub(super) const fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// How many are known to be signed, by this run or an earlier one.
    pub(super) fn good(&self) -> usize {
        self.looked_at.max(self.good_before)
    }

    /// The signatures in the first so many are not looked at again.
    pub(super) const fn are_good(&mut self, number: usize) {
        self.good_before = number;
    }

    /// The next checkpoints, each signed by all keys of the log; none at the end.
    pub(super) fn advance(
        &mut self,
        files: &Files<'_>,
        newest: &Checkpoint,
        policy: &Policy,
    ) -> Result<Option<Vec<(String, Checkpoint)>>, FolderError> {
        let from = self.looked_at;
        let next: Vec<(usize, &String)> =
            self.names.iter().enumerate().skip(from).take(AT_ONCE).collect();
        if next.is_empty() {
            return Ok(None);
        }
        let good_before = self.good_before;
        let look = |(place, name): &(usize, &String)| {
            older(files, name, newest, (*place >= good_before).then_some(policy))
        };
        let checkpoints: Vec<_> =
            on_all_cores(&next, WORTH_A_THREAD, look).into_iter().collect::<Result<_, _>>()?;
        self.looked_at = from.saturating_add(checkpoints.len());
        Ok(Some(checkpoints))
    }
}

/// A checkpoint that was kept, signed by a log that the policy believes, if it is asked.
fn older(
    files: &Files<'_>,
    name: &str,
    newest: &Checkpoint,
    policy: Option<&Policy>,
) -> Result<(String, Checkpoint), FolderError> {
    let file = format!("checkpoints/{name}");
    let Some(size) = size_of_file(name) else {
        return Err(found(file, None, Flaw::Unexpected));
    };
    let signed = files.checkpoint(&file)?;
    let checkpoint = signed.checkpoint();
    if checkpoint.size != size || size > newest.size || checkpoint.origin != newest.origin {
        return Err(found(file, None, Flaw::OtherCheckpoint));
    }
    if let Some(policy) = policy {
        signed_by_all(&file, &signed, policy)?;
    }
    Ok((file, checkpoint.clone()))
}

/// Whether each key of the log that the policy names signed it. Witnesses are asked for only under the
/// newest checkpoint: not every older one had theirs in time.
pub(super) fn signed_by_all(
    file: &str,
    signed: &Signed,
    policy: &Policy,
) -> Result<(), FolderError> {
    match policy.key_that_did_not_sign(signed) {
        Ok(None) => Ok(()),
        Ok(Some(key)) => Err(found(file, None, Flaw::NotSignedBy(format!("{key:?}")))),
        Err(why) => Err(found(file, None, Flaw::NotAccepted(why.into()))),
    }
}
