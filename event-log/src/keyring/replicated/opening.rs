//! Opening a ring that has others beside it: the first one founds their stream, copies of it join.

use std::{path::Path, sync::Arc, time::Duration};

use super::{
    Among, Part, Refusal,
    change::{Digest, From, Read, What},
    proposing::{Before, Decision, identity},
    stream::KeyStream,
};
use crate::keyring::{Company, Keyring, KeyringError, Ring, certainty::commit, files, while_doing};

impl Keyring {
    /// Opens the ring in a directory as one of several that share a stream. The first to open on an empty
    /// stream founds it, and may be a ring that was alone until then; every other one is a copy of one
    /// that takes part ([`Keyring::copy`]), and joins. When this answers, the ring has carried out
    /// everything that the stream holds. `patience` is how long a destruction waits for the others.
    ///
    /// # Errors
    /// As [`Keyring::open`]; and [`Refusal`] says why a ring is not let in, and what to do.
    pub fn open_among_others(
        dir: &Path,
        origin: &str,
        stream: Arc<dyn KeyStream>,
        patience: Duration,
    ) -> Result<Self, KeyringError> {
        let first = stream.read(0, 1)?;
        let first = first.first().map(|bytes| Read::parse(0, bytes)).transpose()?;
        if let Some(first) = &first {
            is_of(first, origin)?;
            if !Self::exists(dir)? {
                return Err(Refusal::NotACopy.into());
            }
        }
        let among = Among::over(stream, patience);
        let mut ring = Self::open_file(dir, origin, Company::Others)?;
        ring.take_part(first.as_ref())?;
        ring.begin_session(&among)?;
        ring.acknowledge(&among)?;
        ring.among = Some(among);
        Ok(ring)
    }

    /// Whether this ring has a part in the stream; a first one gets it.
    fn take_part(&self, first: Option<&Read>) -> Result<(), KeyringError> {
        let mut ring = self.ring();
        match (&ring.part, first) {
            (None, Some(_)) => return Err(Refusal::NotACopy.into()),
            (Some(part), Some(first)) if part.next == 0 => {
                // It was about to found the stream: did it, or another?
                if first.change.from.is_none_or(|from| from.ring != part.ring) {
                    return Err(Refusal::NotACopy.into());
                }
            }
            (Some(_), _) => {}
            (None, None) => {
                let name = files::transport_name(ring.epoch);
                let transport = files::new_secret(ring.dir.as_deref(), &name)?;
                let part = Part::of_founder(identity()?, transport);
                super::part::forget(&ring.db)?;
                save(&ring, &part)?;
                ring.part = Some(part);
            }
        }
        Ok(())
    }

    /// Reads on to the end, and says that this ring is open from here on.
    fn begin_session(&self, among: &Among) -> Result<(), KeyringError> {
        // What an earlier session may have said and not taken in, among other things.
        self.propose_in_turn(among, Before::Read, true, |_| Ok(Decision::Answer(())))?;
        let session = identity()?;
        {
            let mut ring = self.ring();
            let mut part = ring.part()?.clone();
            part.opening = Some(session);
            save(&ring, &part)?;
            ring.part = Some(part);
        }
        self.propose_in_turn(among, Before::Assume, true, |ring| {
            let part = ring.part()?;
            if part.session == Some(session) {
                return Ok(Decision::Answer(()));
            }
            let own = part.members.0.get(&part.ring);
            Ok(Decision::Say(match own {
                Some(_) => What::Opened {},
                None if part.next > 0 => What::Joined {},
                None => What::Founded {
                    origin: self.origin().to_owned(),
                    epoch: ring.epoch,
                    transport: Digest(part.transport.commitment()),
                },
            }))
        })
    }
}

fn save(ring: &Ring, part: &Part) -> Result<(), KeyringError> {
    let doing = "noting which part this ring has among others";
    ring.certain()?;
    let transaction = ring.db.unchecked_transaction().map_err(while_doing(doing))?;
    part.save(&transaction)?;
    commit(transaction, &ring.uncertain, doing)
}

/// Whether the stream is that of this log.
pub(super) fn is_of(first: &Read, origin: &str) -> Result<(), KeyringError> {
    match (&first.change.what, first.change.from) {
        (What::Founded { origin: found, .. }, Some(From { .. })) if found == origin => Ok(()),
        (What::Founded { origin: found, .. }, Some(From { .. })) => {
            Err(KeyringError::OtherLog { found: found.clone(), wanted: origin.to_owned() })
        }
        _ => Err(Refusal::contradiction(0, "it does not say which ring began the stream").into()),
    }
}
