//! How an opening is written: a row, for there are as many as there are looks.

use domain::{
    access::Basis,
    actor::{Actor, Role},
    identity::{ChildRef, EventId, OpeningId, OrganisationId, PractitionerId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Opening;
use crate::{
    dated::{At, Moment},
    ordered::{handle, handle_of},
};

/// Which opening, by which event, whose record; who looked, in which office, of which organisation, for whom; in
/// what capacity, since when, and until when.
#[derive(Serialize, Deserialize)]
pub(super) struct Written(
    [String; 3],
    Option<String>,
    Role,
    Option<String>,
    Option<String>,
    Basis,
    At,
    Option<At>,
);

/// A row holds something that is no handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what should be a handle is none")]
pub(super) struct NoHandle;

fn read(text: &str) -> Result<Uuid, NoHandle> {
    handle_of(text).ok_or(NoHandle)
}

impl From<Opening> for Written {
    fn from(it: Opening) -> Self {
        let Actor { id, role, organisation, on_behalf_of } = it.by;
        Self(
            [it.opening.uuid(), it.event.uuid(), it.child.uuid()].map(handle),
            id.map(|id| handle(id.uuid())),
            role,
            organisation.map(|id| handle(id.uuid())),
            on_behalf_of.map(|id| handle(id.uuid())),
            it.basis,
            At::of(it.opened),
            it.closed.map(At::of),
        )
    }
}

impl TryFrom<Written> for Opening {
    type Error = NoHandle;

    fn try_from(row: Written) -> Result<Self, NoHandle> {
        let Written([opening, event, child], id, role, organisation, on_behalf_of, basis, from, to) =
            row;
        let maybe = |text: Option<String>| text.as_deref().map(read).transpose();
        Ok(Self {
            opening: OpeningId::new(read(&opening)?),
            event: EventId::new(read(&event)?),
            child: ChildRef::new(read(&child)?),
            by: Actor {
                id: maybe(id)?.map(PractitionerId::new),
                role,
                organisation: maybe(organisation)?.map(OrganisationId::new),
                on_behalf_of: maybe(on_behalf_of)?.map(PractitionerId::new),
            },
            basis,
            opened: Moment::from(from),
            closed: to.map(Moment::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_back_and_one_without_handles_is_refused() {
        let id = Uuid::from_u128;
        let moment =
            |position| Moment { position, at: "2009-06-22T10:00:00.000001Z".parse().unwrap() };
        let by = Actor::person(
            PractitionerId::new(id(4)),
            Role::Practitioner,
            OrganisationId::new(id(5)),
        );
        let broker = Actor { on_behalf_of: Some(PractitionerId::new(id(6))), ..by };
        for (by, closed) in [(by, None), (broker, Some(moment(u64::MAX))), (Actor::SYSTEM, None)] {
            let opening = Opening {
                opening: OpeningId::new(id(1)),
                event: EventId::new(id(u128::MAX)),
                child: ChildRef::new(id(3)),
                by,
                basis: Basis::Practitioner,
                opened: moment(7),
                closed,
            };
            let text = serde_json::to_string(&opening).unwrap();
            assert_eq!(serde_json::from_str::<Opening>(&text).unwrap(), opening, "{text}");
            let wrong = text.replace('-', "/");
            assert!(serde_json::from_str::<Opening>(&wrong).is_err(), "{wrong}");
        }
    }
}
