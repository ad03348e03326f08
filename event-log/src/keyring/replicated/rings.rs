//! The rings of a log, for a person who looks at them or strikes one off: without keys.

use uuid::Uuid;

use super::{
    Refusal,
    change::{Change, Read, What},
    members::{Member, Members},
    opening::is_of,
    proposing::identity,
    stream::{KeyStream, NewChange},
};
use crate::keyring::{KeyringError, while_doing};

/// How many events are read at once.
const AT_ONCE: usize = 1_000;

/// The rings of a log, as their stream has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rings {
    members: Members,
    last_destruction: Option<u64>,
    next: u64,
    last: Option<[u8; 32]>,
}

impl Rings {
    /// Reads the stream of a log from its beginning.
    ///
    /// # Errors
    /// When it cannot be read, contradicts itself, or belongs to another log.
    pub fn of(stream: &dyn KeyStream, origin: &str) -> Result<Self, KeyringError> {
        let mut rings = Self::default();
        if let Some(first) = stream.read(0, 1)?.first() {
            is_of(&Read::parse(0, first)?, origin)?;
        }
        rings.read_on(stream)?;
        Ok(rings)
    }

    fn read_on(&mut self, stream: &dyn KeyStream) -> Result<(), KeyringError> {
        loop {
            let page = stream.read(self.next, AT_ONCE)?;
            for bytes in &page {
                self.take(&Read::parse(self.next, bytes)?)?;
            }
            if page.len() < AT_ONCE {
                return Ok(());
            }
        }
    }

    fn take(&mut self, read: &Read) -> Result<(), Refusal> {
        if read.change.prev.map(|prev| prev.0) != self.last {
            let finding = "it does not follow the event before it";
            return Err(Refusal::contradiction(read.revision, finding));
        }
        self.members.evolve(read.revision, &read.change);
        if matches!(read.change.what, What::Destroyed { .. }) {
            self.last_destruction = Some(read.revision);
        }
        self.next = read.revision.saturating_add(1);
        self.last = Some(read.digest);
        Ok(())
    }

    /// Each ring that ever took part.
    pub fn all(&self) -> impl Iterator<Item = (Uuid, Member)> + '_ {
        self.members.all()
    }

    /// The rings that erasures wait for.
    pub fn behind(&self) -> Vec<Uuid> {
        // A destruction that was void when it was written is taken for one here: our servers write none.
        self.last_destruction.map_or_else(Vec::new, |last| self.members.behind(last))
    }

    /// Puts on record that the folder of a ring is destroyed: nobody waits for it any more, and it is never
    /// let in again. `by` is the handle of the member of staff who says so.
    ///
    /// # Errors
    /// When there is no such ring, or it is the last one; when the stream cannot be read or written.
    pub fn strike_off(
        &mut self,
        stream: &dyn KeyStream,
        ring: Uuid,
        by: Uuid,
    ) -> Result<(), KeyringError> {
        loop {
            self.read_on(stream)?;
            match self.members.0.get(&ring) {
                None => return Err(Refusal::NoSuchRing(ring).into()),
                Some(Member { struck_off: Some(_), .. }) => return Ok(()),
                Some(_) if !self.members.may_be_struck_off(ring) => {
                    return Err(Refusal::LastRing(ring).into());
                }
                Some(_) => {}
            }
            let change = Change::new(self.last, None, What::StruckOff { ring, by });
            let bytes = serde_json::to_vec(&change)
                .map_err(while_doing("writing down that a ring is struck off"))?;
            let new = NewChange { id: identity()?, kind: change.kind(), bytes };
            if stream.append(self.next, &new)? {
                return Ok(());
            }
        }
    }
}
