//! What can be said of an event by itself, whatever stands before it: on every core there is, since nothing
//! else of a verification takes as long.

use super::{Sign, opening, repeats};
use crate::{
    EventLog,
    backend::{Leaf, Stored, leaf},
    codec,
    entry::{self, AsWritten, Header},
    on_all_cores::on_all_cores,
    seal,
};

/// So many events at least are worth a thread.
const WORTH_A_THREAD: usize = 256;

/// What was found out about an event by itself.
pub(crate) struct Judged<'a> {
    pub(super) stored: &'a Stored,
    pub(super) leaf: Leaf,
    /// Or why the entry cannot be read.
    pub(super) alone: Result<Alone<'a>, String>,
}

/// An entry that can be read.
pub(super) struct Alone<'a> {
    pub(super) header: Header<'a>,
    /// Whether the content is an event, and says nothing twice. That the header says nothing twice was seen
    /// when it was read.
    pub(super) content: Result<(), Sign>,
    pub(super) section: Result<Sealed, Sign>,
}

/// What stands sealed beside an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sealed {
    /// Nothing, and the entry names nothing.
    None,
    /// Nothing any more.
    TakenAway,
    /// What the entry names.
    Named,
    /// What the entry names, and it was opened.
    Opened,
}

/// Judges events, in their order.
pub(crate) fn judge<'a, T: Sync>(
    log: &EventLog,
    some: &'a [T],
    stored: fn(&T) -> &Stored,
) -> Vec<Judged<'a>> {
    on_all_cores(some, WORTH_A_THREAD, |one| alone(log, stored(one)))
}

fn alone<'a>(log: &EventLog, stored: &'a Stored) -> Judged<'a> {
    let read = entry::read(&stored.entry, AsWritten);
    let alone = read.map_err(|error| error.to_string()).map(|(header, data)| Alone {
        content: content(log, header.name, data),
        section: section(log, stored, &header),
        header,
    });
    Judged { stored, leaf: leaf(&stored.entry), alone }
}

fn content(log: &EventLog, name: &str, data: &str) -> Result<(), Sign> {
    codec::decode_sealed(name, data, log.upcasts()).map_err(Sign::EventUnknown)?;
    if repeats::any(data) { Err(Sign::MemberRepeated) } else { Ok(()) }
}

fn section(log: &EventLog, stored: &Stored, header: &Header<'_>) -> Result<Sealed, Sign> {
    match (header.sections.as_slice(), stored.sealed.as_deref()) {
        ([], None) => Ok(Sealed::None),
        ([_], None) => Ok(Sealed::TakenAway),
        ([section], Some(sealed)) if seal::is_named(section, sealed) => {
            let opened = opening::opens(log.keys(), header.id, section, sealed)?;
            Ok(if opened { Sealed::Opened } else { Sealed::Named })
        }
        ([_], Some(_)) => Err(Sign::SectionAltered),
        ([], Some(_)) | ([_, _, ..], _) => Err(Sign::SectionUnnamed),
    }
}
